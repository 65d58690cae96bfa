"""An author hears at once what is wrong with a file: over real HTTP, from the store, in the chat."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.files.fetcher import Fetcher
from bot.files.media import Store
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.content import albums, content, drafts, states
from models.content.reviews import Scores
from models.editorial import moves
from models.messages import files, outbox
from models.messages.files import Media
from tests import seeding
from tests.bot import filming
from tests.bot.channels.telegram_server import channel, ok, serving
from tests.chat import Chatter, Heard, Stage
from tests.handlers.submitting.drafting import STEPS, TITLE, writes

MEDIA_STEP = 5  # answers before the question for the picture


async def _fetch(stage: Stage, folder: Path, data: bytes) -> None:
    clock = Clock()
    clock.move_to(stage.now)
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(stage.engine, wakeups)
    writer.start()
    async with serving(ok({"file_id": "a", "file_path": "a", "file_size": len(data)})) as server:
        server.files["a"] = data
        async with channel(server) as telegram:
            store = Store(f"file://{folder / 'media'}")
            task = asyncio.create_task(Fetcher(writer, clock, {"telegram": telegram}, store).run())
            async with asyncio.timeout(30):
                while _waiting(stage):
                    await asyncio.sleep(0.02)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    writer.close()


def _waiting(stage: Stage) -> bool:
    with stage.session() as session:
        return session.scalar(select(Media.id).where(Media.status == files.REMOTE)) is not None


def arrives(stage: Stage, who: Chatter, folder: Path, data: bytes) -> list[Heard]:
    """The file that was sent last comes from the server and is measured; what its sender hears."""
    after = who.hears()[-1].row.id
    asyncio.run(_fetch(stage, folder, data))
    stage.later(minutes=1)
    stage.work()
    return who.hears(after)


def sends(who: Chatter, as_file: str = "") -> None:
    """Up to the question for the picture, and there a file."""
    writes(who, MEDIA_STEP)
    if as_file:
        who.sends_document("berkas", as_file)
    else:
        who.sends_photo()


@pytest.mark.parametrize(
    ("make", "mime", "sentences"),
    [
        (
            lambda at: filming.film(at, 5, (320, 240), sound="aac"),
            "video/mp4",
            ("Video 5 detik, 320 × 240", "Videonya baru 5 detik. Sebaiknya paling sedikit 30 detik"),
        ),
        (
            lambda _: filming.picture((300, 400)),
            "",
            ("Gambar 300 × 400", "Sisi pendeknya 300 piksel; sebaiknya 1.080"),
        ),
    ],
)
def test_an_author_is_told_at_once_what_could_be_better_and_may_go_on(
    make: Callable[[Path], bytes],
    mime: str,
    sentences: tuple[str, ...],
    stage: Stage,
    siti: Chatter,
    tmp_path: Path,
) -> None:
    sends(siti, mime)
    (heard,) = arrives(stage, siti, tmp_path, make(tmp_path / "made"))
    for sentence in (*sentences, TITLE, "Boleh tetap dipakai"):
        assert sentence in heard.text
    for words in STEPS[MEDIA_STEP + 1 :]:
        answer = siti.says(words)
    assert f"Berkas: {sentences[0]}" in answer[-1].text
    assert "menunggu diperiksa" in siti.presses("Kirim untuk diperiksa")[-1].text


def test_another_file_is_sent_by_a_button_and_the_old_one_is_forgotten(
    stage: Stage, siti: Chatter, tmp_path: Path
) -> None:
    sends(siti)
    arrives(stage, siti, tmp_path, filming.picture((300, 400)))
    assert "Gambar atau video" in siti.presses("Kirim yang lain")[-1].text
    siti.sends_photo()
    assert arrives(stage, siti, tmp_path, filming.picture((1080, 1350))) == []  # all is well: no word
    stage.internal(siti.chat, "item.stored:1")
    assert "Sisi pendeknya" not in siti.hears()[-1].text


def test_a_file_that_cannot_be_used_is_asked_for_again_before_anything_is_sent(
    stage: Stage, siti: Chatter, tmp_path: Path
) -> None:
    sends(siti, "image/gif")
    (heard,) = arrives(stage, siti, tmp_path, filming.moving("GIF"))
    assert "tidak dapat dipakai" in heard.text
    assert "Simpan sebagai video" in heard.text
    answer = siti.says(STEPS[MEDIA_STEP + 1])  # the question that was open
    assert "Gambar atau video" in answer[-1].text
    siti.says("tanpa gambar")
    siti.says("ya")
    assert "Periksa sekali lagi" in siti.says("ya")[-1].text


def test_a_file_that_turns_out_bad_after_it_was_sent_cannot_be_approved(
    stage: Stage, siti: Chatter, tmp_path: Path
) -> None:
    tono = stage.person("Tono", role="controller")
    sends(siti)
    for words in STEPS[MEDIA_STEP + 1 :]:
        siti.says(words)
    siti.presses("Kirim untuk diperiksa")
    (heard,) = arrives(stage, siti, tmp_path, filming.picture((1080, 1080))[:3000])
    assert "minta pemeriksa menekan Kembalikan" in heard.text
    assert not heard.actions
    with stage.session() as session, session.begin():
        item, programme = session.get_one(content.Item, 1), stage.programme
        editor, judge = seeding.official(session, "editor", item.opd_id), seeding.official(session, "tag")
        moves.move(session, item, "endorse", editor, stage.now, programme)
        moves.move(session, item, "score", judge, stage.now, programme, scores=Scores(4, 5))
    tono.presses("", action="review.open:1")
    answer = tono.presses("Setujui")
    assert "belum dapat disetujui" in answer[-1].text
    with stage.session() as session:
        assert session.get_one(content.Item, 1).status == states.CHECKED


def test_a_bad_picture_of_an_album_is_named_by_its_number_and_taken_out(
    stage: Stage, siti: Chatter, tmp_path: Path
) -> None:
    writes(siti, MEDIA_STEP)
    for name in ("satu", "dua", "tiga"):
        siti.sends_photo(file_id=name, album="a1")
    with stage.session() as session, session.begin():
        second = session.get_one(Media, 2)
        second.status, second.error = files.FAILED, "measuring.damaged"
        first = session.get_one(Media, 1)
        first.status, first.mime, first.width, first.height = files.STORED, "image/jpeg", 300, 400
    after = siti.hears()[-1].row.id
    stage.internal(siti.chat, "item.stored:1")
    stage.internal(siti.chat, "item.failed:2")
    warned, out = siti.hears(after)
    assert "Yang ke-1 dari 3" in warned.text
    assert "Keluarkan yang ini" in warned.actions
    assert "Yang ke-2 dari 3: " in out.text
    assert "saya keluarkan" in out.text
    with stage.session() as session:
        item = session.get_one(content.Item, 1)
        assert [one.id for one in albums.of(session, item)] == [1, 3]
    assert "sekarang ada 1" in siti.presses("Keluarkan yang ini")[-1].text
    with stage.session() as session:
        item = session.get_one(content.Item, 1)
        assert [one.id for one in albums.of(session, item)] == [3]
        assert "media" not in drafts.missing(item)


def test_a_bad_picture_of_an_album_that_was_sent_already_stops_its_approval(
    stage: Stage, siti: Chatter
) -> None:
    writes(siti, MEDIA_STEP)
    for name in ("satu", "dua"):
        siti.sends_photo(file_id=name, album="a1")
    siti.presses("Selesai")
    for words in STEPS[MEDIA_STEP + 1 :]:
        siti.says(words)
    siti.presses("Kirim untuk diperiksa")
    with stage.session() as session, session.begin():
        second = session.get_one(Media, 2)
        second.status, second.error = files.FAILED, "measuring.damaged"
    after = siti.hears()[-1].row.id
    stage.internal(siti.chat, "item.failed:2")
    (heard,) = siti.hears(after)
    assert "Yang ke-2 dari 2" in heard.text
    assert "minta pemeriksa menekan Kembalikan" in heard.text
    with stage.session() as session:
        assert drafts.missing(session.get_one(content.Item, 1)) == ["media"]


def test_nobody_hears_of_somebody_elses_file(stage: Stage, siti: Chatter, tmp_path: Path) -> None:
    rina = stage.person("Rina")
    sends(siti)
    arrives(stage, siti, tmp_path, filming.picture((300, 400)))
    for action in ("item.stored:1", "item.failed:1", "item.stored:x", "item.failed:"):
        assert rina.presses("", action=action) == []
    with stage.session() as session:
        rows = session.scalars(select(outbox.Outbound).where(outbox.Outbound.address == str(rina.chat)))
        assert {row.op for row in rows} == {"answer"}
