"""The workbook: the figures of the snapshot, to the digit, in tables that anybody can sort and filter."""

import io
import zipfile
from datetime import date, datetime
from functools import cache
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from bot.reports import meanings, pack_book
from tests.bot.reports import sample
from tests.bot.reports.books import WIB, book, column, rows

SHEETS = [
    "Ringkasan", "OPD", "Kanal", "Bukti", "Tren", "Angkatan", "Kesiapan", "Keputusan", "Mendesak", "Definisi",
    "Tentang",
]  # fmt: skip
EVIL = ("=1+1", "+62813", "-1", "@SUM(A1)", "\t=1", "|calc", '=HYPERLINK("http://x")')


@cache
def demo() -> dict[str, Worksheet]:
    before = sample.digest(sample.week(name="2026-W53", length=6))
    return book(sample.digest(sample.demo()), before)


def test_the_workbook_has_its_sheets_in_the_order_of_reading() -> None:
    assert list(demo()) == SHEETS


@pytest.mark.parametrize("name", SHEETS)
def test_every_sheet_is_one_table_with_filters_that_fits_on_paper(name: str) -> None:
    sheet = demo()[name]
    (table,) = sheet.tables.values()
    assert table.ref == sheet.dimensions == table.autoFilter.ref
    assert [part.name for part in table.tableColumns] == [cell.value for cell in sheet[1]]
    assert len({cell.value for cell in sheet[1]}) == sheet.max_column
    assert sheet.max_row >= 2  # to Excel a table without a row is a broken file
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize or 0)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_every_opd_is_there_as_the_snapshot_has_it() -> None:
    figures = sample.demo()
    sheet = demo()["OPD"]
    for heading, key in (
        ("Kode", "code"),
        ("OPD", "name"),
        ("ASN terdaftar", "roster"),
        ("Bergabung", "joined"),
        ("Aktif", "active"),
        ("Partisipasi", "participation"),
        ("Minggu lalu", "previous"),
        ("Unggahan berbukti", "shares"),
    ):
        assert column(sheet, heading) == [opd.get(key) for opd in figures["opd"]], heading
    for heading, key, words in (
        ("Konten minggu ini", "own_item", ("ada", "tidak ada")),
        ("Konten minggu berikutnya", "ready", ("siap", "belum")),
    ):
        wanted = [words[0] if opd.get(key) else words[1] for opd in figures["opd"]]
        assert column(sheet, heading) == wanted
    best = {opd["band"]: opd["code"] for opd in reversed(figures["opd"])}
    first = {row[0] for row in rows(sheet) if row[10] == 1}
    assert first == set(best.values())
    reached = [opd["participation"] >= figures["target"] for opd in figures["opd"]]
    assert [word == "tercapai" for word in column(sheet, "Target")] == reached


def test_opd_that_are_equal_share_a_rank() -> None:
    sheet = book(sample.digest(sample.tied()))["OPD"]
    assert column(sheet, "OPD") == ["Sekretariat DPRD", "Biro Hukum", "Inspektorat Daerah", "Biro Umum"]
    assert column(sheet, "Peringkat") == [1, 2, 2, 4]
    assert set(column(sheet, "Dari OPD seukuran")) == {4}


def test_the_headlines_are_those_of_the_snapshot_beside_those_of_last_week() -> None:
    now: Any = sample.demo()
    then: Any = sample.week(name="2026-W53", length=6)
    found = {row[0]: row[1:] for row in rows(demo()["Ringkasan"])}
    for name, place in (
        ("ASN aktif", ("active",)),
        ("ASN terdaftar", ("roster",)),
        ("Bergabung", ("joined",)),
        ("Target", ("target",)),
        ("Jalur ke target", ("goal", "path")),
        ("Perkiraan pada tanggal target", ("goal", "value")),
        ("Perkiraan, batas bawah", ("goal", "low")),
        ("Perkiraan, batas atas", ("goal", "high")),
        ("Unggahan berbukti", ("shares",)),
        ("Bukti diterima", ("quality", "accepted")),
        ("Belum diputuskan", ("quality", "waiting")),
        ("Bukti ditolak", ("quality", "rejected")),
        ("Bukti masih ditunggu", ("quality", "claimed")),
        ("Terlambat", ("quality", "late")),
        ("Perkiraan dilihat", ("reach", "views")),
        ("Menerima konten", ("received",)),
        ("Tidak menerima konten", ("not_received",)),
        ("Pertama kali berbagi", ("cohorts", "new")),
        ("Tidak berbagi lagi", ("cohorts", "stopped")),
        ("OPD yang dihitung", ("agencies",)),
        ("Siap untuk minggu berikutnya", ("ready",)),
        ("Konten menunggu", ("waiting_review",)),
    ):
        this, last = now, then
        for key in place:
            this, last = this[key], last[key]
        assert found[name][:2] == (this, last), name
    assert found["Partisipasi"][:2] == (now["participation"], now["previous"])
    assert found["Tim PPID kecil"][0] == len(now["small_teams"])
    assert found["Konten sendiri"][0] == sum(opd["own_item"] for opd in now["opd"])
    assert (found["Keputusan berjalan"][0], found["Keputusan lewat tenggat"][0]) == (2, 1)
    assert found["Tanggal target"][0] == datetime(2027, 2, 25)
    assert found["Sedang turun"][0] == "tidak"
    assert found["ASN aktif"][2] == meanings.sentence("active")
    assert all(row[2] for row in found.values())


