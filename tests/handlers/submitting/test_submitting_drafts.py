"""Drafts: left, found again, thrown away, sent, and planned for a week that is free."""

import pytest

from models.content import states
from tests.chat import Chatter, Stage
from tests.handlers.submitting.drafting import TITLE, items, put, writes
from tests.hearing import last, text

# -- drafts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("leave", ["batal", "/menu", "0"])
def test_a_draft_survives_leaving_and_goes_on_where_it_was(siti: Chatter, leave: str) -> None:
    writes(siti, 3)
    siti.says(leave)
    assert TITLE in last(siti.says("/ajukan"))
    assert "Langkah 4/10" in last(siti.presses("Lanjutkan"))


def test_the_buttons_that_leave_say_how_to_go_on(siti: Chatter) -> None:
    writes(siti, 2)
    assert "/ajukan" in last(siti.presses("Batal"))
    writes(siti)
    assert "/ajukan" in last(siti.presses("Simpan dulu"))


def test_what_was_returned_comes_first_with_its_reason(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    siti.presses("Simpan dulu")
    put(stage, 1, status=states.RETURNED, reason="Angkanya keliru.", version=1)
    stage.later(hours=1)
    writes(siti, 2, title="Judul yang lebih baru")
    heard = siti.says("/ajukan")
    assert "Catatan pemeriksa: Angkanya keliru." in last(heard)
    assert last(heard).index(TITLE) < last(heard).index("Judul yang lebih baru")
    assert next(iter(heard[-1].actions)).startswith("Perbaiki")


def test_a_draft_is_thrown_away_after_being_asked_once_more(stage: Stage, siti: Chatter) -> None:
    writes(siti, 2)
    writes(siti, 2, title="Judul yang lain sama sekali")
    siti.says("/ajukan")
    siti.presses("Buang")
    assert f"Buang {TITLE}?" in last(siti.presses(f"Buang “{TITLE}”"))
    assert items(stage)[0].status == states.DRAFT
    assert "Sudah dibuang" in last(siti.presses("Ya, buang"))
    assert [item.status for item in items(stage)] == [states.DROPPED, states.DRAFT]
    assert "Konsep itu tidak ada lagi" in last(siti.presses("", action="submit.resume:1"))


def test_a_draft_that_was_sent_answers_to_no_old_button(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    siti.presses("Kirim untuk diperiksa")
    for action in ("submit.send:1", "submit.redo:1:title", "submit.week:1:2026-W50", "submit.dropped:1"):
        assert "sudah dikirim" in last(siti.presses("", action=action))
    assert items(stage)[0].status == states.SUBMITTED


def test_a_button_that_nobody_made_changes_nothing(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    made_up = (
        *(
            "redo:1:status",
            "week:1:2026-W99",
            "send:",
            "send:x",
            "for:x",
            "send:99999999999",
            "redo:1:live_at",
        ),
        *("choose:1:rubric:x", "choose:1:status:approved", "choose:1:public:maybe", "channel:1:line"),
    )
    for action in made_up:
        assert "Tombol itu sudah tidak berlaku" in last(siti.presses("", action=f"submit.{action}"))
    assert items(stage)[0].status == states.DRAFT


def test_kirim_can_be_typed(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    assert "Kirim untuk diperiksa" in last(siti.says("gimana ya"))
    assert "Konten nomor 1" in last(siti.says("kirim"))
    assert items(stage)[0].status == states.SUBMITTED


# -- weeks -------------------------------------------------------------------------------------


def test_taken_weeks_are_said_and_not_offered(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    put(stage, 1, status=states.APPROVED, week="2026-W49")
    heard = writes(siti, 7)
    assert "konten nomor 1" in last(heard)
    assert [label for label in heard[-1].actions if label.startswith("Rabu")] == [
        "Rabu 25 Nov (terdekat)",
        "Rabu 9 Des",
        "Rabu 16 Des",
        "Rabu 23 Des",
    ]
    assert "sudah ada konten nomor 1" in last(siti.presses("", action="submit.week:2:2026-W49"))


def test_a_week_that_was_lost_meanwhile_is_asked_again(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    stage.later(days=8)
    heard = siti.presses("Kirim untuk diperiksa")
    assert "tidak dapat dipakai lagi" in text(heard)
    assert "Langkah 8/10" in last(heard)
    assert items(stage)[0].status == states.DRAFT
    assert "sudah lewat" in last(siti.presses("", action="submit.week:1:2026-W48"))
    siti.says("ya")
    assert "Konten nomor 1" in last(siti.presses("Kirim untuk diperiksa"))
