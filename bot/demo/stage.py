"""Simulator, program and clock of the demo, started together; and waiting until all is quiet."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import database, logs, runtime, schema, settings
from bot.clock import Clock
from bot.demo import sample as samples
from bot.demo import seeding
from bot.demo.sample import KNOWN, SILENT, Civil, Sample
from bot.program import Program
from bot.settings import Settings
from bot.simulator import process
from bot.simulator.client import People
from bot.simulator.process import Started
from models import files, inbox, outbox, releases, weeks
from models.files import Media
from models.inbox import Update
from models.outbox import Outbound
from models.programme import Programme
from models.shares import Evidence
from scheduler import jobs

WEEK = "2026-W48"
FOLDER = Path("data/demo")
RATE = 1000.0  # messages a second, here and at the simulator: real limits, but a week fits into minutes
SOON = timedelta(seconds=5)  # what is due within it is waited for
ROLES = ("worker", "sender", "clock")  # it polls: a web server would only listen to nobody
MANY = 2000  # messages on their way: no need to count them often
GROUP = "Rapat Rabuan (data contoh)"
_USERS_AT_ONCE, _ACTS_AT_ONCE = 2000, 1000
AWAY = (*jobs.HOURLY, "pack_watch")  # jobs that nobody waits for
T = TypeVar("T")


def programme() -> Programme:
    """The programme as the sample province set it: four weeks old when the played one begins."""
    return Programme(started=weeks.shift(WEEK, -len(seeding.PAST)), provincial_opd="BIROADPIM")


def configured(simulator: Started, folder: Path, rate: float, chat_rate: float) -> Settings:
    """Settings of the real program for this simulator, its database and pictures in `folder`."""
    return Settings(
        programme=programme(),
        database=settings.Database(url=SecretStr(f"sqlite:///{folder / 'satu-pesan.db'}")),
        telegram=settings.Telegram(
            token=SecretStr(simulator.token),
            api_url=simulator.url,
            messages_per_second=rate,
            per_chat_per_second=chat_rate,
        ),
        content=settings.Content(check_links=False),  # its addresses are invented
        worker=settings.Worker(batch=64),
        storage=settings.Storage(media_url=f"file://{folder.resolve() / 'media'}", at_once=24),
        logging=settings.Logging(level="warning"),
    )


@dataclass(frozen=True, slots=True)
class Left:
    """What has not come to an end: updates, messages, files, jobs (due ones, running releases), and evidence
    that the program has not looked at."""

    updates: int
    messages: int
    files: int
    jobs: int
    evidence: int

    @property
    def nothing(self) -> bool:
        return not any(astuple(self))


@dataclass
class Stage:
    """A demo that has been put together. It answers nobody and runs no job before `begin`.

    `group` is the chat id of the Rabuan group, 0 until it is made.
    """

    simulator: Started
    people: People
    program: Program
    clock: Clock
    sample: Sample
    folder: Path
    group: int = 0
    _running: "asyncio.Task[None] | None" = None

    @property
    def programme(self) -> Programme:
        return self.program.settings.programme

    def begin(self) -> None:
        """From now on the program polls, answers, sends and keeps its appointments."""
        self._running = asyncio.create_task(self.program.run(), name="program")

    async def end(self) -> None:
        """Stops the program in the middle of whatever it does."""
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running

    async def read(self, work: Callable[[Session], T]) -> T:
        """Runs `work` on a snapshot of the database, in a thread."""

        def run() -> T:
            with Session(self.program.reader, expire_on_commit=False) as session:
                return work(session)

        self.check_alive()
        return await asyncio.to_thread(run)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Runs `work` in a transaction of the program's own writer."""
        self.check_alive()
        return await self.program.writer.write(work)

    def check_alive(self) -> None:
        """Raises what ended the program, where it has ended."""
        if self._running is not None and self._running.done():
            self._running.result()
            raise RuntimeError("the program has ended")
        if self.simulator.process.poll() is not None:
            raise RuntimeError(f"the simulator has ended (exit status {self.simulator.process.returncode})")

    async def left(self) -> Left:
        """What is under way, or due within a few seconds."""
        now = self.clock.now()
        on_the_way = (await self.people.stats())["pending_updates"]
        found = await self.read(lambda session: _left(session, now, self.programme))
        return replace(found, updates=found.updates + on_the_way)

    async def settle(self, seconds: float = 120.0, watch: Callable[[Left], None] | None = None) -> None:
        """Returns once nothing is under way; `watch` sees each look.

        Raises TimeoutError when what is left has not changed for so many `seconds`: a slow machine is
        waited for, a program that is stuck is not.
        """
        moved, calm, before = time.monotonic(), 0, Left(0, 0, 0, 0, 0)
        while calm < 2:  # an update may be on its way between two of the counts
            found = await self.left()
            if watch is not None:
                watch(found)
            if found != before:
                moved, before = time.monotonic(), found
            calm = calm + 1 if found.nothing else 0
            if not calm and time.monotonic() - moved > seconds:
                raise TimeoutError(f"nothing has moved for {seconds:.0f} s: {found}")
            if calm < 2:
                await asyncio.sleep(0.05 if calm else 0.25 if found.messages < MANY else 1.0)

    async def move(self, moment: datetime) -> None:
        """Makes it be `moment` for program and simulator, and wakes whoever waits for it."""
        self.clock.move_to(moment)
        await self.people.clock(now=int(moment.timestamp()))
        self.program.wakeups.wake_all()

    async def phones(self, who: Iterable[Civil]) -> None:
        """Gives people a phone with Telegram; those who joined earlier have written to the bot before."""
        everybody = list(who)
        for some in _slices(everybody, _USERS_AT_ONCE):
            await self.people.create_users([person.user() for person in some])
        earlier = [person for person in everybody if person.stands in (samples.JOINED, KNOWN, SILENT)]
        acts = [{"as": person.chat, "do": "start"} for person in earlier]
        acts += [{"as": person.chat, "do": "block"} for person in earlier if person.stands in (KNOWN, SILENT)]
        for part in _slices(acts, _ACTS_AT_ONCE):
            for result in await self.people.batch(part):
                assert "error" not in result, result
        # Those weeks are over: what was written in them has long been read.
        url = f"{self.simulator.url}/bot{self.simulator.token}/deleteWebhook"
        async with (
            aiohttp.ClientSession() as http,
            http.post(url, data={"drop_pending_updates": "true"}) as answer,
        ):
            assert answer.status == 200, await answer.text()


