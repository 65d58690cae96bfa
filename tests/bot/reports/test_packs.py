"""The files of the pack as the database has it: of a closed week, and the same ever after."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl

from bot.files.media import Store
from bot.outbound.library import Paper
from bot.reports import makers, packs
from models.digests import digests
from models.figures.snapshots import Digest
from models.programme import weeks
from tests import scene
from tests.chat import Stage

WEEK = "2026-W48"
NOW = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)


def a_closed_week(stage: Stage) -> int:
    siti = stage.person("Siti")
    stage.person("Budi")
    scene.item(stage)
    scene.release(stage)
    siti.says("sudah")
    stage.person("Rina", "DISDIK").says("https://x.com/rina/status/1860012345678901234")
    stage.now = weeks.closing(WEEK, stage.programme)
    with stage.session() as session, session.begin():
        return digests.close(session, WEEK, stage.now, stage.programme).id


def made(stage: Stage, kind: str, digest: int, folder: Path) -> Paper:
    store = Store(f"file://{folder}", max_bytes=10**7, at_once=1)
    found = makers.makers(store, "bot", ZoneInfo("Asia/Jakarta"))
    with stage.session() as session:
        return found[kind](session, str(digest), NOW)


def summary(data: bytes) -> dict[str, Any]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Ringkasan"]
    return {str(row[0]): row[1:3] for row in sheet.iter_rows(min_row=2, values_only=True)}


def test_the_files_of_a_pack_have_the_figures_of_its_snapshot(stage: Stage, tmp_path: Path) -> None:
    digest = a_closed_week(stage)
    with stage.session() as session:
        figures: Any = session.get_one(Digest, digest).figures
    book = made(stage, "digest-workbook", digest, tmp_path)
    assert (book.kind, book.name) == ("document", f"rabuan-{WEEK}.xlsx")
    found = summary(book.data)
    assert found["Partisipasi"] == (figures["participation"], "–")
    assert found["ASN aktif"][0] == figures["active"]
    assert found["Unggahan berbukti"][0] == figures["shares"]
    assert found["Bukti masih ditunggu"][0] == figures["quality"]["claimed"] == 1
    page = made(stage, "digest-paper", digest, tmp_path)
    assert (page.kind, page.name, page.mime) == ("document", f"rabuan-{WEEK}.pdf", "application/pdf")
    assert page.data.startswith(b"%PDF-")
    assert page.data.count(b"/Type /Page\n") == 2


def test_last_week_is_what_it_was_when_the_week_closed(stage: Stage, tmp_path: Path) -> None:
    closing = weeks.closing(WEEK, stage.programme)
    before: list[tuple[str, int, int, timedelta]] = [
        ("2026-W46", 1, 5, timedelta(days=-14)),
        ("2026-W47", 1, 6, timedelta(days=-7)),
        ("2026-W47", 2, 7, timedelta(days=-1)),
        ("2026-W47", 3, 8, timedelta(days=1)),  # a correction that came later
    ]
    with stage.session() as session, session.begin():
        for week, version, active, when in before:
            figures = {"participation": active / 10, "active": active}
            session.add(Digest(week=week, version=version, figures=figures, changes={}, at=closing + when))
    digest = a_closed_week(stage)
    with stage.session() as session, session.begin():
        first = session.get_one(Digest, digest)
        later = Digest(
            week=WEEK,
            version=2,
            figures=first.figures,
            changes={"active": [2, 1]},
            at=closing + timedelta(days=3),
        )
        session.add(later)
        session.flush()
        for one in (first, later):
            found = packs.compared(session, one)
            assert found is not None
            assert (found.week, found.version) == ("2026-W47", 2)
    found_active = summary(made(stage, "digest-workbook", digest, tmp_path).data)["ASN aktif"]
    assert found_active[1] == 7


def test_the_first_week_is_compared_with_nothing(stage: Stage) -> None:
    digest = a_closed_week(stage)
    with stage.session() as session:
        assert packs.compared(session, session.get_one(Digest, digest)) is None
