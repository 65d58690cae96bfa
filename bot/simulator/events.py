"""What the people's side watches: a stream of events, and waiting for news of one chat."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

_BACKLOG = 2000  # events that a slow watcher may be behind before it is cut off

Event = dict[str, Any]


@dataclass(eq=False, slots=True)
class Watcher:
    """One open stream; `chats` empty means all. None in the queue: too slow, connect again."""

    chats: frozenset[int]
    queue: "asyncio.Queue[Event | None]" = field(default_factory=lambda: asyncio.Queue(_BACKLOG + 1))


@dataclass(slots=True)
class Events:
    """`seq` counts every visible change of any chat."""

    seq: int = 0
    _watchers: set[Watcher] = field(default_factory=set)
    _waiting: dict[int, asyncio.Event] = field(default_factory=dict)

    def next(self) -> int:
        self.seq += 1
        return self.seq

    def publish(self, chat: int, seq: int, kind: str, body: Callable[[], Event]) -> None:
        """Tells those who watch; `body` is called only when somebody does."""
        if waiting := self._waiting.pop(chat, None):
            waiting.set()
        if not self._watchers:
            return
        event: Event | None = None
        for watcher in tuple(self._watchers):
            if watcher.chats and chat not in watcher.chats:
                continue
            event = event or {"seq": seq, "chat_id": chat, "type": kind, **body()}
            if watcher.queue.qsize() >= _BACKLOG:
                self._watchers.discard(watcher)
                watcher.queue.put_nowait(None)
            else:
                watcher.queue.put_nowait(event)

    @contextmanager
    def watch(self, chats: frozenset[int]) -> Iterator[Watcher]:
        watcher = Watcher(chats)
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    async def news_of(self, chat: int, seconds: float) -> None:
        """Returns at the next event of the chat, or after `seconds`."""
        waiting = self._waiting.setdefault(chat, asyncio.Event())
        try:
            async with asyncio.timeout(seconds):
                await waiting.wait()
        except TimeoutError:
            return
