"""Tables that people upload: CSV as offices save it, and XLSX.

`read_table` takes a file for what it is, not for what its name claims. Whatever is wrong with the file
as a whole is a `Problem` (a key of the catalogue and its parameters); what is wrong with one line is
for the nouns to judge, so cells come as they were written.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.reports import workbooks

MAX_ROWS = 200_000
MAX_BYTES = 50_000_000
MAX_CELL = 500  # characters; what is longer is no name, number or position
_HEADER_WITHIN = 15  # offices put titles above their tables

# How offices head their columns, folded (see `_folded`); the first name of a row is ours.
_PEOPLE = {
    "nip": ("nip", "nipbaru", "nipasn", "nippegawai", "nomorindukpegawai"),
    "nama": ("nama", "namalengkap", "namapegawai", "namaasn", "namatanpagelar"),
    "kode_opd": ("kodeopd", "opd", "kode", "kodeunit", "kodeunitkerja", "kodeperangkatdaerah", "kodeskpd"),
    "hp": (
        *("hp", "nohp", "nomorhp", "hpwa", "nohpwa", "nomorhpwa", "wa", "nowa", "nomorwa", "nomerhp"),
        *("whatsapp", "nowhatsapp", "nomorwhatsapp", "handphone", "nohandphone", "nomorhandphone", "ponsel"),
        *("telepon", "notelepon", "nomortelepon", "telp", "notelp", "nomorponsel", "phone", "mobile"),
    ),
    "jabatan": ("jabatan", "namajabatan", "jabatanterakhir", "posisi"),
}
_AGENCIES = {
    "kode": ("kode", "kodeopd", "kodeperangkatdaerah", "kodeskpd", "kodeunit"),
    "nama": ("nama", "namaopd", "opd", "namaperangkatdaerah", "perangkatdaerah", "namaskpd", "namaunit"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number as a person counts it (the first line of the file is 1), its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file cannot be used: a key of the catalogue and its parameters."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """`rows` are usable when `problems` is empty. `columns` are the headers as understood, `ignored`
    those that mean nothing to us, as they were written."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


