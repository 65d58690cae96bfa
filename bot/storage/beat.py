"""Waits a little where much is going on, so that what comes in the meantime is done together.

A transaction costs the same for one row as for ten. Who comes after a quiet moment does not wait at all.
"""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Beat:
    """Lets somebody go on at once, and again after `seconds` at the earliest, unless there is `enough` to
    do before."""

    seconds: float
    enough: int
    _next: float = 0.0
    _full: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, number: int) -> None:
        """Until it is time for the next round; `number` of things wait by now."""
        self._full.clear()
        rest = self._next - time.monotonic()
        if rest > 0 and number < self.enough:
            try:
                async with asyncio.timeout(rest):
                    await self._full.wait()
            except TimeoutError:
                pass
        self._next = time.monotonic() + self.seconds

    def count(self, number: int) -> None:
        """So many things wait now."""
        if number >= self.enough:
            self._full.set()
