"""A whole programme under fault tests: simulator, database, people, and the processes to be mistreated."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from PIL import Image
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.storage import database, schema
from models import tables
from models.base import Base
from models.messages import inbox, outbox
from models.messages.inbox import Update
from models.messages.outbox import Outbound
from models.programme import runs, weeks
from models.programme.programme import Programme
from models.releases import releases
from models.shares import shares
from tests import programs, seeding
from tests.faults import nursery
from tests.faults.nursery import Nursery
from tests.simulated import Simulated, start_simulator

CARD = "Layanan kesehatan gratis"
CAPTION = "Periksa kesehatan kini gratis"
RECEIPT = "Nomor tanda terima"
PIECES = {"card": CARD, "caption": CAPTION, "receipt": RECEIPT}
SPLIT = ("web", "worker", "worker", "sender", "clock")  # the processes of a small installation


assert tables.ALL, "all tables are known before they are made"


def prepare(url: str) -> Engine:
    """All tables, as of the newest migration; the engine to look with."""
    engine = database.writing(database.url(url))
    Base.metadata.create_all(engine)
    script = ScriptDirectory.from_config(schema._config())
    with engine.begin() as connection:
        MigrationContext.configure(connection).stamp(script, "head")
    return engine


@dataclass
class Process:
    """One `python -m bot run`."""

    role: str
    pid: int
    log: Path

    def ready(self) -> bool:
        return b'"ready"' in self.log.read_bytes()

    def lives(self) -> bool:
        return nursery.lives(self.pid)

    def code(self) -> int | None:
        """The exit code; None for a process that was killed, or lives."""
        found = nursery.code_of(self.log)
        return int(found.read_text()) if found.exists() else None

    def until_ready(self, seconds: float = 90.0) -> None:
        """Raises AssertionError with the log when it ends instead, or takes longer."""
        until = time.monotonic() + seconds
        while not self.ready():
            if not self.lives() or time.monotonic() > until:
                raise AssertionError(f"{self.role} did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.01)


@dataclass
class Cluster:
    """The programme of one test. `launch` starts processes; everything ends with `running`."""

    url: str
    engine: Engine
    simulated: Simulated
    folder: Path
    people: int
    nursery: Nursery
    env: dict[str, str]
    processes: list[Process] = field(default_factory=list)
    acknowledged: int = 0

    def launch(self, role: str = "all", **settings: object) -> Process:
        env = self.env | {f"SATU_PESAN__{name.upper()}": str(value) for name, value in settings.items()}
        env["SATU_PESAN__WEB__PORT"] = str(settings.get("web__port", programs.free_port()))
        log = self.folder / f"{len(self.processes):03}-{role}.log"
        log.touch()
        process = Process(role, self.nursery.born(env, ["run", "--role", role], log), log)
        self.processes.append(process)
        return process

    def logs(self, word: str) -> int:
        """In how many lines of all logs a word stands."""
        return sum(process.log.read_text().count(word) for process in self.processes)

    # -- the people ----------------------------------------------------------------------------

    async def arrive(self) -> None:
        """Everybody opens the chat with the bot; their /start is taken away again."""
        chats = [seeding.chat_of(number) for number in range(self.people)]
        people = self.simulated.people
        for first in range(0, len(chats), 500):
            some = chats[first : first + 500]
            await people.create_users([{"id": chat, "first_name": f"P{chat}"} for chat in some])
            await people.batch([{"as": chat, "do": "start"} for chat in some])
        while updates := await self.simulated.ok("getUpdates", {"offset": self.acknowledged}):
            self.acknowledged = updates[-1]["update_id"] + 1

    async def photo(self) -> str:
        """The key of a screenshot that everybody may send."""
        out = BytesIO()
        Image.new("RGB", (640, 800), (20, 90, 160)).save(out, "JPEG")
        return await self.simulated.people.upload(out.getvalue())

    async def deliveries(self) -> dict[str, dict[str, int]]:
        """How often each piece (card, caption, receipt) came to each chat."""
        found = {}
        for name, words in PIECES.items():
            answer = await self.simulated.people.deliveries(contains=words)
            found[name] = {chat: int(number) for chat, number in answer["chats"].items()}
        return found

    # -- the rows ------------------------------------------------------------------------------

    def session(self) -> Session:
        return Session(self.engine)

    def unfinished(self) -> dict[str, int]:
        """What there is still to do: waiting updates, rows on their way, running releases."""
        with self.session() as session:
            waiting = inbox.counts(session).get(inbox.NEW, 0)
            states = outbox.counts(session)
            return {
                "inbox": waiting,
                "outbox": sum(states.get(state, 0) for state in releases.ON_THE_WAY),
                "releases": len(releases.running(session)),
                "unreleased": int(not runs.latest(session)),
            }

    def left_of_release(self) -> int:
        """How many people the release has still to reach; -1 before it has begun."""
        with self.session() as session:
            found = session.scalar(select(releases.Release.id))
            return -1 if found is None else releases.progress(session, found).left

    async def begun(self, seconds: float = 90.0) -> None:
        """Waits until the release runs. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self.left_of_release() < 0:
                await asyncio.sleep(0.1)

    def count(self, entity: type[Base], *which: object) -> int:
        with self.session() as session:
            return session.scalar(select(func.count()).select_from(entity).where(*which)) or 0  # type: ignore[arg-type]

    def updates(self, status: str) -> set[str]:
        """The external ids of what people sent, by what became of it."""
        with self.session() as session:
            return set(
                session.scalars(
                    select(Update.external_id).where(
                        Update.status == status, Update.external_id.not_like("internal:%")
                    )
                )
            )

    def receipts(self) -> dict[str, int]:
        """How many receipt rows there are for each update that brought a proof."""
        with self.session() as session:
            sources = list(session.scalars(select(shares.Evidence.source)))
            keys = session.scalars(select(Outbound.key).where(Outbound.key.startswith("reply:telegram:")))
            found: dict[str, int] = dict.fromkeys(sources, 0)
            for key in keys:
                source = key.removeprefix("reply:").rpartition(":")[0]
                if source in found:
                    found[source] += 1
        return found


