"""A release within Telegram's limits, and what a person waits for an answer meanwhile.

    python -m bench.limited [--quick] [--full] [--people 1500] [--engine sqlite|postgresql]
        [--limiter sliding bucket lockout] [--latency 50]

The simulator enforces 30 messages a second overall and one a second to a chat, by each of the kinds
of limiter, one after the other (a simulator and a program for each). Every recipient gets a card and a
caption; 200 people press a button or write at random moments. The peers send one message to each of
300 people. `--full` sends 15,000 messages (7,500 people) through one limiter.
"""

import argparse
import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from bench import ground, peers
from tests import seeding
from tests.simulated import Simulated

CARD, CAPTION = "Puskesmas melayani pemeriksaan gratis", "Periksa kesehatan kini gratis"
PATIENCE = 90.0  # seconds that a peer gets
PACE = 29.0  # messages a second that a release is expected to make
PEERS: tuple[tuple[str, str, tuple[object, ...]], ...] = (
    ("PTB, loop with sleep 0.05", "ptb_loop", ()),
    ("PTB, AIORateLimiter as it comes", "ptb_ratelimiter", ()),
    ("PTB, AIORateLimiter(max_retries=5)", "ptb_ratelimiter", ("--retries", 5)),
)


@dataclass
class Seen:
    """What arrived in the chats, by the bench's own clock."""

    cards: dict[int, int] = field(default_factory=dict)  # chat → message id
    captions: set[int] = field(default_factory=set)
    moments: list[float] = field(default_factory=list)  # of every message of the bot
    asked: dict[int, float] = field(default_factory=dict)  # chat → when somebody asked
    replies: list[float] = field(default_factory=list)  # seconds

    def take(self, event: dict[str, Any]) -> None:
        message = event.get("message")
        if message is None or event["type"] != "message" or not message["from"]["bot"]:
            return
        now, chat = time.perf_counter(), int(event["chat_id"])
        self.moments.append(now)
        if CARD in message["text"]:
            self.cards[chat] = message["message_id"]
        elif CAPTION in message["text"]:
            self.captions.add(chat)
        elif (since := self.asked.pop(chat, None)) is not None:
            self.replies.append(now - since)


@contextlib.asynccontextmanager
async def watching(simulated: Simulated) -> AsyncIterator[Seen]:
    seen = Seen()
    async with simulated.people.events() as stream:

        async def read() -> None:
            async for event in stream:
                seen.take(event)

        task = asyncio.create_task(read())
        try:
            yield seen
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def ask(simulated: Simulated, seen: Seen, people: int, askers: int) -> None:
    """So many people press the card's button, or write where they have none yet, at random moments."""
    dice = random.Random(1)
    span = 2 * people / PACE
    moments = sorted(dice.uniform(1, max(2.0, span - 2)) for _ in range(askers))
    chosen = dice.sample(range(people - 2), min(askers, people - 2))
    began = time.perf_counter()
    for moment, number in zip(moments, chosen, strict=False):
        await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
        chat = seeding.chat_of(number)
        seen.asked[chat] = time.perf_counter()
        if chat in seen.cards and number % 2:
            await simulated.people.press(chat, seen.cards[chat], "share.done")
        else:
            await simulated.people.say(chat, "menu")


async def until_done(seen: Seen, people: int) -> None:
    """Waits until everybody has card and caption, or nothing has come for a while."""
    patience = time.perf_counter() + 30
    while len(seen.captions) < people or seen.asked:
        await asyncio.sleep(0.2)
        if seen.moments:
            patience = seen.moments[-1] + 20
        if time.perf_counter() > patience:
            return


