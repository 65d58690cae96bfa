"""Simulator, program and clock of the demo, started together; and waiting until all is quiet."""

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from pydantic import SecretStr
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.config import settings
from bot.config.settings import Settings
from bot.demo import handsets, quiet, seeding, whatsapp
from bot.demo import sample as samples
from bot.demo.quiet import Left
from bot.demo.sample import KNOWN, SILENT, TELEGRAM, WHATSAPP, Civil, Sample
from bot.inbound import webhooks
from bot.running import runtime
from bot.running.program import Program
from bot.simulator import process
from bot.simulator.client import People
from bot.simulator.process import Started
from bot.simulator.twilio.client import Phones
from bot.storage import database, schema
from bot.telemetry import logs
from models.programme import weeks
from models.programme.programme import Programme
from models.programme.whatsapp import Whatsapp

WEEK = "2026-W48"
FOLDER = Path("data/demo")
RATE = 1000.0  # messages a second, here and at the simulator: real limits, but a week fits into minutes
ROLES = ("web", "worker", "sender", "clock")  # it polls Telegram, and Twilio comes to its web server
MANY = 2000  # messages on their way: no need to count them often
GROUP = "Rapat Rabuan (data contoh)"
_USERS_AT_ONCE, _ACTS_AT_ONCE = 2000, 1000
T = TypeVar("T")


def programme() -> Programme:
    """The programme as the sample province set it: four weeks old when the played one begins."""
    return Programme(
        started=weeks.shift(WEEK, -len(seeding.PAST)),
        provincial_opd="BIROADPIM",
        whatsapp=Whatsapp(portfolio_limit=whatsapp.TIER),
    )


def configured(simulator: Started, folder: Path, rate: float, chat_rate: float, port: int = 0) -> Settings:
    """Settings of the real program for this simulator, its database and pictures in `folder`; it listens at
    `port`."""
    return Settings(
        programme=programme(),
        database=settings.Database(url=SecretStr(f"sqlite:///{folder / 'satu-pesan.db'}")),
        telegram=settings.Telegram(
            token=SecretStr(simulator.token),
            api_url=simulator.url,
            messages_per_second=rate,
            per_chat_per_second=chat_rate,
        ),
        whatsapp=whatsapp.settings(simulator, rate),
        web=settings.Web(port=port, public_url=f"http://127.0.0.1:{port}"),
        content=settings.Content(check_links=False),  # its addresses are invented
        worker=settings.Worker(batch=64),
        storage=settings.Storage(media_url=f"file://{folder.resolve() / 'media'}", at_once=24),
        logging=settings.Logging(level="warning"),
    )


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
    _heard: bool = False

    def __post_init__(self) -> None:
        self.telegram = handsets.Telegram(self.people)
        self.wa = Phones(self.people)
        addresses = {one.chat: one.phone for one in self.sample.people if WHATSAPP in one.channels}
        self.whatsapp = handsets.WhatsApp(self.wa, addresses)

    @property
    def programme(self) -> Programme:
        return self.program.settings.programme

    def begin(self) -> None:
        """From now on the program polls, listens, answers, sends and keeps its appointments."""
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
        on_the_way = (await self.people.stats())["pending_updates"] + await whatsapp.on_the_way(self.wa)
        found = await self.read(lambda session: quiet.left(session, now, self.programme))
        return replace(found, updates=found.updates + on_the_way)

    async def settle(self, seconds: float = 120.0, watch: Callable[[Left], None] | None = None) -> None:
        """Returns once nothing is under way; `watch` sees each look.

        Raises TimeoutError when what is left has not changed for so many `seconds`: a slow machine is
        waited for, a program that is stuck is not.
        """
        await self._listening()
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

    async def _listening(self) -> None:
        """Returns once the program's web server takes what Twilio brings."""
        port = self.program.settings.web.port
        while self._running is not None and not self._heard:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                self._heard = True
            if not self._heard:
                self.check_alive()
                await asyncio.sleep(0.05)

    async def move(self, moment: datetime) -> None:
        """Makes it be `moment` for program and simulator, and wakes whoever waits for it."""
        self.clock.move_to(moment)
        await self.people.clock(now=int(moment.timestamp()))
        self.program.wakeups.wake_all()

    async def phones(self, who: Iterable[Civil]) -> None:
        """Gives people a phone with what they have; those who joined earlier have written to the bot."""
        everybody = list(who)
        await whatsapp.phones(self.wa, [one for one in everybody if WHATSAPP in one.channels])
        everybody = [one for one in everybody if TELEGRAM in one.channels]
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


def _free_port() -> int:
    """A port that nobody listens on just now: Twilio has to know it before the program takes it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    twilio_url: str = "",
) -> AsyncIterator[Stage]:
    """A fresh demo at the moment `start`: an empty database, nobody in the roster, nobody has a phone.

    Whatever an earlier demo left in `folder` goes. `port` is the page's; `program_url` is where the
    simulator sends `/program/*`; `rate` and `chat_rate` are the limits, in messages a second, that the
    simulator sets and the program keeps: `rate` on each channel, `chat_rate` on Telegram. `twilio_url` is of
    whoever stands between the program and the simulated Twilio.
    """
    made = await asyncio.to_thread(_prepare, people, folder)
    web = _free_port()
    options: dict[str, Any] = {"port": port, "rate": rate, "chat_rate": chat_rate}
    options["twilio_webhook"] = f"http://127.0.0.1:{web}{webhooks.TWILIO_PATH}"
    options |= {"program": program_url} if program_url else {}
    options |= {"twilio_url": twilio_url} if twilio_url else {}
    simulator = await asyncio.to_thread(lambda: process.start(**options))
    try:
        configuration = configured(simulator, folder, rate, chat_rate, web)
        logs.configure(configuration)
        await asyncio.to_thread(schema.migrate, database.url(configuration.database.url.get_secret_value()))
        clock = Clock()
        clock.move_to(start)
        async with AsyncExitStack() as stack:
            face = await stack.enter_async_context(People(simulator.url))
            await face.clock(now=int(start.timestamp()))
            await whatsapp.prepare(configuration, Phones(face), clock, rate)
            program = await stack.enter_async_context(runtime.program(configuration, clock, ROLES))
            stage = Stage(simulator, face, program, clock, made, folder)
            try:
                yield stage
            finally:
                await stage.end()
    finally:
        await asyncio.to_thread(simulator.stop)
