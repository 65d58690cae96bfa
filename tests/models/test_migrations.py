"""A database that is in use is brought up to date, with everything that is in it."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from bot.storage import database

MOMENT = "2026-11-25 03:00:00+00:00"
ROWS = (
    "INSERT INTO opd (id, code, name) VALUES (1, 'DINKES', 'Dinas Kesehatan')",
    "INSERT INTO person (id, name, phone, position, opd_id, active, saver, created_at, consent_version) "
    f"VALUES (1, 'Siti', '', '', 1, {{yes}}, {{no}}, '{MOMENT}', '')",
    "INSERT INTO item (id, opd_id, author_id, week, status, version, title, what, why, caption, source_url, "
    "no_media, created_at, updated_at, reason) VALUES (1, 1, 1, '2026-W48', 'approved', 1, 'Judul', 'Apa', "
    f"'Kenapa', 'Takarir', 'https://a.go.id', {{yes}}, '{MOMENT}', '{MOMENT}', '')",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables, once for each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    url = make_url(request.getfixturevalue("postgres"))
    name = f"m{uuid.uuid4().hex[:12]}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def alembic(url: str, *words: str) -> None:
    environ = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *words], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def old(empty: str) -> Iterator[Engine]:
    """`empty` as it was before the editorial chain (revision 0004), with an item in it."""
    alembic(empty, "upgrade", "0004")
    engine = create_engine(database.url(empty))
    yes, no = ("true", "false") if engine.dialect.name == "postgresql" else ("1", "0")
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(yes=yes, no=no)))
    yield engine
    engine.dispose()


def test_items_from_before_the_editorial_chain_are_kept_on_the_way_up_and_down(
    empty: str, old: Engine
) -> None:
    alembic(empty, "upgrade", "head")
    with old.connect() as connection:
        found = connection.execute(text("SELECT title, status, rubric, urgent, edits FROM item")).one()
    assert (found.title, found.status, found.rubric, bool(found.urgent), found.edits) == (
        "Judul",
        "approved",
        "",
        False,
        0,
    )
    alembic(empty, "downgrade", "0004")
    with old.connect() as connection:
        assert connection.execute(text("SELECT title, week FROM item")).one() == ("Judul", "2026-W48")


def test_what_items_say_can_be_searched_after_the_way_up(empty: str, old: Engine) -> None:
    with old.begin() as connection:
        connection.execute(text("UPDATE item SET caption = 'Ayo VAKSIN, ÉDISI baru'"))
    alembic(empty, "upgrade", "head")
    with old.connect() as connection:
        said = connection.execute(text("SELECT search FROM item")).scalar_one()
    assert said == "judul\napa\nkenapa\nayo vaksin, Édisi baru"
    alembic(empty, "downgrade", "0008")
    alembic(empty, "upgrade", "head")
    alembic(empty, "check")


def test_the_last_active_week_of_everybody_is_known_after_the_way_up(empty: str, old: Engine) -> None:
    alembic(empty, "upgrade", "0020")
    with old.begin() as connection:
        for week in ("2026-W47", "2026-W49", "2026-W48"):
            connection.execute(text(f"INSERT INTO participation VALUES ('{week}', 1, 1)"))
    alembic(empty, "upgrade", "head")
    with old.connect() as connection:
        assert connection.execute(text("SELECT person_id, week FROM last_active")).all() == [(1, "2026-W49")]


def test_closed_weeks_say_their_participation_and_their_release_after_the_way_up(
    empty: str, old: Engine
) -> None:
    alembic(empty, "upgrade", "0023")
    told = {1: '{"participation": 0.25, "released": false}', 2: '{"participation": 0.5}', 3: "{}"}
    with old.begin() as connection:
        for number, figures in told.items():
            row = f"({number}, '2026-W4{number}', 1, '{figures}', '', '{{}}', '{MOMENT}')"
            connection.exec_driver_sql(
                f"INSERT INTO digest (id, week, version, figures, reason, changes, at) VALUES {row}"
            )
    alembic(empty, "upgrade", "head")
    with old.connect() as connection:
        rows = connection.execute(text("SELECT participation, released FROM digest ORDER BY id")).all()
    assert [(share, bool(released)) for share, released in rows] == [(0.25, False), (0.5, True), (0.0, True)]
    alembic(empty, "check")
    alembic(empty, "downgrade", "0023")
    with old.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM digest")).scalar_one() == 3
