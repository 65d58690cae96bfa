"""Waking whoever waits for work, without asking the database over and over.

In one process a wake-up is an event of the loop; between processes on PostgreSQL it is
LISTEN/NOTIFY on a connection of its own (`bot/storage/listener.py`), which ends here too.
"""

import asyncio
import uuid
from collections import defaultdict


class Wakeups:
    """Topics (inbox, outbox, media, clock) that somebody waits for. Safe to wake from any thread.

    `sender` names this process to others: what it tells them, it need not hear again.
    """

    def __init__(self) -> None:
        self.sender = uuid.uuid4().hex
        self._waiters: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Binds to the running loop."""
        self._loop = asyncio.get_running_loop()

    def wake(self, topic: str) -> None:
        """Wakes everybody who waits for `topic`; remembered by those who are busy just now."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._set, topic)

    def told(self, payload: str) -> None:
        """Wakes as another process says (`payload`); what we said ourselves has been heard."""
        topic, _, sender = payload.partition(" ")
        if sender != self.sender:
            self.wake(topic)

    def payload(self, topic: str) -> str:
        """What other processes are told of a topic."""
        return f"{topic} {self.sender}"

    def wake_all(self) -> None:
        """Wakes everybody: the clock was moved, or word may have been missed."""
        for topic in list(self._waiters):
            self.wake(topic)

    def _set(self, topic: str) -> None:
        for event in self._waiters[topic]:
            event.set()

    def subscribe(self, topic: str) -> asyncio.Event:
        """An event that is set at every wake-up of the topic; whoever waits clears it."""
        event = asyncio.Event()
        self._waiters[topic].add(event)
        return event


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """Waits until the event is set, at most so many seconds; True when it was. Clears it."""
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            await event.wait()
    except TimeoutError:
        return False
    event.clear()
    return True
