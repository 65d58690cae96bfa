"""Telegram's part of the webhook bench: updates that are POSTed, and when each was answered and committed."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests import seeding

PEOPLE = 1500
CONNECTIONS = 40  # https://core.telegram.org/bots/api#setwebhook, max_connections
SECRET = "bench-secret"
LINKS = (
    "https://www.instagram.com/p/C{0:09}/",
    "https://www.facebook.com/dinkes/posts/{0:09}",
    "https://www.tiktok.com/@pegawai/video/7{0:012}",
    "https://x.com/pegawai/status/1{0:012}",
    "https://www.youtube.com/watch?v=A{0:010}",
)
Rows = Callable[[], set[int]]  # the update ids whose rows have been committed since the last call


@dataclass
class Load:
    """POSTs updates to `url` and sees what `rows` says is committed. Times are of this process."""

    url: str
    rows: Rows
    posted: dict[int, float] = field(default_factory=dict)
    answered: dict[int, float] = field(default_factory=dict)
    committed: dict[int, float] = field(default_factory=dict)
    next_id: int = 1_000_000

    async def offer(self, rate: float, count: int) -> "Figures":
        """`count` updates at `rate` a second (0: as fast as they are taken), until all are committed."""
        first = self.next_id
        self.next_id += count
        numbers = range(first, first + count)
        watching = asyncio.create_task(self._watch(numbers))
        began = time.perf_counter()
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(connector=connector) as session:
            if rate:
                await self._paced(session, numbers, rate, began)
            else:
                left = iter(numbers)
                await asyncio.gather(*(self._lane(session, left) for _ in range(CONNECTIONS)))
        await watching
        done = [self.committed[number] for number in numbers if number in self.committed]
        return Figures(
            rate,
            count - len(done),
            len(done) / (max(done, default=began) - began) if done else 0.0,
            [self.answered[number] - self.posted[number] for number in numbers if number in self.answered],
            [self.committed[n] - self.posted[n] for n in numbers if n in self.committed],
        )

    async def _paced(self, session: aiohttp.ClientSession, numbers: range, rate: float, began: float) -> None:
        calls = set()
        for place, number in enumerate(numbers):
            delay = began + place / rate - time.perf_counter()
            if delay > 0:
                await asyncio.sleep(delay)
            calls.add(asyncio.create_task(self._post(session, number)))
        await asyncio.gather(*calls)

    async def _lane(self, session: aiohttp.ClientSession, left: Iterator[int]) -> None:
        for number in left:
            await self._post(session, number)

    async def _post(self, session: aiohttp.ClientSession, number: int) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        self.posted[number] = time.perf_counter()
        async with session.post(self.url, json=update(number), headers=headers) as response:
            await response.read()
            if response.status == 200:
                self.answered[number] = time.perf_counter()

    async def _watch(self, numbers: range) -> None:
        missing = set(numbers)
        last = time.perf_counter()
        while missing and time.perf_counter() - last < 15:
            found = await asyncio.to_thread(self.rows)
            now = time.perf_counter()
            for number in found & missing:
                self.committed[number] = now
                last = now
            missing -= found
            await asyncio.sleep(0.005)


@dataclass(frozen=True)
class Figures:
    """Of one stage; times in seconds. `rate` 0 is as fast as possible."""

    rate: float
    lost: int
    handled: float  # a second
    answer: list[float]
    commit: list[float]


def update(number: int) -> dict[str, Any]:
    """A private message with a link: person after person, platform after platform."""
    place = number - 1_000_000
    chat = seeding.chat_of(place % (PEOPLE - 2))
    link = LINKS[place // PEOPLE % len(LINKS)].format(place)
    who = {"id": chat, "is_bot": False, "first_name": f"Pegawai {chat}"}
    message = {
        "message_id": 100 + place,
        "from": who,
        "chat": {"id": chat, "type": "private", "first_name": f"Pegawai {chat}"},
        "date": int(time.time()),
        "text": link,
        "entities": [{"type": "url", "offset": 0, "length": len(link)}],
    }
    return {"update_id": number, "message": message}
