"""Simulated editors and the quality control of the demo: what waits for them is read and passed on, by
their phones only, so that whoever plays an author or a controller does not wait for nobody."""

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.client import People

READ_SECONDS = 1.0  # that a colleague takes before each press
PATIENCE = 20.0  # seconds after which somebody turns to the next item
# What they press, where it is offered; the first that fits.
WISHES = (
    "review.endorse:",
    "review.score:",
    ":accurate:4",
    ":engaging:5",
    "review.no_note",
)
OPEN = "review.open:"
Message = dict[str, Any]


LAST = ("review.endorse:", "review.no_note")  # the answer to these ends the work on an item


@dataclass(slots=True)
class Desk:
    """What somebody works on: one item after the other."""

    waiting: deque[tuple[int, str]] = field(default_factory=deque)  # messages, and what to press there
    until: float = 0.0  # when an item is put away at the latest, on the loop's clock; 0: there is none
    ending: bool = False
    seq: int = 0  # of the newest message seen


class Colleagues:
    """Plays these chats. `passed` counts the items that they passed on."""

    def __init__(self, people: People, chats: Collection[int], read_seconds: float = READ_SECONDS) -> None:
        self.people, self.read_seconds = people, read_seconds
        self.passed = 0
        self._desks = {chat: Desk() for chat in chats}
        self._watching = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled. Where the stream was cut (too slow), what was missed is read again."""
        async with asyncio.TaskGroup() as group:
            while True:
                async with self.people.events(*self._desks) as stream:
                    if self._watching.is_set():
                        await self._catch_up(group)
                    self._watching.set()
                    async for event in stream:
                        if event["type"] == "message":
                            self._see(group, event["chat_id"], event["message"])

    async def _catch_up(self, group: asyncio.TaskGroup) -> None:
        for chat, desk in self._desks.items():
            for message in (await self.people.history(chat, desk.seq))["messages"]:
                self._see(group, chat, message)

    def _see(self, group: asyncio.TaskGroup, chat: int, message: Message) -> None:
        """One message, once: what was read again may come by the stream as well."""
        desk = self._desks[chat]
        if message["seq"] <= desk.seq:
            return
        desk.seq = message["seq"]
        now = asyncio.get_running_loop().time()
        if message["from"]["bot"] and (press := self._read(desk, message, now)):
            group.create_task(self._press(chat, *press))

    async def watching(self) -> None:
        """Returns once they see what comes."""
        await self._watching.wait()

    def _read(self, desk: Desk, message: Message, now: float) -> tuple[int, str] | None:
        """What is pressed on a message, if anything. News of another item waits until this one is done."""
        actions = [button.get("data", "") for row in message["inline"] for button in row]
        number = int(message["message_id"])
        if wish := _first(actions, WISHES):
            desk.until, desk.ending = now + PATIENCE, wish.startswith(LAST)
            return number, wish
        if news := _first(actions, (OPEN,)):
            desk.waiting.append((number, news))
        elif desk.ending:
            desk.until, desk.ending = 0.0, False
            self.passed += 1
        if now < desk.until or not desk.waiting:
            return None
        desk.until, desk.ending = now + PATIENCE, False
        return desk.waiting.popleft()

    async def _press(self, chat: int, message: int, action: str) -> None:
        await asyncio.sleep(self.read_seconds)
        await self.people.press(chat, message, action)


def _first(actions: Sequence[str], wishes: Sequence[str]) -> str:
    return next((action for wish in wishes for action in actions if wish in action), "")
