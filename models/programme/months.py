"""The months of recognition: what belongs to one, when its list is made, when is voted.

An item belongs to the month in which it was released, a programme week to the month in which it closed: so
every week of a month is frozen when its list is made, on the first working day of the month after.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.programme import weeks
from models.programme.programme import Programme

_NAME = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_WEDNESDAY = 2  # counted from Monday = 0
_SATURDAY = 5


def first(month: str) -> date:
    """The first day of a month ("2026-11"). Raises ValueError for what is none."""
    found = _NAME.fullmatch(month)
    if not found:
        raise ValueError(f"{month!r} is no month; write it like 2026-11")
    return date(int(found[1]), int(found[2]), 1)


def name(day: date) -> str:
    """The month of a day, as we write it."""
    return f"{day.year:04}-{day.month:02}"


def of(now: datetime, programme: Programme) -> str:
    """The month that a moment falls in, in the programme's time zone."""
    return name(now.astimezone(programme.zone).date())


def shift(month: str, by: int) -> str:
    """The month `by` months later (earlier when negative)."""
    begins = first(month)
    count = begins.year * 12 + begins.month - 1 + by
    return name(date(count // 12, count % 12 + 1, 1))


def span(month: str, programme: Programme) -> tuple[datetime, datetime]:
    """The first moment of a month and that of the next one, in UTC."""
    begin, end = (
        datetime.combine(first(which), datetime.min.time(), programme.zone).astimezone(UTC)
        for which in (month, shift(month, 1))
    )
    return begin, end


def weeks_of(month: str, programme: Programme) -> list[str]:
    """The programme weeks that close in a month, in order."""
    day, last = first(month), first(shift(month, 1))
    day += timedelta(days=(_WEDNESDAY - day.weekday()) % 7)
    found = []
    while day < last:
        week = weeks.shift(weeks.name(day), -1)
        if week >= programme.started:
            found.append(week)
        day += timedelta(days=7)
    return found


def earliest(programme: Programme) -> str:
    """The first month that has a list: that in which the programme began."""
    return name(weeks.wednesday(programme.started))


def list_at(month: str, programme: Programme) -> datetime:
    """When the list of a month is made: on the first working day after it, in UTC. Saturdays, Sundays and
    `programme.holidays` are none."""
    return _list_at(month, programme.holidays, programme.awards.time, programme.zone)


@lru_cache(maxsize=256)  # every receipt asks for some months, since it may call to a vote
def _list_at(month: str, holidays: tuple[date, ...], at: time, zone: ZoneInfo) -> datetime:
    day = first(shift(month, 1))
    while day.weekday() >= _SATURDAY or day in holidays:
        day += timedelta(days=1)
    return datetime.combine(day, at, zone).astimezone(UTC)


def vote_from(month: str, programme: Programme) -> datetime:
    """When the vote for the items of a month opens, in UTC; it closes at `list_at`."""
    return list_at(month, programme) - timedelta(days=programme.awards.vote_days)
