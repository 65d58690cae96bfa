"""What can be answered to a reminder, in chat."""

from datetime import UTC, datetime, timedelta

import pytest

from models import outbox, reminders
from models.outbox import Outbound
from models.reminders import Rest
from tests import scene
from tests.chat import Chatter, Stage

FRIDAY = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # 10.00 WIB


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    """Somebody who has just been reminded for the first time."""
    who = stage.person("Siti")
    scene.item(stage)
    scene.release(stage)
    stage.now = FRIDAY
    remind(stage, 1)
    stage.sent()
    return who


def remind(stage: Stage, nth: int) -> int:
    with stage.session() as session, session.begin():
        return reminders.send(session, "2026-W48", nth, stage.now, stage.programme)


def queued(stage: Stage) -> list[datetime]:
    rows = scene.rows(stage, Outbound.part == reminders.REMINDER, Outbound.status == outbox.QUEUED)
    return [row.due_at for row in rows]


def rest(stage: Stage, who: Chatter) -> Rest | None:
    with stage.session() as session:
        return session.get(Rest, who.person_id)


def test_a_reminder_offers_later_leave_and_not_this_week(siti: Chatter) -> None:
    assert list(siti.hears()[-1].actions) == [
        "Sudah saya bagikan", "Kirim teksnya lagi", "Nanti", "Sedang cuti", "Jangan minggu ini",
    ]  # fmt: skip


def test_three_hours_later(stage: Stage, siti: Chatter) -> None:
    (when,) = siti.presses("Nanti")
    assert list(when.actions) == ["3 jam lagi", "Besok pagi"]
    answer = siti.presses("3 jam lagi")[-1]
    assert (answer.op, answer.text) == (
        "edit",
        "Baik, kami ingatkan lagi Jumat, 27 November 2026, 13.00 WIB.",
    )
    assert queued(stage) == [FRIDAY + timedelta(hours=3)]


def test_tomorrow_morning_by_its_number(stage: Stage, siti: Chatter) -> None:
    siti.presses("Nanti")
    answer = siti.says("2")[-1]
    assert answer.text == "Baik, kami ingatkan lagi Sabtu, 28 November 2026, 08.00 WIB."
    assert queued(stage) == [datetime(2026, 11, 28, 1, 0, tzinfo=UTC)]


def test_a_third_reminder_is_never_promised(stage: Stage, siti: Chatter) -> None:
    siti.presses("", action="rest.hours")
    (answer,) = siti.presses("", action="rest.tomorrow")
    assert answer.text.startswith("Baik. Minggu ini kami tidak mengingatkan lagi.")
    assert "Rabu, 2 Desember 2026, 07.30 WIB" in answer.text
    assert len(queued(stage)) == 1


@pytest.mark.parametrize(
    ("label", "days", "until"),
    [
        ("3 hari", 3, "Senin, 30 November 2026"),
        ("1 minggu", 7, "Jumat, 4 Desember 2026"),
        ("2 minggu", 14, "Jumat, 11 Desember 2026"),
        ("1 bulan", 30, "Minggu, 27 Desember 2026"),
    ],
)
def test_on_leave_until(stage: Stage, siti: Chatter, label: str, days: int, until: str) -> None:
    (asked,) = siti.presses("Sedang cuti")
    assert list(asked.actions) == ["3 hari", "1 minggu", "2 minggu", "1 bulan"]
    (answer,) = siti.presses(label)
    assert f"sampai {until} kami tidak mengingatkan" in answer.text
    found = rest(stage, siti)
    assert found is not None
    assert (found.until, found.why) == (FRIDAY + timedelta(days=days), "leave")


def test_not_this_week_takes_back_what_was_asked_for(stage: Stage, siti: Chatter) -> None:
    siti.presses("", action="rest.hours")
    (answer,) = siti.presses("Jangan minggu ini")
    assert "sampai Rabu, 2 Desember 2026, 07.30 WIB" in answer.text
    assert queued(stage) == []
    stage.later(days=3)
    assert remind(stage, 2) == 0


def test_reminders_may_come_again_after_all(stage: Stage, siti: Chatter) -> None:
    siti.presses("Jangan minggu ini")
    (answer,) = siti.presses("Ingatkan saya lagi")
    assert answer.text == "Baik, pengingat untuk Anda aktif kembali."
    assert rest(stage, siti) is None
    assert remind(stage, 2) == 1


def test_an_invented_length_of_leave_is_the_shortest(stage: Stage, siti: Chatter) -> None:
    siti.presses("", action="rest.days:9999")
    found = rest(stage, siti)
    assert found is not None
    assert found.until == FRIDAY + timedelta(days=3)


def test_sudah_on_a_reminder_is_a_claim(stage: Stage, siti: Chatter) -> None:
    (answer,) = siti.presses("Sudah saya bagikan")
    assert "kirim tangkapan layar atau tautan" in answer.text
