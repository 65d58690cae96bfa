"""The programme's calendar: what follows from the settings alone."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.programme.programme import WEEKDAYS, Hours, Programme, WeekTime

JAKARTA = Programme()
times = st.times().map(lambda time: time.replace(second=0, microsecond=0))


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_the_defaults_are_the_week_that_was_promised() -> None:
    assert str(JAKARTA.opens) == "Wed 07:30"
    assert str(JAKARTA.release) == "Wed 13:00"
    assert [str(moment) for moment in JAKARTA.reminders] == ["Fri 10:00", "Mon 10:00"]
    assert str(JAKARTA.digest) == "Wed 07:30"
    assert JAKARTA.closes == JAKARTA.opens
    assert (JAKARTA.target_participation, JAKARTA.target_months) == (0.5, 3)
    assert JAKARTA.zone.key == "Asia/Jakarta"


@given(st.integers(0, 6), times)
def test_a_weekly_moment_reads_back_as_it_is_written(weekday: int, time: dt.time) -> None:
    moment = WeekTime(weekday, time)
    assert Programme.model_validate({"release": str(moment)}).release == moment
    assert moment.offset == dt.timedelta(days=weekday, hours=time.hour, minutes=time.minute)
    assert moment.day == WEEKDAYS[weekday].lower()


@pytest.mark.parametrize(
    "written", ["13:00", "Wed", "Wed 24:00", "Wed 13:60", "Wed 7:30", "wed 13:00", "Rab 13:00", 780, None, ""]
)
def test_an_impossible_moment_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        Programme.model_validate({"release": written})


@given(times, times, times)
def test_a_span_and_the_rest_of_the_day_share_no_minute(begin: dt.time, end: dt.time, time: dt.time) -> None:
    if begin != end:
        assert Hours(begin=begin, end=end).contains(time) != Hours(begin=end, end=begin).contains(time)


@pytest.mark.parametrize(
    ("now", "quiet", "until"),
    [
        ("2026-11-25 12:59", False, "2026-11-25 12:59"),  # 19.59 WIB
        ("2026-11-25 13:00", True, "2026-11-26 00:00"),  # 20.00 WIB: until 07.00 of the next day
        ("2026-11-25 17:30", True, "2026-11-26 00:00"),  # 00.30 WIB: until 07.00 of the same day
        ("2026-11-25 23:59", True, "2026-11-26 00:00"),
        ("2026-11-26 00:00", False, "2026-11-26 00:00"),
    ],
)
def test_quiet_hours_are_local_and_end_at_seven(now: str, quiet: bool, until: str) -> None:
    assert JAKARTA.is_quiet(utc(now)) is quiet
    assert JAKARTA.quiet_until(utc(now)) == utc(until)


def test_quiet_hours_follow_the_time_zone() -> None:
    jayapura = Programme(time_zone="Asia/Jayapura")
    assert jayapura.is_quiet(utc("2026-11-25 11:00"))
    assert not JAKARTA.is_quiet(utc("2026-11-25 11:00"))


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2030, 1, 1)))
def test_nobody_is_written_to_in_quiet_hours(naive: dt.datetime) -> None:
    now = naive.replace(tzinfo=dt.UTC)
    until = JAKARTA.quiet_until(now)
    assert now <= until < now + dt.timedelta(hours=11)
    assert not JAKARTA.is_quiet(until)
