"""One active sender, clock and poller: on PostgreSQL a lock decides, and a standby takes over."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from bot.storage import database, leader, listener
from bot.storage.wakeups import Wakeups, wait
from bot.storage.writer import Writer
from models import base

pytestmark = pytest.mark.anyio


@dataclass
class Office:
    """Who is in office, and who was: candidates by name."""

    url: URL
    holders: list[str] = field(default_factory=list)
    ever: list[str] = field(default_factory=list)
    most: int = 0

    def candidate(self, name: str, office: str = "sender") -> "asyncio.Task[None]":
        async def work() -> None:
            self.holders.append(name)
            self.ever.append(name)
            self.most = max(self.most, len(self.holders))
            try:
                await asyncio.Event().wait()
            finally:
                self.holders.remove(name)

        return asyncio.create_task(leader.lead(self.url, office, work))

    async def until(self, true: Callable[[], bool], seconds: float = 30.0) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def office(url: str) -> AsyncIterator[Office]:
    yield Office(database.url(url))


async def end(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def terminate_lock_holders(url: str) -> int:
    """The server ends the connection that holds the office; how many that were."""
    engine = create_engine(database.url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        ).all()
    engine.dispose()
    return len(rows)


async def test_one_of_two_is_in_office_and_the_other_takes_over_when_it_leaves(
    postgres_database: str,
) -> None:
    async with office(postgres_database) as made:
        one, two = made.candidate("one"), made.candidate("two")
        await made.until(lambda: len(made.holders) == 1)
        await asyncio.sleep(1.2)
        assert len(made.holders) == 1
        [first] = made.holders
        await end(one if first == "one" else two)
        await made.until(lambda: made.holders == ["two" if first == "one" else "one"])
        assert made.most == 1
        await end(one, two)


async def test_different_offices_do_not_disturb_each_other(postgres_database: str) -> None:
    async with office(postgres_database) as made:
        tasks = [made.candidate(name, name) for name in ("sender", "clock", "poller")]
        await made.until(lambda: len(made.holders) == 3)
        await end(*tasks)


async def test_a_leader_whose_connection_is_lost_stops_working_before_it_asks_again(
    postgres_database: str,
) -> None:
    async with office(postgres_database) as made:
        one, two = made.candidate("one"), made.candidate("two")
        await made.until(lambda: len(made.holders) == 1)
        assert terminate_lock_holders(postgres_database) == 1
        await made.until(lambda: len(made.ever) >= 2)
        await made.until(lambda: len(made.holders) == 1)
        assert not one.done()
        assert not two.done()
        await end(one, two)


async def test_a_leader_that_says_nothing_loses_its_office(postgres_database: str) -> None:
    # A frozen process, or a machine without power: the connection is there and nobody at its end.
    url = database.url(postgres_database)
    frozen = await leader.connect(url)
    await leader._take(frozen, leader.key_of("sender"), silence_seconds=1.0)
    async with office(postgres_database) as made:
        began = time.monotonic()
        task = made.candidate("standby")
        await made.until(lambda: made.holders == ["standby"])
        assert time.monotonic() - began > 0.2, "the frozen one held it until then"
        await end(task)
    await frozen.close()


async def test_what_the_work_raises_is_heard_of_and_the_office_is_free_again(postgres_database: str) -> None:
    async def breaks() -> None:
        raise ValueError("a bug")

    url = database.url(postgres_database)
    with pytest.raises(ValueError, match="a bug"):
        await leader.lead(url, "sender", breaks)
    async with office(postgres_database) as made:
        task = made.candidate("next")
        await made.until(lambda: made.holders == ["next"])
        await end(task)


async def test_on_sqlite_there_is_nobody_else_and_the_work_begins_at_once(sqlite_database: str) -> None:
    done: list[str] = []

    async def work() -> None:
        done.append("worked")

    await leader.lead(database.url(sqlite_database), "sender", work)
    assert done == ["worked"]


async def test_a_topic_woken_in_one_process_wakes_those_who_wait_for_it_in_another(
    postgres_database: str,
) -> None:
    url = database.url(postgres_database)
    here, there = Wakeups(), Wakeups()
    here.start()
    there.start()
    engine = database.writing(url)
    writer = Writer(engine, here)
    writer.start()
    event, other = there.subscribe("outbox"), there.subscribe("media")
    task = asyncio.create_task(listener.listen(url, there))
    try:
        assert await wait(event, 10), (
            "whoever begins to listen looks once, since it may have missed something"
        )
        await wait(other, 10)
        await writer.write(lambda session: base.wake(session, "outbox"))
        assert await wait(event, 10)
        assert not await wait(other, 0.1)
    finally:
        await end(task)
        writer.close()
        engine.dispose()


async def test_a_listener_whose_connection_was_lost_listens_again_and_wakes_everybody(
    postgres_database: str,
) -> None:
    url = database.url(postgres_database)
    wakeups = Wakeups()
    wakeups.start()
    event = wakeups.subscribe("inbox")
    task = asyncio.create_task(listener.listen(url, wakeups))
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        assert await wait(event, 10)
        with engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        assert await wait(event, 20)
        with engine.connect() as connection:
            connection.execute(text("NOTIFY satu_pesan, 'inbox'"))
        assert await wait(event, 20)
    finally:
        await end(task)
        engine.dispose()
