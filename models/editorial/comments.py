"""What reviewers and author say to each other about an item, without deciding anything."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.content import fields, states
from models.content.content import Item
from models.content.reviews import Review
from models.editorial import listings, moves
from models.people.people import Person
from models.programme.programme import Programme
from models.refused import Refused

LENGTH = (2, 1000)  # in UTF-16 units, as Telegram counts them
MOST_A_DAY = 30  # of one person on one item: a conversation, but no flood
SHOWN = 3  # on the card of a reviewer
_OVER = (states.CLOSED, states.DROPPED, states.REPLACED)


class Comment(Base):
    """One remark on an item as it was then (`version`). Rows are added, never changed."""

    __tablename__ = "item_comment"
    __table_args__ = (Index("ix_item_comment_item", "item_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    version: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()


def require_open(item: Item) -> None:
    """Raises Refused for an item whose way is over: nobody would act on a remark any more."""
    if item.status in _OVER:
        raise Refused("commenting.over", id=item.id, status={"text": f"browsing.status_{item.status}"})


def write(session: Session, item: Item, by: Person, text: str, now: datetime) -> Comment:
    """Adds a remark. Raises Refused when it says nothing, is too long, or one of too many in a day."""
    require_open(item)
    said = text.strip()
    least, most = LENGTH
    if not least <= fields.length(said) <= most:
        raise Refused("commenting.length", least=least, most=most, length=fields.length(said))
    recent = select(func.count()).where(
        Comment.item_id == item.id, Comment.person_id == by.id, Comment.at > now - timedelta(days=1)
    )
    if (session.scalar(recent) or 0) >= MOST_A_DAY:
        raise Refused("commenting.too_many", most=MOST_A_DAY)
    comment = Comment(item_id=item.id, version=item.version, person_id=by.id, text=said, at=now)
    session.add(comment)
    session.flush()
    return comment


def of(session: Session, item: Item) -> Sequence[Comment]:
    """All remarks on an item, in order."""
    return session.scalars(select(Comment).where(Comment.item_id == item.id).order_by(Comment.id)).all()


def latest(session: Session, item: Item) -> list[Comment]:
    """The last few, in order."""
    newest = select(Comment).where(Comment.item_id == item.id).order_by(Comment.id.desc()).limit(SHOWN)
    return list(reversed(session.scalars(newest).all()))


def audience(session: Session, item: Item, writer: Person, programme: Programme) -> list[Person]:
    """Who hears of a remark: the author, and whoever commented on the item or reviewed it and may still
    see it; never the writer. While nobody has, what the author asks goes to those whose turn it is."""
    involved = {item.author_id}
    involved |= set(session.scalars(select(Comment.person_id).where(Comment.item_id == item.id)))
    involved |= set(session.scalars(select(Review.person_id).where(Review.item_id == item.id)))
    involved.discard(writer.id)
    found = [session.get_one(Person, number) for number in sorted(involved)]
    heard = [
        person
        for person in found
        if person.active and listings.may_see(session, person, item, programme.provincial_opd)
    ]
    return heard or [other for other in moves.reviewers(session, item, programme) if other.id != writer.id]
