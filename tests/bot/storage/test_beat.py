"""What comes in a row is done together; what comes after a quiet moment at once."""

import asyncio
import time

from bot.storage.beat import Beat

LONG = 30.0  # seconds that no test waits for


async def waited(beat: Beat, number: int) -> float:
    began = time.monotonic()
    await beat.wait(number)
    return time.monotonic() - began


def test_after_a_quiet_moment_nobody_waits() -> None:
    async def scene() -> float:
        return await waited(Beat(LONG, 10), 1)

    assert asyncio.run(scene()) < LONG / 2


def test_the_next_round_waits_for_its_time() -> None:
    async def scene() -> float:
        beat = Beat(0.2, 10)
        await beat.wait(1)
        return await waited(beat, 1)

    assert 0.1 < asyncio.run(scene()) < LONG


def test_it_does_not_wait_where_there_is_enough_to_do() -> None:
    async def scene() -> float:
        beat = Beat(LONG, 10)
        await beat.wait(1)
        return await waited(beat, 10)

    assert asyncio.run(scene()) < LONG / 2


def test_nor_any_longer_once_there_is() -> None:
    async def scene() -> float:
        beat = Beat(LONG, 10)
        await beat.wait(1)
        waiting = asyncio.create_task(waited(beat, 1))
        await asyncio.sleep(0.05)
        beat.count(9)
        await asyncio.sleep(0.05)
        assert not waiting.done()
        beat.count(10)
        return await waiting

    assert 0.05 < asyncio.run(scene()) < LONG / 2
