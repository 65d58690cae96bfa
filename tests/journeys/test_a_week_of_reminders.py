"""Reminders as people meet them: later, on leave, not this week, the greeting of the PPID; and their end."""

from datetime import UTC, datetime, timedelta

import pytest

from models.messages import outbox
from models.messages.outbox import Outbound
from models.programme import weeks
from models.releases import releases
from models.reminders import reminders
from tests import scene
from tests.chat import Chatter, Heard, Stage
from tests.receiving import FIRST, SECOND

FRIDAY = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # 10.00 WIB
MONDAY = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
SATURDAY_EIGHT = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    """Somebody who has received the week's item, and takes part for the first time."""
    who = stage.person("Siti Rahma")
    scene.item(stage, title="Imunisasi gratis", media=True)
    scene.release(stage)
    return who


def remind(stage: Stage, nth: int, at: datetime, week: str = FIRST) -> int:
    """The clock's reminder, and what the sender does with it: to how many people."""
    stage.now = at
    with stage.session() as session, session.begin():
        number = reminders.send(session, week, nth, stage.now, stage.programme)
    goes_out(stage)
    return number


def goes_out(stage: Stage) -> None:
    """The sender's turn: what is over ends, what is due goes out, and nothing else."""
    stage.line.goes_out(stage)


def came(stage: Stage, who: Chatter) -> list[Heard]:
    """The reminders that reached somebody, in order."""
    return [
        one for one in who.hears() if one.row.part == reminders.REMINDER and one.row.status == outbox.SENT
    ]


def waits(stage: Stage) -> list[tuple[str, datetime]]:
    rows = scene.rows(stage, Outbound.part == reminders.REMINDER, Outbound.status.in_(outbox.UNSENT))
    return [(row.body["text"], row.due_at) for row in rows]


def test_received_reminded_later_proved_and_the_queued_one_never_comes(stage: Stage, siti: Chatter) -> None:
    assert remind(stage, 1, FRIDAY) == 1
    (first,) = came(stage, siti)
    assert first.text.startswith("Ada konten baru dari kantor Anda:\nImunisasi gratis")
    assert first.row.body["with_media"] is True, "with the item again, by reference"

    siti.presses("Nanti")
    answer = siti.presses("Besok pagi")[-1]
    assert answer.text == "Baik, kami ingatkan lagi Sabtu, 28 November 2026, 08.00 WIB."
    stage.now = SATURDAY_EIGHT - timedelta(minutes=1)
    goes_out(stage)
    assert len(came(stage, siti)) == 1, "not before its time"

    siti.sends_photo("facebook")
    stage.now = SATURDAY_EIGHT + timedelta(minutes=1)
    goes_out(stage)
    assert len(came(stage, siti)) == 1
    assert waits(stage) == []
    assert remind(stage, 2, MONDAY) == 0


def test_the_one_that_was_asked_for_comes_and_is_the_last(stage: Stage, siti: Chatter) -> None:
    remind(stage, 1, FRIDAY)
    siti.presses("Nanti")
    siti.says("besok jam 9")
    stage.now = SATURDAY_EIGHT + timedelta(hours=1)
    goes_out(stage)
    (_, again) = came(stage, siti)
    assert again.text.startswith("Seperti permintaan Anda, kami ingatkan lagi:\nImunisasi gratis")
    (answer,) = siti.presses("Nanti")
    assert answer.text.startswith("Baik. Minggu ini kami tidak mengingatkan lagi.")
    assert remind(stage, 2, MONDAY) == 0
    siti.says("https://www.instagram.com/p/C9aBcDeFgHi/")
    assert "tidak ada pengingat lagi" in siti.presses("", action="rest.later")[-1].text


def test_on_leave_nothing_comes_and_the_item_of_the_next_week_does(stage: Stage, siti: Chatter) -> None:
    remind(stage, 1, FRIDAY)
    siti.presses("Sedang cuti")
    (answer,) = siti.says("1 minggu")
    assert "sampai Jumat, 4 Desember 2026 kami tidak mengingatkan Anda" in answer.text
    assert remind(stage, 2, MONDAY) == 0
    stage.now = weeks.closing(FIRST, stage.programme)
    scene.item(stage, title="Pasar murah")
    scene.release(stage)
    assert "Pasar murah" in siti.hears()[-2].text
    assert remind(stage, 1, FRIDAY + WEEK, SECOND) == 0, "still on leave"
    assert remind(stage, 2, MONDAY + WEEK, SECOND) == 1, "back"


