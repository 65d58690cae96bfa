"""A remark in between: what was asked before is asked again, with its buttons."""

import pytest

from models.content import states
from models.content.content import Item
from models.people.people import Person
from tests import scene
from tests.casting import past, submitted
from tests.chat import Chatter, Stage
from tests.hearing import last


@pytest.fixture
def number(stage: Stage, siti: Chatter, ani: Chatter) -> int:
    """An item that waits for its scores."""
    with stage.session() as session, session.begin():
        item = submitted(session, session.get_one(Person, siti.person_id))
        return past(session, item, scene.person(session, ani)).id


@pytest.mark.parametrize("leaving", ["batal", "BATAL!", "Angka ini dari mana?"])
def test_the_scores_go_on_after_a_remark_by_their_numbers(
    stage: Stage, siti: Chatter, tini: Chatter, number: int, leaving: str
) -> None:
    tini.says(f"/tinjau {number}")
    tini.presses("Beri nilai")
    tini.says(f"/komentar {number}")
    heard = tini.says(leaving)
    assert "Pertanyaan saya sebelumnya masih menunggu" in last(heard)
    assert "Seberapa tepat" in last(heard)
    assert list(heard[-1].actions) == ["1", "2", "3", "4", "5", "Batal"]
    assert len(siti.hears()) == ("?" in leaving)
    assert "Seberapa menarik" in last(tini.says("4"))
    tini.says("5")
    tini.says("tanpa catatan")
    with stage.session() as session:
        assert session.get_one(Item, number).status == states.CHECKED


def test_a_remark_in_one_message_repeats_the_question(tini: Chatter, number: int) -> None:
    tini.says(f"/tinjau {number}")
    tini.presses("Beri nilai")
    tini.says("3")
    heard = tini.says(f"/komentar {number} Angka ini dari mana?")
    assert "Terkirim" in heard[0].text
    assert "Seberapa menarik" in last(heard)


def test_the_buttons_of_a_card_count_again_where_no_question_was_open(
    stage: Stage, siti: Chatter, tini: Chatter, number: int
) -> None:
    tini.says(f"/tinjau {number}")
    tini.presses("Tanya penulis")
    assert "Terkirim" in last(tini.says("Angka ini dari mana?"))
    assert "Seberapa tepat" in last(tini.says("beri nilai"))


def test_a_draft_goes_on_after_the_answer_to_a_reviewer(
    stage: Stage, siti: Chatter, tini: Chatter, number: int
) -> None:
    tini.says(f"/komentar {number} Angka ini dari mana?")
    siti.says("/ajukan")
    siti.presses("", action=f"comment.ask:{number}")
    heard = siti.says("Dari laporan bulan Oktober.")
    assert "Konten ini jenis apa?" in last(heard)
    assert "Langkah 2/10: Judul" in last(siti.says("foto kegiatan"))


def test_everybody_reads_that_somebody_writes(siti: Chatter, tini: Chatter, number: int) -> None:
    tini.says(f"/komentar {number} Angka ini dari mana?")
    siti.says(f"/komentar {number} Dari laporan bulan Oktober.")
    assert "Tini Wulandari menulis tentang konten nomor 1" in siti.hears()[-2].text
    assert "Siti Rahma menulis tentang konten nomor 1" in tini.hears()[-1].text
