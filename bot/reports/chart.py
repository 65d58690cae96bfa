"""The Wednesday picture: how are we doing, and where. One column for a phone, read from the top."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from bot.reports import drawing, trend_panel
from bot.reports.drawing import GOOD, INK, LEFT, LOW, MUTED, RIGHT, ROOM, RULE, TRACK, Sheet
from bot.texts import rendering
from models.digests import summaries
from models.figures import figures as counted
from models.figures.weekly import OpdFigures, WeekFigures

BANDS = ("big", "middle", "small")
_NAMED = 4  # of a band
_NAMES = 412  # where the names begin
_BAND_HEIGHT = 196
_PLATFORMS = 6

Draw = Callable[[Sheet, int], None]


def digest_chart(snapshot: WeekFigures | Mapping[str, Any], *, head: bool = True) -> bytes:
    """The figures of a week, as a snapshot keeps them, as a PNG of 1080 pixels in width.

    The same figures give the same bytes. Without its head it is a part of a page that has one of its own.

    Draws what there is: parts without data are left out. Raises KeyError for missing figures and
    TextError for values that cannot be written.
    """
    figures = cast(WeekFigures, snapshot)
    parts = [trend_panel.panel(figures), _agencies(figures), _platforms(figures["platforms"])]
    if head:
        parts.insert(0, _head(figures))
    sheet = Sheet(sum(height for height, _ in parts) + 30)
    top = 0
    for height, draw in parts:
        if height:
            draw(sheet, top)
        top += height
    return sheet.png()


def _head(figures: WeekFigures) -> tuple[int, Draw]:
    share, target = figures["participation"], figures["target"]

    def draw(sheet: Sheet, top: int) -> None:
        sheet.text(LEFT, top + 70, _label("chart.title"), 34, bold=True)
        sheet.text(LEFT, top + 112, _label("chart.week", week=figures["week"]), 30, color=MUTED)
        sheet.text(
            LEFT - 8, top + 268, _percent(share), 164, bold=True, color=GOOD if share >= target else INK
        )
        if summaries.had_release(figures):
            _change(sheet, top, share, figures["previous"])
        else:
            sheet.text(RIGHT, top + 264, _label("chart.no_release"), 30, color=MUTED, align="right")
        people = _label("chart.active", active=figures["active"], roster=figures["roster"])
        sheet.text(LEFT, top + 336, people, 38)
        _bar(sheet, LEFT, top + 362, ROOM, 44, share, target)
        mark = LEFT + ROOM * min(target, 1)
        sheet.box(mark - 3, top + 352, 6, 64, INK)
        goal, distance = _goal(figures), _distance(figures)
        wide = drawing.text_width(goal, 30) + drawing.text_width(distance, 30, bold=True) + 20
        size = 30 * min(ROOM / wide, 1)
        sheet.text(LEFT, top + 456, goal, size)
        sheet.text(RIGHT, top + 456, distance, size, bold=True, align="right")

    return 476, draw


def _change(sheet: Sheet, top: int, share: float, previous: float | None) -> None:
    moved = counted.change(share, previous)
    if moved is None:
        return
    key = "chart.up" if moved > 0 else "chart.down" if moved < 0 else "chart.same"
    sign = "▲ " if moved > 0 else "▼ " if moved < 0 else ""
    sheet.text(RIGHT, top + 218, sign + rendering.label(key, {"points": moved}), 38, bold=True, align="right")
    sheet.text(RIGHT, top + 264, _label("chart.since"), 30, color=MUTED, align="right")


def _goal(figures: WeekFigures) -> str:
    goal = _label("chart.target", target=figures["target"])
    return f"{goal} {_label('chart.until', on=figures['target_date'])}"


def _distance(figures: WeekFigures) -> str:
    """Whether the target is reached, and if not, with how many more people it would be."""
    short = math.ceil(round(figures["roster"] * figures["target"], 6)) - figures["active"]
    if figures["participation"] >= figures["target"] or short <= 0:
        return "✔ " + _label("chart.reached")
    return _label("chart.missing", people=short)


def _agencies(figures: WeekFigures) -> tuple[int, Draw]:
    """One row a size band: all its agencies as slim columns, and by name who leads and who needs help.

    Nothing of a week without a release: who had nothing to share needs no help.
    """
    if not summaries.had_release(figures):
        return 0, lambda _sheet, _top: None
    target = figures["target"]
    ranked = sorted(
        (opd for opd in figures["opd"] if opd["roster"] > 0),
        key=lambda opd: (-opd["participation"], opd["name"]),
    )
    bands = [(band, of) for band in BANDS if (of := [opd for opd in ranked if opd["band"] == band])]

    def draw(sheet: Sheet, top: int) -> None:
        drawing.title(sheet, top, _label("chart.agencies", reached=_reached(ranked, target), opd=len(ranked)))
        sheet.box(_NAMES, top + 84, 24, 24, GOOD)
        sheet.text(_NAMES + 34, top + 106, _label("chart.legend_reached"), 26, color=MUTED)
        sheet.box(_NAMES + 300, top + 84, 24, 24, LOW)
        sheet.text(_NAMES + 334, top + 106, _label("chart.legend_help"), 26, color=MUTED)
        for number, (band, of) in enumerate(bands):
            _band(sheet, top + 120 + number * _BAND_HEIGHT, band, of, target)

    return (126 + _BAND_HEIGHT * len(bands) if bands else 0), draw


def _band(sheet: Sheet, top: float, band: str, ranked: Sequence[OpdFigures], target: float) -> None:
    head = _label(
        "chart.band", band={"text": f"chart.band_{band}"}, reached=_reached(ranked, target), opd=len(ranked)
    )
    sheet.text(LEFT, top + 34, head, 24, bold=True)
    base, height, width = top + 174, 124, _NAMES - 40 - LEFT
    step = width / max(len(ranked), 8)
    for number, opd in enumerate(ranked):
        tall = max(height * min(max(opd["participation"], 0), 1), 2)
        sheet.box(LEFT + number * step, base - tall, step * 0.72, tall, _color(opd["participation"], target))
    sheet.line([LEFT, LEFT + width], [base, base], RULE)
    goal = base - height * min(target, 1)
    sheet.line([LEFT, LEFT + width], [goal, goal], INK, 3, dashed=True)
    for row, opd in enumerate(named(ranked, target)):
        y = top + 34 + row * 46
        sheet.box(_NAMES, y - 22, 24, 24, _color(opd["participation"], target))
        share = _percent(opd["participation"])
        sheet.text(RIGHT, y, share, 30, bold=True, align="right")
        sheet.text(_NAMES + 34, y, drawing.fitted(opd["name"], 27, RIGHT - _NAMES - 34 - 118), 27)


def named(ranked: Sequence[OpdFigures], target: float) -> list[OpdFigures]:
    """The first of a band and those that the message would name as needing help, the one furthest from the
    target at the end."""
    weakest = summaries.weakest(ranked[1:], target)[::-1]
    leaders = min(_NAMED, len(ranked)) - len(weakest)
    return [*ranked[:leaders], *weakest]


def _reached(agencies: Sequence[OpdFigures], target: float) -> int:
    return sum(opd["participation"] >= target for opd in agencies)


def _platforms(platforms: dict[str, int]) -> tuple[int, Draw]:
    """Two columns of bars; what does not fit is summed up as other."""
    columns, gap = 2, 60
    shown = sorted(
        ((n, name) for name, n in platforms.items() if n > 0), key=lambda pair: (-pair[0], pair[1])
    )
    if len(shown) > _PLATFORMS:
        rest = sum(n for n, name in shown if name == "other" or (n, name) in shown[_PLATFORMS - 1 :])
        shown = [pair for pair in shown[: _PLATFORMS - 1] if pair[1] != "other"] + [(rest, "other")]
    row, rows = 70, -(-len(shown) // columns)

    def draw(sheet: Sheet, top: int) -> None:
        drawing.title(sheet, top, _label("chart.platforms"))
        width = (ROOM - gap * (columns - 1)) / columns
        for place, (count, name) in enumerate(shown):
            left = LEFT + (place % columns) * (width + gap)
            y = top + 108 + (place // columns) * row
            sheet.text(left, y, _label(f"platform.{name}"), 28)
            sheet.text(left + width, y, _number(count), 30, bold=True, align="right")
            sheet.box(left, y + 12, width, 14, TRACK)
            sheet.box(left, y + 12, width * count / max(shown[0][0], count), 14, GOOD)

    return (88 + row * rows if shown else 0), draw


def _bar(sheet: Sheet, x: float, y: float, width: float, height: float, share: float, target: float) -> None:
    sheet.box(x, y, width, height, TRACK)
    sheet.box(x, y, width * min(max(share, 0), 1), height, _color(share, target))


def _color(share: float, target: float) -> str:
    return GOOD if share >= target else LOW


def _label(key: str, **params: object) -> str:
    return rendering.label(key, params)


def _percent(share: float) -> str:
    return _label("chart.percent", share=share)


def _number(value: int) -> str:
    return _label("chart.number", value=value)
