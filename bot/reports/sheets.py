"""The house's Excel tables: a header that stays, filters, widths, number formats, and paper that it fits on.

Nothing in them is a formula, whatever people wrote.
"""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.formatting.rule import DataBarRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from bot.reports import workbooks

# As Excel writes formats; it shows them with the comma and the names of the reader's own settings. 421 is
# Indonesian: names of months stay so wherever the file is opened.
FORMATS = {
    "text": "@",
    "number": "#,##0",
    "percent": "0.0%",
    "points": "+0.0;-0.0;0.0",
    "date": "[$-421]d mmm yyyy",
    "month": "[$-421]mmmm yyyy",
    "moment": '[$-421]d mmmm yyyy hh"."mm',  # a bare point is a decimal comma to LibreOffice
}
_HEAD = PatternFill("solid", fgColor="0B4F8A")
_HEAD_FONT = Font(name="Calibri", size=11, bold=True, color="FFFFFF")  # without a name it has serifs
_LINE = 15.0  # points of height that a line of text takes
_HEAD_HEIGHT = 32.0  # points, at least
_BAR = "9DB8D2"  # light enough for black figures on it, on paper without colour as well
_A4 = 9

Plain = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is in characters; `form` is one of FORMATS, or "" where each cell has its own (`Value`)."""

    heading: str
    width: float
    form: str = "text"
    bar: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A cell with a format of its own; `form` is one of FORMATS."""

    value: Plain
    form: str


class Book:
    """A workbook of sheets that each hold one table."""

    def __init__(self, title: str, footer: str) -> None:
        self._book = openpyxl.Workbook()
        self._book.remove(self._book.worksheets[0])
        self._book.properties.title = title
        self._book.properties.creator = "Satu Pesan"
        self._footer = footer.replace("&", "&&")  # "&" begins a code there

    def sheet(
        self, title: str, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Plain | Value]]
    ) -> Worksheet:
        """Adds a sheet with one table, called `name` in formulas that its readers may write.

        A table without a row is a broken file to Excel: whoever has none gives one that says so.
        """
        sheet: Worksheet = self._book.create_sheet(title)
        for place, column in enumerate(columns, start=1):
            cell = sheet.cell(1, place, column.heading)
            cell.fill, cell.font = _HEAD, _HEAD_FONT
            cell.alignment = Alignment(vertical="center", horizontal="left", wrap_text=True, indent=1)
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        high = _LINE * max(_lines(column.heading, column.width) for column in columns)
        sheet.row_dimensions[1].height = max(_HEAD_HEIGHT, high + 2)
        for number, row in enumerate(rows, start=2):
            for place, (value, column) in enumerate(zip(row, columns, strict=True), start=1):
                write(sheet, number, place, value, column.form)
            # Excel finds the height of wrapped text by itself, LibreOffice does not.
            high = max(_lines(value, column.width) for value, column in zip(row, columns, strict=True))
            if high > 1:
                sheet.row_dimensions[number].height = _LINE * high
        last = get_column_letter(len(columns))
        table = Table(displayName=name, ref=f"A1:{last}{len(rows) + 1}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)
        self._bars(sheet, columns, len(rows))
        self._paper(sheet, title)
        return sheet

    def _bars(self, sheet: Worksheet, columns: Sequence[Column], rows: int) -> None:
        for place, column in enumerate(columns, start=1):
            if column.bar:
                letter = get_column_letter(place)
                bar: Any = DataBarRule("num", 0, "num", 1, color=_BAR)  # type: ignore[no-untyped-call]
                sheet.conditional_formatting.add(f"{letter}2:{letter}{rows + 1}", bar)

    def _paper(self, sheet: Worksheet, title: str) -> None:
        sheet.freeze_panes = "A2"
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = "1:1"
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.4  # inches
        margins.top, margins.bottom, margins.footer = 0.6, 0.75, 0.3
        foot: Any = sheet.oddFooter
        foot.left.text = self._footer
        foot.right.text = f"{title.replace('&', '&&')} · &P / &N"

    def data(self) -> bytes:
        """The file."""
        file = io.BytesIO()
        self._book.save(file)
        return file.getvalue()


def write(sheet: Worksheet, row: int, column: int, given: Plain | Value, form: str) -> None:
    """Writes one cell. Text stays text, whatever it begins with; a moment is written as its wall clock
    shows it, since a spreadsheet knows no zone."""
    value = given.value if isinstance(given, Value) else given
    form = given.form if isinstance(given, Value) else form
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = workbooks.harmless(value)
        cell.data_type = "s"
        cell.number_format = FORMATS["text"]
        cell.alignment = Alignment(vertical="top", horizontal="left", wrap_text=True, indent=1)
        return
    cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    cell.number_format = FORMATS.get(form, "General")
    if isinstance(value, date) or form in ("", "text"):
        cell.alignment = Alignment(vertical="top", horizontal="left", indent=1)
    else:
        cell.alignment = Alignment(vertical="top", horizontal="right")


def _lines(given: Plain | Value, width: float) -> int:
    """How many lines a text takes in a column of so many characters."""
    value = given.value if isinstance(given, Value) else given
    if not isinstance(value, str):
        return 1
    room = max(int(width), 1)  # a column is as wide as so many digits; letters are narrower
    return max(sum(max(len(textwrap.wrap(line, room)), 1) for line in value.split("\n")), 1)
