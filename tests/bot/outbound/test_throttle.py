"""No limit is ever passed, and no time is lost: overall, a chat, a group."""

import asyncio
import itertools
import random
from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outbound.throttle import KEPT_CHATS, Throttle
from tests.bot.jumping import Log, flood, here, now, run, shortest

ARRIVALS = st.lists(
    st.tuples(
        st.one_of(st.just(0.0), st.floats(0, 3)),  # seconds after the one before
        st.integers(0, 40),  # chat; below 3 a group
        st.integers(0, 2),  # priority
    ),
    min_size=1,
    max_size=150,
)


@settings(max_examples=150, deadline=None)
@given(ARRIVALS, st.sampled_from([0.0, 0.004, 0.09]), st.randoms(use_true_random=False))
def test_no_limit_is_ever_passed_and_nobody_is_forgotten(
    arrivals: list[tuple[float, int, int]], lateness: float, chance: random.Random
) -> None:
    async def story() -> None:
        log = Log(here())
        order: dict[tuple[int, int], list[int]] = {}
        served: dict[tuple[int, int], list[int]] = {}

        async def one(number: int, chat: int, priority: int) -> None:
            await log.send(str(chat), group=chat < 3, priority=priority)
            served.setdefault((chat, priority), []).append(number)

        tasks = []
        for number, (wait, chat, priority) in enumerate(arrivals):
            await asyncio.sleep(wait)
            order.setdefault((chat, priority), []).append(number)
            tasks.append(asyncio.create_task(one(number, chat, priority)))
        await asyncio.gather(*tasks)
        assert len(log.sent) == len(arrivals)
        assert served == order
        assert shortest(log.times(), 30) > 1.0
        for address in set(log.names()):
            assert shortest(log.times(address), 1) > 1.0
        for group in ("0", "1", "2"):
            assert shortest(log.times(group), 20) > 60.0

    run(story(), lambda: chance.random() * lateness)


class SlidingWindow:
    def __init__(self) -> None:
        self.seen: deque[float] = deque()

    def refuses(self, at: float) -> bool:
        while self.seen and self.seen[0] <= at - 1:
            self.seen.popleft()
        self.seen.append(at)
        return len(self.seen) > 30


class TokenBucket:
    def __init__(self) -> None:
        self.tokens, self.at = 5.0, 0.0

    def refuses(self, at: float) -> bool:
        self.tokens = min(5.0, self.tokens + (at - self.at) * 30)
        self.at = at
        self.tokens -= 1
        return self.tokens < 0


class LockingOut(SlidingWindow):
    until = 0.0

    def refuses(self, at: float) -> bool:
        if super().refuses(at):
            self.until = at + 5
        return at < self.until


@pytest.mark.parametrize("server", [SlidingWindow, TokenBucket, LockingOut])
@pytest.mark.parametrize("latency", [0.05, 0.15])
def test_15_000_people_are_reached_in_515_seconds_without_one_429(
    server: type[SlidingWindow] | type[TokenBucket] | type[LockingOut], latency: float
) -> None:
    chance = random.Random(48)

    async def story() -> None:
        log = Log(here())
        limit = server()
        arrivals: list[float] = []

        async def travel() -> None:
            arrivals.append(now() + latency / 2 + chance.uniform(-0.01, 0.01))
            await asyncio.sleep(latency)

        started = now()
        await flood(log, 15_000, 24, travel)
        assert now() - started <= 515
        assert sum(limit.refuses(at) for at in sorted(arrivals)) == 0

    run(story(), lambda: chance.expovariate(1000))  # timers come a millisecond late on average


def test_a_process_that_stalls_catches_up_without_a_burst() -> None:
    chance = random.Random(7)

    def stall() -> float:
        return 0.09 if chance.random() < 0.01 else 0.0005

    async def story() -> None:
        log = Log(here())
        await flood(log, 3000, 24, lambda: asyncio.sleep(0.1))
        times = log.times()
        assert 2900 / (times[-1] - times[99]) > 29
        assert shortest(times, 30) > 1.0
        assert shortest(times, 1) > 0.02

    run(story(), stall)


def test_after_a_long_silence_messages_do_not_leave_in_a_burst() -> None:
    async def story() -> None:
        log = Log(here())
        await log.send("first")
        await asyncio.sleep(3600)
        await flood(log, 60, 60, lambda: asyncio.sleep(0))
        assert shortest(log.times()[1:], 1) > 0.033
        assert shortest(log.times()[1:26], 24) > 1.0  # the first second is slower still

    run(story())


def test_a_group_gets_twenty_messages_a_minute() -> None:
    async def story() -> None:
        log = Log(here())
        await asyncio.gather(*(log.send("-100", group=True) for _ in range(45)))
        assert log.times()[19] - log.times()[0] < 21
        assert shortest(log.times(), 20) > 60
        assert log.times()[-1] - log.times()[0] < 130

    run(story())


def test_a_sender_that_asks_one_by_one_keeps_the_full_pace() -> None:
    chance = random.Random(3)

    async def story() -> None:
        log = Log(here())
        for number in range(1000):
            await log.send(str(number))
            if number % 20 == 0:
                await asyncio.sleep(0.05)  # fetching the next rows
        times = log.times()
        assert 900 / (times[-1] - times[99]) > 29.1
        assert shortest(times, 30) > 1.0

    run(story(), lambda: chance.uniform(0, 0.002))


def test_idle_chats_are_forgotten() -> None:
    async def story() -> None:
        throttle = here(rate=1000)
        for number in range(20_000):
            await throttle.slot(str(number), group=number % 1000 == 0)
        assert len(throttle._chats) <= 2 * 1100 + KEPT_CHATS

    run(story())


def test_at_a_thousand_a_second_there_is_no_timer_a_message() -> None:
    throttles: list[Log] = []

    async def story() -> None:
        log = Log(here(rate=1000))
        throttles.append(log)
        left = itertools.count()

        async def lane() -> None:
            while (number := next(left)) < 10_000:
                await log.send(str(number))

        await asyncio.gather(*(lane() for _ in range(200)))

    waits = run(story())
    times = throttles[0].times()
    assert waits < 2500
    assert 8000 / (times[-1] - times[1999]) > 950
    assert shortest(times, 1000) > 1.0


@pytest.mark.parametrize("limits", [(0, 1, 20), (30, 0, 20), (30, 1, 0), (-1, 1, 1)])
def test_a_limit_of_nothing_is_refused(limits: tuple[float, float, int]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Throttle(*limits)
