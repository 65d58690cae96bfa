"""The loop around the handling: on while there is more, and no second look where there is not."""

import asyncio
from collections import Counter

from sqlalchemy import select

from bot.clock import Clock
from bot.inbound.worker import Worker
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.messages import inbox
from models.messages.inbox import Update
from tests import counting
from tests.bot.arriving import arrive
from tests.chat import Stage

POLL = 5.0  # seconds after which the loop would look by itself


def at_work(stage: Stage, *, batch: int, seconds: float) -> None:
    """The worker is at it until nothing waits, in less than so many seconds, and a moment longer."""

    async def scene() -> None:
        clock, wakeups = Clock(), Wakeups()
        clock.move_to(stage.now)
        wakeups.start()
        writer = Writer(stage.engine, wakeups)
        writer.start()
        running = asyncio.create_task(Worker(writer, clock, stage.handling(), batch=batch).run())
        try:
            async with asyncio.timeout(seconds):
                while waiting(stage):
                    await asyncio.sleep(0.05)
            await asyncio.sleep(0.3)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            writer.close()

    asyncio.run(scene())


def waiting(stage: Stage) -> int:
    with stage.session() as session:
        return len(session.scalars(select(Update.id).where(Update.status != inbox.DONE)).all())


def test_what_is_more_than_a_batch_is_worked_off_though_nobody_wakes_it(stage: Stage) -> None:
    for chat in range(1, 8):
        arrive(stage, chat, "menu")
    at_work(stage, batch=2, seconds=POLL - 0.5)
    assert not waiting(stage)


def test_after_the_last_message_nobody_looks_again(stage: Stage) -> None:
    arrive(stage, 1, "menu")
    with counting.statements(stage.engine) as asked:
        at_work(stage, batch=8, seconds=60)
    looks = Counter(
        one.statement for one in asked if "FOR UPDATE" in one.statement or "LIMIT" in one.statement
    )
    looked = [number for statement, number in looks.items() if "FROM inbox" in statement]
    assert looked
    assert set(looked) == {1}
