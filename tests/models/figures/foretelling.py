"""Path, forecast and alarm of a week in plain arithmetic, written from their definitions: the textbook's
sums for a straight line and its 80% prediction interval."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import exp, log, sqrt
from typing import Any

from models.programme.programme import Programme

QUANTILES = {2: 1.886, 3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440}  # of Student's t, 90% of one side


def wednesday(week: str) -> date:
    """The day on which a week opens."""
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 3)


def later(week: str, by: int) -> str:
    """The week so many later, or earlier."""
    year, number, _ = (wednesday(week) + timedelta(weeks=by)).isocalendar()
    return f"{year}-W{number:02}"


def closes(week: str) -> date:
    return wednesday(week) + timedelta(weeks=1)


def target_day(programme: Programme) -> date:
    """So many months after the first day, not later in a month than the 28th."""
    found = wednesday(programme.started)
    months = found.year * 12 + found.month - 1 + programme.target_months
    return date(months // 12, months % 12 + 1, min(found.day, 28))


def goal(trend: Sequence[dict[str, Any]], programme: Programme, *, counts: bool) -> dict[str, Any]:
    """What is told of the goal with a week that is the last of its trend; one that does not count is left
    out of all but the path."""
    week = trend[-1]["week"]
    known = [(closes(point["week"]), point["participation"]) for point in trend]
    if not counts:
        known.pop()
    low, value, high = forecast(known[-8:], closes(week), target_day(programme))
    return {
        "path": path(closes(week), programme),
        "value": value,
        "low": low,
        "high": high,
        "falling": falling([share for _, share in known], closes(week), programme),
    }


def path(day: date, programme: Programme) -> float:
    """A straight line from nothing on the first day to the target on its own, and no further."""
    first, last = wednesday(programme.started), target_day(programme)
    if day <= first:
        return 0.0
    if day >= last:
        return programme.target_participation
    return round(programme.target_participation * (day - first).days / (last - first).days, 6)


def forecast(
    known: Sequence[tuple[date, float]], today: date, there: date
) -> tuple[float | None, float | None, float | None]:
    """The low end, the value and the high end."""
    n = len(known)
    if n < 4 or there <= today:
        return None, None, None
    xs = [(day - today).days for day, _ in known]
    ys = [log(share / (1 - share)) for share in (min(0.995, max(0.005, share)) for _, share in known)]
    x = (there - today).days
    # The normal equations.
    across = n * sum(one * one for one in xs) - sum(xs) ** 2
    slope = (n * sum(one * y for one, y in zip(xs, ys, strict=True)) - sum(xs) * sum(ys)) / across
    begin = (sum(ys) - slope * sum(xs)) / n
    rest = sum((y - begin - slope * one) ** 2 for one, y in zip(xs, ys, strict=True))
    off = max(0.01, rest / (n - 2))  # a week is off the line by a tenth at least
    doubt = sqrt(off * (1 + 1 / n + (n * x - sum(xs)) ** 2 / (n * across)))
    value, wide = begin + slope * x, QUANTILES[n - 2] * doubt
    low, middle, high = (
        round(min(0.995, max(0.005, 1 / (1 + exp(-max(-50.0, min(50.0, odds)))))), 6)
        for odds in (value - wide, value, value + wide)
    )
    return low, middle, high


def falling(shares: Sequence[float], today: date, programme: Programme) -> bool:
    """From month four on: the mean of the two newest lies further below that of the four before than the
    programme bears."""
    if (today - wednesday(programme.started)).days <= 91 or len(shares) < 6:
        return False
    return sum(shares[-6:-2]) / 4 - sum(shares[-2:]) / 2 > programme.alarm_drop
