"""The pictures of an item: one, several, or a Telegram album, which gets one answer and not ten."""

import pytest
from sqlalchemy import select

from models.content import albums, versions
from models.content.content import Item
from models.messages import files
from tests.chat import Chatter, Stage
from tests.handlers.submitting.drafting import CAPTION, SOURCE, TITLE, WHAT, WHY, writes
from tests.hearing import last

MEDIA_STEP = 5


def names(stage: Stage, number: int = 1) -> list[str]:
    """The channel's ids of an item's files, in order."""
    with stage.session() as session:
        item = session.get_one(Item, number)
        rows = session.execute(select(files.FileCopy.media_id, files.FileCopy.remote_id)).all()
        known = {media_id: remote_id for media_id, remote_id in rows}
        return [known[one.id] for one in albums.of(session, item)]


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    who = stage.person("Siti Rahma", role="creator")
    writes(who, MEDIA_STEP)
    return who


def test_one_picture_alone_leads_straight_to_the_next_question(stage: Stage, siti: Chatter) -> None:
    heard = siti.sends_photo(file_id="satu")
    assert "Ada foto atau video lain" in heard[0].text
    assert "Langkah 7/10" in last(heard)
    assert names(stage) == ["satu"]


def test_an_album_is_kept_in_order_and_answered_once(stage: Stage, siti: Chatter) -> None:
    heard = siti.sends_photo(file_id="satu", album="a1")
    assert len(heard) == 1
    assert {"Selesai", "Hapus foto terakhir"} == set(heard[0].actions)
    for name in ("dua", "tiga"):
        assert siti.sends_photo(file_id=name, album="a1") == []
    assert names(stage) == ["satu", "dua", "tiga"]
    assert "Langkah 7/10" in last(siti.presses("Selesai"))


def test_an_eleventh_picture_is_refused_once_and_kindly(stage: Stage, siti: Chatter) -> None:
    for number in range(10):
        siti.sends_photo(file_id=f"foto{number}", album="a1")
    heard = siti.sends_photo(file_id="foto10", album="a1")
    assert "paling banyak 10" in last(heard)
    assert siti.sends_photo(file_id="foto11", album="a1") == []
    assert "paling banyak 10" in last(siti.sends_photo(file_id="foto12"))
    assert names(stage) == [f"foto{number}" for number in range(10)]
    assert "Langkah 7/10" in last(siti.says("selesai"))


def test_pictures_one_after_the_other_become_an_album_and_the_last_can_go(
    stage: Stage, siti: Chatter
) -> None:
    siti.sends_photo(file_id="satu")
    assert "sekarang ada 2" in last(siti.sends_photo(file_id="dua"))
    assert "sekarang ada 3" in last(siti.sends_photo(file_id="tiga"))
    assert "sekarang ada 2" in last(siti.presses("Hapus foto terakhir"))
    assert names(stage) == ["satu", "dua"]
    assert "Langkah 7/10" in last(siti.presses("Selesai"))
    siti.presses("", action="submit.remove:1")
    assert "Langkah 6/10" in last(siti.presses("", action="submit.remove:1"))  # none is left
    assert names(stage) == []


def test_the_preview_shows_every_picture_and_says_how_many(stage: Stage, siti: Chatter) -> None:
    for name in ("satu", "dua", "tiga"):
        siti.sends_photo(file_id=name, album="a1")
    siti.presses("Selesai")
    siti.says(SOURCE)
    siti.says("ya")
    heard = siti.says("ya")
    assert [one.row.body.get("album", False) for one in heard] == [True, False, False, False]
    assert "Album: 3 foto atau video" in last(heard)


def test_a_new_picture_at_the_step_takes_the_place_of_the_album_unless_it_is_added(
    stage: Stage, siti: Chatter
) -> None:
    for name in ("satu", "dua"):
        siti.sends_photo(file_id=name, album="a1")
    siti.presses("", action="submit.redo:1:media")
    assert "sekarang ada 3" in last(siti.presses("Tambah foto") and siti.sends_photo(file_id="tiga"))
    assert names(stage) == ["satu", "dua", "tiga"]
    heard = siti.presses("", action="submit.redo:1:media")
    assert "album berisi 3 foto atau video" in last(heard)
    siti.sends_photo(file_id="baru")
    assert names(stage) == ["baru"]


def test_a_document_stands_alone(stage: Stage, siti: Chatter) -> None:
    assert "Langkah 7/10" in last(siti.sends_document("brosur.pdf", "application/pdf", file_id="pdf"))
    assert "hanya dapat sendirian" in last(siti.sends_photo(file_id="foto"))
    assert "hanya dapat sendirian" in last(siti.sends_document("dua.pdf", "application/pdf"))
    assert names(stage) == ["pdf"]


def test_a_picture_and_then_a_document_is_refused_as_well(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo(file_id="foto")
    assert "hanya dapat sendirian" in last(siti.sends_document("brosur.pdf", "application/pdf"))
    assert names(stage) == ["foto"]


def test_an_album_sent_at_the_first_question_is_the_items_with_its_words(stage: Stage) -> None:
    siti = stage.person("Ani", role="creator")
    writes(siti, 1)
    siti.sends_photo(caption=TITLE, file_id="satu", album="a1")
    siti.sends_photo(file_id="dua", album="a1")
    assert "Langkah 3/10" in last(siti.presses("Selesai"))
    assert names(stage) == ["satu", "dua"]
    for words in (WHAT, WHY):
        siti.says(words)
    assert "Langkah 7/10" in last(siti.says(CAPTION))


def test_the_frozen_version_holds_the_album(stage: Stage, siti: Chatter) -> None:
    for name in ("satu", "dua"):
        siti.sends_photo(file_id=name, album="a1")
    for words in ("selesai", SOURCE, "ya", "ya", "kirim"):
        heard = siti.says(words)
    assert "Konten nomor 1" in last(heard)
    with stage.session() as session:
        version = session.scalar(select(versions.Version))
        assert version is not None
        assert (version.body["media_id"], version.body["album"]) == (1, [2])
