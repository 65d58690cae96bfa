"""Polling: what was fetched is stored before it is acknowledged, and nothing stops what is behind it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.inbound.poller import Poller, Source
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.messages import inbox
from models.messages.inbox import Update
from tests.faults import servers
from tests.simulated import start_simulator

pytestmark = pytest.mark.anyio


def number_of(update: dict[str, Any], otherwise: int = 0) -> int:
    number = update.get("update_id")
    return number if isinstance(number, int) else otherwise


@dataclass
class Server:
    """A server that brings these updates as Telegram's does: an offset acknowledges what is below it,
    one that lies beyond the last number means nothing (TQueue::get), and what waits comes at once."""

    name: str = "telegram"
    pending: list[dict[str, Any]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    async def updates(self, offset: int, timeout: float) -> list[dict[str, Any]]:  # noqa: ASYNC109
        await asyncio.sleep(0.01)
        self.asked.append(offset)
        if offset <= max(map(number_of, self.pending), default=0) + 1:
            self.pending = [one for one in self.pending if number_of(one, offset) >= offset]
        if not self.pending:
            await asyncio.sleep(0.05)
        return self.pending[:100]


def said(number: int, text: str = "halo", chat: int = 5) -> dict[str, Any]:
    who = {"id": chat, "is_bot": False, "first_name": "A"}
    chat_ = {"id": chat, "type": "private", "first_name": "A"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat_, "from": who, "text": text},
    }


@dataclass
class Desk:
    engine: Engine
    writer: Writer

    @contextlib.asynccontextmanager
    async def polling(self, source: Source) -> AsyncIterator[None]:
        task = asyncio.create_task(Poller(source, self.writer, Clock()).run())
        try:
            yield
        finally:
            assert not task.done(), "the poller goes on, whatever comes"
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def stored(self) -> list[str]:
        with Session(self.engine) as session:
            return list(session.scalars(select(Update.external_id).order_by(Update.id)))

    def offset(self) -> int:
        with Session(self.engine) as session:
            return inbox.offset(session, "telegram")

    async def until(self, true: Callable[[], bool], seconds: float = 30.0) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.02)


@pytest.fixture
async def desk(engine: Engine) -> AsyncIterator[Desk]:
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(engine, wakeups)
    writer.start()
    yield Desk(engine, writer)
    writer.close()


async def test_updates_are_stored_with_the_offset_behind_them(desk: Desk) -> None:
    server = Server(pending=[said(number) for number in range(10, 260)])
    async with desk.polling(server):
        await desk.until(lambda: not server.pending)
    assert desk.stored() == [str(number) for number in range(10, 260)]
    assert desk.offset() == 260


async def test_nothing_is_acknowledged_before_it_is_stored(desk: Desk) -> None:
    server = Server(pending=[said(1), said(2)])
    desk.writer.close()  # a writer that cannot write
    task = asyncio.create_task(Poller(server, desk.writer, Clock()).run())
    await asyncio.gather(task, return_exceptions=True)
    assert set(server.asked) <= {0}
    assert len(server.pending) == 2
    desk.writer.start()
    async with desk.polling(server):
        await desk.until(lambda: not server.pending)
    assert desk.stored() == ["1", "2"]


async def test_after_a_restart_it_goes_on_where_it_was_and_repeats_are_left_alone(desk: Desk) -> None:
    server = Server(pending=[said(1), said(2)])
    async with desk.polling(server):
        await desk.until(lambda: not server.pending)
    # The acknowledgement of the first two got lost: they come again, with a new one.
    server.pending, server.asked = [said(1), said(2), said(3)], []
    async with desk.polling(server):
        await desk.until(lambda: desk.stored() == ["1", "2", "3"])
    assert server.asked[0] == 3


@pytest.mark.parametrize(
    "strange",
    [
        {"update_id": 2, "message": {"nonsense": True}},
        {"update_id": 2},
        said(2, "half an emoji \ud83d and a NUL \x00"),
        {"message": {"text": "no number at all"}},
        {"update_id": 2**70},
        {"update_id": "2"},
    ],
    ids=["nonsense", "empty", "surrogate", "numberless", "huge", "text"],
)
async def test_a_strange_update_does_not_block_those_behind_it(desk: Desk, strange: dict[str, Any]) -> None:
    server = Server(pending=[said(1), strange, said(3)])
    async with desk.polling(server):
        await desk.until(lambda: desk.offset() == 4)
    assert {"1", "3"} <= set(desk.stored()) <= {"1", "2", "3"}


async def test_a_server_that_numbers_anew_after_a_quiet_week_is_followed(desk: Desk) -> None:
    server = Server(pending=[said(900_000)])
    async with desk.polling(server):
        await desk.until(lambda: desk.offset() == 900_001)
        server.pending = [said(number) for number in range(500, 730)]  # more than one answer holds
        await desk.until(lambda: desk.offset() == 730)
        await desk.until(lambda: not server.pending)
    assert len(desk.stored()) == 231


async def test_a_database_that_is_away_is_waited_for(postgres_database: str) -> None:
    from bot.storage import database

    engine = database.writing(database.url(postgres_database))
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(engine, wakeups)
    writer.start()
    desk = Desk(engine, writer)
    server = Server(pending=[said(1)])
    async with desk.polling(server):
        await desk.until(lambda: not server.pending)
        with servers.closed(postgres_database):
            server.pending = [said(2), said(3)]
            await asyncio.sleep(1.5)
            assert len(server.pending) == 2, "not acknowledged, since it is not stored"
        await desk.until(lambda: not server.pending)
    assert desk.stored() == ["1", "2", "3"]
    writer.close()
    engine.dispose()


async def fetched(desk: Desk, texts: Sequence[str], pollers: int) -> None:
    async with start_simulator(limiter="off") as simulated:
        people = simulated.people
        await people.create_users([{"id": 11, "first_name": "A"}])
        await people.start(11)
        channels = [Telegram(simulated.token, api_url=simulated.url) for _ in range(pollers)]
        async with contextlib.AsyncExitStack() as stack:
            for channel in channels:
                await channel.start()
                stack.push_async_callback(channel.close)
                await stack.enter_async_context(desk.polling(channel))
            for text in texts:
                await people.say(11, text)
                await asyncio.sleep(0.05)
            await desk.until(lambda: len(desk.stored()) == len(texts) + 1)


async def test_what_people_say_comes_from_the_bot_api_into_the_inbox(desk: Desk) -> None:
    await fetched(desk, ["satu", "dua", "tiga"], pollers=1)


async def test_a_second_poller_is_refused_and_both_together_lose_nothing(desk: Desk) -> None:
    await fetched(desk, [f"pesan {number}" for number in range(12)], pollers=2)