def test_platforms_proofs_cohorts_and_the_trend_are_those_of_the_snapshot() -> None:
    figures = sample.demo()
    platforms = demo()["Kanal"]
    assert sorted(column(platforms, "Unggahan berbukti")) == sorted(figures["platforms"].values())
    assert sorted(column(platforms, "Dilihat (perkiraan)")) == sorted(figures["reach"]["platforms"].values())
    assert sum(column(platforms, "Bagian")) == pytest.approx(1)
    quality = dict(row[:2] for row in rows(demo()["Bukti"]))
    assert quality.pop("Ditarik") == figures["proofs"]["withdrawn"]
    assert list(quality.values()) == list(figures["quality"].values())
    months = figures["cohorts"]["months"]
    assert [row[1:3] for row in rows(demo()["Angkatan"])] == [
        (one["people"], one["active"]) for one in months
    ]
    assert [row[0] for row in rows(demo()["Angkatan"])][:2] == ["Sebelumnya", datetime(2026, 10, 1)]
    trend = rows(demo()["Tren"])
    assert [(row[0], row[3]) for row in trend] == [
        (point["week"], point["participation"]) for point in figures["trend"]
    ]
    assert trend[-1][1:3] == (datetime(2027, 1, 6), datetime(2027, 1, 13))


def test_what_is_to_be_looked_after_is_listed() -> None:
    figures = sample.demo()
    found = rows(demo()["Kesiapan"])
    named = {matter: [row[1] for row in found if row[0] == matter] for matter in {row[0] for row in found}}
    assert named["Belum ada konten untuk minggu berikutnya"] == figures["lacking"]
    assert named["Tim PPID kurang dari tiga orang"] == figures["small_teams"]
    assert named["Tanpa konten sendiri minggu ini"] == figures["without_item"]
    assert found[0] == ("Konten menunggu diperiksa", "Semua OPD", figures["waiting_review"])
    (first, *_, last) = rows(demo()["Keputusan"])
    assert first[2:] == ("Kepala Bappeda", datetime(2027, 1, 6), "berjalan", "ya")
    assert last[4:] == ("selesai", "tidak")
    assert rows(demo()["Mendesak"]) == [tuple(one.values()) for one in figures["urgent"]]


def test_every_figure_is_defined_in_the_workbook() -> None:
    found = {row[0]: row[1:] for row in rows(demo()["Definisi"])}
    assert found == {
        one.name: (one.sentence, one.where, ", ".join(one.keys) or None) for one in meanings.MEANINGS
    }


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    sheet = demo()["OPD"]
    formats = {cell.value: sheet.cell(2, nth).number_format for nth, cell in enumerate(sheet[1], start=1)}
    assert formats["Partisipasi"] == formats["Minggu lalu"] == "0.0%"
    assert formats["ASN terdaftar"] == "#,##0"
    assert formats["Perubahan (poin)"] == "+0.0;-0.0;0.0"
    assert formats["Kode"] == "@"  # "05" is no number
    assert demo()["Tren"]["B2"].is_date
    assert demo()["Tentang"]["B5"].number_format == '[$-421]d mmmm yyyy hh"."mm'


def test_the_trend_has_a_chart_that_excel_draws() -> None:
    data = pack_book.workbook(sample.digest(sample.demo()), None, WIB)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (name,) = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        chart = archive.read(name).decode()
    assert "<lineChart>" in chart
    for cells in ("'Tren'!$D$2:$D$8", "'Tren'!$E$2:$E$8", "'Tren'!$C$2:$C$8"):
        assert cells in chart
    assert chart.count('<delete val="0"') == 2  # both axes are shown


