"""Engines, and the one way to write: closures that share a transaction (group commit).

SQLite has one writer in one thread, whatever wants to write; PostgreSQL has a writer for each part
of the program. Readers have an engine of their own, so that they never wait for a writer.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from bot import logs, metrics
from bot.wakeups import Wakeups

log = logs.logger(__name__)
BUSY_SECONDS = 30
# Seconds, and for tcp_user_timeout milliseconds (libpq, "Parameter Key Words").
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
T = TypeVar("T")


def url(written: str) -> URL:
    """The URL as SQLAlchemy takes it; `postgres://` and `postgresql://` mean psycopg 3."""
    parsed = make_url(written)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def writing(where: URL, *, synchronous: str = "FULL", pool_size: int = 5) -> Engine:
    """An engine whose transactions may write. On SQLite each begins with BEGIN IMMEDIATE: a deferred
    one that turns into a writer later fails at once, whatever the busy timeout says."""
    if where.get_backend_name() == "sqlite":
        return _sqlite(where, "BEGIN IMMEDIATE", synchronous)
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


def _sqlite(where: URL, begin: str, synchronous: str) -> Engine:
    if where.database and where.database != ":memory:":
        Path(where.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(where, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
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


Work = Callable[[Session], Any]


@dataclass(slots=True)
class _Job:
    work: Work
    done: asyncio.Future[Any]
    alone: bool = False


@dataclass(slots=True)
class Writer:
    """Runs closures in transactions of one thread; those that wait together share a commit.

    Where several share one, each has a savepoint of its own: one that raises undoes only itself. The
    result reaches its caller after the commit, never before.
    """

    engine: Engine
    wakeups: Wakeups
    name: str = "writer"
    batch: int = 64
    _jobs: deque[_Job] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor | None = None
    _running: bool = False

    def start(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=self.name)

    def close(self) -> None:
        """Waits for what is under way."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None

    async def write(self, work: Callable[[Session], T]) -> T:
        """Runs `work` and commits; its result. What it raises reaches the caller, undone.

        A database that is away or busy raises SQLAlchemy's DBAPIError: nothing has been written, as
        far as anybody can tell (the word of a commit can get lost: `work` must bear being repeated).
        """
        assert self._pool is not None, "the writer has not been started"
        job = _Job(work, asyncio.get_running_loop().create_future())
        with self._lock:
            self._jobs.append(job)
            if not self._running:
                self._running = True
                self._pool.submit(self._run)
        return await job.done  # type: ignore[no-any-return]

    def _run(self) -> None:
        while True:
            with self._lock:
                jobs = [self._jobs.popleft() for _ in range(min(self.batch, len(self._jobs)))]
                if not jobs:
                    self._running = False
                    return
            self._commit(jobs)

    def _commit(self, jobs: list[_Job]) -> None:
        outcomes: list[tuple[_Job, Any, BaseException | None]] = []
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                if len(jobs) == 1:  # it undoes nobody else: no savepoint
                    outcomes.append((jobs[0], jobs[0].work(session), None))
                else:
                    outcomes += [(job, *_attempt(session, job.work)) for job in jobs]
                topics = session.info.pop("wake", set())
                self._notify(session, topics)
                session.commit()
        except BaseException as error:
            outcomes = [(job, None, error) for job in jobs]
            topics = set()
            if isinstance(error, DBAPIError):
                metrics.database_errors.labels(self.name).inc()
            elif len(jobs) > 1:
                log.exception("writer_failed", writer=self.name)
        _deliver(outcomes)
        for topic in topics:
            self.wakeups.wake(topic)

    def _notify(self, session: Session, topics: set[str]) -> None:
        """Other processes are told in the transaction: they hear of it only if it commits."""
        if self.engine.dialect.name == "postgresql":
            for topic in topics:
                session.execute(text("SELECT pg_notify('satu_pesan', :topic)"), {"topic": topic})


def _attempt(session: Session, work: Work) -> tuple[Any, BaseException | None]:
    try:
        with session.begin_nested():
            result = work(session)
            session.flush()
    except DBAPIError as error:
        if is_away(error) or not session.is_active:
            raise  # the others would each wait for the same thing
        return None, error
    except Exception as error:
        return None, error
    return result, None


def _deliver(outcomes: list[tuple[_Job, Any, BaseException | None]]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Job, Any, BaseException | None]]] = {}
    for outcome in outcomes:
        by_loop.setdefault(outcome[0].done.get_loop(), []).append(outcome)
    for loop, own in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
            loop.call_soon_threadsafe(_resolve, own)


def _resolve(outcomes: list[tuple[_Job, Any, BaseException | None]]) -> None:
    for job, result, error in outcomes:
        if job.done.cancelled():
            continue
        if error is not None:
            job.done.set_exception(error)
        else:
            job.done.set_result(result)
