"""A person's own record: what they have shared, in which weeks, and how many weeks in a row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import standings
from models.people import Person
from models.releases import Release
from models.shares import Share


@dataclass(frozen=True, slots=True)
class Record:
    """What a person has done so far.

    `weeks` is the number of weeks with a share that was shown, `shares` that of all shown shares;
    `this_week` lists every share of the week that was not withdrawn, claims included.
    """

    weeks: int
    shares: int
    streak: int
    this_week: list[Share]


def of(session: Session, person: Person, week: str) -> Record:
    """The record of a person, seen from a week (the running one)."""
    rows = session.execute(
        select(Share.week).where(Share.person_id == person.id, Share.status.in_(standings.COUNTED)).distinct()
    ).all()
    active = {row.week for row in rows if row.week}  # an urgent item belongs to no week
    here = session.scalars(
        select(Share)
        .where(Share.person_id == person.id, Share.week == week, Share.status != standings.WITHDRAWN)
        .order_by(Share.id)
    )
    released = session.scalars(
        select(Release.week)
        .where(Release.week <= week, Release.item_id.is_(None))
        .order_by(Release.week.desc())
    ).all()
    return Record(
        weeks=len(active),
        shares=counted(session, person),
        streak=streak(released, active, week),
        this_week=list(here),
    )


def counted(session: Session, person: Person) -> int:
    """How many shares of a person count: what `Record.shares` says, wherever else it is said."""
    shown = select(func.count()).where(Share.person_id == person.id, Share.status.in_(standings.COUNTED))
    return session.scalar(shown) or 0


def streak(released: Sequence[str], active: Collection[str], week: str) -> int:
    """How many weeks in a row somebody shared, up to now.

    `released` are the weeks that had something to share, newest first: a week without an item breaks
    nothing. The running `week` counts once it has a share, and is not missed before it is over.
    """
    length = 0
    for name in released:
        if name in active:
            length += 1
        elif name != week:
            break
    return length
