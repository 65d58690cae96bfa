"""Engines for writing and for reading, how long a server is waited for, and what its errors mean.

Readers have an engine of their own, so that they never wait for a writer.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

BUSY_SECONDS = 30
# Seconds, and for tcp_user_timeout milliseconds (libpq, "Parameter Key Words").
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


def url(written: str) -> URL:
    """The URL as SQLAlchemy takes it; `postgres://` and `postgresql://` mean psycopg 3."""
    parsed = make_url(written)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def writing(
    where: URL, *, synchronous: str = "FULL", pool_size: int = 5, busy_seconds: int = BUSY_SECONDS
) -> Engine:
    """An engine whose transactions may write. On SQLite each begins with BEGIN IMMEDIATE: a deferred
    one that turns into a writer later fails at once, whatever the busy timeout says; that one is for
    those that begin while another one writes."""
    if where.get_backend_name() == "sqlite":
        return _sqlite(where, "BEGIN IMMEDIATE", synchronous, busy_seconds)
    return create_engine(
        where,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args=patience(where),
    )


def patience(where: URL) -> dict[str, Any]:
    """How long a PostgreSQL server may be silent before its connection counts as lost, unless the URL
    says otherwise. Without it a server that vanished (its machine lost power) is waited for by the hour."""
    return {name: value for name, value in PATIENCE.items() if name not in where.query}


def reading(where: URL, *, pool_size: int = 5) -> Engine:
    """An engine for reading only: a snapshot that waits for nobody."""
    if where.get_backend_name() == "sqlite":
        return _sqlite(where, "BEGIN DEFERRED", "NORMAL")
    return create_engine(
        where,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args=patience(where),
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )


def hold_still(session: Session) -> None:
    """Makes a transaction that has not begun yet see one state of the database throughout. On SQLite every
    one does."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _sqlite(where: URL, begin: str, synchronous: str, busy_seconds: int = BUSY_SECONDS) -> Engine:
    if where.database and where.database != ":memory:":
        Path(where.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(where, connect_args={"timeout": busy_seconds, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute(f"PRAGMA busy_timeout = {busy_seconds * 1000}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA cache_size = -32000")
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


# SQLSTATE classes and codes of a server that cannot work just now (PostgreSQL, "Error Codes"), and those
# of a transaction that merely met another one.
_AWAY = ("08", "53", "57P", "58", "25006")
_COLLIDED = ("40", "55P03")
_SQLITE_AWAY = ("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")


def is_away(error: DBAPIError) -> bool:
    """Whether the database as a whole could not be written to: gone, shutting down, busy, its disk full.

    Whatever was asked of it has no part in that, and may be asked again later.
    """
    if error.connection_invalidated:
        return True
    if name := getattr(error.orig, "sqlite_errorname", ""):
        return str(name).startswith(_SQLITE_AWAY)
    if state := getattr(error.orig, "sqlstate", None):
        return str(state).startswith(_AWAY)
    return isinstance(error, OperationalError | InterfaceError)


def is_passing(error: DBAPIError) -> bool:
    """Whether the same work may succeed next time: the database is away, or there was a deadlock."""
    return is_away(error) or (getattr(error.orig, "sqlstate", None) or "").startswith(_COLLIDED)


class AlreadyRunningError(Exception):
    """Another process uses this SQLite database; only PostgreSQL is for several."""


@contextlib.contextmanager
def only_process(where: URL) -> Iterator[None]:
    """Keeps every other process of the program away from a SQLite file. Raises AlreadyRunningError."""
    path = Path(f"{where.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout as error:
        raise AlreadyRunningError(
            f"{where.database} is in use by another process; stop that one, or use PostgreSQL (DATABASE_URL)"
        ) from error
