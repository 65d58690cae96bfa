"""People who send large pictures at an even pace, and people who merely ask, seen from their chats.

A picture is a screenshot of the week's item, another phone's each, enlarged and grainy as a camera's is,
so that it has 1 to 4 MB; the same number is the same picture always.
"""

import asyncio
import contextlib
import hashlib
import io
import random
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.demo import pictures, topics
from tests import seeding
from tests.simulated import Simulated

RECEIPT = "tanda terima"  # stands in every receipt, the peers' too
ASKED = ("/saya", "/bukti", "menu")
# Said below two pictures of three; who says nothing is asked.
PLACES = ("facebook", "status wa", "")
# Width, height, quality: some 1.1, 1.6, 2.4 and 3.5 MB.
SHAPES = ((1440, 2560, 90), (1440, 2560, 94), (2160, 3840, 90), (2160, 3840, 94))
GRAIN = 10.0  # standard deviation, in grey levels
NOTED_EVERY = 4  # every fourth carries EXIF, as sent "as a file": it is written anew without


@dataclass(frozen=True)
class Picture:
    """What one person sends: its key at the simulator, its bytes, and the SHA-256 of it."""

    key: str
    size: int
    sha256: str


@cache
def _grain(width: int, height: int) -> NDArray[np.int16]:
    dice = np.random.default_rng(width * height)
    return (dice.standard_normal((height, width, 3), dtype=np.float32) * GRAIN).astype(np.int16)


def picture(number: int) -> bytes:
    """The n-th person's picture, as JPEG."""
    cv2.setNumThreads(1)
    width, height, quality = SHAPES[number % len(SHAPES)]
    with Image.open(io.BytesIO(pictures.screenshot(number, topics.PROVINCIAL))) as screen:
        large = cv2.resize(np.asarray(screen), (width, height))
    dice = random.Random(number)
    grain = np.roll(_grain(width, height), (dice.randrange(height), dice.randrange(width)), (0, 1))
    grainy = cv2.add(large, grain, dtype=cv2.CV_8U)
    data = cv2.imencode(".jpg", grainy, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    if number // len(SHAPES) % NOTED_EVERY:
        return data
    notes = Image.Exif()
    notes[0x010F] = f"Kamera {number}"
    exif = notes.tobytes()
    return data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:]


async def drawn(simulated: Simulated, count: int) -> list[Picture]:
    """So many pictures, each somebody else's, stored at the simulator; two processes draw."""
    made: list[Picture] = []
    with ProcessPoolExecutor(2) as pool:
        for first in range(0, count, 32):  # a few at a time: all of them are gigabytes
            some = [pool.submit(picture, number) for number in range(first, min(count, first + 32))]
            for future in some:
                data = await asyncio.wrap_future(future)
                key = await simulated.people.upload(data, "document", f"foto-{len(made)}.jpg")
                made.append(Picture(key, len(data), hashlib.sha256(data).hexdigest()))
    return made


@dataclass
class Crowd:
    """Who sent and asked what and when, and what came back; times by this process's clock.

    The first `senders` people send a picture each, the `askers` after them ask.
    """

    simulated: Simulated
    senders: int
    askers: int
    sent: dict[int, float] = field(default_factory=dict)  # chat → when
    receipts: dict[int, float] = field(default_factory=dict)
    replies: list[tuple[float, float]] = field(default_factory=list)  # (when asked, seconds)
    waiting: dict[int, float] = field(default_factory=dict)
    _turns: "Iterator[int]" = field(init=False)

    def __post_init__(self) -> None:
        self._turns = (seeding.chat_of(self.senders + turn % self.askers) for turn in range(1_000_000_000))

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Sees what the bot says, as long as it lasts."""
        async with self.simulated.people.events() as stream:

            async def read() -> None:
                async for event in stream:
                    self._take(event)

            task = asyncio.create_task(read())
            try:
                yield
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def _take(self, event: dict[str, Any]) -> None:
        message = event.get("message")
        if message is None or event["type"] != "message" or not message["from"]["bot"]:
            return
        now, chat = time.perf_counter(), int(event["chat_id"])
        if chat in self.sent and RECEIPT in message["text"]:
            self.receipts.setdefault(chat, now)
        elif (since := self.waiting.pop(chat, None)) is not None:
            self.replies.append((since, now - since))

    async def flood(self, made: list[Picture], seconds: float) -> None:
        """Everybody sends their picture as a file, evenly spread over so many seconds."""
        began, acts = time.perf_counter(), set()
        for number, one in enumerate(made):
            await asyncio.sleep(max(0.0, began + number * seconds / len(made) - time.perf_counter()))
            chat = seeding.chat_of(number)
            self.sent[chat] = time.perf_counter()
            caption = PLACES[number % len(PLACES)]
            act = self.simulated.people.document(chat, one.key, caption=caption)
            acts.add(asyncio.create_task(act))
        await asyncio.gather(*acts)

    async def ask(self, rate: float) -> None:
        """`rate` questions a second, until cancelled, whatever the answers take."""
        began, acts = time.perf_counter(), set()
        for number, chat in enumerate(self._turns):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            if chat in self.waiting:
                continue
            self.waiting[chat] = time.perf_counter()
            acts.add(asyncio.create_task(self.simulated.people.say(chat, ASKED[number % len(ASKED)])))
            acts = {act for act in acts if not act.done()}

    async def until_quick(self, seconds: float = 120.0) -> None:
        """Until the program has started, and the newest ten answers took less than a second; at most so long,
        since on a busy machine they never do. Raises RuntimeError when there are none."""
        until = time.perf_counter() + seconds
        while len(self.replies) < 10 or max(took for _, took in self.replies[-10:]) > 1:
            if time.perf_counter() > until:
                if not self.replies:
                    raise RuntimeError("nobody answers")
                return
            await asyncio.sleep(0.2)

    def took(self, begin: float, end: float) -> list[float]:
        """Seconds until the answer of what was asked between two moments; of what has none yet, until now."""
        now = time.perf_counter()
        still = [(since, now - since) for since in self.waiting.values()]
        return [seconds for since, seconds in [*self.replies, *still] if begin <= since < end]
