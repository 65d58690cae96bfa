"""Uploaded tables: every way in which offices save a list, and every file that is none."""

import csv
import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports import tables, workbooks
from bot.texts import catalogue
from models.people import people

HEADER = ["nip", "nama", "kode_opd", "hp", "jabatan"]
SITI = ["197001011990032001", "Siti Rahmawati", "DINKES", "081317036688", "Guru"]


def as_csv(rows: list[list[str]], separator: str = ",", quoting: Any = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=quoting).writerows(rows)
    return text.getvalue()


def as_xlsx(rows: list[list[Any]], **sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def problem(data: bytes) -> str:
    table = tables.read_table(data, "daftar.xlsx")
    assert table.rows == []
    (one,) = table.problems
    assert one.params["name"] == "daftar.xlsx"
    return one.key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_a_list_reads_the_same_however_it_was_saved(encoding: str, separator: str, quoting: int) -> None:
    person = [SITI[0], "José, S.Kom; M|Si", *SITI[2:4], "Kepala Seksi\nPelayanan"]
    text = as_csv([HEADER, person, SITI], separator, quoting)
    table = tables.read_table(text.encode(encoding), "daftar.csv")
    assert table.problems == []
    assert table.columns == tuple(HEADER)
    assert [row.line for row in table.rows] == [2, 4]  # the first person takes two lines
    assert list(table.rows[0].cells.values()) == [*person[:4], "Kepala Seksi Pelayanan"]
    assert list(table.rows[1].cells.values()) == SITI


@given(st.lists(st.lists(st.text("aß,;\t|\"'= \n0é", max_size=8), min_size=5, max_size=5), max_size=5))
def test_no_cell_moves_into_another_column(rows: list[list[str]]) -> None:
    table = tables.read_table(as_csv([HEADER, *rows], quoting=csv.QUOTE_ALL).encode(), "x.csv")
    kept = [[tables._tidy(cell) for cell in row] for row in rows]
    assert table.problems == []
    assert [list(row.cells.values()) for row in table.rows] == [row for row in kept if any(row)]


def test_an_xlsx_reads_like_a_csv_and_keeps_line_numbers(tmp_path: Path) -> None:
    data = as_xlsx([["DAFTAR ASN", None], [], HEADER, SITI, [None] * 5, ["1", "B", "C", None, None]])
    (tmp_path / "daftar.csv").write_bytes(data)  # the name does not matter
    table = tables.read_table(tmp_path / "daftar.csv", "daftar.csv")
    assert [row.line for row in table.rows] == [4, 6]
    assert list(table.rows[0].cells.values()) == SITI
    assert table.rows[1].cells["jabatan"] == ""


def test_numbers_and_dates_of_a_spreadsheet_come_as_a_person_sees_them() -> None:
    data = as_xlsx([HEADER, [1.97001011990032e17, 12.5, 7.0, 81317036688, dt.date(2026, 11, 25)]])
    (row,) = tables.read_table(data, "x.xlsx").rows
    assert list(row.cells.values()) == ["1.97E+17", "12.5", "7", "81317036688", "2026-11-25"]


@pytest.mark.parametrize("written", [1.97001011990032e17, 197001011990032001, "1,97001E+17"])
def test_an_nip_that_excel_rounded_is_never_taken_for_one(written: Any) -> None:
    (row,) = tables.read_table(as_xlsx([HEADER, [written, *SITI[1:]]]), "x.xlsx").rows
    assert re.search(r"[0-9]E\+17$", row.cells["nip"])
    with pytest.raises(Exception, match="nip"):
        people.nip(row.cells["nip"])


@pytest.mark.parametrize(
    "written", ["'197001011990032001", '="197001011990032001"', "\u202d197001011990032001\u00a0"]
)
def test_what_holds_a_number_as_text_is_taken_off(written: str) -> None:
    (row,) = tables.read_table(as_csv([HEADER, [written, *SITI[1:]]]).encode(), "x.csv").rows
    assert row.cells["nip"] == SITI[0]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (["NIP Baru", "NAMA LENGKAP", "Kode OPD", "No. HP / WA *", "Jabatan"], HEADER),
        (["N.I.P.", "Nama", "OPD", "Nomor WhatsApp", "Posisi"], HEADER),
        (["Kode OPD", "Nama Perangkat Daerah"], ["kode", "nama"]),
        (["kode", "nama"], ["kode", "nama"]),
        (["nip", "nama", "kode"], HEADER[:3]),
    ],
)
def test_headers_are_understood_as_offices_write_them(header: list[str], columns: list[str]) -> None:
    table = tables.read_table(as_csv([header, ["x"] * len(header)]).encode(), "x.csv")
    assert list(table.columns) == columns
    assert list(table.rows[0].cells) == columns


def test_columns_that_mean_nothing_are_named_and_left_out() -> None:
    table = tables.read_table(
        as_csv([["No", "NIP", "Nama", "Agama"], ["1", "2", "3", "4"]]).encode(), "x.csv"
    )
    assert table.ignored == ("No", "Agama")
    assert table.rows[0].cells == {"nip": "2", "nama": "3"}


