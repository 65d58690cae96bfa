"""The one way to write: closures that share a transaction (group commit).

SQLite has one writer in one thread, whatever wants to write; PostgreSQL has a writer for each part
of the program.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.storage import database
from bot.storage.wakeups import Wakeups
from bot.telemetry import logs, metrics

log = logs.logger(__name__)
T = TypeVar("T")
_NOTIFY = text("SELECT pg_notify('satu_pesan', :payload)")
Work = Callable[[Session], Any]


@dataclass(slots=True)
class _Job:
    work: Work
    done: asyncio.Future[Any]
    steady: bool = False


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

    async def write(self, work: Callable[[Session], T], *, steady: bool = False) -> T:
        """Runs `work` and commits; its result. What it raises reaches the caller, undone. With `steady` it
        has a transaction of its own that sees one state of the database throughout.

        A database that is away or busy raises SQLAlchemy's DBAPIError: nothing has been written, as
        far as anybody can tell (the word of a commit can get lost: `work` must bear being repeated).
        """
        assert self._pool is not None, "the writer has not been started"
        job = _Job(work, asyncio.get_running_loop().create_future(), steady)
        with self._lock:
            self._jobs.append(job)
            if not self._running:
                self._running = True
                self._pool.submit(self._run)
        return await job.done  # type: ignore[no-any-return]

    def _run(self) -> None:
        while True:
            with self._lock:
                jobs = self._next()
                if not jobs:
                    self._running = False
                    return
            self._commit(jobs)

    def _next(self) -> list[_Job]:
        """Those that share the next transaction."""
        jobs: list[_Job] = []
        while self._jobs and len(jobs) < self.batch:
            if self._jobs[0].steady and jobs:
                break
            jobs.append(self._jobs.popleft())
            if jobs[0].steady:
                break
        return jobs

    def _commit(self, jobs: list[_Job]) -> None:
        outcomes: list[tuple[_Job, Any, BaseException | None]] = []
        topics: set[str] = set()  # of which everybody hears also where only the word of the commit got lost
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                if jobs[0].steady:
                    database.hold_still(session)
                if len(jobs) == 1:  # it undoes nobody else: no savepoint
                    outcomes.append((jobs[0], jobs[0].work(session), None))
                else:
                    outcomes += [(job, *_attempt(session, job.work)) for job in jobs]
                topics = session.info.pop("wake", set())
                self._notify(session, topics)
                session.commit()
        except BaseException as error:
            outcomes = [(job, None, error) for job in jobs]
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
                session.execute(_NOTIFY, {"payload": self.wakeups.payload(topic)})


@dataclass(slots=True)
class Writers:
    """Writers by name: one for all on SQLite, one for each part on PostgreSQL."""

    engine: Engine
    wakeups: Wakeups
    shared: bool
    _made: dict[str, Writer] = field(default_factory=dict)

    def __call__(self, name: str) -> Writer:
        name = "writer" if self.shared else name
        if name not in self._made:
            writer = Writer(self.engine, self.wakeups, name)
            writer.start()
            self._made[name] = writer
        return self._made[name]

    def close(self) -> None:
        for writer in self._made.values():
            writer.close()


def _attempt(session: Session, work: Work) -> tuple[Any, BaseException | None]:
    try:
        with session.begin_nested():
            result = work(session)
            session.flush()
    except DBAPIError as error:
        if database.is_away(error) or not session.is_active:
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
