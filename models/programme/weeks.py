"""The programme week: from one Rabuan (Wednesday) to the next.

A week is named by the ISO year and week of the Wednesday that opens it ("2026-W48"); it opens and
closes at the same local hour, by default Wednesday 07.30.
"""

import re
from datetime import UTC, date, datetime, timedelta

from models.programme import moments
from models.programme.programme import Programme, WeekTime

WEDNESDAY = 3
_NAME = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_WRITTEN = re.compile(r"(?:minggu\s*)?(?:(\d{4})-?)?w?\s*(\d{1,2})", re.ASCII | re.IGNORECASE)
_WEEK = r"(?:minggu|mgg|pekan)"
_THIS = re.compile(rf"(?:{_WEEK}\s+)?ini", re.IGNORECASE)
_LAST = re.compile(
    rf"(?:{_WEEK}\s+)?(?:ya?ng?\s+)?(?:lalu|sebelumnya)|{_WEEK}\s+(?:ya?ng?\s+)?(?:kemarin|kemaren|kmrn|lewat)",
    re.IGNORECASE,
)
_BESIDE = frozenset("minggu mgg pekan tanggal tgl senin selasa rabu kamis jumat sabtu".split())  # of a date
_YEAR = timedelta(days=366)


def parse(name: str) -> str:
    """The same name, checked. Raises ValueError for what is no ISO week ("2026-W54")."""
    wednesday(name)
    return name


def wednesday(week: str) -> date:
    """The Wednesday that opens the week. Raises ValueError for what is no ISO week."""
    match = _NAME.fullmatch(week)
    if not match:
        raise ValueError(f"{week!r} is no week; write it like 2026-W48")
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), WEDNESDAY)
    except ValueError as error:
        raise ValueError(f"there is no week {week}") from error


def name(day: date) -> str:
    """The ISO week that a day belongs to, as we write it."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def of(now: datetime, programme: Programme) -> str:
    """The programme week that a moment falls in."""
    local = now.astimezone(programme.zone)
    back = (local.isoweekday() - WEDNESDAY) % 7
    day = local.date() - timedelta(days=back)
    if back == 0 and local.time() < programme.opens.time:
        day -= timedelta(days=7)
    return name(day)


def opening(week: str, programme: Programme) -> datetime:
    """The moment at which a week opens, in UTC."""
    return datetime.combine(wednesday(week), programme.opens.time, programme.zone).astimezone(UTC)


def closing(week: str, programme: Programme) -> datetime:
    """The moment at which a week closes and the next one opens, in UTC."""
    return opening(shift(week, 1), programme)


def moment(week: str, when: WeekTime, programme: Programme) -> datetime:
    """When a weekly time falls in a programme week, in UTC: never before the week opens."""
    days = (when.weekday + 1 - WEDNESDAY) % 7
    if days == 0 and when.time < programme.opens.time:
        days = 7
    day = wednesday(week) + timedelta(days=days)
    return datetime.combine(day, when.time, programme.zone).astimezone(UTC)


def shift(week: str, by: int) -> str:
    """The week `by` weeks later (earlier when negative)."""
    return name(wednesday(week) + timedelta(weeks=by))


def nearest(number: int, today: date) -> str:
    """The week with this number that is nearest to a day: what a person means who says just "48".

    Raises ValueError when no such week is within a year.
    """
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date.fromisocalendar(year, number, WEDNESDAY))
        except ValueError:
            continue
    if not found:
        raise ValueError(f"there is no week {number}")
    return name(min(found, key=lambda day: abs(day - today)))


def short(week: str, now: datetime, programme: Programme) -> str:
    """What somebody types who means this week: its number, and the year where the number would not do."""
    number = str(wednesday(week).isocalendar().week)
    return number if written(number, now, programme) == week else week


def written(text: str, now: datetime, programme: Programme) -> str:
    """The week that somebody means: "2026-W48", "W48", "minggu 48", "48"; "minggu lalu" is the one before
    that of `now`, "" the one of `now`; a date is the week that it falls in, a Wednesday the one it opens.

    Raises ValueError for what is no week.
    """
    said = text.strip()
    if not said or _THIS.fullmatch(said):
        return of(now, programme)
    if _LAST.fullmatch(said):
        return shift(of(now, programme), -1)
    today = now.astimezone(programme.zone).date()
    match = _WRITTEN.fullmatch(said)
    if not match:
        day = _dated(moments.plain(said), today)
        return name(day - timedelta(days=(day.isoweekday() - WEDNESDAY) % 7))
    if match[1]:
        return parse(f"{match[1]}-W{int(match[2]):02d}")
    return nearest(int(match[2]), today)


def _dated(said: str, today: date) -> date:
    """The day of "26 November", "Kamis 26-11-2026": the nearest one, where no year is named. Raises
    ValueError where a text says something else."""
    days, rest = moments.dates_of(said, today)
    days = days + moments.dates_of(said, today - _YEAR)[0]
    if not days or not _BESIDE.issuperset(rest.split()):
        raise ValueError(f"{said!r} is no week; write it like 48 or 2026-W48")
    return min(days, key=lambda day: abs(day - today))
