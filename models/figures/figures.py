"""What is counted, each figure in one place.

"Active" is one rule: a person of the active roster with at least one share of the week's item that
was shown (received or accepted) before the week closed. Participation is active people over the
active roster; somebody who changed the OPD counts in the present one, above the line and below it.
Each figure has its sentence for people in the catalogue (`define.*`).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, Subquery, func, select
from sqlalchemy.orm import Session

from models.figures import tallies
from models.figures.tallies import Tally
from models.figures.weekly import OpdFigures, OpdShares, Quality, Reach, WeekShares
from models.people.people import Person
from models.shares import standings
from models.shares.shares import Share

BANDS = ((500, "big"), (150, "middle"), (0, "small"))


class Place(NamedTuple):
    """Where an OPD stands among the `peers` of its size band, itself included."""

    rank: int
    peers: int


def band(roster: int) -> str:
    """The size band of an OPD by its number of people: like is compared with like."""
    return next(name for least, name in BANDS if roster >= least)


def share(part: int, whole: int) -> float:
    """A fraction from 0 to 1; 0 of nobody is 0."""
    return round(part / whole, 6) if whole else 0.0


def change(now: float, before: float | None) -> float | None:
    """How far participation moved, to a tenth of a point (0.001), as it is told everywhere; None where there
    is nothing to compare with."""
    return None if before is None else round(now - before, 3)


def ranks(agencies: Iterable[OpdFigures]) -> dict[str, Place]:
    """The places of OPD by their code: the rank is one more than the number of those of the same size band
    with a higher participation. Equal ones share it, and the next ones are left out (1, 2, 2, 4)."""
    found: dict[str, Place] = {}
    agencies = list(agencies)
    for _, name in BANDS:
        peers = sorted(
            (opd for opd in agencies if opd["band"] == name), key=lambda opd: -opd["participation"]
        )
        first: dict[float, int] = {}
        for number, opd in enumerate(peers, start=1):
            found[opd["code"]] = Place(first.setdefault(opd["participation"], number), len(peers))
    return found


def _in_time(week: str | BindParameter[str]) -> tuple[ColumnElement[bool], ...]:
    return Share.week == week, Share.status.in_(standings.COUNTED), Share.late.is_(False)


def active_people(week: str) -> Subquery:
    """Whoever has shown a share of a week in time, each once, as `person_id`: read from an index alone. Of
    them the roster's count; see `is_active`."""
    return select(Share.person_id).distinct().where(*_in_time(week)).subquery("active_people")


def shown_by(week: str | BindParameter[str]) -> Select[int]:
    """The people who have shown something of a week in time, some more than once: for `IN`."""
    return select(Share.person_id).where(*_in_time(week))


def is_active(week: str) -> ColumnElement[bool]:
    """Whether a person is active in a week."""
    return Person.active & Person.id.in_(shown_by(week))


def roster_by_opd(session: Session) -> dict[int, int]:
    """The active roster by OPD."""
    rows = session.execute(select(Person.opd_id, func.count()).where(Person.active).group_by(Person.opd_id))
    return {opd_id: number for opd_id, number in rows}


def quality(proofs: Mapping[str, int]) -> Quality:
    """What is known of a week's proofs, from `tallies.proofs`: those that wait are received and appealed
    ones; withdrawn ones are of nobody any more."""
    return {
        "accepted": proofs.get(standings.ACCEPTED, 0),
        "waiting": proofs.get(standings.RECEIVED, 0) + proofs.get(standings.APPEALED, 0),
        "rejected": proofs.get(standings.REJECTED, 0),
        "claimed": proofs.get(standings.CLAIMED, 0),
        "late": proofs.get("late", 0),
    }


def of_opd(shares: Collection[Tally]) -> OpdShares:
    """What the shares of one OPD say of it."""
    return {
        "shares": tallies.shares(shares),
        "platforms": tallies.platforms(shares),
        "quality": quality(tallies.proofs(shares)),
    }


def of_week(shares: Collection[Tally], views: Mapping[str, int]) -> WeekShares:
    """What the shares of all OPD say of a week; `views` as `reach` takes them."""
    platforms, proofs = tallies.platforms(shares), tallies.proofs(shares)
    return {
        "shares": tallies.shares(shares),
        "platforms": platforms,
        "proofs": proofs,
        "quality": quality(proofs),
        "reach": reach(platforms, views),
    }


def reach(platforms: Mapping[str, int], views: Mapping[str, int]) -> Reach:
    """An estimate: counted shares of each platform times the views that one is taken to bring there
    (`programme.views`). Who sees two shares is counted twice."""
    each = {name: number * views.get(name, 0) for name, number in platforms.items()}
    return {"views": sum(each.values()), "platforms": each}
