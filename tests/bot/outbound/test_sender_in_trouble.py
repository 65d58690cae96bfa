"""The sender when something fails around it: the order stays, and what was sent is known as sent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.outbound import recorder
from bot.outbound.outcomes import Result
from bot.outbound.recorder import Recorder
from bot.outbound.sender import Sender
from bot.running.supervisor import keep_going
from bot.storage.writer import Writer
from models.messages import claims, outbox
from models.messages.outbox import Priority
from models.messages.post import Post
from models.sending import sending
from models.sending.recording import Outcome
from tests.bot.sending import Bench, at_work, bench
from tests.faults import servers

pytestmark = pytest.mark.anyio


def word(text: str) -> Post:
    return Post("menu.unknown_command", {"suggestion": text})


async def test_a_reply_that_came_later_does_not_overtake_one_that_is_tried_again(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11, backoff=1.5) as made:
        await made.simulated.people.plan_fault("sendMessage", "500")
        await made.queue("first", 11, word("pertama"))
        async with at_work(made):
            await made.until(lambda: made.row("first").attempts == 1)
            await made.queue("second", 11, word("kedua"))
            await made.sent("first", "second")
        first, second = await made.texts(11)
        assert "pertama" in first
        assert "kedua" in second


async def test_a_reply_does_not_wait_for_a_card_that_is_tried_again(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11, backoff=600.0) as made:
        await made.simulated.people.plan_fault("sendMessage", "500")
        await made.queue("card", 11, priority=Priority.BULK)
        await made.queue("later", 11, priority=Priority.BULK, due_at=made.clock.now() + timedelta(seconds=1))
        async with at_work(made):
            await made.until(lambda: made.row("card").attempts == 1)
            await made.queue("reply", 11)
            await made.sent("reply")
        assert made.row("card").status == made.row("later").status == outbox.QUEUED
        assert made.row("later").due_at >= made.row("card").due_at, "what is as urgent keeps its place"


@contextlib.asynccontextmanager
async def under_way(made: Bench, count: int = 3, behind: int = 0) -> AsyncIterator["asyncio.Task[None]"]:
    """A sender whose calls to `count` people are with the server, which takes its time.

    To the first of them there are `behind` more messages.
    """
    for number in range(count):
        await made.queue(f"m{number}", 11 + number)
    for number in range(behind):
        await made.queue(f"behind{number}", 11)
    task = asyncio.create_task(made.sender.run())
    await made.until(lambda: len(made.lane.under_way) == count)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def once_each(made: Bench, count: int = 3) -> None:
    for number in range(count):
        assert len(await made.texts(11 + number)) == 1
        row = made.row(f"m{number}")
        assert (row.status, row.resent) == (outbox.SENT, 0)


@pytest.mark.parametrize("stops", [False, True], ids=["goes on", "stops"])
async def test_what_was_sent_while_the_database_went_away_is_recorded_when_it_is_back(
    engine: Engine, database_url: str, tmp_path: Path, stops: bool
) -> None:
    slow = {"latency_ms": 400}
    async with bench(engine, database_url, tmp_path, 11, 12, 13, simulator=slow, record=0.2) as made:
        async with under_way(made) as task:
            with servers.closed(database_url):
                await made.until(lambda: len(made.sender._recorder.pending()) == 3)
                if stops:  # the office was lost with the database
                    task.cancel()
                    await asyncio.sleep(1)
            await made.sent("m0", "m1", "m2")
        await once_each(made)
        assert made.sender.open_rows() == set()


async def test_a_sender_that_stops_finishes_its_calls_and_puts_the_rest_back_as_it_was(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11, 12, 13, simulator={"latency_ms": 1000}) as made:
        async with under_way(made, behind=4):
            assert len(made.lane.behind["11"]) == 5
        await once_each(made)
        rest = [made.row(f"behind{number}") for number in range(4)]
        assert [(row.status, row.resent, row.attempts) for row in rest] == [(outbox.QUEUED, 0, 0)] * 4
        assert len(await made.texts(11)) == 1


async def test_a_call_that_does_not_come_back_before_we_stop_is_of_unknown_fate(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11, simulator={"latency_ms": 3000}, stop=0.1) as made:
        async with under_way(made, 1):
            pass
        row = made.row("m0")
        assert (row.status, row.resent, row.error) == (outbox.QUEUED, 1, "stopped while sending")


async def claimed(writer: Writer, sender: Sender, made: Bench, *keys: str) -> list[claims.Claimed]:
    for number, key in enumerate(keys):
        await made.queue(key, 11 + number)
    now = made.clock.now()
    return await writer.write(
        lambda session: sending.claim(session, now, sender.owner, now + timedelta(minutes=1), limit=9, bulk=9)
    )


async def test_a_result_that_cannot_be_written_harms_no_other_and_loses_only_its_consequences(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    def breaks(session: Session, now: object) -> None:
        raise LookupError("a bug in what follows from it")

    async with bench(engine, database_url, tmp_path, 11, 12, 13) as made:
        rows = await claimed(made.writer, made.sender, made, "a", "b", "c")
        written: list[Result] = []
        kept = Recorder(made.writer, made.clock, made.sender.owner, 0.0, written.extend)
        for row in rows:
            outcome = Outcome(row.id, row.key, outbox.FAILED, reason="x", error="with a NUL \0")
            kept.put(Result(outcome, 0, row.address, row.channel, effect=breaks if row.key == "b" else None))
        kept.start()
        assert await kept.finish(30)
        assert [made.row(key).status for key in "abc"] == [outbox.FAILED] * 3
        assert len(written) == 3
        assert recorder.AT_ONCE > 3


async def test_a_sender_that_was_stopped_may_begin_again(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11, 12, 13, simulator={"latency_ms": 100}) as made:
        for number in range(6):
            async with at_work(made):
                await made.queue(f"m{number}", 11 + number % 3)
                await asyncio.sleep(0.05)
        task = asyncio.create_task(keep_going("sender", made.sender.run))
        await made.sent(*(f"m{number}" for number in range(6)))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert [len(await made.texts(chat)) for chat in (11, 12, 13)] == [2, 2, 2]
        assert made.lane.calls == made.lane.behind == {}