def proof(number: int, photo: str) -> dict[str, object]:
    """What person `number` sends as a proof: every second one a picture, the others a link."""
    who = {"as": seeding.chat_of(number)}
    if number % 2:
        return {**who, "do": "photo", "file_key": photo}
    return {**who, "do": "say", "text": f"Sudah https://www.instagram.com/p/C{number:010d}/"}


@contextlib.asynccontextmanager
async def running(
    url: str, folder: Path, people: int, *, rate: float = 300.0, simulator: dict[str, object] | None = None,
    **settings: object,
) -> AsyncIterator[Cluster]:  # fmt: skip
    """A programme with `people` who joined, its item approved and its release due; nothing runs yet."""
    engine = prepare(url)
    now = datetime.now(UTC)
    seeding.seed(engine, people, now=now)
    nursery_ = Nursery()
    try:
        async with start_simulator(**{"limiter": "off", "latency_ms": 20, **(simulator or {})}) as simulated:
            env = programs.environment(
                url,
                simulated.url,
                folder,
                logging__format="json",
                telegram__messages_per_second=rate,
                telegram__per_chat_per_second=30,
                telegram__in_flight=32,
                sender__lease_seconds=5,
                sender__backoff_seconds=1,
                programme__started=weeks.of(now, Programme()),
                programme__release="Wed 07:30",  # when the week opens, so that it is always due
                programme__reminders_per_week=0,
                **settings,
            )
            cluster = Cluster(url, engine, simulated, folder, people, nursery_, env)
            await cluster.arrive()
            yield cluster
    finally:
        nursery_.close()
        engine.dispose()


def roles(engine: str) -> Sequence[str]:
    """The processes of an installation on this engine."""
    return ("all",) if engine == "sqlite" else SPLIT
