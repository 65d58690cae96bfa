"""A sender at work: a database, the simulator that it talks to, and chats."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.files.media import Store
from bot.outbound.compose import Composer
from bot.outbound.hands import Hands
from bot.outbound.lane import Lane, Limits
from bot.outbound.library import Library
from bot.outbound.sender import Sender
from bot.outbound.throttle import Throttle
from bot.storage import database
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.messages import outbox
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.programme.programme import Programme
from models.sending.setbacks import Patience
from tests import printing
from tests.simulated import Simulated, start_simulator

SAY = "menu.old_button"


@dataclass
class Bench:
    """A sender on a fresh database, the simulator that it talks to, and one chat for each number."""

    engine: Engine
    simulated: Simulated
    writer: Writer
    sender: Sender
    clock: Clock
    store: Store

    @property
    def lane(self) -> Lane:
        """How it sends by Telegram."""
        return self.sender.lanes["telegram"]

    async def queue(self, key: str, chat: int, post: Post | None = None, **more: Any) -> None:
        now = self.clock.now()
        await self.writer.write(
            lambda session: outbox.queue(session, now, key, "telegram", str(chat), post or Post(SAY), **more)
        )

    def row(self, key: str) -> Outbound:
        with Session(self.engine) as session:
            return session.scalars(select(Outbound).where(Outbound.key == key)).one()

    async def until(self, done: Callable[[], bool], seconds: float = 60.0) -> None:
        async with asyncio.timeout(seconds):
            while not done():
                await asyncio.sleep(0.02)

    async def sent(self, *keys: str) -> None:
        await self.until(lambda: all(self.row(key).status == outbox.SENT for key in keys))

    async def texts(self, chat: int) -> list[str]:
        history = await self.simulated.people.history(chat)
        return [message["text"] for message in history["messages"] if message["from"]["bot"]]


@contextlib.asynccontextmanager
async def bench(engine: Engine, url: str, folder: Path, *chats: int, **options: Any) -> AsyncIterator[Bench]:
    """`reports` are the makers of papers by their kind, or `make` makes them some other way; other `options`
    are those of the sender: `attempts`, `backoff`, `in_flight`, `rate`, and what `Limits` has."""
    simulator = {"limiter": "off", **options.pop("simulator", {})}
    async with start_simulator(**simulator) as simulated:
        await simulated.people.create_users([{"id": chat, "first_name": f"P{chat}"} for chat in chats])
        for chat in chats:
            await simulated.people.start(chat)
        wakeups = Wakeups()
        wakeups.start()
        writer = Writer(engine, wakeups)
        writer.start()
        reader = database.reading(database.url(url))
        telegram = Telegram(simulated.token, api_url=simulated.url)
        await telegram.start()
        clock, store = Clock(), Store(f"file://{folder / 'media'}")
        make = options.pop("make", None) or printing.here(reader, options.pop("reports", {}))
        library = Library(reader, writer, store, clock, make)
        patience = Patience(options.pop("attempts", 8), options.pop("backoff", 0.2))
        hands = Hands(options.pop("in_flight", 256), options.pop("rate", 500.0))
        limits = Limits(patience, **{"chat_gap": 0.0, **options})
        throttle = Throttle(rate=500.0, chat_rate=500.0, group_per_minute=10_000)
        lanes = {"telegram": Lane(telegram, throttle, hands, library, clock, limits)}
        sender = Sender(writer, reader, clock, lanes, Composer(Programme()), limits)
        try:
            yield Bench(engine, simulated, writer, sender, clock, store)
        finally:
            await telegram.close()
            writer.close()
            reader.dispose()


@contextlib.asynccontextmanager
async def at_work(made: Bench) -> AsyncIterator[None]:
    task = asyncio.create_task(made.sender.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
