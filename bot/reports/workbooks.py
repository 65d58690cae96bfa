"""Reads XLSX files of strangers, and writes tables that carry no formula."""

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

MAX_UNPACKED = 200_000_000  # bytes of all parts together; 200,000 people need about 90 million
MAX_PARTS = 2_000
MAX_COLUMNS = 200
_ROUNDED = 10**15  # a spreadsheet keeps 15 digits of a number
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r|%]")

# Styles and checks of a sheet that openpyxl does not know do not matter here.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")

Cell = str | int | float | dt.datetime | None
Heading = Sequence[str]


class Unusable(Exception):  # noqa: N818 (says what it means to its reader)
    """The workbook cannot be read; `key` is the catalogue's sentence about it."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Line(Protocol):
    """A line of an uploaded table (`tables.Row`)."""

    @property
    def line(self) -> int: ...

    @property
    def cells(self) -> Mapping[str, str]: ...


def sheets(data: bytes) -> list[Iterator[tuple[int, list[str]]]]:
    """The visible sheets of an XLSX, each as lines of (number, cells), read one after the other.

    Raises Unusable for what is no sound workbook, and for one that would unpack to more than
    MAX_UNPACKED; while it is iterated as well.
    """
    _guard(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception as error:  # openpyxl raises whatever its parsing comes across
        raise Unusable("table.broken") from error
    return [_sheet(sheet) for sheet in visible]


def _guard(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if not any(part.filename.startswith("xl/workbook") for part in parts):
                raise Unusable("table.not_a_table")
            # The archive cannot lie about this: reading stops at the size that it states.
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Unusable("table.too_large_inside")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        start = file.read(65_536).replace(b"\0", b"")
                    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                        raise Unusable("table.broken")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as error:
        raise Unusable("table.broken") from error


def _sheet(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    try:
        sheet.reset_dimensions()  # what the file states of its size is often wrong
        rows = sheet.iter_rows(values_only=True)  # not max_col: it pads every row to that width
        for line, values in enumerate(rows, start=1):
            yield line, [_as_text(value) for value in values[:MAX_COLUMNS]]
    except Exception as error:
        raise Unusable("table.broken") from error


def _as_text(value: Any) -> str:
    """A cell as the person sees it, but for numbers that the spreadsheet has already rounded."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= _ROUNDED:
            return f"{value:.2E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return "" if value is None else str(value)


def harmless(value: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula, and without characters that XLSX cannot hold.

    Numbers stay numbers. Source of the rule: OWASP, "CSV Injection".
    """
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
        return f"'{value}" if _FORMULA.match(value) else value
    return value


def write_csv(headings: Heading, rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV that Indonesian Excel opens by itself: UTF-8 with BOM, semicolons."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    for row in (headings, *rows):
        writer.writerow([harmless(value) for value in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def write_xlsx(headings: Heading, rows: Iterable[Sequence[Cell]], title: str = "Data") -> bytes:
    """An XLSX with one sheet; every text is text, so that an NIP keeps its 18 digits. `title` is the
    name of the sheet (31 characters at the most)."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = max(14, min(40, len(heading) + 4))
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write_rejects(
    rejected: Iterable[tuple[Line, str]],
    columns: Sequence[str],
    *,
    titles: tuple[str, str] = ("baris", "alasan"),
    form: str = "xlsx",
) -> bytes:
    """The lines that were not taken, each with its number and the reason, to be corrected and sent again.

    `form` is xlsx or csv. XLSX is the one to send to people: Excel rounds an NIP that it reads from a CSV.
    """
    rows: Iterable[Sequence[Cell]] = (
        [row.line, *(row.cells.get(name, "") for name in columns), reason] for row, reason in rejected
    )
    headings = (titles[0], *columns, titles[1])
    if form == "csv":
        return write_csv(headings, rows)
    return write_xlsx(headings, rows, titles[1])


def _cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, harmless(value))
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
