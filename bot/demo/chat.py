"""One person with a phone, for the parts of the week that are played word by word."""

import asyncio
import time
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from bot.demo.handsets import Act, Handsets, Said

PATIENCE = 30.0  # seconds that somebody waits for an answer


class NoAnswerError(Exception):
    """The bot did not say what was waited for; the message tells what it said instead."""


class Phone:
    """Somebody's chat with the bot, by the phones of one channel; waits `patience` seconds."""

    def __init__(self, handsets: Handsets, user: int, *, patience: float = PATIENCE) -> None:
        self.handsets, self.user, self.patience = handsets, user, patience
        self._seen: dict[str, Said] = {}
        self._seq = 0
        self._after = 0  # the seq of what was done last: only what came later is an answer

    async def say(self, text: str) -> None:
        await self.act(self.handsets.say(self.user, text))

    async def photo(self, key: str) -> None:
        await self.act(self.handsets.photo(self.user, [key]))

    async def offered(self, *actions: str) -> str:
        """The payload of the newest button of one of these kinds; waits until there is one."""
        _, data = await self._button(actions)
        return data

    async def press(self, action: str, label: str = "") -> None:
        """Presses the newest button of this kind ("join.yes", or "submit.week:*:2026-W48"), with `label`
        the one whose words hold it; waits until there is one. Raises NoAnswerError.
        """
        said, data = await self._button((action,), label)
        await self.act(self.handsets.press(self.user, said, data))

    async def _button(self, actions: Sequence[str], label: str = "") -> tuple[Said, str]:
        found = ""

        def wanted(said: Said) -> bool:
            nonlocal found
            for data, words in said.buttons:
                if label in words and any(_fits(data, action) for action in actions):
                    found = data
                    return True
            return False

        said = await self._until(wanted, f"a button {' or '.join(actions)} {label}".rstrip(), self._after)
        return said, found

    async def hear(self, *words: str) -> Said:
        """The bot's message with all these words, new or edited since our last act. Raises NoAnswerError."""

        def fits(said: Said) -> bool:
            return all(word.lower() in said.text.lower() for word in words)

        return await self._until(fits, " … ".join(words), self._after)

    async def answer(self) -> Said:
        """Whatever the bot says next. Raises NoAnswerError."""
        return await self._until(bool, "anything", self._after)

    async def act(self, act: Act) -> None:
        """Does something on this phone: what comes from now on is the answer. Raises NoAnswerError."""
        await self._look(0)
        self._after = self._seq
        [result] = await self.handsets.do([act])
        if "error" in result:
            raise NoAnswerError(f"{act['do']} was not possible: {result['error']}")

    async def _look(self, seconds: float) -> None:
        seq, news = await self.handsets.history(self.user, self._seq, seconds)
        self._seq = max(self._seq, seq)
        for said in news:
            self._seen[said.number] = said
        for said in sorted(self._seen.values(), key=lambda one: one.seq)[:-30]:
            del self._seen[said.number]

    async def _until(self, fits: Callable[[Said], bool], what: str, after: int) -> Said:
        ends = time.monotonic() + self.patience
        while True:
            new = [said for said in self._seen.values() if said.seq > after]
            for said in sorted(new, key=lambda one: -one.seq):
                if fits(said):
                    return said
            left = ends - time.monotonic()
            if left <= 0:
                heard = " | ".join(said.text[:160] for said in new) or "nothing"
                raise NoAnswerError(f"{self.user} waited for {what!r}; the bot said: {heard}")
            await self._look(min(left, 5.0))
            await asyncio.sleep(0)


def _fits(data: str, action: str) -> bool:
    return data == action or data.startswith(f"{action}:") or fnmatchcase(data, action)
