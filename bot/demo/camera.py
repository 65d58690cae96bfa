"""The screenshots that the crowd sends: each person's own, of the item that came to them.

A few show something else, or were sent by somebody before: so that there is something to look at in
/periksa.
"""

import asyncio

from bot.demo import pictures, topics
from bot.demo.handsets import Handsets
from bot.demo.topics import Topic

WRONG_EVERY, BORROWED_EVERY = 60, 90  # one of so many sends a picture of another item, or somebody else's
_ALL = (*topics.TOPICS.values(), topics.PROVINCIAL)


class Camera:
    """Draws screenshots and stores them on the phones."""

    def __init__(self) -> None:
        # Of each item the screenshot that was sent last, by channel: no phone has files of the other's.
        self._last: dict[tuple[str, str], str] = {}

    async def shoot(self, handsets: Handsets, chat: int, card: str, nth: int = 0) -> str:
        """The file key of somebody's screenshot; `card` is the text of the item that they got, `nth`
        counts the pictures of an album from 0."""
        topic = shown(card)
        borrowed = (handsets.channel, topic.code)
        if chat % BORROWED_EVERY == 0 and borrowed in self._last:
            return self._last[borrowed]
        if chat % WRONG_EVERY == 0:
            topic = _ALL[(_ALL.index(topic) + 1) % len(_ALL)]
        data = await asyncio.to_thread(pictures.screenshot, chat * 10 + nth, topic)
        key = await handsets.upload(data, f"layar-{chat}-{nth}.jpg")
        self._last[borrowed] = key
        return key


def shown(card: str) -> Topic:
    """The item that a card is about, by its title; the provincial one where none is known."""
    return next((topic for topic in _ALL if topic.title in card), topics.PROVINCIAL)
