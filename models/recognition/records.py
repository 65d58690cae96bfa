"""A person's own record: what they have shared, in which weeks, and how many weeks in a row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from models import base
from models.people.people import Person
from models.programme import weeks
from models.programme.programme import Programme
from models.proofs.proofs import Taken
from models.releases.releases import Release
from models.shares import standings
from models.shares.shares import Share

LATELY = 12  # weeks that are shown one by one
MILESTONES = (4, 8, 12, 26, 52)  # weeks in a row that deserve a word
# Built once, since every proof asks for it. More than a year in a row need not be looked at.
_share = base.table(Share).c
_NEWEST_WEEKS = (
    select(_share.week, func.count())
    .where(
        _share.person_id == bindparam("person_id"),
        or_(*(_share.status == status for status in standings.COUNTED)),  # a list is written out each time
        _share.week != "",
    )
    .group_by(_share.week)
    .order_by(_share.week.desc())
    .limit(MILESTONES[-1] + 1)
)


@dataclass(frozen=True, slots=True)
class Record:
    """What a person has done so far.

    `weeks` is the number of weeks with a share that was shown, `shares` that of all shown shares; `streak` is
    the row of weeks up to now, `best` the longest there was. `this_week` lists every share of the week that
    was not withdrawn, claims included.
    """

    weeks: int
    shares: int
    streak: int
    best: int
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
        best=best(released, active),
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


def best(released: Sequence[str], active: Collection[str]) -> int:
    """The longest row of weeks in which somebody shared; `released` as in `streak`."""
    longest = length = 0
    for name in released:
        length = length + 1 if name in active else 0
        longest = max(longest, length)
    return longest


def lately(session: Session, person: Person, week: str, programme: Programme) -> list[bool]:
    """The newest weeks with something to share since this person joined, oldest first: whether they shared.
    The running week is among them once they have."""
    shared = select(Share.week).where(Share.person_id == person.id, Share.status.in_(standings.COUNTED))
    active = set(session.scalars(shared.distinct()))
    released = session.scalars(
        select(Release.week)
        .where(Release.week <= week, Release.item_id.is_(None))
        .order_by(Release.week.desc())
        .limit(LATELY + 1)
    )
    since = person.joined_at or person.created_at
    shown = [
        name
        for name in released
        if name in active or (name != week and weeks.closing(name, programme) > since)
    ]
    return [name in active for name in reversed(shown[:LATELY])]


def milestone(session: Session, person_id: int, share: Share | Taken, week: str) -> int:
    """The weeks in a row that a share of the running `week` completes, where that is a milestone; else 0.
    Only the first share of a week completes anything."""
    if share.late or share.week != week or (isinstance(share, Taken) and share.others):
        return 0
    rows = session.execute(_NEWEST_WEEKS, {"person_id": person_id}).all()
    if len(rows) < MILESTONES[0] or tuple(rows[0]) != (week, 1):
        return 0
    released = session.scalars(
        select(Release.week)
        .where(Release.week <= week, Release.item_id.is_(None))
        .order_by(Release.week.desc())
        .limit(MILESTONES[-1] + 1)
    ).all()
    length = streak(released, {name for name, _ in rows}, week)
    return length if length in MILESTONES else 0
