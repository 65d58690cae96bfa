"""Large tables: no formula in them, numbers stay numbers, and a book has as many sheets as it needs."""

import csv
import datetime as dt
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports import sheet_streams, streams, tables, workbooks
from bot.reports.workbooks import Cell

MEANT = "=+-@\uff1d\uff0b\uff0d\uff20\t\r|%"
names = st.text(st.characters(codec="utf-8"), max_size=20)
# What a spreadsheet would run, behind all that people and programs put before it.
formulas = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", " ", "\t", "\r", "\n", "\xa0", "\t\r "]),
    st.sampled_from(MEANT),
    names,
)
numbers = st.integers(-(10**15), 10**15) | st.floats(-1e9, 1e9).map(lambda number: round(number, 6))


def in_csv(*row: Cell) -> list[str]:
    """A row as it is read from a CSV."""
    file = io.BytesIO()
    assert streams.write_csv(file, [f"k{nth}" for nth in range(len(row))], [row]) == 1
    text = file.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1]


def in_xlsx(path: Path, *row: Cell) -> list[Any]:
    """A row as it is read from an XLSX."""
    headings = [f"k{nth}" for nth in range(len(row))]
    assert sheet_streams.write_xlsx(path, "Data", headings, [row], ("Kamus", ["a"], [["b"]])) == 1
    return list(openpyxl.load_workbook(path).worksheets[0][2])


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("books") / "a.xlsx"


@given(written=formulas | names)
def test_no_text_is_a_formula_in_a_csv(written: str) -> None:
    (shown,) = in_csv(f"x{written}")[:1]
    assert shown.startswith("x")
    (shown,) = in_csv(written, "end")[:1]
    assert not shown.lstrip().startswith(tuple(MEANT.replace("\t", "").replace("\r", "")))
    assert not shown.startswith(("\t", "\r"))


@given(written=formulas | names)
def test_no_text_is_a_formula_in_an_xlsx(book: Path, written: str) -> None:
    cell = in_xlsx(book, written, "end")[0]
    assert cell.data_type in ("s", "n")  # "n" is an empty one
    if cell.value is not None:
        assert not str(cell.value).lstrip().startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))


@given(number=numbers)
def test_numbers_stay_numbers(book: Path, number: float) -> None:
    (shown,) = in_csv(number)
    assert float(shown.replace(",", ".")) == number
    (cell,) = in_xlsx(book, number)
    assert cell.data_type == "n"
    assert cell.value == number


@pytest.mark.parametrize(
    ("written", "readable"),
    [
        ("-", "-"),
        ("=Budi", "=Budi"),
        ("+62 812", "+62 812"),
        ("\t=1+1", "=1+1"),
        ("\r@SUM(A1)", "@SUM(A1)"),
        ("＝Budi", "＝Budi"),
        ('Siti; Rahma "Ibu"\nkedua', 'Siti; Rahma "Ibu" kedua'),
        ("Ratna & <Dewi>", "Ratna & <Dewi>"),
        ("#N/A", "#N/A"),
        ("000123", "000123"),
        ("198001012005011001", "198001012005011001"),
    ],
)
def test_a_name_comes_back_readable(tmp_path: Path, written: str, readable: str) -> None:
    file = io.BytesIO()
    streams.write_csv(file, ["kode", "nama"], [["A", written]])
    (row,) = tables.read_table(file.getvalue(), "a.csv").rows
    assert row.cells["nama"] == readable
    path = tmp_path / "a.xlsx"
    sheet_streams.write_xlsx(path, "Data", ["kode", "nama"], [["A", written]], ("Kamus", ["a"], []))
    (row,) = tables.read_table(path.read_bytes(), "a.xlsx").rows
    assert row.cells["nama"] == readable


def test_a_moment_is_a_moment(tmp_path: Path) -> None:
    moment = dt.datetime(2026, 11, 25, 13, 0, 59)
    assert in_csv(moment) == ["2026-11-25 13:00:59"]
    (cell,) = in_xlsx(tmp_path / "a.xlsx", moment)
    assert cell.value == moment
    assert cell.number_format == "yyyy-mm-dd hh:mm:ss"


def test_a_long_table_goes_on_in_further_sheets_behind_the_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    rows: list[list[Cell]] = [[number, f"Nama {number}"] for number in range(25)]
    further = ("Kamus", ["kolom"], [["nomor"]])
    assert sheet_streams.write_xlsx(path, "Data", ["nomor", "nama"], rows, further, most_rows=11) == 25
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Data", "Kamus", "Data 2", "Data 3"]
    shown = [list(book[name].iter_rows(values_only=True)) for name in ("Data", "Data 2", "Data 3")]
    assert [len(sheet) for sheet in shown] == [11, 11, 6]
    assert all(sheet[0] == ("nomor", "nama") for sheet in shown)
    assert [row[0] for sheet in shown for row in sheet[1:]] == list(range(25))
    assert book["Data 2"].auto_filter.ref == "A1:B11"
    assert book["Data"].freeze_panes == "A2"


@pytest.mark.parametrize("number", [0, 10])
def test_a_sheet_that_is_just_full_or_empty_has_none_behind_it(tmp_path: Path, number: int) -> None:
    path = tmp_path / "full.xlsx"
    rows = ([nth] for nth in range(number))
    assert sheet_streams.write_xlsx(path, "Data", ["n"], rows, ("Kamus", ["k"], []), most_rows=11) == number
    assert openpyxl.load_workbook(path).sheetnames == ["Data", "Kamus"]


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def many(number: int) -> Iterator[list[Cell]]:
        return ([nth, f"Pegawai {nth}", "Dinas Kesehatan"] for nth in range(number))

    def peak(number: int) -> int:
        tracemalloc.start()
        with (tmp_path / "a.csv").open("wb") as file:
            streams.write_csv(file, ["a", "b", "c"], many(number))
        sheet_streams.write_xlsx(tmp_path / "a.xlsx", "D", ["a", "b", "c"], many(number), ("K", ["k"], []))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)  # what is loaded only once
    assert peak(20_000) < peak(2_000) + 200_000


def test_a_file_is_all_there_or_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "shares.csv"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), streams.placed(target) as part:
        part.write_text("half")
        _ = 1 / 0
    assert [file.name for file in tmp_path.iterdir()] == ["shares.csv"]
    assert target.read_text() == "old"
    with streams.placed(target) as part:
        part.write_text("new")
    assert target.read_text() == "new"
    assert [file.name for file in tmp_path.iterdir()] == ["shares.csv"]


def test_what_xml_cannot_hold_is_left_out(tmp_path: Path) -> None:
    (cell,) = in_xlsx(tmp_path / "a.xlsx", "a\x00b\ufffec\ud800d")
    assert cell.value == "abc?d"
    assert workbooks.harmless("a\x00b") == "ab"
