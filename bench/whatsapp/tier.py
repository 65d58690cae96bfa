"""A release to more people than the portfolio may write to first in a day: how it is spread.

    python -m bench.whatsapp.tier [--quick] [--people 15000] [--limit 10000] [--engine sqlite postgresql]

It begins on a Thursday morning. Nobody's window is open: everybody is asked by a template, presses its
button, and gets a card and the words to copy. The simulator refuses who is one too many in a rolling day
(63018). The program runs in this process, so that its clock can be moved by a day once all is quiet; the
rates are lifted.
"""

import argparse
import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench import ground
from bench.inbound import until_up
from bench.whatsapp import site
from bot.clock import Clock
from bot.config import settings
from bot.running import runtime
from bot.running.program import Program
from bot.simulator.twilio.client import Phones
from models.messages import outbox
from models.messages.outbox import Outbound
from models.programme.programme import Programme
from tests import programs
from tests.simulated import Simulated

CONFIG = programs.ROOT / "config.yaml"
RATE = 1000.0  # messages a second, here and there
DAYS = 4
THURSDAY = 3
DAY = timedelta(days=1, minutes=1)
CALM = (
    70.0  # seconds without news after which a day is over: longer than a round of what is done every minute
)
PRESSES = 200  # in one request


@dataclass
class Crowd:
    """Everybody presses [Lihat konten] as soon as it is there. Counts by address; `news` is when the last
    message arrived."""

    phones: Phones
    openers: Counter[str] = field(default_factory=Counter)
    captions: Counter[str] = field(default_factory=Counter)
    news: float = field(default_factory=time.perf_counter)
    _presses: "asyncio.Queue[dict[str, str]]" = field(default_factory=asyncio.Queue)

    def see(self, event: dict[str, Any]) -> None:
        if event.get("type") != "wa_message" or not event["message"]["from_program"]:
            return
        self.news, message, address = time.perf_counter(), event["message"], event["address"]
        if message["template"]:
            self.openers[address] += 1
            self._presses.put_nowait(
                {"as": address, "do": "press", "sid": message["sid"], "title": message["buttons"][0]["title"]}
            )
        elif site.CAPTION in message["body"]:
            self.captions[address] += 1

    async def press(self) -> None:
        """Until cancelled."""
        while True:
            some = [await self._presses.get()]
            while len(some) < PRESSES and not self._presses.empty():
                some.append(self._presses.get_nowait())
            for result in await self.phones.batch(some):
                if "error" in result:
                    raise RuntimeError(f"a press was refused: {result['error']}")

    async def calm(self) -> None:
        """Returns when nothing has come for a while."""
        while time.perf_counter() - self.news < CALM:
            await asyncio.sleep(0.2)


@contextlib.asynccontextmanager
async def crowd(simulated: Simulated) -> AsyncIterator[Crowd]:
    made = Crowd(Phones(simulated.people))
    async with simulated.people.events() as stream:

        async def read() -> None:
            async for event in stream:
                made.see(event)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read()), group.create_task(made.press())]
            try:
                yield made
            finally:
                for task in tasks:
                    task.cancel()


@contextlib.asynccontextmanager
async def program(
    url: str, simulated: Simulated, folder: Path, port: int, limit: int, start: datetime
) -> AsyncIterator[Any]:
    """The program in this process, and its clock, at `start`."""
    public = f"http://127.0.0.1:{port}"
    chosen = {
        **ground.ALWAYS,
        "web__port": port,
        "whatsapp__messages_per_second": RATE,
        "programme__whatsapp__portfolio_limit": limit,
    }
    env = programs.environment(url, simulated.url, folder, **chosen)
    loaded = settings.load(CONFIG, env | dict(site.secrets(simulated, public)), ["TELEGRAM_TOKEN"])
    clock = Clock()
    clock.move_to(start)
    async with runtime.program(loaded, clock) as made:
        running = asyncio.create_task(made.run())

        def alive() -> None:
            if running.done():
                running.result()
                raise RuntimeError("the program has ended")

        await until_up(f"{public}/health", alive)
        try:
            yield made, clock
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def morning() -> datetime:
    """The next Thursday at 09.00 WIB: nobody is asked in the quiet hours, and the week has days left."""
    here = datetime.now(Programme().zone).replace(hour=9, minute=0, second=0, microsecond=0)
    return here + timedelta(days=(THURSDAY - here.weekday()) % 7 or 7)


def left(made: Program) -> int:
    """Messages on their way, or waiting for a window."""
    chosen = select(func.count()).select_from(Outbound)
    with Session(made.reader) as session:
        return session.scalar(chosen.where(Outbound.status.in_(outbox.UNSENT))) or 0


async def spread(engine: str, words: argparse.Namespace) -> list[list[object]]:
    """The days of one release; rows of the table."""
    port, people = programs.free_port(), words.people
    rows: list[list[object]] = []
    start = morning()
    with ground.database_of(engine) as (url, folder):
        site.fill(url, people, heard=None, at=start)
        async with site.simulator(
            people, f"http://127.0.0.1:{port}/webhooks/twilio", opened=False, portfolio_limit=words.limit
        ) as simulated:
            await site.templates(url, simulated, folder, f"http://127.0.0.1:{port}")
            site.release(url, at=start)
            await simulated.people.clock(now=int(start.timestamp()))
            async with (
                crowd(simulated) as seen,
                program(url, simulated, folder, port, words.limit, start) as (made, clock),
            ):
                for day in range(1, DAYS + 1):
                    asked, served = seen.openers.total(), len(seen.captions)
                    began = seen.news = time.perf_counter()
                    await seen.calm()
                    rest = await asyncio.to_thread(left, made)
                    stats = await seen.phones.stats()
                    rows.append([ground.NAMES[engine], day, seen.openers.total() - asked,
                                 len(seen.captions) - served, rest, stats["failed"].get("63018", 0),
                                 twice(seen), seen.news - began])  # fmt: skip
                    ground.say(f"{ground.NAMES[engine]}, day {day}: {rows[-1][2]:,} asked, {rest:,} left")
                    if not rest:
                        break
                    moment = clock.now() + DAY
                    clock.move_to(moment)
                    await simulated.people.clock(now=int(moment.timestamp()))
                    made.wakeups.wake_all()
    return rows


def twice(seen: Crowd) -> int:
    """People who were asked, or served, more than once."""
    return sum(number > 1 for counts in (seen.openers, seen.captions) for number in counts.values())


async def everything(words: argparse.Namespace) -> None:
    rows = [row for engine in words.engine for row in await spread(engine, words)]
    ground.report(
        f"A release to {words.people:,} people on WhatsApp whose portfolio may ask {words.limit:,} a day",
        ("engine", "day", "asked", "served", "left", "one too many", "twice", "seconds"),
        rows,
    )


def main() -> None:
    options = ground.options(__doc__, ground.ENGINES)
    options.add_argument("--people", type=int, default=15_000)
    options.add_argument("--limit", type=int, default=10_000)
    options.add_argument("--quick", action="store_true", help="300 people, a limit of 200")
    words = options.parse_args()
    if words.quick:
        words.people, words.limit = 300, 200
    asyncio.run(everything(words))


if __name__ == "__main__":
    main()
