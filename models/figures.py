"""What is counted, each figure in one place.

"Active" is one rule: a person of the active roster with at least one share of the week's item that
was shown (received or accepted) before the week closed. Participation is active people over the
active roster; somebody who changed the OPD counts in the present one, above the line and below it.
"""

from typing import Any

from sqlalchemy import ColumnElement, distinct, func, select
from sqlalchemy.orm import Session

from models import standings
from models.people import Person
from models.shares import Share

BANDS = ((500, "big"), (150, "middle"), (0, "small"))


def band(roster: int) -> str:
    """The size band of an OPD by its number of people: like is compared with like."""
    return next(name for least, name in BANDS if roster >= least)


def share(part: int, whole: int) -> float:
    """A fraction from 0 to 1; 0 of nobody is 0."""
    return round(part / whole, 6) if whole else 0.0


def _in_time(week: str) -> tuple[ColumnElement[bool], ...]:
    return Share.week == week, Share.status.in_(standings.COUNTED), Share.late.is_(False)


def active_by_opd(session: Session, week: str) -> dict[int, int]:
    """Active people of a week by OPD; nobody is in two."""
    rows = session.execute(
        select(Person.opd_id, func.count(distinct(Person.id)))
        .join(Share, Share.person_id == Person.id)
        .where(Person.active, *_in_time(week))
        .group_by(Person.opd_id)
    )
    return {opd_id: number for opd_id, number in rows}


def roster_by_opd(session: Session) -> dict[int, int]:
    """The active roster by OPD."""
    rows = session.execute(select(Person.opd_id, func.count()).where(Person.active).group_by(Person.opd_id))
    return {opd_id: number for opd_id, number in rows}


def shares_by_platform(session: Session, week: str) -> dict[str, int]:
    """Counted shares of a week by platform; "unknown" where the person has not said."""
    rows = session.execute(
        select(Share.platform, func.count()).where(*_in_time(week)).group_by(Share.platform)
    )
    return {platform or "unknown": number for platform, number in rows}


def proofs_by_status(session: Session, week: str) -> dict[str, int]:
    """Shares of a week by state: claimed, received, accepted, rejected …; late ones apart, as "late"."""
    rows = session.execute(
        select(Share.status, Share.late, func.count())
        .where(Share.week == week)
        .group_by(Share.status, Share.late)
    )
    counts: dict[str, int] = {}
    for status, late, number in rows:
        name = "late" if late else status
        counts[name] = counts.get(name, 0) + number
    return counts


def missing(session: Session, opd_id: int, week: str, limit: int) -> tuple[int, list[str]]:
    """Who of an OPD has shown no share of a week: how many, and the names of the first of them."""
    without: Any = (
        Person.active,
        Person.opd_id == opd_id,
        Person.id.not_in(select(Share.person_id).where(*_in_time(week))),
    )
    total = session.scalar(select(func.count()).select_from(Person).where(*without)) or 0
    names = session.scalars(select(Person.name).where(*without).order_by(Person.name).limit(limit))
    return total, list(names)
