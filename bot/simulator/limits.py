"""Flow control: how often a bot may send.

Telegram's Bot FAQ, "My bot is hitting limits": about 30 a second, one a second to a chat, 20 a minute to a
group.

Wall time, not the simulator's: moving the clock must not excuse a burst. A group counts in both of its
windows; only messages that were let through count.
"""

import math
from collections import deque
from dataclasses import dataclass, field

KINDS = ("sliding", "bucket", "lockout", "off")
PAID_RATE = 1000.0  # messages/s with allow_paid_broadcast
LOCKOUT = 5.0  # seconds in which everything is refused after a 429
_MINUTE = 60.0
_MANY = 50_000  # windows kept before idle ones are thrown away


class Window:
    """At most `limit` in any `period` seconds."""

    __slots__ = ("limit", "period", "times")

    def __init__(self, rate: float, period: float) -> None:
        self.limit = int(rate) if rate >= 1 else 1
        self.period = period if rate >= 1 else period / rate
        self.times: deque[float] = deque()

    def wait(self, cost: int, now: float) -> float:
        times = self.times
        while times and times[0] <= now - self.period:
            times.popleft()
        over = len(times) + min(cost, self.limit) - self.limit
        return times[over - 1] + self.period - now if over > 0 else 0.0

    def take(self, cost: int, now: float) -> None:
        self.times.extend([now] * cost)

    def idle(self, now: float) -> bool:
        return not self.times or self.times[-1] <= now - self.period


class Bucket:
    """Holds `rate` tokens (one at least) and refills them evenly over `period` seconds."""

    __slots__ = ("capacity", "level", "speed", "stamp")

    def __init__(self, rate: float, period: float) -> None:
        self.capacity = self.level = max(1.0, rate)
        self.speed = rate / period
        self.stamp = 0.0

    def wait(self, cost: int, now: float) -> float:
        self.level = min(self.capacity, self.level + (now - self.stamp) * self.speed)
        self.stamp = now
        return max(0.0, min(cost, self.capacity) - self.level) / self.speed

    def take(self, cost: int, _now: float) -> None:
        self.level -= cost

    def idle(self, now: float) -> bool:
        return self.level + (now - self.stamp) * self.speed >= self.capacity


@dataclass(slots=True)
class Limiter:
    """Rates: messages a second overall, a second to one chat, a minute to one group."""

    kind: str = "sliding"
    rate: float = 30.0
    chat_rate: float = 1.0
    group_rate: float = 20.0
    _overall: Window | Bucket | None = None
    _paid: Window | Bucket | None = None
    _chats: dict[int, Window | Bucket] = field(default_factory=dict)
    _groups: dict[int, Window | Bucket] = field(default_factory=dict)
    _locked_until: float = 0.0

    def set(self, kind: str, rate: float, chat_rate: float, group_rate: float) -> None:
        """Starts afresh with these rates. Raises ValueError for an unknown kind or a rate of 0 or less."""
        if kind not in KINDS:
            raise ValueError(f"limiter is one of {', '.join(KINDS)}")
        if min(rate, chat_rate, group_rate) <= 0:
            raise ValueError("a rate is greater than 0")
        self.kind, self.rate, self.chat_rate, self.group_rate = kind, rate, chat_rate, group_rate
        self._overall = self._paid = None
        self._chats.clear()
        self._groups.clear()
        self._locked_until = 0.0

    def locked(self, now: float) -> int:
        """Whole seconds of a lockout that are left; 0 for none."""
        return math.ceil(self._locked_until - now) if self._locked_until > now else 0

    def take(self, chat: int, now: float, *, cost: int = 1, paid: bool = False) -> int:
        """0 and the message counts, or the whole seconds to wait.

        An album costs its size overall, and one in its chat.
        """
        if self.kind == "off":
            return 0
        windows = [(self._whole(paid), cost), (self._one(self._chats, chat, self.chat_rate, 1.0), 1)]
        if chat < 0:
            windows.append((self._one(self._groups, chat, self.group_rate, _MINUTE), 1))
        wait = max(window.wait(price, now) for window, price in windows)
        if wait > 0:
            if self.kind == "lockout":
                self._locked_until = now + LOCKOUT
            return max(1, math.ceil(wait))
        for window, price in windows:
            window.take(price, now)
        if len(self._chats) > _MANY:
            self._chats = {chat: kept for chat, kept in self._chats.items() if not kept.idle(now)}
        return 0

    def _make(self, rate: float, period: float) -> Window | Bucket:
        return Bucket(rate, period) if self.kind == "bucket" else Window(rate, period)

    def _whole(self, paid: bool) -> Window | Bucket:
        if paid:
            self._paid = self._paid or self._make(PAID_RATE, 1.0)
            return self._paid
        self._overall = self._overall or self._make(self.rate, 1.0)
        return self._overall

    def _one(
        self, windows: dict[int, Window | Bucket], chat: int, rate: float, period: float
    ) -> Window | Bucket:
        window = windows.get(chat)
        if window is None:
            window = windows[chat] = self._make(rate, period)
        return window