def test_back_from_leave_early_is_one_tap_in_saya(stage: Stage, siti: Chatter) -> None:
    remind(stage, 1, FRIDAY)
    siti.presses("Sedang cuti")
    siti.presses("1 bulan")
    siti.says("/saya")
    siti.presses("Saya sudah kembali")
    assert remind(stage, 2, MONDAY) == 1


def test_not_this_week_is_silence_for_this_week_alone(stage: Stage, siti: Chatter) -> None:
    remind(stage, 1, FRIDAY)
    siti.presses("Jangan minggu ini")
    assert remind(stage, 2, MONDAY) == 0
    stage.now = weeks.closing(FIRST, stage.programme)
    scene.item(stage, title="Pasar murah")
    scene.release(stage)
    assert remind(stage, 1, FRIDAY + WEEK, SECOND) == 1


def test_who_always_takes_part_hears_other_words_than_who_never_did(stage: Stage) -> None:
    always, never = stage.person("Wati"), stage.person("Siti")
    for _ in range(4):
        scene.item(stage, title="Imunisasi gratis")
        scene.release(stage)
        always.sends_photo("facebook")
        stage.now += WEEK
    scene.item(stage, title="Pasar murah")
    scene.release(stage)
    week = weeks.of(stage.now, stage.programme)
    for nth, days in ((1, 2), (2, 5)):
        remind(stage, nth, weeks.opening(week, stage.programme) + timedelta(days=days, hours=3), week)
    assert [one.text.splitlines()[0] for one in came(stage, always)] == [
        "Terima kasih, minggu demi minggu Anda ikut berbagi. Konten minggu ini sudah siap:",
        "Minggu ini mungkin sedang padat, jadi kami ingatkan sekali lagi saja:",
    ]
    assert [one.text.splitlines()[0] for one in came(stage, never)] == [
        "Ada konten baru dari kantor Anda:",
        "Masih ada waktu untuk ikut minggu ini:",
    ]


def test_the_ppid_sees_who_is_missing_and_greets_them_once_a_week(stage: Stage, siti: Chatter) -> None:
    rina = stage.person("Rina", role="planner")
    budi, dewi = stage.person("Budi"), stage.person("Dewi")
    with stage.session() as session, session.begin():
        releases.settle(session, stage.now)  # who has joined gets the item as well
    stage.sent()
    remind(stage, 1, FRIDAY)
    budi.sends_photo("facebook")
    dewi.presses("Sedang cuti")
    dewi.presses("1 minggu")
    siti.says("sudah")

    (card,) = rina.says("/belum")
    assert "✓ Sudah berbagi: 1" in card.text
    assert "Bilang sudah, buktinya ditunggu: 1" in card.text
    assert "Sedang cuti: 1" in card.text
    names = rina.presses("Lihat nama")[-1].text
    assert "• Siti Rahma – bilang sudah, tinggal buktinya" in names
    assert "• Dewi – cuti" in names
    assert "Budi" not in names

    rina.says("/belum")
    (_, asked) = rina.presses("Ingatkan dengan ramah")
    assert "Penerimanya 1 orang" in asked.text
    rina.presses("Kirim ke 1 orang")
    goes_out(stage)
    assert came(stage, siti)[-1].text.startswith("Salam dari tim PPID Dinas Kesehatan!")
    assert [len(came(stage, who)) for who in (siti, budi, dewi)] == [2, 1, 1]
    assert "Ingatkan dengan ramah" not in rina.says("/belum")[-1].actions
    assert remind(stage, 2, MONDAY) == 1, "to Rina herself: Siti has had her two"

    stage.now = weeks.closing(FIRST, stage.programme)
    scene.item(stage, title="Pasar murah")
    scene.release(stage)
    stage.now = FRIDAY + WEEK
    assert "Ingatkan dengan ramah" in rina.says("/belum")[-1].actions, "a new week, a new greeting"
