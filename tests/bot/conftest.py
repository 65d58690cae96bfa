"""What tests of the bot's own parts begin with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests import programs
from tests.bot.both_channels import Both, both_channels


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database as the real command makes it, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    env = programs.environment(f"sqlite:///{folder / 'a.db'}", "http://127.0.0.1:9", folder)
    programs.command(env, "migrate")
    return folder / "a.db"


@pytest.fixture
async def both(engine: Engine, database_url: str, tmp_path: Path) -> AsyncIterator[Both]:
    """A sender at work on both channels, to people whose windows are open."""
    async with both_channels(engine, database_url, tmp_path) as made:
        yield made
