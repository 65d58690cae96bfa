"""The board of all OPD and the coming weeks as one picture: who is ready, and how far the others are.

One row an OPD, one column a week. A place is told by its shade and by its sign, so that it is read the
same in grey and by colour-blind eyes. Those without an approved item for the next release come first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.reports import drawing
from bot.reports.drawing import GOOD, INK, LOW, MUTED, RULE, TRACK, WIDTH, Sheet
from bot.texts import formats, rendering
from models.releases import plans

WAITING = "#8fbadf"  # between GOOD and TRACK in brightness; INK on it has a contrast of 8:1
_LEFT, _RIGHT = 40, WIDTH - 40
_NAMES = 220  # pixels for the names
_ROW, _GAP = 37, 4
_HEAD = 300
_LEGEND_ROW = 44


@dataclass(frozen=True, slots=True)
class Look:
    """How a place is drawn: shade, sign, and the colour of the sign."""

    shade: str
    sign: str
    ink: str = INK


# Every state of a place, with what is drawn for it. Signs are letters or marks that the font has.
LOOKS: Mapping[str, Look] = {
    "released": Look(GOOD, "✓", "#ffffff"),
    "closed": Look(GOOD, "✓", "#ffffff"),
    "approved": Look(GOOD, "✓", "#ffffff"),
    "confirming": Look(WAITING, "P2"),
    "checked": Look(WAITING, "P"),
    "edited": Look(WAITING, "T"),
    "submitted": Look(WAITING, "E"),
    "returned": Look(LOW, "↩"),
    "draft": Look(TRACK, "✎"),
    "empty": Look("#ffffff", "–", MUTED),
}
_LEGEND = ("approved", "submitted", "edited", "checked", "confirming", "returned", "draft", "empty")


@dataclass(frozen=True, slots=True)
class Row:
    """An OPD: its code and name, and the state of each week."""

    code: str
    name: str
    states: Sequence[str]

    @property
    def ready(self) -> bool:
        return self.states[0] in plans.READY


def plan_chart(weeks: Sequence[str], rows: Sequence[Row], provincial: Row | None = None) -> bytes:
    """The board as a PNG of 1080 pixels in width; the same board gives the same bytes.

    `weeks` are ISO weeks, the next release first; `provincial` is the line of the province, which is
    what those get who have nothing of their own.
    """
    groups = [
        ("plan_chart.not_ready", [row for row in rows if not row.ready]),
        ("plan_chart.ready", [row for row in rows if row.ready]),
    ]
    groups = [(key, sorted(some, key=short)) for key, some in groups if some]
    lines = sum(len(some) for _, some in groups) + (1 if provincial else 0)
    legend = -(-len(_LEGEND) // 2) * _LEGEND_ROW + 50
    sheet = Sheet(_HEAD + lines * _ROW + len(groups) * 50 + 30 + legend)
    _head(sheet, weeks, rows)
    top = _HEAD
    if provincial:
        _row(sheet, top, provincial, rendering.label("plan_chart.province", {}))
        top += _ROW
    for key, some in groups:
        sheet.text(_LEFT, top + 38, rendering.label(key, {"number": len(some)}), 26, bold=True)
        top += 50
        for row in some:
            _row(sheet, top, row, short(row))
            top += _ROW
    _legend(sheet, top + 30)
    return sheet.png()


def short(row: Row) -> str:
    """The short name of an OPD: its code where it is made of letters (DINKES), else the name without
    the word that nearly all begin with."""
    if any(char.isalpha() for char in row.code):
        return row.code
    return row.name.removeprefix("Dinas ")


def _columns(number: int) -> tuple[float, float]:
    """Where the first column begins, and how wide each is."""
    return _LEFT + _NAMES, (_RIGHT - _LEFT - _NAMES) / number


def _head(sheet: Sheet, weeks: Sequence[str], rows: Sequence[Row]) -> None:
    ready = sum(row.ready for row in rows)
    sheet.text(_LEFT, 62, rendering.label("plan_chart.title", {}), 34, bold=True)
    next_ = rendering.label("plan_chart.next", {"week": weeks[0]})
    sheet.text(_LEFT, 108, next_, 28, color=MUTED)
    total = rendering.label("plan_chart.total", {"ready": ready, "opd": len(rows)})
    sheet.text(_LEFT, 164, total, 44, bold=True, color=GOOD if ready == len(rows) else INK)
    first, width = _columns(len(weeks))
    sheet.text(_LEFT, 226, rendering.label("plan_chart.opens", {}), 24, color=MUTED)
    sheet.text(_LEFT, 272, rendering.label("plan_chart.ready_row", {}), 24, color=MUTED)
    for nth, week in enumerate(weeks):
        middle = first + width * (nth + 0.5)
        day = rendering.label("plan_chart.day", {"day": formats.week_days(week)[0].isoformat()})
        sheet.text(middle, 226, day, 23, bold=nth == 0, align="center")
        sheet.text(
            middle,
            272,
            str(sum(row.states[nth] in plans.READY for row in rows)),
            26,
            bold=True,
            align="center",
        )
    sheet.line([_LEFT, _RIGHT], [240, 240], RULE)
    sheet.line([_LEFT, _RIGHT], [288, 288], RULE)


def _row(sheet: Sheet, top: float, row: Row, name: str) -> None:
    sheet.text(_LEFT, top + 28, drawing.fitted(name, 25, _NAMES - 14), 25)
    first, width = _columns(len(row.states))
    for nth, state in enumerate(row.states):
        _place(sheet, first + width * nth + 2, top, width - _GAP, state)


def _place(sheet: Sheet, x: float, y: float, width: float, state: str) -> None:
    look = LOOKS[state]
    height = _ROW - _GAP
    if state == "empty":  # a frame alone: white on white
        sheet.box(x, y, width, height, RULE)
        sheet.box(x + 2, y + 2, width - 4, height - 4, look.shade)
    else:
        sheet.box(x, y, width, height, look.shade)
    sheet.text(x + width / 2, y + 26, look.sign, 26, bold=True, align="center", color=look.ink)


def _legend(sheet: Sheet, top: float) -> None:
    sheet.line([_LEFT, _RIGHT], [top, top], RULE)
    half = (_RIGHT - _LEFT) / 2
    for nth, state in enumerate(_LEGEND):
        x, y = _LEFT + (nth % 2) * half, top + 20 + (nth // 2) * _LEGEND_ROW
        _place(sheet, x, y, 76, state)
        sheet.text(x + 92, y + 26, rendering.label(f"plan_chart.{state}", {}), 26)