def test_the_sheet_with_the_header_is_taken_and_hidden_ones_are_not() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(as_xlsx([["Petunjuk"]], Lama=[HEADER, ["9"]], Data=[HEADER, SITI]))
    )
    book["Lama"].sheet_state = "hidden"
    (row,) = tables.read_table(saved(book), "x.xlsx").rows
    assert list(row.cells.values()) == SITI


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "table.empty"),
        (b" \r\n\r\n", "table.empty"),
        (b"\0" * 50, "table.empty"),
        (b"%PDF-1.7 ...", "table.not_a_table"),
        (b"<html><table><tr><td>nip</td></tr></table></html>", "table.not_a_table"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "table.not_a_table"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(range(256)), "table.not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "table.old_excel"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "table.encrypted",
        ),
        (zipped(word__document_xml=b"<x/>"), "table.not_a_table"),
        (zipped(xl__workbook_xml=b"<x/>"), "table.broken"),
        (b"PK\x03\x04 and then nothing", "table.broken"),
        (as_xlsx([HEADER, SITI])[:-400], "table.broken"),
        (b"Siti,Dinkes\nBudi,Dinkes\n", "table.no_header"),
        (as_xlsx([["Siti", "Dinkes"]]), "table.no_header"),
        (b"nip,nama,NIP Baru\n1,2,3\n", "table.column_twice"),
        (b'nip,nama\n1,"Siti\n2,Budi\n', "table.broken_line"),
        (b"nip,nama\n1,Ahmad, M.Si\n", "table.extra_cells"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(data: bytes, key: str) -> None:
    assert problem(data) == key
    assert key in catalogue.current().texts


def test_the_lines_with_a_stray_separator_are_named() -> None:
    body = "".join(f"{line},Ahmad, M.Si\n" for line in range(2, 10))
    table = tables.read_table(f"nip,nama\n{body}".encode(), "x.csv")
    assert table.problems[0].params["lines"] == "2, 3, 4, 5, 6, …"


def test_the_line_of_a_missing_quote_is_named() -> None:
    table = tables.read_table(b'nip,nama\n1,Budi\n2,"Siti\n3,Ani\n', "x.csv")
    assert table.problems[0].params["line"] == 3


def test_a_list_that_is_too_long_is_refused() -> None:
    body = b"nip,nama\n" + b"1,A\n" * (tables.MAX_ROWS + 1)
    assert problem(body) == "table.too_many_rows"
    assert problem(body + b"1,A\n" * 100) == "table.too_many_rows"
    assert len(tables.read_table(body[:-4], "x.csv").rows) == tables.MAX_ROWS


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(tables.MAX_BYTES + 1)
    (one,) = tables.read_table(tmp_path / "big.csv", "big.csv").problems
    assert one.key == "table.too_large"


def test_a_zip_bomb_is_refused_by_its_unpacked_size() -> None:
    assert problem(zipped(xl__workbook_xml=b"<x/>", big=b"0" * (workbooks.MAX_UNPACKED + 1))) == (
        "table.too_large_inside"
    )


def test_a_bomb_of_entities_is_refused() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    good = zipfile.ZipFile(io.BytesIO(as_xlsx([HEADER, SITI])))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part in good.infolist():
            content = good.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = laughs + content
            archive.writestr(part.filename, content)
    assert problem(file.getvalue()) == "table.broken"


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"nip,nama\n", b"\xff\xfe", b"sep=;\n"]))
def test_no_bytes_whatever_make_the_reader_fail(data: bytes, start: bytes) -> None:
    table = tables.read_table(start + data, "x")
    assert not (table.rows and table.problems)


FORMULAS = ["=1+1", "+62813", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", "|calc", "%0A=1"]


@pytest.mark.parametrize("written", FORMULAS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_written_carries_no_formula_and_reads_back(written: str, form: str) -> None:
    row = tables.Row(17, dict(zip(HEADER, [SITI[0], written, "X", "081", "Y"], strict=True)))
    data = workbooks.write_rejects([(row, "Nama salah")], HEADER, form=form)
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        assert sheet is not None
        assert [cell.value for cell in sheet[1]] == ["baris", *HEADER, "alasan"]
        cells = list(sheet[2])
        assert cells[2].data_type == "s"
        assert str(cells[2].value).startswith("'")
        assert (cells[0].value, cells[1].value, cells[6].value) == (17, SITI[0], "Nama salah")
    else:
        assert data.startswith(b"\xef\xbb\xbfbaris;nip;")
        shown = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert shown[1][2].startswith("'")
    (again,) = tables.read_table(data, "x").rows
    assert again.cells["nama"] == tables._tidy(written)
    assert again.cells["nip"] == SITI[0]


@given(st.text())
def test_any_text_can_be_written(text: str) -> None:
    workbooks.write_csv(["a"], [[text]])
    clean = workbooks.harmless(text)
    assert isinstance(clean, str)
    assert not clean.lstrip().startswith(("=", "+", "-", "@"))
    openpyxl.load_workbook(io.BytesIO(workbooks.write_xlsx(["a"], [[text], [1], [None], [0.5]])))
