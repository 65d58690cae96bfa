"""The programme week: where it begins, what it is called, and what people mean by a number."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import weeks
from models.programme.programme import WEEKDAYS, Programme, WeekTime

JAMBI = Programme()
moments = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)
names = st.dates(date(2024, 1, 1), date(2040, 1, 1)).map(weeks.name)
week_times = st.builds(
    WeekTime,
    st.integers(0, 6),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-25 00:29", "2026-W47"),  # Wednesday 07.29 WIB: the week before is still open
        ("2026-11-25 00:30", "2026-W48"),
        ("2026-12-02 00:29", "2026-W48"),
        ("2026-12-02 00:30", "2026-W49"),
        ("2026-11-24 17:00", "2026-W47"),  # Wednesday 00.00 WIB is Tuesday in London
        ("2027-01-01 05:00", "2026-W53"),  # the year of a week is that of its Wednesday
        ("2027-01-06 00:30", "2027-W01"),
    ],
)
def test_a_week_runs_from_wednesday_half_past_seven(now: str, week: str) -> None:
    assert weeks.of(utc(now), JAMBI) == week


@given(moments)
def test_every_moment_is_in_the_week_that_is_open(now: datetime) -> None:
    week = weeks.of(now, JAMBI)
    assert weeks.opening(week, JAMBI) <= now < weeks.closing(week, JAMBI)


@given(names, st.integers(-200, 200))
def test_shifting_there_and_back_leads_home(week: str, by: int) -> None:
    assert weeks.shift(weeks.shift(week, by), -by) == week
    assert weeks.wednesday(weeks.shift(week, by)) - weeks.wednesday(week) == timedelta(weeks=by)
    assert weeks.wednesday(week).isoweekday() == weeks.WEDNESDAY


@given(names, names)
def test_weeks_sort_as_they_follow(one: str, other: str) -> None:
    assert (one < other) == (weeks.wednesday(one) < weeks.wednesday(other))


@given(names, week_times)
def test_a_weekly_moment_falls_into_its_week(week: str, when: WeekTime) -> None:
    at = weeks.moment(week, when, JAMBI)
    assert weeks.opening(week, JAMBI) <= at < weeks.closing(week, JAMBI)
    local = at.astimezone(JAMBI.zone)
    assert (WEEKDAYS[local.weekday()], local.time()) == (WEEKDAYS[when.weekday], when.time)


@pytest.mark.parametrize("name", ["2026-W54", "2025-W53", "2026-W00", "2026-48", "W48", "", "２026-W48"])
def test_what_is_no_week_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"week|Invalid"):
        weeks.parse(name)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("", "2026-W48"),
        ("48", "2026-W48"),
        ("2026-W48", "2026-W48"),
        ("w48", "2026-W48"),
        ("minggu 48", "2026-W48"),
        ("Minggu 2026-W48", "2026-W48"),
        ("2026 48", "2026-W48"),
        ("1", "2027-W01"),  # in November the nearest first week is the coming one
        ("30", "2026-W30"),
        ("minggu ini", "2026-W48"),
        ("lalu", "2026-W47"),
        ("Minggu lalu", "2026-W47"),
        ("pekan kemarin", "2026-W47"),
        ("26 November", "2026-W48"),
        ("26-11-2026", "2026-W48"),
        ("2026-11-26", "2026-W48"),
        ("Kamis, 26 Nov", "2026-W48"),
        ("25/11", "2026-W48"),  # a Wednesday is the week that it opens
        ("tanggal 24 november 2026", "2026-W47"),
        ("30 Desember", "2026-W53"),
        ("20 Januari", "2027-W03"),
        ("20 Juni", "2026-W25"),  # the nearest, and that one is over
        ("20 Juni 2025", "2025-W25"),
        ("26 November 09.00", None),
        ("31-02-2026", None),
        ("senin", None),
        ("besok", None),
        ("minggu", None),
        ("54", None),
        ("0", None),
        ("2025-W53", None),
        ("kemarin", None),
    ],
)
def test_people_may_write_a_week_as_they_like(text: str, week: str | None) -> None:
    now = utc("2026-11-25 03:00")
    if week is None:
        with pytest.raises(ValueError):
            weeks.written(text, now, JAMBI)
    else:
        assert weeks.written(text, now, JAMBI) == week


@pytest.mark.parametrize(
    ("now", "week", "said"),
    [
        ("2026-12-02 01:00", "2026-W48", "48"),
        ("2027-01-06 01:00", "2026-W53", "53"),
        ("2027-12-02 01:00", "2026-W48", "2026-W48"),  # "48" is by then that of the next year
    ],
)
def test_a_week_is_called_by_the_shortest_that_means_it(now: str, week: str, said: str) -> None:
    assert weeks.short(week, utc(now), JAMBI) == said
    assert weeks.written(said, utc(now), JAMBI) == week
