"""Reminders that somebody asked for, and rests: what "Nanti" and "Jangan minggu ini" lead to."""

from datetime import UTC, datetime, timedelta

from models.people import breaks
from models.programme import occasions, weeks
from tests.chat import Chatter, Stage
from tests.models.reminders.reminders.acts import FRIDAY, MONDAY, WEEK, later, remind, reminders_of, rest


def test_leave_that_ends_brings_nothing_of_weeks_that_closed(stage: Stage, siti: Chatter) -> None:
    rest(stage, siti, weeks.closing(WEEK, stage.programme) + timedelta(days=1))
    assert remind(stage) == 0
    stage.now = weeks.closing(WEEK, stage.programme) + timedelta(days=2)
    assert remind(stage, 2, stage.now) == 0
    assert reminders_of(stage, siti) == []


def test_one_that_was_asked_for_comes_at_its_time_and_is_one_of_the_two(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    stage.sent()
    assert later(stage, siti, 3) == FRIDAY + timedelta(hours=3)
    assert reminders_of(stage, siti)[1].due_at == FRIDAY + timedelta(hours=3)
    assert later(stage, siti, 5) == FRIDAY + timedelta(hours=5)  # the same one, moved
    assert [row.due_at for row in reminders_of(stage, siti)[1:]] == [FRIDAY + timedelta(hours=5)]
    assert remind(stage, 2, MONDAY) == 0
    stage.sent()
    assert later(stage, siti, 5) is None


def test_one_that_was_asked_for_keeps_the_quiet_hours(stage: Stage, siti: Chatter) -> None:
    stage.now = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)  # 18.00 WIB
    assert later(stage, siti, 3) == datetime(2026, 11, 28, 0, 0, tzinfo=UTC)


def test_one_that_was_asked_for_beyond_the_week_is_none(stage: Stage, siti: Chatter) -> None:
    stage.now = weeks.closing(WEEK, stage.programme) - timedelta(hours=2)
    assert later(stage, siti, 3) is None


def test_tomorrow_morning_is_eight_o_clock_here(stage: Stage) -> None:
    late = datetime(2026, 11, 27, 16, 59, tzinfo=UTC)  # 23.59 WIB
    assert occasions.tomorrow(late, stage.programme) == datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
    assert occasions.tomorrow(late + timedelta(minutes=1), stage.programme) == datetime(
        2026, 11, 29, 1, 0, tzinfo=UTC
    )


def test_not_this_week_never_shortens_a_leave(stage: Stage, siti: Chatter) -> None:
    month = FRIDAY + timedelta(days=30)
    rest(stage, siti, month)
    rest(stage, siti, weeks.closing(WEEK, stage.programme), breaks.WEEK)
    with stage.session() as session:
        assert session.get_one(breaks.Rest, siti.person_id).until == month
    rest(stage, siti, FRIDAY + timedelta(days=3))  # a new leave is the one that counts
    with stage.session() as session:
        assert session.get_one(breaks.Rest, siti.person_id).until == FRIDAY + timedelta(days=3)
