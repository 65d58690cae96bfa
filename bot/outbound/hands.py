"""How many rows a sender holds at once, and when it may take more."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

BULK = 0.8  # of the hands; an eighth has to be free before more is taken


@dataclass(slots=True)
class Hands:
    """`in_flight` rows at once; `rate` is in messages a second. Of a release so many are held as go out in
    `ahead` seconds: at a rate that is to be kept it has to be longer than an answer takes."""

    in_flight: int
    rate: float
    ahead: float = 0.5
    _open: dict[int, bool] = field(default_factory=dict)  # by row; True for one of a release
    _cut_short: bool = False  # the last claim left rows behind, for want of hands

    @property
    def for_releases(self) -> int:
        """How many rows of releases are held at once: few, so that few are open at a crash and a pause acts
        at once, and never so many that no hand is left for answers."""
        return max(8, min(int(self.in_flight * BULK), math.ceil(self.rate * self.ahead)))

    def room(self) -> tuple[int, int]:
        """How many rows may be taken, and how many of those of a release. A few at a time would cost a
        transaction each: 0 until an eighth of the hands is free, and half of those for releases."""
        free = self.in_flight - len(self._open)
        bulk = self.for_releases - sum(self._open.values())
        return (
            free if free >= max(1, self.in_flight // 8) else 0,
            bulk if bulk >= max(1, self.for_releases // 2) else 0,
        )

    def take(self, rows: Mapping[int, bool], free: int, bulk: int) -> None:
        """Holds the rows (True for one of a release) that a claim brought, which had asked for as many."""
        self._cut_short = len(rows) == free or sum(rows.values()) == bulk
        self._open.update(rows)

    def free(self, rows: Iterable[int]) -> None:
        """Lets go of rows whose results are written."""
        for row in rows:
            self._open.pop(row, None)

    def keep(self, rows: Iterable[int]) -> None:
        """Lets go of all but these."""
        self._open = {row: self._open.get(row, False) for row in rows}

    def wanted(self) -> bool:
        """Whether the last claim left rows behind, and there is room for them by now."""
        return self._cut_short and all(self.room())

    def rows(self) -> set[int]:
        """The rows that are held."""
        return set(self._open)
