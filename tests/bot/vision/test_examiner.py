"""The program looks at proofs: real pictures, a real store, both engines; a person gets what is doubtful."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.clock import Clock
from bot.demo import pictures, topics
from bot.demo.topics import Topic
from bot.files.media import Store
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from bot.vision.examiner import Examiner
from bot.vision.looking import Looker
from bot.vision.sight import Compared, Sight, Sighted
from models.content.content import Item
from models.messages import files
from models.proofs.examining import Task
from models.shares import findings, standings
from models.shares.likenesses import Likeness
from models.shares.shares import Evidence, Share
from tests import proving, scene
from tests.bot import filming
from tests.chat import Stage
from tests.proving import Prover

ROAD, SCHOOL = topics.TOPICS["PUPR"], topics.TOPICS["DISDIK"]


class World:
    """An item with a picture that went out, its people, and the program that looks at what they send."""

    def __init__(self, stage: Stage, folder: Path, topic: Topic | None = ROAD, people: int = 2) -> None:
        self.media_url = f"file://{folder / 'media'}"
        self.stage, self.store = stage, Store(self.media_url)
        self.looker: Looker | None = None  # another one than the program's own
        everybody = [stage.person(f"Orang {nth}") for nth in range(people)]
        self.item = scene.item(stage, media=topic is not None)
        if topic is not None:
            self.put(pictures.infographic(topic), self._media_of_item())
        scene.release(stage)
        self.people = [Prover(stage, who) for who in everybody]

    def _media_of_item(self) -> int:
        with self.stage.session() as session:
            number = session.get_one(Item, self.item).media_id
        assert number is not None
        return number

    def put(self, data: bytes, media_id: int, mime: str = "") -> None:
        """The file has been fetched."""
        kept = self.store.put(data, self.stage.now)
        with self.stage.session() as session, session.begin():
            files.stored(
                session, media_id, key=kept.key, sha256=kept.sha256, size=kept.size, mime=mime or kept.mime
            )

    def sends(self, who: int, data: bytes) -> int:
        """Somebody sends a picture, and it is fetched; the share's id."""
        share_id = proving.shows(self.people[who])
        media_id = proving.evidence(self.stage, share_id)[-1].media_id
        assert media_id is not None
        self.put(data, media_id)
        return share_id

    def examined(self, only: int = 0) -> None:
        """Until the program has looked at everything, or at one share."""
        asyncio.run(self._examined(only))

    async def _examined(self, only: int) -> None:
        clock, wakeups = Clock(), Wakeups()
        clock.move_to(self.stage.now)
        wakeups.start()
        writer = Writer(self.stage.engine, wakeups)
        writer.start()
        url = self.stage.engine.url.render_as_string(hide_password=False)
        sight = Sight(url, self.media_url, 20_000_000)
        sight.looker = self.looker or sight.looker

        async def look(task: Task) -> Sighted:
            return await asyncio.to_thread(sight.look, task)

        async def compare(task: Task, kept: bytes) -> Compared:
            return await asyncio.to_thread(sight.compare, task, kept)

        examiner = Examiner(writer, clock, self.stage.programme, look, compare)
        running = asyncio.create_task(examiner.run())
        async with asyncio.timeout(60):
            while self._waits(only):
                await asyncio.sleep(0.05)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        writer.close()
        sight.reader.dispose()

    def _waits(self, only: int) -> bool:
        with self.stage.session() as session:
            waits = select(Evidence.id).where(Evidence.examine_at.is_not(None))
            waits = waits.where(Evidence.share_id == only) if only else waits
            return session.scalar(waits.limit(1)) is not None

    def state(self, share_id: int) -> str:
        with self.stage.session() as session:
            return session.get_one(Share, share_id).status

    def kinds(self, share_id: int) -> list[str]:
        with self.stage.session() as session:
            return [found.kind for found in findings.of_share(session, share_id)]