class _Unusable(Exception):  # noqa: N818 (says what it means to its reader)
    """Ends the reading; carries the problem."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.problem = Problem(key, params)


Cells = tuple[int, Sequence[str]]


def read_table(source: Path | bytes, name: str) -> Table:
    """The table of people or of OPD in a file; `name` is what the sender called it.

    CSV may be UTF-8, UTF-16 or Windows-1252, with comma, semicolon, tab or bar. A number that Excel has
    rounded (an NIP that it took for a number) comes as "1.98E+17", so that nobody mistakes it for one.
    Never raises for what is in the file.
    """
    table = Table()
    try:
        data = _loaded(source)
        is_workbook = _is_workbook(data)
        lines = _from_workbook(data) if is_workbook else _said(_from_text(data))
        _fill(table, lines, shifts=not is_workbook)
    except _Unusable as unusable:
        table.problems.append(unusable.problem)
    except workbooks.Unusable as unusable:
        table.problems.append(Problem(unusable.key))
    if table.problems:
        table.rows.clear()
        table.problems = [Problem(one.key, {"name": name, **one.params}) for one in table.problems]
    return table


def _loaded(source: Path | bytes) -> bytes:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > MAX_BYTES:
        raise _Unusable("table.too_large", limit=MAX_BYTES // 1_000_000)
    return source if isinstance(source, bytes) else source.read_bytes()


def _from_workbook(data: bytes) -> list[Cells]:
    """The first visible sheet that has a header, else the first one."""
    first: list[Cells] = []
    for sheet in workbooks.sheets(data):
        lines = _said(sheet)
        if _header(lines) is not None:
            return lines
        first = first or lines
    return first


def _said(sheet: Iterable[Cells]) -> list[Cells]:
    """The lines that say something, in tidy cells."""
    lines: list[Cells] = []
    for line, values in sheet:
        cells = [_tidy(value) for value in values]
        if any(cells):
            lines.append((line, cells))
        if len(lines) > MAX_ROWS + _HEADER_WITHIN:
            raise _Unusable("table.too_many_rows", limit=MAX_ROWS)
    return lines


def _is_workbook(data: bytes) -> bool:
    """Whether it is an XLSX; raises for what is certainly no table."""
    head = data[:4096]
    if not data.strip(b"\0 \t\r\n"):
        raise _Unusable("table.empty")
    if head.startswith(b"PK\x03\x04"):
        return True
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # both old Excel and an XLSX with a password
        protected = "EncryptedPackage".encode("utf-16-le") in data
        raise _Unusable("table.encrypted" if protected else "table.old_excel")
    if head.startswith(b"%PDF") or re.match(rb"\s*<(!doctype|html|\?xml|table)", head, re.IGNORECASE):
        raise _Unusable("table.not_a_table")
    return False


def _from_text(data: bytes) -> Iterator[Cells]:
    text = _decoded(data)
    stated = re.match(r"sep=(.)\r?\n", text)  # Excel's own way to name the separator
    comma = stated[1] if stated else _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    before = 0
    try:
        for cells in reader:
            if not (stated and before == 0):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error:
        raise _Unusable("table.broken_line", line=before + 1) from None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in data[:4096]:
        encoding = "utf-16-le" if data[1:200:2].count(0) > data[:200:2].count(0) else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    for attempt in (encoding, "cp1252") if encoding == "utf-8-sig" else (encoding,):
        try:
            text = data.decode(attempt)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\0-\x08\x0e-\x1a\x1c-\x1f\ufffe]", text):
            return text
    raise _Unusable("table.not_a_table")


def _separator(text: str) -> str:
    """The one that makes the best header of one of the first lines."""
    first = text.split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN]

    def recognised(comma: str) -> int:
        return max((len(_meaning(line.replace('"', "").split(comma))) for line in first), default=0)

    return max(";,\t|", key=recognised)


def _fill(table: Table, lines: list[Cells], *, shifts: bool) -> None:
    """Makes rows of lines. Where a stray separator `shifts` cells, a line that is too long is refused."""
    at = _header(lines)
    if at is None:
        raise _Unusable("table.no_header")
    header = lines[at][1]
    meaning = _meaning(header)
    table.columns = tuple(meaning.values())
    for name in table.columns:
        if table.columns.count(name) > 1:
            raise _Unusable("table.column_twice", column=name)
    table.ignored = tuple(cell for place, cell in enumerate(header) if cell and place not in meaning)
    body = lines[at + 1 :]
    if len(body) > MAX_ROWS:
        raise _Unusable("table.too_many_rows", limit=MAX_ROWS)
    # A separator within a name ("Ahmad, M.Si.") without quotes would shift all that follows.
    longer = [line for line, cells in body if any(cells[len(header) :])]
    if longer and shifts:
        raise _Unusable("table.extra_cells", lines=_some(longer))
    table.rows = [
        Row(line, {name: cells[place] if place < len(cells) else "" for place, name in meaning.items()})
        for line, cells in body
    ]


def _header(lines: list[Cells]) -> int | None:
    """Which of the first lines is the header: the first with two columns that we know."""
    for at, (_, cells) in enumerate(lines[:_HEADER_WITHIN]):
        if len(set(_meaning(cells).values())) > 1:
            return at
    return None


def _meaning(header: Sequence[str]) -> dict[int, str]:
    """Our name for each column that has one. Without an NIP it is a list of OPD."""
    folded = [_folded(cell) for cell in header]
    known = _PEOPLE if any(name in _PEOPLE["nip"] for name in folded) else _AGENCIES
    ours = {alias: name for name, aliases in known.items() for alias in aliases}
    return {place: ours[name] for place, name in enumerate(folded) if name in ours}


def _folded(header: str) -> str:
    """ "No. HP/WA *" → "nohpwa"."""
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", header).lower())


def _tidy(value: str) -> str:
    """Without what spreadsheets and copying leave behind: invisible marks, doubled blanks, the
    apostrophe or `="…"` that holds a number as text, the `.0` of a number."""
    text = value[: MAX_CELL + 1]
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    text = " ".join(text.split())
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        text = text[2:-1]
    return text.removeprefix("'").strip()[:MAX_CELL]


def _some(lines: Iterable[int], most: int = 5) -> str:
    """ "3, 17, 20, 21, 40, …" """
    found = list(lines)
    return ", ".join(str(line) for line in found[:most]) + (", …" if len(found) > most else "")
