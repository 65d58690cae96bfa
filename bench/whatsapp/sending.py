"""A release on WhatsApp at 80 messages a second, with refusals, faults and lost answers.

    python -m bench.whatsapp.sending [--quick] [--people 1500] [--engine sqlite postgresql]

Everybody's window is open, everybody gets a card with buttons and the words to copy. Twilio queues what is
faster than 80 a second, and everybody's answers with it: *queue* is how long its queue was at the most.
*again* are people with a message twice, *without* those who lack one at the end; 100 people write "menu"
meanwhile. The peer is the twilio library in 16 threads, one message to each of as many people.
"""

import argparse
import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bench import ground, peers
from bench.whatsapp import site
from bot.simulator.twilio.client import Phones
from tests import programs
from tests.simulated import Simulated

RATE = 80.0  # messages a second of a sender (Twilio, "WhatsApp best practices")
HOLD = 3.0  # seconds after which a lost answer's connection is closed
PATIENCE = 60.0  # seconds without a message after which it is over
CASES: dict[str, dict[str, Any]] = {
    "50 ms": {"latency_ms": 50},
    "300 ms": {"latency_ms": 300},
    "2% 429": {"latency_ms": 50, "faults": 0.02, "fault_kinds": ["429"]},
    "2% 500, 502": {"latency_ms": 50, "faults": 0.02, "fault_kinds": ["500", "502"]},
    "1% lost answers": {
        "latency_ms": 50,
        "faults": 0.01,
        "fault_kinds": ["timeout_after"],
        "hold": HOLD,
    },
}


@dataclass
class Seen:
    """What arrived on the phones, by the bench's own clock; `queue` is Twilio's at the most."""

    moments: list[float] = field(default_factory=list)
    captions: set[str] = field(default_factory=set)
    asked: dict[str, float] = field(default_factory=dict)
    replies: list[float] = field(default_factory=list)
    queue: int = 0

    def take(self, event: dict[str, Any]) -> None:
        if event.get("type") != "wa_message" or not event["message"]["from_program"]:
            return
        now, address, body = time.perf_counter(), event["address"], event["message"]["body"]
        self.moments.append(now)
        if site.CAPTION in body:
            self.captions.add(address)
        elif site.CARD not in body and (since := self.asked.pop(address, None)) is not None:
            self.replies.append(now - since)


@contextlib.asynccontextmanager
async def watching(simulated: Simulated) -> AsyncIterator[Seen]:
    seen, phones = Seen(), Phones(simulated.people)
    async with simulated.people.events() as stream:

        async def read() -> None:
            async for event in stream:
                seen.take(event)

        async def look() -> None:
            while True:
                seen.queue = max(seen.queue, int((await phones.stats())["queued"]))
                await asyncio.sleep(0.25)

        tasks = [asyncio.create_task(read()), asyncio.create_task(look())]
        try:
            yield seen
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def ask(simulated: Simulated, seen: Seen, people: int, askers: int) -> None:
    """So many people write a word at random moments."""
    dice, phones = random.Random(1), Phones(simulated.people)
    span = 2 * people / RATE
    moments = sorted(dice.uniform(1, max(2.0, span - 2)) for _ in range(askers))
    began = time.perf_counter()
    for moment, number in zip(moments, dice.sample(range(people - 2), min(askers, people - 2)), strict=False):
        await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
        who = site.address(number)
        seen.asked[who] = time.perf_counter()
        await phones.say(who, "menu")


async def until_done(seen: Seen, people: int) -> None:
    """Waits until everybody has everything, or nothing has come for a while."""
    last = time.perf_counter()
    while len(seen.captions) < people or seen.asked:
        await asyncio.sleep(0.2)
        last = max(last, seen.moments[-1]) if seen.moments else last
        if time.perf_counter() - last > PATIENCE:
            return


