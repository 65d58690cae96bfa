"""What the simulator's stream brings to all phones, with nothing lost where the stream is cut."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from bot.demo.handsets import Handsets, Said
from bot.simulator.client import People

See = Callable[[Handsets, Said], None]


class Hearing:
    """Follows all chats of these phones and tells `see` of each message once; `whose` are people of a channel
    who wait for an answer, and look twice where the stream was cut."""

    def __init__(
        self,
        people: People,
        phones: Sequence[Handsets],
        see: See,
        whose: Callable[[Handsets], Iterable[int]],
    ) -> None:
        self.people, self.phones, self.see, self.whose = people, phones, see, whose
        self.listening = asyncio.Event()
        self._seq = 0

    async def run(self) -> None:
        """Until cancelled. Where the stream was cut (too slow), what was missed is read again."""
        while True:
            async with self.people.events() as stream:
                again = await self.catch_up() if self.listening.is_set() else frozenset()
                self.listening.set()
                async for event in stream:
                    self._seq = event["seq"]
                    for phones in self.phones:
                        if (said := phones.heard(event)) is not None and said not in again:
                            self.see(phones, said)

    async def catch_up(self) -> frozenset[Said]:
        """Reads what was missed: that, which the new stream may bring once more."""
        since, found = self._seq, set[Said]()
        for phones in self.phones:
            for who in {*await phones.missed(since), *self.whose(phones)}:
                _, news = await phones.history(who, since)
                for said in news:
                    found.add(said)
                    self.see(phones, said)
        return frozenset(found)
