"""Who of an OPD did not share in a week: for its PPID, never for anybody else.

Of a closed week those count who were active when it was closed, or by its newest correction; of a running
week whoever has shown something until now.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.figures import figures, snapshots
from models.figures.snapshots import Digest, Participation
from models.people.people import Opd, Person


def count(session: Session, opd: Opd, week: str, snapshot: Digest | None) -> int:
    """How many of the OPD's present people did not share."""
    chosen = select(func.count()).select_from(Person).where(*_without(session, opd, week, snapshot))
    return session.scalar(chosen) or 0


def page(
    session: Session, opd: Opd, week: str, snapshot: Digest | None, shown: int, size: int
) -> Sequence[str]:
    """One page (from 0) of their names."""
    chosen = (
        select(Person.name).where(*_without(session, opd, week, snapshot)).order_by(Person.name, Person.id)
    )
    return session.scalars(chosen.offset(shown * size).limit(size)).all()


def _without(session: Session, opd: Opd, week: str, snapshot: Digest | None) -> Any:
    """Present people of the OPD without a share of the week; of a closed week only those who were on the
    roster then."""
    here = (Person.active, Person.opd_id == opd.id)
    if snapshot is None:
        return (*here, ~figures.is_active(week))
    shared = select(Participation.person_id).where(Participation.week == week)
    closed = snapshots.closed_at(session, week)
    return (*here, Person.id.not_in(shared), Person.created_at <= closed)
