"""Counters for those who watch: calls, refusals, speed, and who got what how often."""

import time
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_LOOKED_AT = 1024  # characters of a sent text that are kept for questions


@dataclass(slots=True)
class Deliveries:
    """What the bot sent, one row a message: 28 bytes each, equal texts kept once."""

    chats: "array[int]" = field(default_factory=lambda: array("q"))
    messages: "array[int]" = field(default_factory=lambda: array("I"))
    seqs: "array[int]" = field(default_factory=lambda: array("I"))
    dates: "array[int]" = field(default_factory=lambda: array("q"))
    texts: "array[int]" = field(default_factory=lambda: array("I"))
    _numbers: dict[str, int] = field(default_factory=dict)

    def add(self, chat: int, message: int, seq: int, date: int, text: str) -> None:
        text = text[:_LOOKED_AT]
        number = self._numbers.setdefault(text, len(self._numbers))
        self.chats.append(chat)
        self.messages.append(message)
        self.seqs.append(seq)
        self.dates.append(date)
        self.texts.append(number)

    def find(self, *, contains: str, prefix: str, since: int, detail: bool) -> dict[str, Any]:
        """Counts per chat of the messages whose text fits, after `since` (a seq)."""
        wanted = {
            number for text, number in self._numbers.items() if text.startswith(prefix) and contains in text
        }
        rows = [row for row, text in enumerate(self.texts) if text in wanted and self.seqs[row] > since]
        counts = Counter(self.chats[row] for row in rows)
        found: dict[str, Any] = {"total": len(rows), "chats": {str(chat): n for chat, n in counts.items()}}
        if detail:
            found["list"] = [
                [self.chats[row], self.messages[row], self.seqs[row], self.dates[row]] for row in rows
            ]
        return found


@dataclass(slots=True)
class Stats:
    """`failed` are messages that were accepted and did not arrive, by code."""

    calls: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    not_played: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    ok: int = 0
    too_many_requests: int = 0
    sent: int = 0
    peak: int = 0
    paid: int = 0
    _second: int = 0
    _this: int = 0
    _last: int = 0

    def count_sent(self, paid: bool) -> None:
        """One message went out; `paid` ones are counted apart too (allow_paid_broadcast)."""
        self._turn(int(time.monotonic()))
        self._this += 1
        self.sent += 1
        self.paid += paid
        self.peak = max(self.peak, self._this)

    def _turn(self, second: int) -> None:
        if second != self._second:
            self._last = self._this if second == self._second + 1 else 0
            self._second, self._this = second, 0

    def body(self) -> dict[str, Any]:
        self._turn(int(time.monotonic()))
        return {
            "calls": dict(self.calls),
            "ok": self.ok,
            "errors": dict(self.errors),
            "too_many_requests": self.too_many_requests,
            "faults": dict(self.faults),
            "not_played": dict(self.not_played),
            "failed": dict(self.failed),
            "sent": self.sent,
            "paid": self.paid,
            "per_second": self._last,
            "peak_per_second": self.peak,
        }
