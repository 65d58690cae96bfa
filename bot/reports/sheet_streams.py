"""An XLSX of any length in constant memory, with no more than a table needs.

openpyxl can do it too, in its write-only mode, but takes six times as long: minutes for a million rows.
Source: ECMA-376, part 1, 18.3 (worksheets) and 18.8 (styles).
"""

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from bot.reports import workbooks
from bot.reports.streams import Row
from bot.reports.workbooks import Cell

MOST_ROWS = 1_048_576  # of a sheet, with its headings, and
MOST_CHARACTERS = 32_767  # of a cell (Excel, "Specifications and limits")
_AT_ONCE = 500  # rows that are packed together
_BOLD, _MOMENT = 1, 2  # places in `cellXfs` of _STYLES
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no time zone
_NO_XML = re.compile("[\ufffe\uffff]")  # not allowed in XML 1.0, 2.2; the others `harmless` takes out
_NO_TITLE = re.compile(r"[\\/*?:\[\]]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PKG = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Every other part is a sheet: how many there will be is not known when this has to be written.
_CONTENTS = (
    f'<Types xmlns="{_PKG}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
_ROOT = (
    f'<Relationships xmlns="{_PKG}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


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
    number, titles, pending = 0, [title], iter(rows)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book:
        _part(book, "[Content_Types].xml", _CONTENTS)
        _part(book, "_rels/.rels", _ROOT)
        written, row = _sheet(book, len(titles), headings, pending, None, most_rows)
        number += written
        while row is not None:
            titles.append(f"{title} {len(titles) + 1}")
            written, row = _sheet(book, len(titles), headings, pending, row, most_rows)
            number += written
        name, other_headings, others = further
        _sheet(book, len(titles) + 1, other_headings, iter(others), None, most_rows, width=40)
        order = [(1, title), (len(titles) + 1, name), *list(enumerate(titles, start=1))[1:]]
        _part(book, "xl/styles.xml", _STYLES)
        _part(book, "xl/workbook.xml", _workbook(order))
        _part(book, "xl/_rels/workbook.xml.rels", _relations(len(order)))
    return number


def _part(book: zipfile.ZipFile, name: str, text: str) -> None:
    book.writestr(name, _HEAD + text)


def _workbook(order: Sequence[tuple[int, str]]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(_NO_TITLE.sub(" ", title)[:31])} sheetId="{place}" r:id="rId{place}"/>'
        for place, title in order
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>{sheets}</sheets></workbook>'


def _relations(sheets: int) -> str:
    targets = "".join(
        f'<Relationship Id="rId{place}" Type="{_DOC}/worksheet" Target="worksheets/sheet{place}.xml"/>'
        for place in range(1, sheets + 1)
    )
    styles = f'<Relationship Id="rId{sheets + 1}" Type="{_DOC}/styles" Target="styles.xml"/>'
    return f'<Relationships xmlns="{_PKG}/relationships">{targets}{styles}</Relationships>'


def _sheet(
    book: zipfile.ZipFile, place: int, headings: Sequence[str], rows: "Iterable[Row]", first: Row | None,
    most_rows: int, *, width: int = 18,
) -> tuple[int, Row | None]:  # fmt: skip
    """One sheet, beginning with `first`, with as many rows as it can take: how many, and the one that was
    left over, if any."""
    letters = [get_column_letter(nth) for nth in range(1, len(headings) + 1)]
    pending, line, packed = iter(rows), 2, list[str]()
    with book.open(f"xl/worksheets/sheet{place}.xml", "w", force_zip64=True) as file:
        _begin(file, letters, headings, width)
        row = first if first is not None else next(pending, None)
        while row is not None and line <= most_rows:
            packed.append(_line(line, letters, row))
            if len(packed) == _AT_ONCE:
                file.write("".join(packed).encode("utf-8", "replace"))
                packed.clear()
            line += 1
            row = next(pending, None)
        file.write("".join(packed).encode("utf-8", "replace"))
        file.write(f'</sheetData><autoFilter ref="A1:{letters[-1]}{line - 1}"/></worksheet>'.encode())
    return line - 2, row


def _begin(file: IO[bytes], letters: Sequence[str], headings: Sequence[str], width: int) -> None:
    cells = "".join(
        f'<c r="{letter}1" s="{_BOLD}" t="inlineStr"><is><t>{escape(heading)}</t></is></c>'
        for letter, heading in zip(letters, headings, strict=True)
    )
    file.write(
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(letters)}" width="{width}" customWidth="1"/></cols>'
        f'<sheetData><row r="1">{cells}</row>'.encode()
    )


def _line(number: int, letters: Sequence[str], row: Row) -> str:
    cells = "".join(
        [
            _cell(f"{letter}{number}", value)
            for letter, value in zip(letters, row, strict=True)
            if value is not None and value != ""
        ]
    )
    return f'<row r="{number}">{cells}</row>'


def _cell(at: str, value: Cell) -> str:
    if isinstance(value, str):
        text = escape(_NO_XML.sub("", str(workbooks.harmless(value)))[:MOST_CHARACTERS], {"\r": "&#13;"})
        space = "" if text == text.strip() else ' xml:space="preserve"'
        return f'<c r="{at}" t="inlineStr"><is><t{space}>{text}</t></is></c>'
    if isinstance(value, dt.datetime):
        days = (value - _EPOCH) / dt.timedelta(days=1)
        return f'<c r="{at}" s="{_MOMENT}"><v>{days:.10f}</v></c>'
    return f'<c r="{at}"><v>{value!r}</v></c>'
