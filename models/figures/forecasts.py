"""Where participation should be, and where it is going: arithmetic on a few numbers, no rows.

The path to the target is a straight line from nothing at the start. The forecast is a least-squares line
through the log-odds of the newest weeks with its 80% prediction interval (Montgomery, Introduction to Linear
Regression Analysis, 2.5 and 13.2): on that scale a share comes ever nearer to nobody or everybody and never
gets there, as a line would after a steep beginning. A guess, shown as a range and never without it.
"""

import math
import statistics
from collections.abc import Sequence
from datetime import date

from models.figures.weekly import Goal, TrendPoint
from models.programme import weeks
from models.programme.programme import Programme

FITTED = 8  # newest weeks that the line goes through
LEAST = 4  # with fewer there is no forecast
# At least so far a week is taken to be off the line, in log-odds: at 50% that is two and a half points. A few
# weeks that happen to lie on a line know no more than that of those to come.
_LEAST_ERROR = 0.1
_NEAREST = 0.005  # to nobody and everybody, of which the log-odds are without end
# Student's t for a two-sided 80% interval, by degrees of freedom (weeks - 2): NIST e-Handbook 1.3.6.7.2.
_T80 = {2: 1.886, 3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440}
LATE_DAYS = 91  # from month four on a fall is an alarm: that is where such programmes die
FALL_WEEKS = (2, 4)  # the mean of so many newest weeks against that of so many before them


def goal(trend: Sequence[TrendPoint], target_day: date, programme: Programme, *, counts: bool = True) -> Goal:
    """Path, forecast for the target's day and alarm, from a trend that is oldest first and ends with the
    week in question. Where that one does not count (nothing was released in it, or it is not over), it says
    nothing of where things are going: those before it alone are asked."""
    week = trend[-1]["week"]
    told = trend if counts else trend[:-1]
    value, low, high = _forecast(told[-FITTED:], week, target_day)
    return {
        "path": path(week, target_day, programme),
        "value": value,
        "low": low,
        "high": high,
        "falling": falling(told, week, programme),
    }


def path(week: str, target_day: date, programme: Programme) -> float:
    """Where participation should stand when a week closes."""
    start = weeks.wednesday(programme.started)
    closes = _closes(week)
    whole = (target_day - start).days
    part = min(1.0, max(0.0, (closes - start).days / whole)) if whole else 1.0
    return round(programme.target_participation * part, 6)


def _closes(week: str) -> date:
    return weeks.wednesday(weeks.shift(week, 1))


def _forecast(
    trend: Sequence[TrendPoint], week: str, target_day: date
) -> tuple[float | None, float | None, float | None]:
    days = [_closes(point["week"]).toordinal() for point in trend]
    if len(days) < LEAST or target_day <= _closes(week):
        return None, None, None
    odds = [_log_odds(point["participation"]) for point in trend]
    line = statistics.linear_regression(days, odds)
    middle = statistics.fmean(days)
    spread = sum((day - middle) ** 2 for day in days)
    over = sum((one - line.intercept - line.slope * day) ** 2 for day, one in zip(days, odds, strict=True))
    freedom = len(days) - 2
    error = max(_LEAST_ERROR, math.sqrt(over / freedom)) * math.sqrt(
        1 + 1 / len(days) + (target_day.toordinal() - middle) ** 2 / spread
    )
    value = line.intercept + line.slope * target_day.toordinal()
    wide = _T80[freedom] * error
    return _share(value), _share(value - wide), _share(value + wide)


def _log_odds(share: float) -> float:
    share = min(1 - _NEAREST, max(_NEAREST, share))
    return math.log(share / (1 - share))


def _share(log_odds: float) -> float:
    furthest = _log_odds(1)  # a forecast knows no more than the weeks that it is made of
    log_odds = min(furthest, max(-furthest, log_odds))
    return round(1 / (1 + math.exp(-log_odds)), 6)


def falling(trend: Sequence[TrendPoint], week: str, programme: Programme) -> bool:
    """Whether participation falls, in a week of month four or later: the mean of the two newest weeks of the
    trend lies below that of the four before by more than the programme bears (`alarm_drop`)."""
    newest, before = FALL_WEEKS
    age = (_closes(week) - weeks.wednesday(programme.started)).days
    if age <= LATE_DAYS or len(trend) < newest + before:
        return False
    shares = [point["participation"] for point in trend]
    now, then = shares[-newest:], shares[-newest - before : -newest]
    return statistics.fmean(then) - statistics.fmean(now) > programme.alarm_drop
