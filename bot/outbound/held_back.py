"""The order of a conversation: what has to be tried again keeps back what is behind it, and as urgent."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock
from bot.outbound.outcomes import Result
from models.messages.claims import Claimed

KEPT = 1000


@dataclass(slots=True)
class HeldBack:
    """Until when conversations wait, by address and priority."""

    clock: Clock
    _dues: dict[tuple[str, int], datetime] = field(default_factory=dict)

    def note(self, result: Result) -> None:
        """Takes account of what became of a row."""
        if not result.holds_back or result.outcome.due_at is None:
            return
        if len(self._dues) >= KEPT:
            now = self.clock.now()
            self._dues = {key: due for key, due in self._dues.items() if due > now}
        self._dues[result.address, result.priority] = result.outcome.due_at

    def until(self, row: Claimed) -> datetime | None:
        """Until when a row waits, because one before it in its conversation has to be tried again."""
        if not self._dues:
            return None
        now = self.clock.now()
        dues = [
            due
            for priority in range(row.priority + 1)
            if (due := self._dues.get((row.address, priority))) is not None and due > now
        ]
        return max(dues, default=None)
