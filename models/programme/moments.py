"""A moment as people write it: "Kamis 19.00", "3 Desember 2026 19.00", "03/12/2026 19:00", "besok 19"."""

import re
from datetime import UTC, date, datetime, time, timedelta

from models.programme.programme import Programme
from models.refused import Refused

_DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_NEAR = {"hari ini": 0, "nanti malam": 0, "besok": 1, "lusa": 2}
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_SPOKEN = {"jum'at": "jumat", "jum’at": "jumat", "ahad": "minggu", "agt": "agu", "ags": "agu", "nop": "nov"}
_MONTH = re.compile(r"\b(\d{1,2})[\s-]+([a-z]{3,9})\b\.?(?:[\s-]+(\d{4}))?")
_FIGURES = re.compile(r"\b(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_TIME = re.compile(r"(?<![\d/.:-])([01]?\d|2[0-3])(?:[.:]([0-5]\d))?(?![\d/.:-])")
# "Jam 7 malam" is 19.00: the part of the day, and the hours that it moves into the second half.
_PARTS = {"siang": (1, 3), "sore": (1, 7), "petang": (1, 7), "malam": (6, 11)}
_ZONES = {"wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
_LONGEST = timedelta(days=366)


def written(text: str, now: datetime, programme: Programme) -> datetime:
    """The moment that somebody means, in UTC: local to the programme, and the next one that fits where no
    year or week was named.

    Raises Refused when there is no day or no time in it, when it is past, or more than a year away.
    """
    said = plain(text)
    if any(re.search(rf"\b{name}\b", said) and programme.time_zone != zone for name, zone in _ZONES.items()):
        raise Refused("submitting.moment_unclear")  # the hour of another place: better asked again
    local = now.astimezone(programme.zone)
    days, rest = days_of(said, local.date())
    at = clock(rest)
    if not days or at is None:
        raise Refused("submitting.moment_unclear")
    moments = [datetime.combine(day, at, programme.zone) for day in days]
    coming = [moment for moment in moments if moment > local]
    if not coming:
        raise Refused("submitting.moment_past", at=moments[-1].astimezone(UTC).isoformat())
    if coming[0] - local > _LONGEST:
        raise Refused("submitting.moment_far", at=coming[0].astimezone(UTC).isoformat())
    return coming[0].astimezone(UTC)


def plain(text: str) -> str:
    """Small letters, no commas, and the written names of days and months for those that are spoken."""
    said = " ".join(text.lower().replace(",", " ").split())
    for spoken, meant in _SPOKEN.items():
        said = re.sub(rf"\b{spoken}\b", meant, said)
    return said


def days_of(said: str, today: date) -> tuple[list[date], str]:
    """The days that may be meant, the nearest first, and what is left of the words."""
    days, rest = dates_of(said, today)
    if rest != said:
        return days, rest
    for words, ahead in _NEAR.items():
        if words in said:
            return [today + timedelta(days=ahead)], said
    for weekday, name in enumerate(_DAYS):
        if re.search(rf"\b{name}\b", said):
            day = today + timedelta(days=(weekday - today.weekday()) % 7)
            return [day, day + timedelta(days=7)], said
    return [], said


def dates_of(said: str, today: date) -> tuple[list[date], str]:
    """The same of days that are written as a date alone, with what is left of the words."""
    if found := _ISO.search(said):
        return _date(int(found[1]), int(found[2]), int(found[3])), _without(said, found)
    if found := _FIGURES.search(said):
        return _of_year(int(found[1]), int(found[2]), found[3], today), _without(said, found)
    for found in _MONTH.finditer(said):
        if found[2][:3] in _MONTHS:
            month = _MONTHS.index(found[2][:3]) + 1
            return _of_year(int(found[1]), month, found[3], today), _without(said, found)
    return [], said


def _of_year(day: int, month: int, year: str, today: date) -> list[date]:
    if year:
        return _date(int(year), month, day)
    return _date(today.year, month, day) + _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _without(said: str, found: re.Match[str]) -> str:
    return f"{said[: found.start()]} {said[found.end() :]}"


def clock(said: str) -> time | None:
    """The one time of day in the words; None where there is none, or more than one."""
    found = _TIME.findall(said)
    if len(found) != 1:
        return None
    hour, minute = int(found[0][0]), int(found[0][1] or 0)
    for part, (first, last) in _PARTS.items():
        if re.search(rf"\b{part}\b", said) and first <= hour <= last:
            hour += 12
            break
    return time(hour, minute)
