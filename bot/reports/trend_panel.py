"""The panel of the Wednesday picture that tells where participation comes from and where it goes: the weeks
behind us, the path to the target, and, as a light wedge, the range that the forecast leaves open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.reports import drawing
from bot.reports.drawing import GOOD, INK, LEFT, MUTED, RANGE, RIGHT, RULE, Sheet
from bot.texts import formats, rendering
from models.figures.weekly import Goal, TrendPoint, WeekFigures

WEEKS = 12
_TALL = 160  # pixels of the plot
_APART = 120  # pixels between two dates below the plot


@dataclass(frozen=True, slots=True)
class _Plot:
    """Days from left to right, shares of the roster from the base upwards."""

    first: int
    last: int
    base: float
    highest: float

    def x(self, day: float) -> float:
        left, right = LEFT + 50, RIGHT - 60
        return left + (right - left) * (day - self.first) / ((self.last - self.first) or 1)

    def y(self, share: float) -> float:
        return self.base - _TALL * share / self.highest


def panel(figures: WeekFigures) -> tuple[int, Callable[[Sheet, int], None]]:
    """Its height in pixels and how it is drawn; 0 where there is only one week to show and nowhere to go. A
    week in which nothing was released has its place on the right, and no point."""
    weeks = figures["trend"][-WEEKS:]
    shown = weeks if figures.get("released", True) else weeks[:-1]
    goal = figures.get("goal")
    until = date.fromisoformat(figures["target_date"]).toordinal()
    ahead = goal is not None and until > _closes(weeks[-1])
    legend = 44 if ahead else 0

    def draw(sheet: Sheet, top: int) -> None:
        drawing.title(sheet, top, _label("chart.trend", weeks=len(weeks)))
        known = [figures["target"], *(week["participation"] for week in shown)]
        if goal is not None and ahead and goal["high"] is not None:
            known.append(goal["high"])
        last = until if ahead else _closes(weeks[-1])
        plot = _Plot(_closes(weeks[0]), last, top + legend + 124 + _TALL, max(known) or 1.0)
        path = None
        if goal is not None and ahead:
            _legend(sheet, top + 106, goal, figures["target_date"])
            _range(sheet, plot, shown[-1], goal, until)
            path = _path(sheet, plot, weeks[-1], goal, until, figures["target"])
        _target(sheet, plot, figures["target"])
        _weeks(sheet, plot, shown, figures["target"], path)
        _dates(sheet, plot, weeks, until if ahead else None)

    return (legend + 180 + _TALL, draw) if len(weeks) > 1 else (0, draw)


def _closes(week: TrendPoint) -> int:
    """The Wednesday on which the meeting sees a week, as a day's number."""
    return formats.week_days(week["week"])[1].toordinal()


def _legend(sheet: Sheet, y: float, goal: Goal, until: str) -> None:
    sheet.line([LEFT, LEFT + 60], [y - 9, y - 9], MUTED, 5, dashed=True)
    words = _label("chart.path")
    sheet.text(LEFT + 74, y, words, 26, color=MUTED)
    if goal["low"] is None or goal["high"] is None:
        return
    left = LEFT + 74 + drawing.text_width(words, 26) + 50
    sheet.box(left, y - 22, 44, 26, RANGE)
    range_ = _label("chart.range", on=until, low=goal["low"], high=goal["high"])
    sheet.text(left + 58, y, range_, 26, color=MUTED)


def _range(sheet: Sheet, plot: _Plot, newest: TrendPoint, goal: Goal, until: int) -> None:
    """From what is known to what may be on the target's day. Between the two nothing is said."""
    if goal["low"] is None or goal["high"] is None:
        return
    now, then = plot.x(_closes(newest)), plot.x(until)
    ys = [plot.y(newest["participation"]), plot.y(goal["high"]), plot.y(goal["low"])]
    sheet.area([now, then, then], ys, RANGE)
    sheet.line([then, then], ys[1:], GOOD, 7)


def _path(
    sheet: Sheet, plot: _Plot, newest: TrendPoint, goal: Goal, until: int, target: float
) -> Callable[[int], float]:
    """Draws the straight way to the target, as far back as the weeks reach or to where it began."""
    now = _closes(newest)
    slope = (target - goal["path"]) / (until - now)

    def at(day: int) -> float:
        return goal["path"] + slope * (day - now)

    began = now - goal["path"] / slope if slope > 0 else plot.first
    first = max(plot.first, round(began))
    sheet.line([plot.x(first), plot.x(until)], [plot.y(at(first)), plot.y(target)], MUTED, 5, dashed=True)
    return at


def _target(sheet: Sheet, plot: _Plot, target: float) -> None:
    sheet.line([LEFT, RIGHT], [plot.base, plot.base], RULE)
    sheet.line([LEFT, RIGHT], [plot.y(target)] * 2, INK, 3, dashed=True)
    sheet.text(LEFT, plot.y(target) - 12, _label("chart.target", target=target), 26, color=MUTED, halo=True)


def _weeks(
    sheet: Sheet,
    plot: _Plot,
    weeks: Sequence[TrendPoint],
    target: float,
    path: Callable[[int], float] | None,
) -> None:
    xs = [plot.x(_closes(week)) for week in weeks]
    ys = [plot.y(week["participation"]) for week in weeks]
    sheet.line(xs, ys, GOOD, 7)
    for x, y in zip(xs, ys, strict=True):
        sheet.dot(x, y, 8, GOOD)
    sheet.dot(xs[-1], ys[-1], 14, GOOD)
    for x, y, week in ((xs[0], ys[0], weeks[0]), (xs[-1], ys[-1], weeks[-1])):
        lines = [plot.y(target)] + ([plot.y(path(_closes(week)))] if path else [])
        free = [at for at in (y - 24, y + 46) if at + 8 < plot.base and not _crossed(at, lines)]
        if free:  # what has no room is said above, in the largest letters of all
            share = _label("chart.percent", share=week["participation"])
            sheet.text(x, free[0], share, 28, bold=True, align="center", halo=True)


def _crossed(baseline: float, lines: Sequence[float]) -> bool:
    """Whether one of the lines goes through letters that stand on a base line."""
    return any(baseline - 30 < line < baseline + 10 for line in lines)


def _dates(sheet: Sheet, plot: _Plot, weeks: Sequence[TrendPoint], until: int | None) -> None:
    """The first and the newest week by their closing days, and the target's day, as far as there is room."""
    days = [_closes(weeks[-1]), _closes(weeks[0])]
    if until is not None:
        days.insert(1, until)
    shown: list[float] = []
    for day in days:
        x = plot.x(day)
        if all(abs(x - other) >= _APART for other in shown):
            shown.append(x)
            written = _label("chart.day", day=date.fromordinal(day).isoformat())
            sheet.text(x, plot.base + 34, written, 26, color=MUTED, align="center")


def _label(key: str, **params: object) -> str:
    return rendering.label(key, params)
