"""`python -m bot export` as a person meets it."""

import csv
import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from alembic import command
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage import database, schema
from models.digests import digests
from models.people.audit import Entry
from models.people.people import Opd, Person
from models.programme import weeks
from models.programme.programme import Programme
from tests import commands, programs

NOW = datetime.now(UTC)
WEEK = weeks.of(NOW, Programme())
BEFORE = weeks.shift(WEEK, -1)


@pytest.fixture(params=["sqlite", "postgres"])
def env(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """A programme on each engine."""
    return begun(request.getfixturevalue(f"{request.param}_database"), tmp_path)


@pytest.fixture
def lite(sqlite_database: str, tmp_path: Path) -> dict[str, str]:
    """A programme on SQLite, for what no database has a part in."""
    return begun(sqlite_database, tmp_path)


def begun(database_url: str, tmp_path: Path) -> dict[str, str]:
    """A programme of twelve people that began four weeks ago; last week is closed."""
    # The tables are there; the command also wants to know of which version they are.
    command.stamp(schema._config(database.url(database_url)), "head")
    engine = database.writing(database.url(database_url))
    programme = Programme(started=weeks.shift(WEEK, -4))
    with Session(engine) as session, session.begin():
        session.add(Opd(id=1, code="DINKES", name="Dinas Kesehatan"))
        session.flush()
        for nth in range(12):
            session.add(Person(name="=Budi" if not nth else f"Orang {nth}", opd_id=1, created_at=NOW))
        session.flush()
        digests.close(session, BEFORE, NOW, programme)
    engine.dispose()
    return programs.environment(
        database_url, "http://127.0.0.1:9", tmp_path, programme__started=weeks.shift(WEEK, -4)
    )


def run(env: dict[str, str], folder: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """The command in a folder of its own, with the shipped config.yaml."""
    if not (folder / "config.yaml").exists():
        (folder / "config.yaml").write_text((programs.ROOT / "config.yaml").read_text())
    return commands.run(env, "export", *words, folder=folder)


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def acts(env: dict[str, str]) -> list[Entry]:
    engine = database.reading(database.url(env["DATABASE_URL"]))
    with Session(engine) as session:
        found = list(session.scalars(select(Entry).where(Entry.act == "export").order_by(Entry.id)))
    engine.dispose()
    return found


def test_a_csv_comes_with_its_dictionary_and_is_not_written_over(env: dict[str, str], tmp_path: Path) -> None:
    done = run(env, tmp_path, "people")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == f"12 rows: people-{WEEK}.csv, people-{WEEK}.kamus.csv\n"
    assert done.stderr == b"", "a progress line is for terminals"
    shown = lines((tmp_path / f"people-{WEEK}.csv").read_bytes())
    assert (len(shown), shown[1][3]) == (13, "'=Budi")
    explained = {line[0] for line in lines((tmp_path / f"people-{WEEK}.kamus.csv").read_bytes())}
    assert set(shown[0]) <= explained
    again = run(env, tmp_path, "people")
    assert again.returncode == 2
    assert f"people-{WEEK}.csv is there already".encode() in again.stderr
    assert run(env, tmp_path, "people", "--force").returncode == 0
    assert sorted(file.name for file in tmp_path.glob("people*")) == [
        f"people-{WEEK}.csv", f"people-{WEEK}.kamus.csv",
    ]  # fmt: skip
    assert [(act.actor_id, act.subject_id, act.detail["rows"]) for act in acts(env)] == [
        (None, "people", 12)
    ] * 2


def test_several_weeks_go_into_one_book(env: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    words = ("people", "--from", BEFORE, "--to", WEEK, "--format", "xlsx", "--output", str(target))
    assert run(env, tmp_path, *words).stdout.decode() == f"24 rows: {target}\n"
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Orang", "Kamus"]
    assert {row[0] for row in book["Orang"].iter_rows(min_row=2, values_only=True)} == {BEFORE, WEEK}


def test_a_dash_is_standard_output(env: dict[str, str], tmp_path: Path) -> None:
    done = run(env, tmp_path, "people", "--output", "-")
    assert len(lines(done.stdout)) == 13
    assert done.stderr == b"12 rows\n"
    done = run(env, tmp_path, "people", "--format", "xlsx", "--output", "-")
    assert openpyxl.load_workbook(io.BytesIO(done.stdout)).sheetnames == ["Orang", "Kamus"]
    assert not list(tmp_path.glob("*.csv"))


def test_open_data_are_of_the_last_closed_week(env: dict[str, str], tmp_path: Path) -> None:
    done = run(env, tmp_path, "open")
    assert done.stdout.decode().startswith(f"1 rows: open-{BEFORE}.csv")
    heading, row = lines((tmp_path / f"open-{BEFORE}.csv").read_bytes())
    shown = dict(zip(heading, row, strict=True))
    assert (shown["kode_opd"], shown["asn"], shown["ikut"], shown["partisipasi"]) == (
        "DINKES",
        "12",
        "0",
        "0,0",
    )
    assert b"CC BY 4.0" in (tmp_path / f"open-{BEFORE}.kamus.csv").read_bytes()


WRONG = {
    "people --week 2026-W99": "there is no week 2026-W99",
    "people --week 48": "write it like 2026-W48",
    f"shares --week {weeks.shift(WEEK, 1)}": f"lies in the future; the running week is {WEEK}",
    f"shares --week {weeks.shift(WEEK, -9)}": "is before the programme began",
    f"shares --from {WEEK} --to {BEFORE}": "write the earlier one first",
    f"shares --week {WEEK} --from {BEFORE}": "write either --week or --from and --to",
    f"shares --to {WEEK}": "--to needs --from",
    f"open --week {WEEK}": f"{WEEK} is not closed yet; open data are of closed weeks",
    "people --output nowhere/a.csv": "there is no folder nowhere",
    "people --output .": "is a folder",
}
# One process for all: a start takes a second.
EACH = """
import sys
from bot.cli import main
for words in sys.argv[1:]:
    try:
        main(["export", *words.split()])
    except SystemExit as end:
        sys.stderr.write(f"exit {end.code}\\n")
"""


def test_what_cannot_be_exported_is_one_sentence(lite: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text((programs.ROOT / "config.yaml").read_text())
    done = subprocess.run(
        [sys.executable, "-c", EACH, *WRONG],
        cwd=tmp_path, env=lite, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    said = done.stderr.splitlines()
    assert len(said) == 2 * len(WRONG), done.stderr
    for sentence, shown, code in zip(WRONG.values(), said[::2], said[1::2], strict=True):
        assert sentence in shown
        assert code == "exit 2"
    assert done.stdout == ""
    assert not acts(lite)
    assert not list(tmp_path.glob("*.csv"))


def test_help_says_what_there_is(lite: dict[str, str], tmp_path: Path) -> None:
    shown = run({**lite, "COLUMNS": "200", "TERM": "dumb"}, tmp_path, "--help").stdout.decode()
    for word in (
        "shares|people|deliveries|open",
        "--week",
        "--from",
        "--to",
        "--format",
        "--output",
        "--force",
    ):
        assert word in shown, shown
