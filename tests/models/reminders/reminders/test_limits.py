"""How many reminders there are at the most, and at which hours."""

from datetime import UTC, datetime, time, timedelta

from models.programme import weeks
from models.programme.programme import Programme, WeekTime
from models.releases import releases
from models.reminders import reminders
from models.sending import sending
from tests.chat import Chatter, Stage
from tests.models.reminders.reminders.acts import MONDAY, WEEK, remind, reminders_of


def test_a_repeated_job_reminds_nobody_twice(stage: Stage, siti: Chatter) -> None:
    assert (remind(stage), remind(stage)) == (1, 0)


def test_nobody_gets_more_than_two_in_a_week(stage: Stage, siti: Chatter) -> None:
    assert remind(stage) == 1
    stage.sent()
    assert remind(stage, 2, MONDAY) == 1
    stage.sent()
    assert remind(stage, 3, MONDAY + timedelta(hours=4)) == 0


def test_one_that_falls_into_the_quiet_hours_waits_until_seven(stage: Stage, siti: Chatter) -> None:
    remind(stage, 1, datetime(2026, 11, 27, 15, 0, tzinfo=UTC))  # 22.00 WIB
    assert reminders_of(stage, siti)[0].due_at == datetime(2026, 11, 28, 0, 0, tzinfo=UTC)


def test_one_that_was_kept_back_until_the_evening_does_not_come_at_night(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    assert reminders_of(stage, siti)[0].expires_at == datetime(2026, 11, 27, 13, 0, tzinfo=UTC)  # 20.00 WIB
    with stage.session() as session, session.begin():
        sending.expire(session, datetime(2026, 11, 27, 13, 0, tzinfo=UTC))
    assert remind(stage, 2, MONDAY) == 1  # and it does not count


def test_one_that_is_still_queued_when_the_week_closes_expires_with_it(stage: Stage, siti: Chatter) -> None:
    closes = weeks.closing(WEEK, stage.programme)
    remind(stage, 2, closes - timedelta(minutes=20))
    assert reminders_of(stage, siti)[0].expires_at == closes


def test_there_is_none_where_the_week_is_over_before_the_quiet_hours_are(stage: Stage, siti: Chatter) -> None:
    early = Programme(opens=WeekTime(2, time(6, 30)), digest=WeekTime(2, time(6, 30)))
    with stage.session() as session, session.begin():
        release = releases.of_week(session, WEEK)
        assert release is not None
        release.closes_at = weeks.closing(WEEK, early)
        assert reminders.send(session, WEEK, 2, release.closes_at - timedelta(hours=2), early) == 0


def test_there_is_none_after_the_week(stage: Stage, siti: Chatter) -> None:
    assert remind(stage, 2, weeks.closing(WEEK, stage.programme)) == 0
