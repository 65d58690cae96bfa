"""The data dictionary: it knows every column of every export, and the page says what the code says."""

import pytest

from bot.reports import dictionary
from models.figures import exporting, opendata
from models.figures.snapshots import Digest
from tests import programs


@pytest.mark.parametrize("what", exporting.KINDS)
def test_the_columns_are_those_of_the_rows(what: str) -> None:
    assert dictionary.tables()[what].headings == exporting.names(what)


def test_open_data_have_a_column_for_every_number() -> None:
    opd = {"code": "A", "name": "Dinas A", "roster": 20, "active": 10, "participation": 0.5}
    digest = Digest(week="2026-W48", version=1, figures={"opd": [opd]})
    (row,) = opendata.rows([digest])
    assert len(row) == len(dictionary.tables()["open"].columns)


def test_every_column_says_what_it_is_in_both_languages() -> None:
    for what, table in dictionary.tables().items():
        assert len(set(table.headings)) == len(table.columns), what
        for column in table.columns:
            assert column.values, f"{what}.{column.name}"
            assert column.indonesian.endswith("."), f"{what}.{column.name}"
            assert column.english.endswith("."), f"{what}.{column.name}"
            assert column.indonesian != column.english


def test_of_the_people_every_column_says_whether_it_is_frozen_or_of_now() -> None:
    for column in dictionary.PEOPLE.columns:
        if column.name not in ("minggu", "opd"):
            assert "saat ekspor dibuat" in column.indonesian or "dibekukan" in column.indonesian, column.name
            assert "when the export is made" in column.english or "frozen" in column.english, column.name


def test_no_export_has_nip_or_phone() -> None:
    for table in dictionary.tables().values():
        assert not {"nip", "hp", "telepon", "phone"} & set(table.headings)


def test_the_page_is_what_the_code_says() -> None:
    page = (programs.ROOT / "docs" / "kamus-data.md").read_text("utf-8")
    assert page == dictionary.markdown(), "run: python -m bot.reports.dictionary > docs/kamus-data.md"
