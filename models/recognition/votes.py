"""The vote for the best item of a month: everybody who joined has one voice, and may change it until the
list is made. Nobody votes for what they wrote, edited or reviewed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base
from models.content import reviews, states
from models.content.content import Item
from models.content.reviews import Review
from models.people import people
from models.people.people import Person
from models.programme import months
from models.programme.programme import Programme
from models.recognition import awards
from models.refused import Refused
from models.releases.releases import Release
from models.shares import standings
from models.shares.shares import Share

_SPAN = 2 * (reviews.MOST - reviews.LEAST)  # between the worst and the best of two scores


class Vote(Base):
    """One voice of a month."""

    __tablename__ = "vote"
    __table_args__ = (Index("ix_vote_item", "month", "item_id"),)

    month: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Scored:
    """An item and what quality control said of it: `points` of 10, of which `accurate` (1 to 5) are for its
    accuracy, and `quality` from 0 to 1."""

    item: Item
    points: int
    accurate: int

    @property
    def quality(self) -> float:
        return (self.points - 2 * reviews.LEAST) / _SPAN


def scored(session: Session, month: str, programme: Programme) -> tuple[list[Scored], int]:
    """The items released in a month with a score that counts, the best first; and how many have none.

    Of an item the newest score of the released version counts, and only of somebody of another OPD; a
    provincial item is of the OPD that writes for the province.
    """
    begin, end = months.span(month, programme)
    when = (Release.started_at >= begin, Release.started_at < end)
    weekly = select(Release.week).where(Release.item_id.is_(None), *when)
    urgent = select(Release.item_id).where(Release.item_id.is_not(None), *when)
    ours = or_(Item.week.in_(weekly) & Item.urgent.is_(False), Item.id.in_(urgent))
    chosen = select(Item).where(Item.status.in_((states.RELEASED, states.CLOSED)), ours)
    items = session.scalars(chosen.order_by(Item.id)).all()
    given = session.execute(
        select(Review, Person.opd_id)
        .join(Person, Person.id == Review.person_id)
        .where(Review.item_id.in_([item.id for item in items]), Review.act == "score")
        .order_by(Review.id)
    ).all()
    home = people.opd(session, programme.provincial_opd)
    provincial = home.id if home else None
    said: dict[int, tuple[int, int]] = {}
    by_id = {item.id: item for item in items}
    for review, opd_id in given:
        item = by_id[review.item_id]
        if review.version == item.version and opd_id != (item.opd_id or provincial):
            accurate = review.accurate or 0
            said[item.id] = accurate + (review.engaging or 0), accurate
    found = [Scored(item, *said[item.id]) for item in items if item.id in said]
    return sorted(found, key=lambda one: (-one.points, one.item.id)), len(items) - len(found)


def candidates(session: Session, month: str, programme: Programme) -> list[Scored]:
    """The items that stand for election, the best scored first."""
    return scored(session, month, programme)[0][: programme.awards.candidates]


def open_month(session: Session, now: datetime, programme: Programme) -> str:
    """The month whose vote is open. Raises Refused where none is, with when the next one opens."""
    month = awards.collecting(session, now, programme)
    opens, closes = months.vote_from(month, programme), months.list_at(month, programme)
    if not opens <= now < closes:
        raise Refused("voting.closed", opens=opens.isoformat(), closes=closes.isoformat())
    return month


def is_open(session: Session, now: datetime, programme: Programme) -> str:
    """The month for which somebody can vote now, "" for none: the days of a vote, and something that stands
    for election."""
    try:
        month = open_month(session, now, programme)
    except Refused:
        return ""
    return month if candidates(session, month, programme) else ""


def calls(session: Session, person: Person, share_id: int, now: datetime, programme: Programme) -> str:
    """The month to whose vote the receipt of this share calls, "" for none.

    Once for each person and month: on the first share that they show in the days of the vote, unless they
    have voted. No row says so, since the shares do.
    """
    try:
        month = open_month(session, now, programme)
    except Refused:
        return ""
    opens = months.vote_from(month, programme)
    at = session.scalars(select(Share.at).where(Share.id == share_id)).one()
    earlier = select(Share.id).where(
        Share.person_id == person.id,
        Share.status.not_in((standings.CLAIMED, standings.WITHDRAWN)),  # a share that moved is a new one
        Share.at >= opens,
        or_(Share.at < at, and_(Share.at == at, Share.id < share_id)),
    )
    if at < opens or session.scalar(earlier.limit(1)) is not None:
        return ""
    return is_open(session, now, programme) if of(session, person, month) is None else ""


def involved(session: Session, person: Person) -> set[int]:
    """The items that somebody wrote, edited or reviewed, in whatever version."""
    had = select(Review.item_id).where(Review.person_id == person.id)
    return set(session.scalars(select(Item.id).where(or_(Item.author_id == person.id, Item.id.in_(had)))))


def cast(session: Session, person: Person, item_id: int, now: datetime, programme: Programme) -> bool:
    """Gives the person's voice to an item; False where another one had it before. Raises Refused when no
    vote is open, for what is no candidate, and for an own item."""
    month = open_month(session, now, programme)
    if item_id not in {one.item.id for one in candidates(session, month, programme)}:
        raise Refused("voting.no_candidate")
    if item_id in involved(session, person):
        raise Refused("voting.own")
    before = of(session, person, month)
    values = {"month": month, "person_id": person.id, "item_id": item_id, "at": now}
    session.execute(
        base.insert(session, Vote)
        .values(values)
        .on_conflict_do_update(index_elements=["month", "person_id"], set_={"item_id": item_id, "at": now})
    )
    return before is None


def of(session: Session, person: Person, month: str) -> int | None:
    """The item that has somebody's voice in a month."""
    chosen = select(Vote.item_id).where(Vote.month == month, Vote.person_id == person.id)
    return session.scalar(chosen)


def cast_by(session: Session, person: Person) -> int:
    """In how many months somebody has voted."""
    return session.scalar(select(func.count()).where(Vote.person_id == person.id)) or 0


def tally(session: Session, month: str) -> dict[int, int]:
    """Voices of a month by item."""
    counted = select(Vote.item_id, func.count()).where(Vote.month == month).group_by(Vote.item_id)
    return {item_id: number for item_id, number in session.execute(counted)}
