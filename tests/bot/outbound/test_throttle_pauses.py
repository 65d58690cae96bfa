"""What the server says slows the throttle down: pauses of everybody and of one chat, late answers."""

import asyncio
import random

import pytest

from tests.bot.jumping import Log, flood, here, now, run, shortest


def test_a_pause_is_heard_by_everybody_and_never_shortened() -> None:
    async def story() -> None:
        log = Log(here())
        for number in range(40):
            log.start(f"person {number}", priority=1 + number % 2)
        await asyncio.sleep(0.2)
        before = len(log.sent)
        started = now()
        log.throttle.pause(7)
        log.throttle.pause(2)
        await log.send("reply", priority=0)
        assert now() - started >= 7
        assert len(log.sent) == before + 1
        await asyncio.sleep(5)
        assert shortest(log.times()[before:], 1) > 0.02

    run(story())


def test_a_pause_says_how_long_it_still_is() -> None:
    async def story() -> None:
        throttle = here()
        assert throttle.paused() == 0
        throttle.pause(7)
        await asyncio.sleep(3)
        assert throttle.paused() == pytest.approx(4)
        await asyncio.sleep(5)
        assert throttle.paused() == 0

    run(story())


def test_after_a_refusal_the_pace_is_a_little_slower_and_recovers() -> None:
    async def story() -> None:
        log = Log(here())
        await flood(log, 300, 24, lambda: asyncio.sleep(0.1))
        for _ in range(5):  # the same refusal, heard by all that were in flight
            log.throttle.pause(5)
        await flood(log, 6000, 24, lambda: asyncio.sleep(0.1))
        times = log.times()
        assert 100 / (times[450] - times[350]) == pytest.approx(29.3 * 0.99, rel=0.003)
        assert 100 / (times[-1] - times[-101]) == pytest.approx(29.3, rel=0.003)

    run(story())


@pytest.mark.parametrize(("refused", "pace"), [(0.01, 80.0), (0.02, 80.0), (0.1, 20.0)])
def test_few_crowded_moments_cost_no_pace_and_many_a_quarter_remains(refused: float, pace: float) -> None:
    async def story() -> None:
        log, dice = Log(here(80.0, 1000.0)), random.Random(1)

        async def call() -> None:
            if dice.random() < refused:
                log.throttle.crowded()
            await asyncio.sleep(0.05)

        await flood(log, 8000, 24, call)
        times = log.times()
        assert 2000 / (times[-1] - times[-2001]) == pytest.approx(pace * 0.977, rel=0.06)

    run(story())


def test_where_a_server_takes_half_of_our_pace_we_come_down_to_it() -> None:
    async def story() -> None:
        log, taken, refused = Log(here(80.0, 1000.0)), [0.0], [0]

        async def call() -> None:
            if now() - taken[-1] < 1 / 40:
                refused.append(len(log.sent))
                log.throttle.crowded()
            else:
                taken.append(now())
            await asyncio.sleep(0.05)

        await flood(log, 8000, 24, call)
        times = log.times()
        assert 35 < 2000 / (times[-1] - times[-2001]) < 42
        assert sum(number > 6000 for number in refused) < 2000 * 0.06

    run(story())


@pytest.mark.parametrize("told", [True, False])
def test_what_the_server_took_late_stays_in_the_window(told: bool) -> None:
    """Now and then a message needs 80 ms more; those behind it must not crowd in after it."""
    arrived: list[float] = []

    async def story() -> None:
        throttle, dice = here(), random.Random(3)

        async def call(number: int) -> None:
            moment = await throttle.slot(f"person {number}")
            seconds = 0.15 + (0.08 if dice.random() < 0.02 else dice.uniform(0, 0.004))
            await asyncio.sleep(seconds)
            arrived.append(now())
            if told:
                throttle.answered(moment, seconds)

        await asyncio.gather(*(call(number) for number in range(1500)))

    run(story())
    arrived.sort()
    assert (shortest(arrived, 30) >= 1.0) is told
    if told:
        assert 1000 / (arrived[-250] - arrived[249]) > 28.9


def test_pausing_a_chat_leaves_the_others_alone() -> None:
    async def story() -> None:
        log = Log(here())
        waiting = asyncio.create_task(log.send("siti"))
        log.throttle.pause_chat("siti", 30)
        await log.send("budi")
        assert log.names() == ["budi"]
        assert log.throttle.ready_at("siti") == pytest.approx(now() + 30, abs=1.1)
        assert log.throttle.resting() == ["siti", "budi"]
        await waiting
        assert log.times("siti")[0] >= 1030

    run(story())
