"""Who goes first: replies before notices before bulk, and nobody waits for somebody else's chat."""

import asyncio

import pytest

from bot.outbound.throttle import SHARE
from tests.bot.jumping import Log, here, now, run


def test_replies_go_before_notices_and_bulk() -> None:
    async def story() -> None:
        log = Log(here())
        for number in range(20):
            log.start(f"bulk {number}", priority=2)
            log.start(f"notice {number}", priority=1)
        await asyncio.sleep(0.5)
        before = len(log.sent)
        replies = [asyncio.create_task(log.send(f"reply {number}", priority=0)) for number in range(5)]
        await asyncio.gather(*replies)
        assert log.names()[before:] == [f"reply {number}" for number in range(5)]
        assert all(name.startswith("notice") for name in log.names()[1 : 1 + SHARE])
        await asyncio.sleep(10)
        assert len(log.sent) == 45

    run(story())


def test_however_many_replies_there_are_bulk_still_moves() -> None:
    async def story() -> None:
        log = Log(here())
        log.queue("reply", 400, priority=0)
        log.queue("bulk", 50, priority=2)
        await asyncio.sleep(10)
        kinds = log.kinds()
        assert kinds.count("bulk") == pytest.approx(len(kinds) / (SHARE + 1), abs=2)
        assert [name for name in log.names() if "bulk" in name][:3] == ["bulk 0", "bulk 1", "bulk 2"]
        await asyncio.sleep(10)

    run(story())


def test_between_replies_and_notices_bulk_is_not_forgotten() -> None:
    async def story() -> None:
        log = Log(here())
        log.queue("notice", 400, priority=1)
        log.queue("bulk", 50, priority=2)
        for number in range(60):
            log.start(f"reply {number}", priority=0)
            await asyncio.sleep(0.17)
        kinds = log.kinds()
        assert kinds.count("reply") >= 59
        assert kinds.count("bulk") >= 25
        await asyncio.sleep(15)

    run(story())


def test_a_reply_overtakes_bulk_to_the_same_chat() -> None:
    async def story() -> None:
        log = Log(here())
        await log.send("siti")
        names: list[str] = []

        async def one(name: str, priority: int) -> None:
            await log.send("siti", priority=priority)
            names.append(name)

        await asyncio.gather(one("bulk 1", 2), one("bulk 2", 2), one("reply", 0))
        assert names == ["reply", "bulk 1", "bulk 2"]

    run(story())


def test_a_chat_that_must_wait_holds_nobody_up() -> None:
    async def story() -> None:
        log = Log(here())
        started = now()
        for _ in range(10):
            log.start("busy", priority=0)
        await asyncio.gather(*(log.send(f"person {number}", priority=2) for number in range(20)))
        assert now() - started < 1.0
        assert len(log.times("busy")) == 1
        await asyncio.sleep(12)
        assert len(log.times("busy")) == 10

    run(story())


def test_ready_at_counts_those_who_wait_already() -> None:
    async def story() -> None:
        log = Log(here())
        assert log.throttle.ready_at("siti") == now()
        for _ in range(4):
            log.start("siti")
        await asyncio.sleep(0.5)
        promised = log.throttle.ready_at("siti")
        await log.send("siti")
        assert now() == pytest.approx(promised, abs=0.1)
        await asyncio.sleep(2)
        assert log.throttle.ready_at("siti") == now()
        assert log.throttle.resting() == []

    run(story())


def test_who_gives_up_holds_nobody_up() -> None:
    async def story() -> None:
        log = Log(here())
        await log.send("siti")
        tasks = [asyncio.create_task(log.send("siti", priority=priority)) for priority in (0, 1, 1, 2)]
        tasks += [asyncio.create_task(log.send("budi", priority=0)), asyncio.create_task(log.send("budi"))]
        await asyncio.sleep(0)
        for task in (tasks[0], tasks[1], tasks[4]):
            task.cancel()
        await asyncio.sleep(10)
        assert log.names().count("siti") == 3
        assert log.names().count("budi") == 1

    run(story())
