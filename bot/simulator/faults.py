"""Faults on purpose: random ones at a rate, and single ones that a test asks for."""

import random
from dataclasses import dataclass, field

KINDS = ("500", "502", "429", "reset", "timeout_before", "timeout_after")


@dataclass(slots=True)
class Fault:
    """One failure. `timeout_before` and `timeout_after` say whether the server acted; nobody hears of it.

    `retry_after` is what a 429 asks for, in seconds; 0 where nothing was said of it: Telegram then asks
    for `usual` seconds, Twilio sends no such header.
    """

    kind: str
    retry_after: int = 0
    usual: int = 1


@dataclass(slots=True)
class _Planned:
    method: str
    fault: Fault
    left: int
    chat: int | None


@dataclass(slots=True)
class Faults:
    """`rate` is the share of calls that fail (0 to 1); `hold` the seconds that a timeout is held."""

    rate: float = 0.0
    kinds: tuple[str, ...] = KINDS
    hold: float = 30.0
    seed: int = 0
    _planned: list[_Planned] = field(default_factory=list)
    _random: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def set(self, rate: float, kinds: tuple[str, ...], hold: float) -> None:
        """Raises ValueError for a share outside 0 to 1 or an unknown kind."""
        if not 0 <= rate <= 1:
            raise ValueError("faults is a share between 0 and 1")
        if not kinds or set(kinds) - set(KINDS):
            raise ValueError(f"fault kinds are {', '.join(KINDS)}")
        self.rate, self.kinds, self.hold = rate, kinds, hold

    def plan(self, method: str, kind: str, count: int, chat: int | None, retry_after: int) -> None:
        """The next `count` calls of `method` (to `chat`) fail so. Raises ValueError for an unknown kind."""
        if kind not in KINDS:
            raise ValueError(f"fault kinds are {', '.join(KINDS)}")
        self._planned.append(_Planned(method.lower(), Fault(kind, retry_after), count, chat))

    def clear(self) -> None:
        self._planned.clear()

    def pick(self, method: str, chat: int) -> Fault | None:
        """The fault of this call, if it has one. `method` in lower case."""
        for planned in self._planned:
            if planned.method == method and planned.chat in {None, chat}:
                planned.left -= 1
                if planned.left <= 0:
                    self._planned.remove(planned)
                return planned.fault
        if self.rate and self._random.random() < self.rate:
            return Fault(self._random.choice(self.kinds), usual=self._random.randint(1, 3))
        return None
