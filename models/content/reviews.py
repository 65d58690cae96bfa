"""Who had a version of an item in their hands, and what they said: decisions, scores, changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.people.people import Person
from models.refused import Refused

if TYPE_CHECKING:
    from models.content.content import Item

AMEND = "amend"
LEAST, MOST = 1, 5  # of a score
NOTE = 500  # the longest note of quality control, in characters


@dataclass(frozen=True, slots=True)
class Scores:
    """What quality control says of an item: two scores from 1 to 5, and a note to its team."""

    accurate: int
    engaging: int
    note: str = ""

    def check(self) -> "Scores":
        """The same scores. Raises Refused when they are none."""
        if not all(LEAST <= score <= MOST for score in (self.accurate, self.engaging)):
            raise Refused("reviewing.score_wrong", least=LEAST, most=MOST)
        if len(self.note) > NOTE:
            raise Refused("reviewing.note_long", most=NOTE)
        return self


class Review(Base):
    """One act of one person on one version: `act` as in states.py, or "amend" for an editor's changes."""

    __tablename__ = "review"
    __table_args__ = (Index("ix_review_item", "item_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    version: Mapped[int]
    act: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    accurate: Mapped[int | None]
    engaging: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()


def of(session: Session, item: "Item") -> Sequence[Review]:
    """What was done with the present version of an item, in order."""
    return session.scalars(
        select(Review).where(Review.item_id == item.id, Review.version == item.version).order_by(Review.id)
    ).all()


def hands(session: Session, item: "Item") -> set[int]:
    """The ids of those who reviewed or changed the present version: none of them reviews it again."""
    return set(
        session.scalars(
            select(Review.person_id).where(Review.item_id == item.id, Review.version == item.version)
        )
    )


def amended(session: Session, item: "Item", person: Person) -> bool:
    """Whether all that this person did with the present version was to change it, as its editor."""
    acts = {row.act for row in of(session, item) if row.person_id == person.id}
    return acts == {AMEND}


def touched(session: Session, item: "Item", by: Person, now: datetime) -> None:
    """Notes once that an editor changed the present version."""
    if by.id not in hands(session, item):
        session.add(Review(item_id=item.id, version=item.version, act=AMEND, person_id=by.id, at=now))


def scores(session: Session, item: "Item") -> Review | None:
    """What quality control said of the present version, None while it has not."""
    found = select(Review).where(
        Review.item_id == item.id, Review.version == item.version, Review.act == "score"
    )
    return session.scalar(found.order_by(Review.id.desc()).limit(1))


def scored(session: Session, item: "Item") -> Sequence[Review]:
    """What quality control said of each version of an item, in order."""
    return session.scalars(
        select(Review).where(Review.item_id == item.id, Review.act == "score").order_by(Review.id)
    ).all()


def record(
    session: Session, item: "Item", act: str, by: Person, now: datetime, scores: Scores | None = None
) -> None:
    """Adds what a reviewer did with the present version."""
    session.add(
        Review(
            item_id=item.id,
            version=item.version,
            act=act,
            person_id=by.id,
            accurate=scores.accurate if scores else None,
            engaging=scores.engaging if scores else None,
            note=scores.note if scores else "",
            at=now,
        )
    )
