"""The shares of a week, counted once: by OPD, platform and state. Every figure of shares is a sum of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from models.shares import standings
from models.shares.shares import Share


class Tally(NamedTuple):
    """So many shares of a week. `opd_id` is the OPD as whose member the person received the item; `platform`
    is "unknown" where the person has not said; `late` ones came after the week had closed; those that were
    shown in time count (`counts`)."""

    opd_id: int
    platform: str
    status: str
    late: bool
    number: int
    counts: bool


_BY = (Share.status, Share.late, Share.opd_id, Share.platform)  # as the index has them: nothing is sorted
_SHARES = select(*_BY, func.count()).where(Share.week == bindparam("week")).group_by(*_BY)


def of(session: Session, week: str) -> Sequence[Tally]:
    """All shares of a week, in one statement that an index answers alone."""
    rows = session.execute(_SHARES, {"week": week})
    return [
        Tally(opd_id, platform or "unknown", status, late, number, status in standings.COUNTED and not late)
        for status, late, opd_id, platform, number in rows
    ]


def by_opd(tallies: Iterable[Tally]) -> dict[int, list[Tally]]:
    """The same, OPD by OPD; those without shares are asked for in vain and have none."""
    found = defaultdict[int, list[Tally]](list)
    for tally in tallies:
        found[tally.opd_id].append(tally)
    return found


def platforms(tallies: Iterable[Tally]) -> dict[str, int]:
    """Shares that count, by platform."""
    found: dict[str, int] = {}
    for tally in tallies:
        if tally.counts:
            found[tally.platform] = found.get(tally.platform, 0) + tally.number
    return found


def shares(tallies: Iterable[Tally]) -> int:
    """How many shares count."""
    return sum(tally.number for tally in tallies if tally.counts)


def proofs(tallies: Iterable[Tally]) -> dict[str, int]:
    """Shares by state: claimed, received, accepted, rejected …; late ones apart, as "late"."""
    found: dict[str, int] = {}
    for tally in tallies:
        name = "late" if tally.late else tally.status
        found[name] = found.get(name, 0) + tally.number
    return found
