"""The board of the coming weeks as a workbook: one line a place, to be filtered, and what the words mean."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from bot.reports import workbooks
from bot.texts import rendering

COLUMNS = ("code", "opd", "day", "week", "state", "ready", "id", "title", "rubric", "author", "changed")
_WIDTHS = (14, 44, 13, 11, 26, 8, 9, 48, 20, 28, 18)
STATES = (
    "approved",
    "released",
    "confirming",
    "checked",
    "edited",
    "submitted",
    "returned",
    "draft",
    "empty",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One OPD in one week. `item` is the number of what stands there, if anything; `changed` is local."""

    code: str
    opd: str
    day: date
    week: str
    state: str
    ready: bool
    item: int | None = None
    title: str = ""
    rubric: str = ""
    author: str = ""
    changed: datetime | None = None


def plan_table(lines: Iterable[Line]) -> bytes:
    """An XLSX of two sheets: the plan as a table with filters, and the definitions of its words.

    No cell is a formula, whatever people wrote into their titles.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet), "a new workbook has a sheet"
    sheet.title = _label("plan_table.sheet")
    _fill(
        sheet,
        [_label(f"plan_table.column_{name}") for name in COLUMNS],
        [_cells(line) for line in lines],
        _WIDTHS,
    )
    rows = sheet.max_row
    table = Table(displayName="Rencana", ref=f"A1:{get_column_letter(len(COLUMNS))}{rows}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
    sheet.add_table(table)
    meanings = book.create_sheet(_label("plan_table.sheet_meanings"))
    words = [(_label(f"plan_table.column_{name}"), _label(f"plan_table.about_{name}")) for name in COLUMNS]
    words += [
        (_label(f"plan_table.state_{state}"), _label(f"plan_table.about_state_{state}")) for state in STATES
    ]
    _fill(meanings, [_label("plan_table.word"), _label("plan_table.meaning")], words, (28, 100))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(line: Line) -> Sequence[workbooks.Cell | date]:
    return (
        line.code,
        line.opd,
        line.day,
        line.week,
        _label(f"plan_table.state_{line.state}"),
        _label("plan_table.yes" if line.ready else "plan_table.no"),
        line.item,
        line.title,
        _label(f"rubric.{line.rubric}") if line.rubric else "",
        line.author,
        line.changed.replace(tzinfo=None) if line.changed else None,  # a spreadsheet knows no zone
    )


def _fill(
    sheet: Worksheet,
    headings: Sequence[str],
    rows: Iterable[Sequence[workbooks.Cell | date]],
    widths: Sequence[int],
) -> None:
    sheet.freeze_panes = "A2"
    for place, (heading, width) in enumerate(zip(headings, widths, strict=True), start=1):
        cell = sheet.cell(1, place, heading)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            _write(sheet, number, place, value)


def _write(sheet: Worksheet, row: int, column: int, value: workbooks.Cell | date) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = workbooks.harmless(value)
        cell.data_type = "s"  # text stays text, whatever it begins with
        cell.number_format = "@"
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        return
    cell.value = value
    cell.alignment = Alignment(vertical="top")
    if isinstance(value, datetime):
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"


def _label(key: str) -> str:
    return rendering.label(key, {})
