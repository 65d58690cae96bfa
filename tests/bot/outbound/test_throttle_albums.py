"""An album costs as many messages as it has pictures, and is one in its chat."""

import asyncio

import pytest

from tests.bot.jumping import here, now, run, shortest


@pytest.mark.parametrize("latency", [0.0, 0.3])
def test_an_album_counts_as_many_messages_overall_and_one_in_its_chat(latency: float) -> None:
    """No second of the server's has more than 30, whatever comes before and behind the albums."""

    async def work() -> None:
        throttle = here()
        counted: list[float] = []

        async def send(number: int) -> None:
            cost = 10 if number % 7 == 3 else 1
            moment = await throttle.slot(f"person {number}", priority=2, cost=cost)
            counted.extend([now()] * cost)
            throttle.answered(moment, latency)

        began = now()
        await asyncio.gather(*(send(number) for number in range(140)))
        assert len(counted) == 320
        assert shortest(counted, 30) > 1.0
        assert counted[-1] - began < 320 / 30 * 1.25  # and no time is lost beyond what they cost
        # In the chat itself it was one message.
        waited = now()
        await throttle.slot("person 3", priority=2)
        assert now() - waited < 1.1

    run(work())


def test_an_album_larger_than_the_limit_waits_for_all_of_it_and_no_longer() -> None:
    async def work() -> None:
        throttle = here(rate=5.0)
        await throttle.slot("a")
        began = now()
        await throttle.slot("b", cost=10)
        assert 0.9 < now() - began < 1.5
        await throttle.slot("c")
        assert now() - began < 3.0

    run(work())


def test_a_reply_goes_before_an_album_that_waits_for_its_moment() -> None:
    async def work() -> None:
        throttle, order = here(), []

        async def send(name: str, priority: int, cost: int) -> None:
            await throttle.slot(name, priority=priority, cost=cost)
            order.append(name)

        for number in range(30):
            await throttle.slot(f"x{number}", priority=2)
        album = asyncio.create_task(send("album", 2, 10))
        await asyncio.sleep(0)
        await send("reply", 0, 1)
        await album
        assert order == ["reply", "album"]

    run(work())
