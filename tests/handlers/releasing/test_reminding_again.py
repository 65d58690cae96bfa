"""Asked twice for [Nanti]: the one that is on its way is moved. And buttons of a week that is over."""

from datetime import UTC, datetime, timedelta

import pytest

from models.messages import outbox
from models.messages.outbox import Outbound
from models.programme import weeks
from models.reminders import reminders
from models.shares import shares
from tests import scene
from tests.chat import Chatter, Stage
from tests.handlers.releasing.test_reminding import FRIDAY, queued, remind, rest
from tests.receiving import FIRST, SECOND

SATURDAY = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)  # 08.00 WIB


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


def rows(stage: Stage) -> list[Outbound]:
    return scene.rows(stage, Outbound.part == reminders.REMINDER)


def test_a_second_later_moves_the_one_that_is_on_its_way(stage: Stage, siti: Chatter) -> None:
    siti.presses("Nanti")
    siti.presses("3 jam lagi")
    (again,) = siti.presses("", action="rest.later")
    assert again.text.startswith("Baik. Kapan kami ingatkan lagi?")
    answer = siti.presses("Besok pagi")[-1]
    assert answer.text == "Baik, kami ingatkan lagi Sabtu, 28 November 2026, 08.00 WIB."
    assert queued(stage) == [SATURDAY]
    assert len(rows(stage)) == 2, "the first one, and the one that was moved"


def test_it_may_be_moved_to_sooner_and_in_the_same_second(stage: Stage, siti: Chatter) -> None:
    siti.presses("", action="rest.tomorrow")
    siti.presses("", action="rest.hours")
    siti.presses("", action="rest.tomorrow")
    siti.presses("", action="rest.hours")
    assert queued(stage) == [FRIDAY + timedelta(hours=3)]


def test_the_moved_one_ends_before_the_quiet_hours_of_its_own_day(stage: Stage, siti: Chatter) -> None:
    siti.presses("", action="rest.hours")
    siti.presses("", action="rest.tomorrow")
    (moved,) = scene.rows(stage, Outbound.status == outbox.QUEUED, Outbound.part == reminders.REMINDER)
    assert moved.expires_at == datetime(2026, 11, 28, 13, 0, tzinfo=UTC)  # 20.00 WIB on Saturday


def test_whoever_said_sudah_meanwhile_is_asked_for_the_proof_alone(stage: Stage, siti: Chatter) -> None:
    siti.presses("", action="rest.hours")
    siti.says("sudah")
    siti.presses("", action="rest.tomorrow")
    (moved,) = scene.rows(stage, Outbound.status == outbox.QUEUED, Outbound.part == reminders.REMINDER)
    assert moved.body["text"] == "reminding.asked_claimed"


def test_one_asked_for_before_the_first_leaves_room_for_one_more_and_no_two(stage: Stage) -> None:
    who = stage.person("Siti")
    scene.item(stage)
    scene.release(stage)
    stage.now = FRIDAY - timedelta(hours=2)
    who.presses("", action="rest.tomorrow")
    who.presses("", action="rest.hours")
    stage.now = FRIDAY
    assert remind(stage, 1) == 1
    assert len(rows(stage)) == 2


def test_a_greeting_of_the_ppid_is_nobodys_to_move(stage: Stage, siti: Chatter) -> None:
    ratna = stage.person("Ratna", role="editor")
    ratna.says("/belum")
    ratna.presses("Ingatkan dengan ramah")
    ratna.presses("Kirim ke 1 orang")
    (answer,) = siti.presses("", action="rest.tomorrow")
    assert answer.text.startswith("Baik. Minggu ini kami tidak mengingatkan lagi.")
    assert queued(stage) == [FRIDAY]


# -- [Jangan minggu ini] of a week that is over --------------------------------------------------------


def test_an_old_button_silences_nobody_in_the_new_week(stage: Stage, siti: Chatter) -> None:
    old = stage.button(siti.chat, "Jangan minggu ini")
    assert old == f"rest.week:{FIRST}"
    stage.now = weeks.closing(FIRST, stage.programme) + timedelta(hours=3)
    (answer,) = siti.presses("", action=old)
    assert answer.text.startswith("Tombol itu untuk minggu yang sudah selesai.")
    assert rest(stage, siti) is None
    scene.item(stage, title="Pasar murah")
    scene.release(stage)
    stage.later(days=2)
    with stage.session() as session, session.begin():
        assert reminders.send(session, SECOND, 1, stage.now, stage.programme) == 1


def test_its_answer_brings_the_button_of_the_new_week(stage: Stage, siti: Chatter) -> None:
    old = stage.button(siti.chat, "Jangan minggu ini")
    stage.now = weeks.closing(FIRST, stage.programme) + timedelta(hours=3)
    siti.presses("", action=old)
    (answer,) = siti.says("1")
    assert "kami tidak mengingatkan Anda lagi sampai Rabu, 9 Desember 2026" in answer.text
    found = rest(stage, siti)
    assert found is not None
    assert found.until == weeks.closing(SECOND, stage.programme)


def test_belum_brings_the_button_of_the_running_week(stage: Stage, siti: Chatter) -> None:
    (answer,) = siti.says("belum")
    assert answer.actions["Jangan minggu ini"] == f"rest.week:{FIRST}"


# -- the question for the place ------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "heard"), [(2, True), (4, False)])
def test_a_place_is_heard_for_three_days_after_its_picture(
    stage: Stage, siti: Chatter, days: int, heard: bool
) -> None:
    siti.sends_photo()
    stage.later(days=days)
    siti.says("facebook")
    with stage.session() as session:
        (share,) = session.query(shares.Share)
        assert share.platform == ("facebook" if heard else "")
    if not heard:
        siti.presses("Facebook")
        with stage.session() as session:
            assert session.get_one(shares.Share, share.id).platform == "facebook", "its button still counts"


def test_the_number_of_an_old_button_is_heard_as_long_as_its_words(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo()
    stage.later(days=2)
    assert "Tempat: Facebook" in siti.says("5")[-1].text
    siti.sends_photo()
    stage.later(days=4)
    (answer,) = siti.says("5")
    assert answer.text.startswith("Maaf, saya belum memahami")
