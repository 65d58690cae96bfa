"""Many who share a place: short sentences, and pages of buttons."""

import pytest

from tests import honouring
from tests.chat import Chatter, Heard, Stage
from tests.honouring import PROGRAMME, WEEKS


def said(heard: list[Heard]) -> str:
    return "\n".join(one.text for one in heard)


@pytest.fixture
def crowd(stage: Stage, budi: Chatter) -> Chatter:
    """A controller, and eight who share the first place of a list."""
    stage.programme = PROGRAMME
    people = [stage.person(f"Warga {letter}") for letter in "ABCDEFGH"]
    for week in WEEKS[:2]:
        honouring.play(stage, week, *((who, 10) for who in people))
    honouring.make(stage)
    return budi


def test_many_names_are_shortened_and_each_may_be_replaced(stage: Stage, crowd: Chatter) -> None:
    assert "Warga F dan 2 lainnya" in said(crowd.says("/penghargaan"))
    (shown,) = crowd.presses("ASN paling tekun")
    assert "Warga F dan 2 lainnya" in shown.text
    assert "Ganti Warga F" in shown.actions
    assert "Ganti Warga G" not in shown.actions
    (shown,) = crowd.presses("Berikutnya")
    assert {"Sahkan", "Ganti Warga G", "Ganti Warga H", "◀ Sebelumnya"} <= set(shown.actions)
    crowd.presses("Ganti Warga H")
    assert "dilewati" in said(crowd.says("Sedang menjalani pemeriksaan."))


def test_every_certificate_may_be_printed_and_taken_back(stage: Stage, crowd: Chatter) -> None:
    crowd.says("/penghargaan")
    crowd.presses("ASN paling tekun")
    text = said(crowd.presses("Sahkan"))
    assert text.count("nomor 00") == 6
    assert "2 lainnya" in text
    assert "Warga F dan 2 lainnya" in said(crowd.says("/penghargaan"))
    crowd.presses("ASN paling tekun")
    crowd.presses("Berikutnya")
    (shown,) = crowd.presses("Berikutnya")
    assert "Unduh 008/SP/XII/2026" in shown.actions
    crowd.presses("Cabut 008")
    answer = said(crowd.says("Sedang menjalani pemeriksaan."))
    assert "sudah dicabut" in answer
    assert "Urutan berikutnya dapat disahkan" not in answer  # seven others are still confirmed


def test_a_page_that_is_there_no_more_is_the_last_one(stage: Stage, crowd: Chatter) -> None:
    assert "Ganti Warga H" in crowd.presses("", action="award.see:1:steady:99")[0].actions


def test_when_the_only_winner_is_taken_back_the_next_place_is_named(stage: Stage, budi: Chatter) -> None:
    stage.programme = PROGRAMME
    siti, wati = stage.person("Siti"), stage.person("Wati")
    for week in WEEKS[:2]:
        honouring.play(stage, week, (siti, 10), (wati, 20))
    honouring.make(stage)
    budi.says("/penghargaan")
    for there_is_a_next in (True, False):
        budi.presses("", action="award.see:1:steady")
        budi.presses("Sahkan")
        budi.presses("", action="award.see:1:steady")
        budi.presses("Cabut")
        answer = said(budi.says("Sedang menjalani pemeriksaan."))
        assert ("Urutan berikutnya dapat disahkan" in answer) is there_is_a_next
