"""The database's shape: brought up to date by `migrate`, checked at every start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.engine import URL

ROOT = Path(__file__).parents[2]


class SchemaError(Exception):
    """The database is not what this version of the program needs; the message says what to run."""


def _config(url: URL | None = None) -> Config:
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    if url is not None:
        config.attributes["url"] = url
    return config


def migrate(url: URL) -> None:
    """Brings the database at `url` up to date, whatever it was; repeating it changes nothing."""
    command.upgrade(_config(url), "head")


def check(engine: Engine) -> None:
    """Raises SchemaError when the database has not been migrated to this version."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != newest:
        state = "has no tables yet" if found is None else f"is at revision {found}, not {newest}"
        raise SchemaError(f"the database {state}; run: python -m bot migrate")