async def ours(limiter: str, words: argparse.Namespace) -> list[object]:
    """One release; a row of the table."""
    people = words.people
    with ground.database_of(words.engine) as (url, folder):
        ground.fill(url, people, release=True)
        async with (
            ground.simulator(people, limiter=limiter, latency_ms=words.latency) as simulated,
            watching(simulated) as seen,
            ground.program(url, simulated, folder) as running,
        ):
            ground.say(f"{limiter}: {people:,} people, about {2 * people / PACE:,.0f} s")
            while not seen.moments:
                ground.check(running)
                await asyncio.sleep(0.05)
            before = ground.cpu_seconds(running.process)  # what starting costs is no message's
            await asyncio.gather(ask(simulated, seen, people, words.askers), until_done(seen, people))
            stats = await simulated.people.stats()
            cpu = ground.cpu_seconds(running.process) - before
    everybody = {seeding.chat_of(number) for number in range(people)}
    without = everybody - (seen.cards.keys() & seen.captions)
    span = seen.moments[-1] - seen.moments[0]
    pace = ground.steady(seen.moments)
    replies = ground.milliseconds(seen.replies, 0.5, 0.99)
    served = len(everybody - without)
    row = [limiter, f"Satu Pesan, {ground.NAMES[words.engine]}", pace, served / span, span,
           stats["too_many_requests"], len(without), *replies, 1e6 * cpu / len(seen.moments), ""]  # fmt: skip
    ground.say(f"{limiter}: {pace:.1f} messages/s, {span:.0f} s, {row[5]} 429s, {len(without)} without")
    return row


async def theirs(limiter: str, words: argparse.Namespace, pace: float) -> list[list[object]]:
    """The peers, one after the other; their rows."""
    rows: list[list[object]] = []
    for label, name, more in PEERS:
        async with ground.simulator(words.peers, limiter=limiter, latency_ms=words.latency) as simulated:
            try:
                said = await peers.run(
                    name, "--url", simulated.url, "--token", simulated.token, "--people", words.peers, *more,
                    seconds=PATIENCE,
                )  # fmt: skip
            except TimeoutError:
                said = {"seconds": PATIENCE, "cpu": float("nan")}
            stats = await simulated.people.stats()
            arrived = (await simulated.people.deliveries())["chats"]
        made = len(arrived) / said["seconds"]
        rows.append([limiter, label, made, made, said["seconds"], stats["too_many_requests"],
                     words.peers - len(arrived), float("nan"), float("nan"), 1e6 * said["cpu"] / words.peers,
                     ground.times(pace, made)])  # fmt: skip
    return rows


async def everything(words: argparse.Namespace) -> None:
    peers.python()
    rows: list[list[object]] = []
    for limiter in words.limiter:
        own = await ours(limiter, words)
        rows.append(own)
        if words.peers:
            ground.say(f"the peers, {words.peers} messages each")
            rows += await theirs(limiter, words, float(str(own[2])))
    ground.report(
        f"Within the limits: 30/s overall, 1/s a chat; latency {words.latency} ms; "
        f"{words.people:,} people × 2 messages, {words.askers} people ask meanwhile",
        ("limiter", "who", "messages/s", "people/s", "seconds", "429s", "without", "reply p50 ms", "p99 ms",
         "CPU µs/message", "ours is"),
        rows,
    )  # fmt: skip


def main() -> None:
    options = ground.options(__doc__)
    options.add_argument("--people", type=int, default=1500)
    options.add_argument("--engine", choices=ground.ENGINES, default="sqlite")
    options.add_argument("--limiter", nargs="+", choices=("sliding", "bucket", "lockout"), default=[])
    options.add_argument("--latency", type=int, default=50, help="of the simulator, in milliseconds")
    options.add_argument("--askers", type=int, default=200)
    options.add_argument("--peers", type=int, default=300, help="recipients of the peers; 0 leaves them out")
    options.add_argument("--quick", action="store_true", help="150 people, 60 for the peers")
    options.add_argument("--full", action="store_true", help="7,500 people, one limiter, no peers")
    words = options.parse_args()
    if words.quick:
        words.people, words.askers, words.peers = 150, 20, min(words.peers, 60)
    if words.full:
        words.people, words.peers = 7500, 0
        words.limiter = words.limiter[:1] or ["sliding"]
    words.limiter = words.limiter or ["sliding", "bucket", "lockout"]
    asyncio.run(everything(words))


if __name__ == "__main__":
    main()
