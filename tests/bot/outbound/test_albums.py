"""A release with an album through the real sender to the simulator: order, one upload, who saves data."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models.content import variants
from models.content.content import Item
from models.messages import files, outbox
from models.messages.outbox import Outbound
from models.people import people
from models.people.people import Person
from models.programme import weeks
from models.releases import deliveries, releases
from tests import scene
from tests.bot.sending import Bench, at_work, bench
from tests.chat import Stage

pytestmark = pytest.mark.anyio


def drawing(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (1200, 1080), colour).save(file, "JPEG")
    return file.getvalue()


def hang(made: Bench, stage: Stage, number: int, colours: list[str]) -> list[int]:
    """Gives an item real pictures in the store, the first one as its own."""
    with stage.session() as session, session.begin():
        ids = []
        for colour in colours:
            stored = made.store.put(drawing(colour), stage.now)
            ids.append(
                files.add(
                    session, stage.now, kind="photo", key=stored.key, sha256=stored.sha256, mime=stored.mime,
                    size=stored.size, purpose="item",
                ).id
            )  # fmt: skip
        item = session.get_one(Item, number)
        item.media_id, item.no_media = ids[0], False
        variants.hang(session, number, ids[1:])
    return ids


def start(made: Bench, stage: Stage) -> int:
    stage.now = made.clock.now()
    week = weeks.of(stage.now, stage.programme)
    with stage.session() as session, session.begin():
        closes = weeks.closing(week, stage.programme)
        return releases.start(session, week, stage.now, closes, province="Jambi").id


def week_of(made: Bench, stage: Stage) -> str:
    return weeks.of(made.clock.now(), stage.programme)


async def history(made: Bench, chat: int) -> list[dict[str, Any]]:
    found = (await made.simulated.people.history(chat))["messages"]
    return [message for message in found if message["from"]["bot"]]


def unfinished(made: Bench) -> int:
    with Session(made.engine) as session:
        open_rows = Outbound.status.in_((*outbox.UNSENT, outbox.SENDING))
        return session.scalar(select(func.count()).select_from(Outbound).where(open_rows)) or 0


async def test_an_album_comes_before_its_card_and_is_uploaded_once(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    stage = Stage(engine)
    siti, budi, saver = (stage.person(name) for name in ("Siti", "Budi", "Hemat"))
    async with bench(engine, database_url, tmp_path, siti.chat, budi.chat, saver.chat) as made:
        number = scene.item(stage, week=week_of(made, stage))
        ids = hang(made, stage, number, ["red", "green", "blue"])
        with stage.session() as session, session.begin():
            session.get_one(Person, saver.person_id).saver = True
        start(made, stage)
        async with at_work(made):
            await made.until(lambda: unfinished(made) == 0)
        for who in (siti, budi):
            got = await history(made, who.chat)
            assert [bool(message.get("media")) for message in got] == [True, True, True, False, False]
            assert [bool(message.get("inline")) for message in got] == [False] * 3 + [True, False]
            assert "Imunisasi gratis" in got[3]["text"]
            assert got[4]["text"].startswith("Ayo ke Puskesmas!")
        assert not any(message.get("media") for message in await history(made, saver.chat))
        stats = await made.simulated.people.stats()
        assert stats["calls"]["sendMediaGroup"] == 2
        assert stats["errors"] == {}
        with Session(engine) as session:
            assert [bool(files.copy_of(session, media_id, "telegram")) for media_id in ids] == [True] * 3
            rows = session.scalars(select(Outbound).where(Outbound.part == "album")).all()
            assert [row.external_id.count(",") for row in rows] == [2, 2]
            assert len({files.copy_of(session, media_id, "telegram") for media_id in ids}) == 3


async def test_an_album_that_cannot_be_sent_keeps_nobody_from_the_card_and_can_be_tried_again(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    stage = Stage(engine)
    siti = stage.person("Siti")
    async with bench(engine, database_url, tmp_path, siti.chat, attempts=1) as made:
        number = scene.item(stage, week=week_of(made, stage))
        ids = hang(made, stage, number, ["red", "green"])
        with stage.session() as session, session.begin():
            media = session.get_one(files.Media, ids[1])
            good, media.key = media.key, "00/" + "0" * 64 + ".jpg"  # gone from the store
        release = start(made, stage)
        async with at_work(made):
            await made.until(lambda: unfinished(made) == 0)
        assert scene.statuses(stage, Outbound.part == "album") == {outbox.FAILED: 1}
        assert len(await history(made, siti.chat)) == 2  # the card and the caption
        with stage.session() as session, session.begin():
            session.get_one(files.Media, ids[1]).key = good
            found = session.get_one(releases.Release, release)
            assert deliveries.failures(session, release) == (1, [("Siti", "Dinas Kesehatan", "album")])
            assert deliveries.retry(session, found, None, made.clock.now()) == 1
        async with at_work(made):
            await made.until(lambda: unfinished(made) == 0)
        assert len(await history(made, siti.chat)) == 4


async def test_who_blocked_the_bot_at_the_album_gets_it_all_after_coming_back(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    stage = Stage(engine)
    siti = stage.person("Siti")
    async with bench(engine, database_url, tmp_path, siti.chat) as made:
        number = scene.item(stage, week=week_of(made, stage))
        hang(made, stage, number, ["red", "green"])
        await made.simulated.people.block(siti.chat)
        release = start(made, stage)
        async with at_work(made):
            await made.until(lambda: unfinished(made) == 0)
        assert scene.statuses(stage, Outbound.part == "card") == {outbox.CANCELLED: 1}
        await made.simulated.people.unblock(siti.chat)
        with stage.session() as session, session.begin():
            people.unblock(people.meet(session, "telegram", str(siti.chat), "Siti", made.clock.now()))
            found = session.get_one(releases.Release, release)
            assert releases.serve(session, found, made.clock.now()) == 1
            assert releases.serve(session, found, made.clock.now()) == 0
        async with at_work(made):
            await made.until(lambda: unfinished(made) == 0)
        assert [bool(message.get("media")) for message in await history(made, siti.chat)][-4:] == [
            True, True, False, False,
        ]  # fmt: skip


async def test_captions_take_turns_from_person_to_person(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    stage = Stage(engine)
    crowd = [stage.person(f"P{number}") for number in range(6)]
    async with bench(engine, database_url, tmp_path, *(who.chat for who in crowd)) as made:
        number = scene.item(stage, week=week_of(made, stage), hashtags="#JambiMantap #JambiSehat")
        with stage.session() as session, session.begin():
            variants.write(session, number, "", ["Kedua.", "Ketiga."])
        start(made, stage)
        async with at_work(made):
            await made.until(lambda: unfinished(made) == 0)
        said = [(await history(made, who.chat))[-1]["text"] for who in crowd]
        assert said[:3] == said[3:]
        assert len(set(said)) == 3
        assert all("#JambiMantap" in text and text.count("#JambiSehat") == 1 for text in said)
        # One text of each is kept, however many people get it: a card and a caption in three ways.
        assert len(made.sender.composer._texts) == 6