async def ours(engine: str, case: str, words: argparse.Namespace) -> list[object]:
    """One release; a row of the table."""
    people, port = words.people, programs.free_port()
    hook = f"http://127.0.0.1:{port}"
    with ground.database_of(engine) as (url, folder):
        site.fill(url, people, heard=timedelta(minutes=1))
        async with site.simulator(people, f"{hook}/webhooks/twilio", opened=True) as simulated:
            await site.templates(url, simulated, folder, hook)
            site.release(url)
            await Phones(simulated.people).settings(rate=RATE)
            await simulated.people.limits(**CASES[case])
            ground.say(f"{ground.NAMES[engine]}, {case}: {people:,} people, about {2 * people / RATE:,.0f} s")
            async with (
                watching(simulated) as seen,
                ground.program(
                    url, simulated, folder, {"web__port": port}, site.secrets(simulated, hook)
                ) as running,
            ):
                while not seen.moments:
                    ground.check(running)
                    await asyncio.sleep(0.05)
                before = ground.cpu_seconds(running.process)
                await asyncio.gather(ask(simulated, seen, people, words.askers), until_done(seen, people))
                cpu = ground.cpu_seconds(running.process) - before
                row = await arrived(simulated, people)
    replies = ground.milliseconds(seen.replies, 0.5, 0.99)
    return [case, f"Satu Pesan, {ground.NAMES[engine]}", ground.steady(seen.moments), seen.queue, *row,
            len(seen.asked), *replies, 1e6 * cpu / len(seen.moments), ""]  # fmt: skip


async def arrived(simulated: Simulated, people: int, *texts: str) -> list[object]:
    """How many have a message twice, and how many lack one."""
    phones = Phones(simulated.people)
    again, without = set[str](), set[str]()
    for text in texts or (site.CARD, site.CAPTION):
        counts = (await phones.deliveries(contains=text))["chats"]
        again |= {who for who, number in counts.items() if number > 1}
        without |= {site.address(number) for number in range(people)} - counts.keys()
    return [len(again), len(without)]


async def theirs(case: str, words: argparse.Namespace, pace: float) -> list[object]:
    """The library in threads."""
    async with site.simulator(words.peers, "http://127.0.0.1:9/", opened=True) as simulated:
        await Phones(simulated.people).set_webhook("")
        await Phones(simulated.people).settings(rate=RATE)
        await simulated.people.limits(**CASES[case])
        async with watching(simulated) as seen:
            said = await peers.run_here(
                "twilio_threads", "--url", simulated.url, "--token", simulated.token, "--people", words.peers
            )
            ends = time.perf_counter() + 20
            while len(seen.moments) < said["sent"] and time.perf_counter() < ends:  # what Twilio queued
                await asyncio.sleep(0.2)
            row = await arrived(simulated, words.peers, "Layanan kesehatan gratis")
    made = ground.steady(seen.moments)
    return [case, "twilio, 16 threads", made, seen.queue, *row, 0, float("nan"), float("nan"),
            1e6 * said["cpu"] / words.peers, ground.times(pace, made)]  # fmt: skip


async def everything(words: argparse.Namespace) -> None:
    rows: list[list[object]] = []
    for case in words.cases:
        own = [await ours(engine, case, words) for engine in words.engine]
        rows += own
        if words.peers:
            rows.append(await theirs(case, words, float(str(own[0][2]))))
    ground.report(
        f"On WhatsApp, 80/s: {words.people:,} people × 2 messages, {words.askers} people ask meanwhile",
        ("case", "who", "messages/s", "queue", "again", "without", "unanswered", "reply p50 ms", "p99 ms",
         "CPU µs/message", "ours is"),
        rows,
    )  # fmt: skip


def main() -> None:
    options = ground.options(__doc__, ("sqlite",))
    options.add_argument("--people", type=int, default=1500)
    options.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    options.add_argument("--askers", type=int, default=100)
    options.add_argument("--peers", type=int, default=1500, help="recipients of the peer; 0 leaves it out")
    options.add_argument("--quick", action="store_true", help="150 people, two cases")
    words = options.parse_args()
    if words.quick:
        words.people, words.askers, words.peers = 150, 10, min(words.peers, 150)
        words.cases = list(dict.fromkeys((words.cases[0], words.cases[-1])))
    asyncio.run(everything(words))


if __name__ == "__main__":
    main()
