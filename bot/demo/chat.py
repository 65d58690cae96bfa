"""One person with a phone, for the parts of the week that are played word by word."""

import asyncio
import time
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Any

from bot.simulator.client import People, SimulatorError

PATIENCE = 30.0  # seconds that somebody waits for an answer
Message = dict[str, Any]


class NoAnswerError(Exception):
    """The bot did not say what was waited for; the message tells what it said instead."""


class Phone:
    """Somebody's chat with the bot, or with `chat` their view of a group; waits `patience` seconds."""

    def __init__(self, people: People, user: int, chat: int = 0, *, patience: float = PATIENCE) -> None:
        self.people, self.user, self.chat, self.patience = people, user, chat or user, patience
        self._seen: dict[int, Message] = {}
        self._seq = 0
        self._after = 0  # the seq of what was done last: only what came later is an answer

    async def say(self, text: str) -> None:
        await self._act("say", text=text)

    async def start(self) -> None:
        await self._act("start")

    async def share_contact(self) -> None:
        """The own number, as the button of the keyboard sends it."""
        await self._act("contact")

    async def photo(self, key: str) -> None:
        await self._act("photo", file_key=key)

    async def offered(self, *actions: str) -> str:
        """The payload of the newest button of one of these kinds; waits until there is one."""
        _, data = await self._button(actions)
        return data

    async def press(self, action: str, label: str = "") -> None:
        """Presses the newest button of this kind ("join.yes", or "submit.week:*:2026-W48"), with `label`
        the one whose words hold it; waits until there is one. Raises NoAnswerError.
        """
        message, data = await self._button((action,), label)
        await self._act("press", message_id=message["message_id"], data=data)

    async def _button(self, actions: Sequence[str], label: str = "") -> tuple[Message, str]:
        found = ""

        def wanted(message: Message) -> bool:
            nonlocal found
            for button in (button for row in message["inline"] for button in row):
                data = str(button.get("data", ""))
                if label in button["text"] and any(_fits(data, action) for action in actions):
                    found = data
                    return True
            return False

        message = await self._until(wanted, f"a button {' or '.join(actions)} {label}".rstrip(), self._after)
        return message, found

    async def hear(self, *words: str) -> Message:
        """The bot's message with all these words, new or edited since our last act. Raises NoAnswerError."""

        def fits(message: Message) -> bool:
            return all(word.lower() in message["text"].lower() for word in words)

        return await self._until(fits, " … ".join(words), self._after)

    async def answer(self) -> Message:
        """Whatever the bot says next. Raises NoAnswerError."""
        return await self._until(bool, "anything", self._after)

    async def _act(self, action: str, **fields: Any) -> None:
        await self._look(0)
        self._after = self._seq
        fields = {**fields, "chat_id": self.chat} if self.chat != self.user else fields
        try:
            await self.people.act(self.user, action, **fields)
        except SimulatorError as error:
            raise NoAnswerError(f"{action} was not possible: {error}") from error

    async def _look(self, seconds: float) -> None:
        body = await (
            self.people.wait(self.chat, self._seq, seconds)
            if seconds
            else self.people.history(self.chat, self._seq)
        )
        self._seq = max(self._seq, body["seq"])
        for message in body["messages"]:
            if message["from"]["bot"]:
                self._seen[message["message_id"]] = message
        for number in sorted(self._seen)[:-30]:
            del self._seen[number]

    async def _until(self, fits: Callable[[Message], bool], what: str, after: int) -> Message:
        ends = time.monotonic() + self.patience
        while True:
            new = [message for message in self._seen.values() if message["seq"] > after]
            for message in sorted(new, key=lambda message: -int(message["seq"])):
                if fits(message):
                    return message
            left = ends - time.monotonic()
            if left <= 0:
                said = " | ".join(str(message["text"])[:160] for message in new) or "nothing"
                raise NoAnswerError(f"{self.user} waited for {what!r}; the bot said: {said}")
            await self._look(min(left, 5.0))
            await asyncio.sleep(0)


def _fits(data: str, action: str) -> bool:
    return data == action or data.startswith(f"{action}:") or fnmatchcase(data, action)