def test_who_made_it_and_what_changed_is_told() -> None:
    changes = {
        "active": [6951, 6949], "rejected": [97, 99], "late": [0, 3], "withdrawn": [1, 2],
        "reach": [900, 870], "platforms": [["x", 7, 6]], "opd": [["Dinas Kesehatan", 459, 457]],
        "opd_shares": [["Dinas Sosial", 12, 11]], "opd_other": ["Dinas Pertanian"],
    }  # fmt: skip
    sheet = book(sample.digest(sample.demo(), version=2, changes=changes))["Tentang"]
    found = rows(sheet)
    about = {row[0]: row[1] for row in found}
    assert (about["Nama minggu"], about["Versi"]) == ("2027-W01", 2)
    assert about["Dibekukan"] == datetime(2027, 1, 13, 7, 30)
    assert about["Perkiraan dilihat"] == meanings.sentence("reach")
    assert [row[1:] for row in found if row[0] == "Berubah dari versi sebelumnya"] == [
        ("ASN aktif", 6951, 6949),
        ("Bukti ditolak", 97, 99),
        ("Terlambat", 0, 3),
        ("Ditarik", 1, 2),
        ("Perkiraan dilihat", 900, 870),
        ("Unggahan per kanal: X (Twitter)", 7, 6),
        ("ASN aktif: Dinas Kesehatan", 459, 457),
        ("Unggahan berbukti: Dinas Sosial", 12, 11),
        ("Rincian bukti atau kanal: Dinas Pertanian", None, None),
    ]
    first = {row[0]: row[1] for row in rows(demo()["Tentang"])}
    assert first["Perubahan dalam versi ini"] == "Versi pertama, belum ada koreksi"
    assert first["Dibandingkan dengan"] == "minggu 30 Desember 2026 – 6 Januari 2027"


@pytest.mark.parametrize("evil", EVIL)
def test_no_cell_is_a_formula_whatever_people_wrote(evil: str) -> None:
    figures: Any = sample.demo()
    figures["opd"][0]["name"] = figures["opd"][0]["code"] = figures["lacking"][0] = evil
    figures["small_teams"][0] = figures["without_item"][0] = figures["urgent"][0]["title"] = evil
    figures["decisions"][0]["text"] = figures["decisions"][0]["who"] = evil
    changes = {"opd": [[evil, 1, 2]]}
    data = pack_book.workbook(sample.digest(figures, version=2, changes=changes), None, WIB)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in archive.read(name)
    cells = [
        cell
        for sheet in openpyxl.load_workbook(io.BytesIO(data))
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert sum(cell.value == f"'{evil}" for cell in cells) >= 6


def test_a_week_in_which_there_is_nothing_has_tables_that_say_so() -> None:
    figures: Any = sample.week(agencies=0) | {
        "platforms": {},
        "decisions": [],
        "urgent": [],
        "waiting_review": 0,
    }
    figures["cohorts"]["months"], figures["small_teams"] = [], []
    sheets = book(sample.digest(figures))
    assert "Mendesak" not in sheets
    for name in ("OPD", "Kanal", "Angkatan", "Kesiapan", "Keputusan"):
        assert rows(sheets[name])[0][0] == "Tidak ada"
        assert sheets[name].max_row == 2


def test_a_snapshot_of_before_a_figure_existed_becomes_a_workbook_too() -> None:
    known = ("week", "roster", "active", "participation", "previous", "target", "target_date", "trend",
             "platforms")  # fmt: skip
    figures: Any = sample.week()
    old = {name: figures[name] for name in known}
    small = ("code", "name", "roster", "active", "participation", "band")
    old["opd"] = [{name: opd[name] for name in small} for opd in figures["opd"]]
    sheets = book(sample.digest(old))  # type: ignore[arg-type]
    found = {row[0]: row[1] for row in rows(sheets["Ringkasan"])}
    assert (found["ASN aktif"], found["Perkiraan dilihat"]) == (figures["active"], "–")
    assert set(column(sheets["OPD"], "Minggu lalu")) == {None}


def test_a_due_day_is_a_day_whatever_the_zone() -> None:
    assert date.fromisoformat("2027-01-06") == rows(demo()["Keputusan"])[0][3].date()


def test_a_row_is_as_high_as_its_longest_text_where_nobody_finds_that_by_itself() -> None:
    """LibreOffice keeps the height that the file says, and would write one line over the next."""

    for sheet in demo().values():
        widths = [dimension.width for dimension in sheet.column_dimensions.values()]
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            texts = [
                (len(value), width)
                for value, width in zip(row, widths, strict=False)
                if isinstance(value, str)
            ]
            # The space at which a line is broken takes no room.
            lines = max((-(-(length + 1) // (int(width) + 1)) for length, width in texts), default=1)
            assert (sheet.row_dimensions[number].height or 15) >= 15 * lines, (sheet.title, number)
    assert {cell.alignment.horizontal for cell in demo()["OPD"]["B"]} == {"left"}, "indented, so not glued"
