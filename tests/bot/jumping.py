"""A clock that jumps: hours pass in milliseconds, and every run is the same. A log of whom it let through."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.outbound.throttle import Throttle


class JumpingSelector(selectors.SelectSelector):
    """Instead of waiting it moves the time on, a little too far if `late` says so."""

    def __init__(self, late: Callable[[], float]) -> None:
        super().__init__()
        self.now = 1000.0
        self.late = late
        self.waits = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found and timeout is None:
            raise AssertionError("everybody waits and no timer is set")
        if not found and timeout:
            self.now += timeout + self.late()
            self.waits += 1
        return found


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self, late: Callable[[], float] = lambda: 0.0) -> None:
        self.jumping = JumpingSelector(late)
        super().__init__(self.jumping)

    def time(self) -> float:
        return self.jumping.now


def run(work: Coroutine[Any, Any, None], late: Callable[[], float] = lambda: 0.0) -> int:
    """Runs to the end; how often the loop waited."""
    loops: list[JumpingLoop] = []

    def make() -> JumpingLoop:
        loops.append(JumpingLoop(late))
        return loops[0]

    with asyncio.Runner(loop_factory=make) as runner:
        runner.run(work)
    return loops[0].jumping.waits


def now() -> float:
    return asyncio.get_running_loop().time()


def here(rate: float = 30.0, chat_rate: float = 1.0, group_per_minute: int = 20) -> Throttle:
    return Throttle(rate, chat_rate, group_per_minute, clock=asyncio.get_running_loop().time)


@dataclass
class Log:
    """Who was let through, and when."""

    throttle: Throttle
    sent: list[tuple[float, str]] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def send(self, address: str, *, group: bool = False, priority: int = 1) -> None:
        await self.throttle.slot(address, group=group, priority=priority)
        self.sent.append((now(), address))

    def start(self, address: str, *, priority: int = 1) -> None:
        self.tasks.append(asyncio.create_task(self.send(address, priority=priority)))

    def queue(self, name: str, count: int, *, priority: int) -> None:
        """As many messages of one kind, each to a chat of its own: "name 0", "name 1" …"""
        for number in range(count):
            self.start(f"{name} {number}", priority=priority)

    def kinds(self) -> list[str]:
        return [address.split()[0] for address in self.names()]

    def times(self, address: str = "") -> list[float]:
        return [at for at, to in self.sent if address in {"", to}]

    def names(self) -> list[str]:
        return [address for _, address in self.sent]


def shortest(times: list[float], apart: int) -> float:
    """The shortest time in which `apart` + 1 messages left."""
    return min((later - first for first, later in zip(times, times[apart:], strict=False)), default=99.0)


async def flood(log: Log, count: int, lanes: int, latency: Callable[[], Awaitable[None]]) -> None:
    left = iter(range(count))

    async def lane() -> None:
        for number in left:
            await log.send(f"person {number}")
            await latency()

    await asyncio.gather(*(lane() for _ in range(lanes)))
