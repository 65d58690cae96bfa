"""What can be answered to a reminder, in chat."""

from datetime import UTC, datetime, timedelta

import pytest

from models.messages import conversations, outbox
from models.messages.outbox import Outbound
from models.people.breaks import Rest
from models.reminders import reminders
from tests import scene
from tests.chat import Chatter, Stage

FRIDAY = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # 10.00 WIB
END_OF_FRIDAY = datetime(2026, 11, 27, 16, 59, tzinfo=UTC)  # 23.59 WIB


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
    assert list(when.actions) == ["3 jam lagi", "Malam ini, 19.00 WIB", "Besok pagi, 08.00 WIB"]
    answer = siti.presses("3 jam lagi")[-1]
    assert (answer.op, answer.text) == (
        "edit",
        "Baik, kami ingatkan lagi Jumat, 27 November 2026, 13.00 WIB.",
    )
    assert queued(stage) == [FRIDAY + timedelta(hours=3)]


def test_tomorrow_morning_by_its_number(stage: Stage, siti: Chatter) -> None:
    siti.presses("Nanti")
    answer = siti.says("3")[-1]
    assert answer.text == "Baik, kami ingatkan lagi Sabtu, 28 November 2026, 08.00 WIB."
    assert queued(stage) == [datetime(2026, 11, 28, 1, 0, tzinfo=UTC)]


def test_a_third_reminder_is_never_promised(stage: Stage, siti: Chatter) -> None:
    siti.presses("", action="rest.hours")
    stage.sent()
    (answer,) = siti.presses("", action="rest.tomorrow")
    assert answer.text.startswith("Baik. Minggu ini kami tidak mengingatkan lagi.")
    assert "Rabu, 2 Desember 2026, 07.30 WIB" in answer.text
    assert queued(stage) == []


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
    assert (found.until, found.why) == (END_OF_FRIDAY + timedelta(days=days), "leave")


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
    assert found.until == END_OF_FRIDAY + timedelta(days=3)


def test_sudah_on_a_reminder_is_a_claim(stage: Stage, siti: Chatter) -> None:
    (answer,) = siti.presses("Sudah saya bagikan")
    assert "kirim tangkapan layar atau tautan" in answer.text


# -- in their own words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "day", "hour"),
    [
        ("nanti malam", 27, 19),
        ("malam ini ya", 27, 19),
        ("besok", 28, 8),
        ("Besok pagi", 28, 8),
        ("jam 3 sore", 27, 15),
        ("jam 3", 27, 15),
        ("jam tiga", 27, 15),
        ("nanti sore", 27, 16),
        ("2 jam lagi", 27, 12),
        ("sejam lagi", 27, 11),
        ("besok jam 9", 28, 9),
        ("jam 9", 28, 9),
        ("lusa siang", 29, 13),
        ("Senin", 30, 8),
        ("senin jam 14.00", 30, 14),
        ("30 November jam 16", 30, 16),
    ],
)
def test_a_time_in_words(stage: Stage, siti: Chatter, words: str, day: int, hour: int) -> None:
    siti.presses("Nanti")
    answer = siti.says(words)[-1]
    assert answer.text.startswith("Baik, kami ingatkan lagi")
    assert queued(stage) == [datetime(2026, 11, day, hour - 7, 0, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("entahlah", "belum menemukan waktunya"),
        ("jam 3 atau jam 4", "belum menemukan waktunya"),
        ("jam 9 malam", "Pukul 20.00 sampai 07.00 adalah jam tenang"),
        ("10 menit lagi", "sudah lewat atau terlalu dekat"),
        ("Jumat depan tanggal 4 Desember", "Minggu ini ditutup Rabu, 2 Desember 2026, 07.30 WIB"),
    ],
)
def test_a_time_that_is_none_is_asked_again(stage: Stage, siti: Chatter, words: str, why: str) -> None:
    siti.presses("Nanti")
    assert why in siti.says(words)[-1].text
    assert queued(stage) == []
    assert siti.says("besok")[-1].text.startswith("Baik, kami ingatkan lagi Sabtu")


@pytest.mark.parametrize(
    ("at", "offered"),
    [
        (datetime(2026, 11, 27, 3, 0, tzinfo=UTC), ["3 jam lagi", "Malam ini", "Besok pagi"]),
        (datetime(2026, 11, 27, 11, 0, tzinfo=UTC), ["Malam ini", "Besok pagi"]),  # 18.00: +3 is quiet
        (datetime(2026, 11, 27, 11, 45, tzinfo=UTC), ["Besok pagi"]),
        (datetime(2026, 11, 27, 15, 0, tzinfo=UTC), ["Besok pagi"]),  # 22.00
        (datetime(2026, 12, 1, 3, 0, tzinfo=UTC), ["3 jam lagi", "Malam ini"]),  # the week ends before 8.00
        (datetime(2026, 12, 1, 12, 0, tzinfo=UTC), []),
    ],
)
def test_only_times_that_can_be_kept_are_offered(
    stage: Stage, siti: Chatter, at: datetime, offered: list[str]
) -> None:
    stage.now = at
    (answer,) = siti.presses("Nanti")
    assert [label.partition(",")[0] for label in answer.actions] == offered
    if not offered:
        assert answer.text.startswith("Minggu ini hampir selesai")