def recompressed(data: bytes) -> bytes:
    """As a messenger forwards it."""
    with Image.open(io.BytesIO(data)) as image:
        small = image.convert("RGB").resize((image.width * 3 // 4, image.height * 3 // 4))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=70)
    return file.getvalue()


def test_a_screenshot_of_the_item_is_accepted_and_one_of_another_waits_for_a_person(
    stage: Stage, tmp_path: Path
) -> None:
    world = World(stage, tmp_path)
    ppid = stage.person("Ratna", role="editor")
    good, wrong = (
        world.sends(who, pictures.screenshot(who + 1, topic)) for who, topic in enumerate((ROAD, SCHOOL))
    )
    world.examined()
    assert (world.state(good), world.kinds(good)) == (standings.ACCEPTED, [findings.SHOWS])
    assert (world.state(wrong), world.kinds(wrong)) == (standings.RECEIVED, [findings.UNSEEN])
    assert proving.waiting(stage, ppid) == 1


def test_two_honest_people_are_both_accepted_and_a_forwarded_screenshot_is_not(
    stage: Stage, tmp_path: Path
) -> None:
    world = World(stage, tmp_path, people=3)
    first = world.sends(0, pictures.screenshot(1, ROAD))
    second = world.sends(1, pictures.screenshot(2, ROAD))
    world.examined()
    third = world.sends(2, recompressed(pictures.screenshot(1, ROAD)))
    world.examined()
    assert {world.state(first), world.state(second)} == {standings.ACCEPTED}
    assert world.state(third) == standings.RECEIVED
    assert findings.SAME_UPLOAD in world.kinds(third)
    with stage.session() as session:
        (copy,) = (found for found in findings.of_share(session, third) if found.kind == findings.SAME_UPLOAD)
    assert copy.other_id == proving.evidence(stage, first)[0].id


def test_the_very_same_file_is_known_by_its_content(stage: Stage, tmp_path: Path) -> None:
    world = World(stage, tmp_path)
    world.sends(0, pictures.screenshot(1, ROAD))
    world.examined()
    second = world.sends(1, pictures.screenshot(1, ROAD))
    world.examined()
    assert findings.SAME_FILE in world.kinds(second)
    assert world.state(second) == standings.RECEIVED


def test_what_was_withdrawn_accuses_nobody(stage: Stage, tmp_path: Path) -> None:
    world = World(stage, tmp_path)
    first = world.sends(0, pictures.screenshot(1, ROAD))
    world.examined()
    with stage.session() as session, session.begin():
        session.get_one(Share, first).status = standings.WITHDRAWN
    second = world.sends(1, pictures.screenshot(1, ROAD))
    world.examined()
    assert world.state(second) == standings.ACCEPTED


def test_the_item_sent_back_as_it_came_is_no_screenshot(stage: Stage, tmp_path: Path) -> None:
    world = World(stage, tmp_path)
    bare = world.sends(0, recompressed(pictures.infographic(ROAD)))
    world.examined()
    assert world.kinds(bare) == [findings.BARE]
    assert world.state(bare) == standings.RECEIVED


def test_an_item_without_a_picture_cannot_be_compared_and_is_accepted(stage: Stage, tmp_path: Path) -> None:
    world = World(stage, tmp_path, topic=None)
    receipt = world.sends(0, pictures.screenshot(1, ROAD))
    world.examined()
    assert world.kinds(receipt) == [findings.INCOMPARABLE]
    assert world.state(receipt) == standings.ACCEPTED


def test_a_picture_of_last_weeks_item_is_said_to_be_that(stage: Stage, tmp_path: Path) -> None:
    world = World(stage, tmp_path)
    before = scene.item(stage, week="2026-W47", media=True, title="Sekolah gratis", status="closed")
    with stage.session() as session:
        media_id = session.get_one(Item, before).media_id
    assert media_id is not None
    world.put(pictures.infographic(SCHOOL), media_id)
    receipt = world.sends(0, pictures.screenshot(1, SCHOOL))
    world.examined()
    with stage.session() as session:
        (found,) = findings.of_share(session, receipt)
    assert (found.kind, found.item_id) == (findings.OTHER_ITEM, before)


@pytest.mark.parametrize("what", ["film", "damaged"])
def test_what_is_no_picture_that_can_be_read_waits_for_a_person(
    stage: Stage, tmp_path: Path, what: str
) -> None:
    world = World(stage, tmp_path)
    if what == "film":
        receipt = world.sends(0, filming.film(tmp_path / "film.mp4", 1))
        expected = findings.NO_PICTURE
    else:
        receipt = world.sends(0, pictures.screenshot(1, ROAD))
        media_id = proving.evidence(stage, receipt)[0].media_id
        with stage.session() as session:
            key = session.get_one(files.Media, media_id).key
        (tmp_path / "media" / key).write_bytes(b"\xff\xd8\xff gone wrong")
        expected = findings.UNREADABLE
    world.examined()
    assert world.kinds(receipt) == [expected]
    assert world.state(receipt) == standings.RECEIVED


def test_a_file_that_could_not_be_fetched_waits_for_a_person(stage: Stage, tmp_path: Path) -> None:
    world = World(stage, tmp_path)
    receipt = proving.shows(world.people[0])
    media_id = proving.evidence(stage, receipt)[0].media_id
    with stage.session() as session, session.begin():
        session.get_one(files.Media, media_id).status = files.FAILED
    world.examined()
    assert world.kinds(receipt) == [findings.UNREADABLE]


def test_each_picture_leaves_a_fingerprint(stage: Stage, tmp_path: Path) -> None:
    world = World(stage, tmp_path)
    for who in range(2):
        world.sends(who, pictures.screenshot(who, ROAD))
    world.examined()
    with stage.session() as session:
        made = session.scalars(select(Likeness)).all()
    assert [one.item_id for one in made] == [world.item] * 2
    assert len({one.tiles for one in made}) == 2
