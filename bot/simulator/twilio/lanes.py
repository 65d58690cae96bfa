"""Jobs of one key one after another, those of different keys side by side."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Job = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Lanes:
    """`waiting` counts the jobs that are not done yet. A job that raises ends its lane. Once closed, nothing
    is taken any more."""

    waiting: int = 0
    closed: bool = False
    _lanes: dict[str, deque[Job]] = field(default_factory=dict)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    def put(self, key: str, job: Job) -> None:
        """The job comes after the earlier ones of its key."""
        if self.closed:
            return
        self.waiting += 1
        lane = self._lanes.get(key)
        if lane is not None:
            lane.append(job)
            return
        self._lanes[key] = deque([job])
        task = asyncio.ensure_future(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Gives up what is not done, and whatever comes later."""
        self.closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, key: str) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                await lane[0]()
                lane.popleft()
                self.waiting -= 1
        finally:
            self.waiting -= len(lane)
            del self._lanes[key]