def test_tonight(stage: Stage, siti: Chatter) -> None:
    siti.presses("Nanti")
    siti.presses("Malam ini")
    assert queued(stage) == [datetime(2026, 11, 27, 12, 0, tzinfo=UTC)]


def test_the_same_time_may_be_asked_for_again_after_all(stage: Stage, siti: Chatter) -> None:
    siti.presses("", action="rest.tomorrow")
    siti.presses("Jangan minggu ini")
    siti.presses("Ingatkan saya lagi")
    stage.later(minutes=1)
    siti.presses("", action="rest.tomorrow")
    assert queued(stage) == [datetime(2026, 11, 28, 1, 0, tzinfo=UTC)]


def test_after_the_proof_there_is_nothing_to_be_asked_for(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo()
    for action in ("rest.later", "rest.tomorrow"):
        assert "sudah kami terima" in siti.presses("", action=action)[-1].text
    assert queued(stage) == []


def test_a_proof_or_a_claim_instead_of_a_time_is_taken_as_that(stage: Stage, siti: Chatter) -> None:
    siti.presses("Nanti")
    assert "tangkapan layar atau tautan" in siti.says("sudah kak")[-1].text
    siti.presses("Nanti")
    assert "Tempat: X" in siti.says("https://x.com/siti/status/1234567890123456789")[-1].text
    siti.presses("Sedang cuti")
    assert "Terima kasih" in siti.sends_photo()[-1].text


def test_a_question_that_is_open_stays_open(stage: Stage) -> None:
    rina = stage.person("Rina", role="creator")
    scene.item(stage)
    scene.release(stage)
    rina.says("/usul")
    with stage.session() as session:
        state = session.query(conversations.Conversation).filter_by(address=str(rina.chat)).one().state
    stage.now = FRIDAY
    remind(stage, 1)
    rina.presses("Nanti")
    rina.presses("Besok pagi")
    with stage.session() as session:
        found = session.query(conversations.Conversation).filter_by(address=str(rina.chat)).one()
        assert found.state == state
    assert queued(stage)[-1] == datetime(2026, 11, 28, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("sampai 3 Desember", "Kamis, 3 Desember 2026"),
        ("3/12/2026", "Kamis, 3 Desember 2026"),
        ("2 minggu", "Jumat, 11 Desember 2026"),
        ("dua minggu", "Jumat, 11 Desember 2026"),
        ("seminggu", "Jumat, 4 Desember 2026"),
        ("5 hari lagi", "Rabu, 2 Desember 2026"),
        ("sebulan", "Minggu, 27 Desember 2026"),
        ("sampai Senin", "Senin, 30 November 2026"),
        ("minggu depan", "Jumat, 4 Desember 2026"),
        ("besok", "Sabtu, 28 November 2026"),
    ],
)
def test_leave_in_words(stage: Stage, siti: Chatter, words: str, until: str) -> None:
    siti.presses("Sedang cuti")
    assert f"sampai {until} kami tidak" in siti.says(words)[-1].text


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("lama sekali", "belum menemukan tanggalnya"),
        ("sampai 3/11/2026", "Tanggal itu sudah lewat"),
        ("sampai 3 November", "Paling lama yang dapat kami catat"),
        ("9 bulan", "Paling lama yang dapat kami catat adalah sampai Selasa, 1 Juni 2027"),
        ("999 bulan", "Paling lama yang dapat kami catat"),
    ],
)
def test_leave_that_cannot_be_is_asked_again(stage: Stage, siti: Chatter, words: str, why: str) -> None:
    siti.presses("Sedang cuti")
    assert why in siti.says(words)[-1].text
    assert rest(stage, siti) is None
    assert "sampai Jumat, 4 Desember 2026" in siti.says("seminggu")[-1].text


def test_leave_is_seen_in_the_own_record_and_may_end_there(stage: Stage, siti: Chatter) -> None:
    siti.presses("Sedang cuti")
    siti.says("sampai 3 Desember")
    (record,) = siti.says("/saya")
    assert record.text.endswith(
        "Anda sedang cuti sampai Kamis, 3 Desember 2026. Selama itu kami tidak mengingatkan."
    )
    (answer,) = siti.presses("Saya sudah kembali")
    assert answer.text == "Selamat datang kembali! Pengingat untuk Anda aktif lagi."
    assert rest(stage, siti) is None
    (record,) = siti.says("/saya")
    assert next(iter(record.actions)) == "Semua bukti saya"


def test_no_reminder_this_week_is_seen_there_too(stage: Stage, siti: Chatter) -> None:
    siti.presses("Jangan minggu ini")
    (record,) = siti.says("/saya")
    assert "tidak ada pengingat sampai Rabu, 2 Desember 2026, 07.30 WIB" in record.text
    assert list(record.actions)[:2] == ["Ingatkan saya lagi", "Semua bukti saya"]