def _slices(of: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (of[at : at + size] for at in range(0, len(of), size))


def _left(session: Session, now: datetime, programme_: Programme) -> Left:
    due = now + SOON
    new = select(func.count()).select_from(Update).where(Update.status == inbox.NEW, Update.due_at <= due)
    # One state at a time: each has an index of its own.
    unsent = (
        select(func.count()).select_from(Outbound).where(Outbound.status == status, Outbound.due_at <= due)
        for status in (outbox.QUEUED, outbox.SENDING, outbox.WAITING)
    )
    remote = select(func.count()).select_from(Media).where(Media.status == files.REMOTE)
    unseen = select(func.count()).select_from(Evidence).where(Evidence.examine_at.is_not(None))
    running = sum(release.status == releases.RUNNING for release in releases.running(session))
    return Left(
        session.scalar(new) or 0,
        sum(session.scalar(query) or 0 for query in unsent),
        session.scalar(remote) or 0,
        sum(due.job not in AWAY for due in jobs.pending(session, now, programme_)) + running,
        session.scalar(unseen) or 0,
    )


def _prepare(people: int, folder: Path) -> Sample:
    """Clears what an earlier demo left, and nothing else; writes the sample's files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (
        "satu-pesan.db",
        "satu-pesan.db-wal",
        "satu-pesan.db-shm",
        "grafik.png",
        "rekap.xlsx",
        "rekap.pdf",
    ):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "media", ignore_errors=True)
    made = samples.make(people)
    samples.write(made, folder)
    return made


@asynccontextmanager
async def opened(
    people: int,
    folder: Path,
    start: datetime,
    *,
    port: int = 0,
    program_url: str = "",
    rate: float = RATE,
    chat_rate: float = 1.0,
) -> AsyncIterator[Stage]:
    """A fresh demo at the moment `start`: an empty database, nobody in the roster, nobody has a phone.

    Whatever an earlier demo left in `folder` goes. `port` is the page's; `program_url` is where the
    simulator sends `/program/*`; `rate` and `chat_rate` are the limits, in messages a second, that the
    simulator sets and the program keeps.
    """
    made = await asyncio.to_thread(_prepare, people, folder)
    options: dict[str, Any] = {"port": port, "rate": rate, "chat_rate": chat_rate}
    if program_url:
        options["program"] = program_url
    simulator = await asyncio.to_thread(lambda: process.start(**options))
    try:
        configuration = configured(simulator, folder, rate, chat_rate)
        logs.configure(configuration)
        await asyncio.to_thread(schema.migrate, database.url(configuration.database.url.get_secret_value()))
        clock = Clock()
        clock.move_to(start)
        async with People(simulator.url) as face, runtime.program(configuration, clock, ROLES) as program:
            await face.clock(now=int(start.timestamp()))
            stage = Stage(simulator, face, program, clock, made, folder)
            try:
                yield stage
            finally:
                await stage.end()
    finally:
        await asyncio.to_thread(simulator.stop)
