"""When: the times at which somebody may be reminded again, and the words that people have for them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from models.programme import moments, weeks
from models.programme.programme import Programme
from models.refused import Refused

HOURS, TONIGHT, TOMORROW = "hours", "tonight", "tomorrow"
IN_HOURS = timedelta(hours=3)
MORNING = time(8, 0)
EVENING = timedelta(hours=1)  # so long before the quiet hours is "tonight"
SOONEST = timedelta(minutes=30)  # nearer than this is no "later"
LONGEST_LEAVE = timedelta(days=186)

# What people call a time of day without its hour.
_PARTS = {"pagi": MORNING, "siang": time(13, 0), "sore": time(16, 0), "petang": time(17, 0)}
_NUMBERS = (
    "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()
)  # "jam tiga", "dua minggu"
_WORDS = re.compile(rf"\b({'|'.join(_NUMBERS)})\b")
_ONE = re.compile(r"\bse(jam|hari|minggu|pekan|bulan)\b")
_AHEAD = re.compile(r"\b(\d{1,3}|setengah)\s*(jam|menit)\s*(?:lagi|kemudian|ke depan)")
_SPAN = re.compile(r"\b(\d{1,3})\s*(hari|minggu|pekan|bulan)\b")
_NEXT = re.compile(r"\b(minggu|pekan|bulan) depan\b")
_DAYS = {"hari": 1, "minggu": 7, "pekan": 7, "bulan": 30}


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that may be chosen: its name (HOURS, TONIGHT, TOMORROW) and the moment, in UTC."""

    name: str
    at: datetime


def offers(now: datetime, week: str, programme: Programme) -> list[Offer]:
    """The times that may be chosen now: before the week closes and outside the quiet hours, soonest first."""
    named = [
        Offer(HOURS, now + IN_HOURS),
        Offer(TONIGHT, tonight(now, programme)),
        Offer(TOMORROW, tomorrow(now, programme)),
    ]
    fit = [one for one in named if _why_not(one.at, now, week, programme) == ""]
    return sorted(fit, key=lambda one: one.at)


def tonight(now: datetime, programme: Programme) -> datetime:
    """ "Tonight": an hour before the quiet hours, or before midnight where they begin after it; in UTC."""
    local = now.astimezone(programme.zone)
    begin = programme.quiet_hours.begin
    evening = begin if begin > time(12, 0) else time(20, 0)
    return (datetime.combine(local.date(), evening, programme.zone) - EVENING).astimezone(UTC)


def tomorrow(now: datetime, programme: Programme) -> datetime:
    """ "Tomorrow morning", here: eight o'clock of the next day or when the quiet hours end, in UTC."""
    local = now.astimezone(programme.zone)
    return programme.quiet_until(datetime.combine(local.date() + timedelta(days=1), MORNING, programme.zone))


def _why_not(at: datetime, now: datetime, week: str, programme: Programme) -> str:
    if at < now + SOONEST:
        return "soon"
    if at >= weeks.closing(week, programme):
        return "beyond"
    return "quiet" if programme.is_quiet(at) else ""


def require(at: datetime, now: datetime, week: str, programme: Programme) -> datetime:
    """The same moment. Raises Refused for one that is past, in the quiet hours, or after the week."""
    hours = programme.quiet_hours
    match _why_not(at, now, week, programme):
        case "soon":
            raise Refused("reminding.when_past")
        case "beyond":
            raise Refused("reminding.when_beyond", closes=weeks.closing(week, programme).isoformat())
        case "quiet":
            raise Refused("reminding.when_quiet", begin=f"{hours.begin:%H.%M}", end=f"{hours.end:%H.%M}")
    return at


def written(text: str, now: datetime, programme: Programme) -> datetime:
    """The moment that somebody means by "nanti malam", "besok", "jam 3 sore", "2 jam lagi", in UTC.

    A day without an hour is its morning, an hour without a day the next one that comes, and "jam 3" alone
    is in the afternoon. Raises Refused where no time is found.
    """
    said = _said(text)
    if found := _AHEAD.search(said):
        amount = 0.5 if found[1] == "setengah" else int(found[1])
        return now + (timedelta(hours=amount) if found[2] == "jam" else timedelta(minutes=amount))
    local = now.astimezone(programme.zone)
    days, rest = moments.days_of(said, local.date())
    part = next((name for name in (*_PARTS, "malam") if re.search(rf"\b{name}\b", said)), "")
    at = moments.clock(rest)
    if at is None and (re.search(r"\d", rest) or not (days or part)):
        raise Refused("reminding.when_unclear")
    if at is None:
        at = _PARTS.get(part, MORNING)
        if part == "malam":
            at = tonight(now, programme).astimezone(programme.zone).time()
    elif not part and 1 <= at.hour <= 6:
        at = at.replace(hour=at.hour + 12)
    days = days or [local.date(), local.date() + timedelta(days=1)]
    meant = [datetime.combine(day, at, programme.zone) for day in days]
    return next((moment for moment in meant if moment > local), meant[-1]).astimezone(UTC)


def leave_until(text: str, now: datetime, programme: Programme) -> datetime:
    """Until when somebody is on leave who says "sampai 3 Desember", "2 minggu", "sampai Jumat": the end of
    that day, in UTC. Raises Refused where no day is found, it is past, or more than half a year away."""
    found = day(text, now.astimezone(programme.zone).date())
    if found is None:
        raise Refused("reminding.until_unclear")
    return end_of(found, now, programme)


def day(text: str, today: date) -> date | None:
    """The day that somebody means by "3 Desember", "2 minggu lagi", "bulan depan", "Jumat": the next one that
    fits, today included; None where no day is found."""
    said = _said(text)
    if found := _SPAN.search(said):
        return today + timedelta(days=int(found[1]) * _DAYS[found[2]])
    if found := _NEXT.search(said):
        return today + timedelta(days=_DAYS[found[1]])
    days, _ = moments.days_of(said, today)
    return next((one for one in days if one >= today), days[-1]) if days else None


def end_of(day: date, now: datetime, programme: Programme) -> datetime:
    """The last minute of a day here, in UTC. Raises Refused as `leave_until` does."""
    end = datetime.combine(day, time(23, 59), programme.zone).astimezone(UTC)
    if end < now:
        raise Refused("reminding.until_past")
    if end > now + LONGEST_LEAVE:
        raise Refused("reminding.until_far", most=(now + LONGEST_LEAVE).isoformat())
    return end


def _said(text: str) -> str:
    """Small letters, and figures for words: "Sejam lagi" → "1 jam lagi", "jam tiga" → "jam 3"."""
    said = _ONE.sub(r"1 \1", moments.plain(text))
    return _WORDS.sub(lambda found: str(_NUMBERS.index(found[1])), said)
