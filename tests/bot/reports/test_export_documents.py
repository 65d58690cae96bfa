"""The documents that are made of exports: their names, their sizes, and how long they are kept."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from bot.clock import Clock
from bot.files.media import Store
from bot.outbound.library import Library, Paper
from bot.reports import exports, makers
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.messages.files import Media
from models.proofs import retention
from tests import printing
from tests.chat import Stage

WEEK = "2026-W48"


def make(stage: Stage, tmp_path: Path, name: str) -> Paper:
    made = makers.makers(Store(f"file://{tmp_path / 'media'}"), "bot", stage.programme.zone)
    kind, _, about = name.partition(":")
    with stage.session() as session:
        return made[kind](session, about, stage.now)


def many(stage: Stage) -> None:
    for nth in range(40):
        stage.person(f"Pegawai {nth}")


def test_a_document_is_made_of_its_name(stage: Stage, tmp_path: Path) -> None:
    stage.person("=Budi")
    paper = make(stage, tmp_path, f"export:people:{WEEK}:csv:0:1")
    assert (paper.kind, paper.name, paper.mime, paper.purpose) == (
        "document", f"people-{WEEK}.csv", "text/csv", "export",
    )  # fmt: skip
    lines = list(csv.reader(io.StringIO(paper.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert (lines[0][3], lines[1][3]) == ("nama", "'=Budi")
    book = openpyxl.load_workbook(io.BytesIO(make(stage, tmp_path, f"export:people:{WEEK}:xlsx:0:1").data))
    assert book.sheetnames == ["Orang", "Kamus"]
    assert book["Orang"]["D2"].value == "'=Budi"
    explained = {cells[0].value for cells in book["Kamus"].iter_rows(min_row=2)}
    assert {cell.value for cell in book["Orang"][1]} <= explained
    beside = make(stage, tmp_path, "dictionary:open")
    assert beside.name == "open.kamus.csv"
    assert "CC BY 4.0" in beside.data.decode("utf-8")


def test_a_document_of_several_weeks_names_both_ends(stage: Stage, tmp_path: Path) -> None:
    stage.person("Siti")
    paper = make(stage, tmp_path, f"export:people:2026-W46_{WEEK}:csv:0:1")
    assert paper.name == f"people-2026-W46_{WEEK}.csv"
    assert [line[:8] for line in paper.data.decode("utf-8-sig").splitlines()[1:]] == [
        "2026-W46",
        "2026-W47",
        WEEK,
    ]


def test_what_is_too_large_is_zipped_and_what_is_larger_still_says_how_to_get_it(stage: Stage) -> None:
    many(stage)
    about = f"people:{WEEK}:csv:0:1"
    with stage.session() as session:
        whole = exports.paper(session, about, stage.programme.zone)
        packed = exports.paper(session, about, stage.programme.zone, most=len(whole.data) - 1)
        none = exports.paper(session, about, stage.programme.zone, most=100)
    assert (packed.name, packed.mime) == (f"people-{WEEK}.csv.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        assert archive.read(f"people-{WEEK}.csv") == whole.data
    assert none.name == "baca-dulu.txt"
    assert f"python -m bot export people --week {WEEK} --format csv" in none.data.decode("utf-8")


def test_what_is_too_large_for_whatsapp_comes_as_a_workbook_that_says_how_to_get_it(stage: Stage) -> None:
    many(stage)
    about = f"people:{WEEK}:xlsx:0:1:whatsapp"
    with stage.session() as session:
        whole = exports.paper(session, about, stage.programme.zone)
        none = exports.paper(session, about, stage.programme.zone, most=len(whole.data) - 1)
    assert whole.name == f"people-{WEEK}.xlsx"
    assert (none.name, none.mime) == ("baca-dulu.xlsx", exports.MIMES["xlsx"])
    sheet = openpyxl.load_workbook(io.BytesIO(none.data))["Baca dulu"]
    said = [str(cells[0].value) for cells in sheet.iter_rows()]
    assert "lebih dari 16 MB" in said[0]
    assert "/ekspor di Telegram" in said[1]
    assert said[2] == f"python -m bot export people --week {WEEK} --format xlsx"


@pytest.mark.anyio
async def test_a_document_is_made_when_it_is_sent_and_not_kept_for_ever(stage: Stage, tmp_path: Path) -> None:
    stage.person("Siti")
    store = Store(f"file://{tmp_path / 'media'}")
    writer = Writer(stage.engine, Wakeups())
    writer.start()
    made = makers.makers(store, "bot", stage.programme.zone)
    library = Library(stage.engine, writer, store, Clock(), printing.here(stage.engine, made))
    media_id = await library.report(f"export:people:{WEEK}:csv:0:1")
    async with library.lend(media_id, "telegram") as (document, _keep):
        assert (document.kind, document.name, document.mime) == ("document", f"people-{WEEK}.csv", "text/csv")
        assert document.path is not None
        assert b"Siti" in document.path.read_bytes()
    writer.close()
    late = Clock().now() + timedelta(weeks=stage.programme.proofs.keep_weeks, days=1)
    with stage.session() as session, session.begin():
        assert retention.let_go(session, late, stage.programme) == 1
        assert session.get_one(Media, media_id).status == retention.OVER
