"""Until when something is to be done: the days that are offered, and the words that people have for them."""

import calendar
import re
from datetime import date, timedelta

from models.programme import moments, occasions, weeks
from models.refused import Refused

WEDNESDAY, FORTNIGHT, MONTH = "wednesday", "fortnight", "month"
LONGEST = timedelta(days=366)

_END_OF_MONTH = re.compile(r"\bakhir bulan(?: (ini|depan))?\b")
_END_OF_YEAR = re.compile(r"\bakhir tahun\b")
_COMING = re.compile(r"\b(senin|selasa|rabu|kamis|jumat|sabtu) (?:depan|yang akan datang)\b")


def offers(today: date) -> list[tuple[str, date]]:
    """The days that may be chosen, by name (WEDNESDAY, FORTNIGHT, MONTH): the next meeting, two weeks from
    now, the end of the month."""
    ahead = (weeks.WEDNESDAY - today.isoweekday()) % 7 or 7
    return [
        (WEDNESDAY, today + timedelta(days=ahead)),
        (FORTNIGHT, today + timedelta(days=14)),
        (MONTH, _end_of_month(today)),
    ]


def written(text: str, today: date) -> date:
    """The day that somebody means by "Rabu depan", "25 november", "2 minggu lagi", "akhir bulan".

    Raises Refused where no day is found, it is past, or more than a year away.
    """
    said = moments.plain(text)
    if found := _END_OF_MONTH.search(said):
        first = _end_of_month(today) + timedelta(days=1)
        return _end_of_month(first) if found[1] == "depan" else _end_of_month(today)
    if _END_OF_YEAR.search(said):
        return date(today.year, 12, 31)
    # "Rabu depan", said on a Wednesday, is not today.
    day = occasions.day(said, today + timedelta(days=1) if _COMING.search(said) else today)
    if day is None:
        raise Refused("decision.due_unclear")
    return require(day, today)


def require(day: date, today: date) -> date:
    """The same day. Raises Refused for one that is past or more than a year away."""
    if day < today:
        raise Refused("decision.due_past", due=day.isoformat())
    if day - today > LONGEST:
        raise Refused("decision.due_far", most=(today + LONGEST).isoformat())
    return day


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
