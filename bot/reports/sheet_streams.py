"""An XLSX of any length in constant memory: rows are written out as they come.

XlsxWriter in its constant-memory mode; openpyxl's write-only mode takes six times as long, minutes for a
million rows.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import xlsxwriter

from bot.reports import workbooks
from bot.reports.streams import Row
from bot.reports.workbooks import Cell

MOST_ROWS = 1_048_576  # of a sheet, with its headings, and
MOST_CHARACTERS = 32_767  # of a cell (Excel, "Specifications and limits")
_NO_XML = re.compile("[\ufffe\uffff]")  # not allowed in XML 1.0, 2.2; the others `harmless` takes out
_BREAK = re.compile("\r\n?")  # a line break in a cell is LF
_NO_TITLE = re.compile(r"[\\/*?:\[\]]")


def write_xlsx(
    path: Path,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Row],
    further: tuple[str, Sequence[str], Iterable[Row]],
    *,
    most_rows: int = MOST_ROWS,
) -> int:
    """Writes `rows` into as many sheets as they need, each with headings and filters, and second in the book
    the `further` sheet (title, headings, rows); how many rows. Moments are local ones, without a zone.

    `title` is that of the sheets (25 characters at the most).
    """
    # Rows wait beside the file until the book is packed: not in a folder that may lie in memory.
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    book.use_zip64()
    sheets = _Sheets(book)
    pending = iter(rows)
    number = sheets.fill(title, headings, islice(pending, most_rows - 1))
    name, other_headings, others = further
    sheets.fill(name, other_headings, others, width=40)
    for nth in range(2, MOST_ROWS):
        left = next(pending, None)
        if left is None:
            break
        more = chain([left], islice(pending, most_rows - 2))
        number += sheets.fill(f"{title} {nth}", headings, more)
    book.close()
    return number


class _Sheets:
    """The sheets of a book, one after the other."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def fill(
        self, title: str, headings: Sequence[str], rows: Iterable[Row] | Iterator[Row], *, width: int = 18
    ) -> int:
        """Adds a sheet with headings that stay in sight, and filters; how many rows it has below them."""
        sheet = self.book.add_worksheet(_NO_TITLE.sub(" ", title)[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, width)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self.bold)
        line = 0
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._write(sheet, line, column, value)
        sheet.autofilter(0, 0, line, len(headings) - 1)
        return line

    def _write(self, sheet: Any, line: int, column: int, value: Cell) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            text = str(workbooks.harmless(_BREAK.sub("\n", value)))
            text = _NO_XML.sub("", text)[:MOST_CHARACTERS]
            sheet.write_string(line, column, text.encode("utf-8", "replace").decode())
        elif isinstance(value, dt.datetime):
            sheet.write_datetime(line, column, value, self.moment)
        else:
            sheet.write_number(line, column, value)
