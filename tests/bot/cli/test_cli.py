"""The command line as a person meets it: one sentence for what can be mended, and what it prints."""

import json
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bot.simulator import process
from bot.storage import database
from models.people import people, roles
from models.people.people import Person
from models.programme import runs
from tests import commands, programs
from tests.faults import cluster


@pytest.fixture
def env(migrated: Path, tmp_path: Path) -> dict[str, str]:
    """A fresh SQLite database, migrated."""
    shutil.copy(migrated, tmp_path / "a.db")
    return programs.environment(f"sqlite:///{tmp_path / 'a.db'}", "http://127.0.0.1:9", tmp_path)


def test_a_roster_is_imported_a_role_given_and_the_figures_shown(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "opd.csv").write_text("kode,nama\nDINKES,Dinas Kesehatan\n")
    (tmp_path / "asn.csv").write_text(
        "nip,nama,kode_opd,hp,jabatan\n"
        "198001012005011001,Siti Rahma,DINKES,081270000001,Perawat\n"
        "12345,Budi,DINKES,081270000002,Bidan\n"
    )
    assert "1 OPD new" in commands.told(env, "import-opd", str(tmp_path / "opd.csv")).stdout
    dry = commands.told(env, "import-roster", str(tmp_path / "asn.csv"), "--dry-run")
    assert "Nothing was changed." in dry.stdout
    done = commands.told(env, "import-roster", str(tmp_path / "asn.csv"), "--yes")
    assert "Applied." in done.stdout
    assert (tmp_path / "asn-rejected.xlsx").exists()
    again = commands.told(env, "import-roster", str(tmp_path / "asn.csv"), "--yes")
    assert "what the file says already" in again.stdout
    assert "Siti Rahma: admin" in commands.told(env, "grant", "198001012005011001", "admin").stdout
    assert "(had it before)" in commands.told(env, "grant", "198001012005011001", "admin").stdout
    figures = json.loads(commands.told(env, "digest", "--json").stdout)
    assert (figures["roster"], figures["active"]) == (1, 0)
    target = tmp_path / "people.csv"
    assert "1 rows" in commands.told(env, "export", "people", "--output", str(target)).stdout
    assert "Siti Rahma" in target.read_text(encoding="utf-8-sig")
    engine = database.writing(database.url(env["DATABASE_URL"]))
    with Session(engine) as session:
        person = session.scalars(select(Person)).one()
        assert roles.may(session, person, "roster")
        assert people.with_phone(session, "+6281270000001") == [person]
    engine.dispose()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("grant", "198001012005011001", "king"), "there is no role 'king'"),
        (("grant", "198001012005011001", "admin"), "nobody of the roster has this NIP"),
        (("digest", "--week", "2026-W99"), "2026-W99"),
        (("digest", "--week", "2131-W01"), "2131-W01 lies in the future; the running week is"),
        (("digest", "--week", "2019-W01"), "2019-W01 is before the programme began, with"),
        (("jobs", "run", "coffee"), "there is no job 'coffee'"),
        (("jobs", "run", "digest", "--at", "yesterday"), "write it like 2026-11-25T13:00"),
        (("run", "--role", "web"), "SQLite is for one process"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    env: dict[str, str], words: tuple[str, ...], sentence: str
) -> None:
    done = commands.told(env, *words)
    assert sentence in done.stderr
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_unmigrated_database_says_what_to_run(tmp_path: Path) -> None:
    made = programs.environment(f"sqlite:///{tmp_path / 'b.db'}", "http://127.0.0.1:9", tmp_path)
    done = commands.told(made, "digest")
    assert "python -m bot migrate" in done.stderr
    assert done.returncode == 2


def test_a_port_that_is_taken_is_said_so(env: dict[str, str]) -> None:
    simulator = process.start(limiter="off")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = commands.told({**env, "TELEGRAM_API_URL": simulator.url, "SATU_PESAN__WEB__PORT": port}, "run")
    simulator.stop()
    assert "is it in use? (web.port)" in done.stderr.splitlines()[-1]
    assert done.returncode == 2


def test_jobs_shows_what_comes_and_the_doctor_what_is_missing(env: dict[str, str]) -> None:
    assert "This week is" in commands.told(env, "jobs").stdout
    done = commands.told(env, "doctor")
    assert "no roster" in done.stdout
    assert done.returncode == 1


def test_jobs_says_why_nothing_is_due_before_the_programme_begins(env: dict[str, str]) -> None:
    said = commands.told(env | {"SATU_PESAN__PROGRAMME__STARTED": "2099-W10"}, "jobs").stdout
    assert "The programme begins with 2099-W10 (programme.started), and nothing goes to the people" in said
    assert "before its first release on Wed 04 Mar 2099 13:00." in said
    assert (
        "begins with"
        not in commands.told(env | {"SATU_PESAN__PROGRAMME__STARTED": "2020-W10"}, "jobs").stdout
    )


def test_the_monthly_list_is_made_by_hand_once_for_the_month_of_a_moment(env: dict[str, str]) -> None:
    done = commands.told(env, "jobs", "run", "awards", "--at", "2026-12-01T08:00")
    assert "awards 2026-11: version 1, 0 controllers told" in done.stdout
    assert (
        "had been done before"
        in commands.told(env, "jobs", "run", "awards", "--at", "2026-12-24T12:00").stdout
    )
    assert (
        "nothing is due for awards"
        in commands.told(env, "jobs", "run", "awards", "--at", "2026-11-02T08:00").stderr
    )


# Notes in which kind of transaction the first row of a table was written.
WITNESS = """
CREATE TABLE witness (level text);
CREATE FUNCTION note_level() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN INSERT INTO witness VALUES (current_setting('transaction_isolation')); RETURN NEW; END$$;
CREATE TRIGGER witness BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION note_level();
"""


@pytest.mark.parametrize(
    ("job", "at", "table"),
    [("digest", "2026-12-02T08:00", "digest"), ("awards", "2026-12-01T08:00", "award_list")],
)
def test_what_is_frozen_by_hand_is_frozen_in_one_moment_of_the_database_as_the_clock_does_it(
    postgres_database: str, tmp_path: Path, job: str, at: str, table: str
) -> None:
    engine = cluster.prepare(postgres_database)
    with engine.begin() as connection:
        connection.exec_driver_sql(WITNESS.format(table=table))
    made = programs.environment(postgres_database, "http://127.0.0.1:9", tmp_path)
    done = commands.told(made, "jobs", "run", job, "--at", at)
    assert "version 1" in done.stdout, done.stderr
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT level FROM witness")).all() == ["repeatable read"]
    engine.dispose()


WAITS_FOR_A_LOCK = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def test_a_job_by_hand_that_meets_the_running_clock_ends_with_a_sentence(
    postgres_database: str, tmp_path: Path
) -> None:
    engine = cluster.prepare(postgres_database)
    made = programs.environment(postgres_database, "http://127.0.0.1:9", tmp_path)
    with engine.connect() as clock, ThreadPoolExecutor() as threads:
        claimed = insert(runs.Run).values(job="digest", period="2026-W48", state="done", at=datetime.now(UTC))
        clock.execute(claimed)
        by_hand = threads.submit(commands.told, made, "jobs", "run", "digest", "--at", "2026-12-02T08:00")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watch:
            while not watch.scalar(text(WAITS_FOR_A_LOCK)):
                assert not by_hand.done(), by_hand.result().stderr
        clock.commit()
        done = by_hand.result()
    engine.dispose()
    assert done.returncode == 1
    assert "digest 2026-W48 met the running program, and changed nothing" in done.stderr
    assert "Traceback" not in done.stderr
