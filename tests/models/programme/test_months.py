"""What belongs to a month, and when its list is made."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.programme import months, weeks
from models.programme.programme import Programme

JAMBI = Programme()
days = st.dates(dt.date(2026, 12, 1), dt.date(2031, 12, 31))


@pytest.mark.parametrize(
    ("month", "by", "expected"),
    [
        ("2026-11", 1, "2026-12"),
        ("2026-12", 1, "2027-01"),
        ("2027-01", -1, "2026-12"),
        ("2026-11", -11, "2025-12"),
    ],
)
def test_months_are_counted_over_the_end_of_the_year(month: str, by: int, expected: str) -> None:
    assert months.shift(month, by) == expected


@pytest.mark.parametrize(
    "written", ["2026-13", "2026-0", "2026-1", "November", "", "2026-11-01", "２０２６-11"]
)
def test_what_is_no_month_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no month"):
        months.first(written)


@given(days)
def test_every_week_belongs_to_exactly_one_month_and_is_closed_when_its_list_is_made(day: dt.date) -> None:
    week = weeks.name(day)
    closes = weeks.closing(week, JAMBI)
    month = months.of(closes, JAMBI)
    assert week in months.weeks_of(month, JAMBI)
    assert week not in months.weeks_of(months.shift(month, -1), JAMBI)
    assert week not in months.weeks_of(months.shift(month, 1), JAMBI)
    assert closes < months.list_at(month, JAMBI)


def test_weeks_before_the_programme_belong_to_nothing() -> None:
    assert months.weeks_of("2026-11", JAMBI) == []
    assert months.weeks_of("2026-12", JAMBI) == ["2026-W48", "2026-W49", "2026-W50", "2026-W51", "2026-W52"]
    assert months.earliest(JAMBI) == "2026-11"


@pytest.mark.parametrize(
    ("month", "holidays", "day"),
    [
        ("2026-11", (), dt.date(2026, 12, 1)),  # a Tuesday
        ("2027-01", (), dt.date(2027, 2, 1)),  # a Monday
        ("2027-04", (), dt.date(2027, 5, 3)),  # the 1st is a Saturday
        ("2026-12", (), dt.date(2027, 1, 1)),  # a Friday: nobody has said that it is a holiday
        ("2026-12", (dt.date(2027, 1, 1),), dt.date(2027, 1, 4)),
        ("2026-12", (dt.date(2027, 1, 1), dt.date(2027, 1, 4)), dt.date(2027, 1, 5)),
    ],
)
def test_the_list_is_made_on_the_first_working_day(
    month: str, holidays: tuple[dt.date, ...], day: dt.date
) -> None:
    programme = Programme(holidays=holidays)
    at = months.list_at(month, programme).astimezone(programme.zone)
    assert (at.date(), at.time()) == (day, dt.time(8, 0))
    assert months.list_at(month, programme) - months.vote_from(month, programme) == dt.timedelta(days=5)


def test_a_day_belongs_to_the_month_of_the_programmes_own_time_zone() -> None:
    assert months.of(dt.datetime(2026, 11, 30, 16, 59, tzinfo=dt.UTC), JAMBI) == "2026-11"
    assert months.of(dt.datetime(2026, 11, 30, 17, 0, tzinfo=dt.UTC), JAMBI) == "2026-12"
    begin, end = months.span("2026-12", JAMBI)
    assert begin == dt.datetime(2026, 11, 30, 17, 0, tzinfo=dt.UTC)
    assert end == dt.datetime(2026, 12, 31, 17, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"awards": {"vote_days": 0}},
        {"awards": {"vote_days": 21}},
        {"awards": {"shortlist": 0}},
        {"awards": {"least_weeks": 5}},
        {"awards": {"time": "8 o'clock"}},
        {"awards": {"time": "21:00"}},  # in the quiet hours
        {"awards": {"followers": 1}},
        {"holidays": ["New Year"]},
    ],
)
def test_impossible_rules_of_recognition_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Programme.model_validate(wrong)


def test_holidays_may_stand_in_an_environment_variable() -> None:
    read = Programme.model_validate({"holidays": "2027-01-01, 2027-03-10"})
    assert read.holidays == (dt.date(2027, 1, 1), dt.date(2027, 3, 10))
