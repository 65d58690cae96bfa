"""The monthly lists of recognition as rows: who or what is on which place, for what reason in figures.

A list is never changed but for what is decided about its rows; made anew it is a further version. How places
are found is in merits.py, what is decided in shortlists.py.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, distinct, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.content.content import Item
from models.people.people import Opd, Person
from models.programme import months
from models.programme.programme import Programme

CONTENT, STEADY, CREATIVE = "content", "steady", "creative"
OF_AN_OPD = ("opd_big", "opd_middle", "opd_small")
CATEGORIES = (CONTENT, STEADY, CREATIVE, *OF_AN_OPD)
RULES = "2026-12"  # the version of the rules in merits.py, kept with every list
LISTED, PASSED, CONFIRMED, REVOKED = "listed", "passed", "confirmed", "revoked"


class AwardList(Base):
    """The list of a month. `facts` says what it rests on: weeks, votes, items without a score."""

    __tablename__ = "award_list"
    __table_args__ = (UniqueConstraint("month", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str]
    version: Mapped[int]
    rules: Mapped[str]
    facts: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Award(Base):
    """One line of a list: a person, an OPD or an item. Equal merit shares a `place`. `reason` says why a
    controller passed it over, or took it back."""

    __tablename__ = "award"
    __table_args__ = (Index("ix_award_list", "list_id", "category", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("award_list.id"))
    category: Mapped[str]
    place: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    figures: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(default=LISTED)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    opd: Mapped[Opd | None] = relationship()
    item: Mapped[Item | None] = relationship()


def newest(session: Session, month: str = "") -> AwardList | None:
    """The newest version of a month's list, or of the newest month that has one."""
    chosen = select(AwardList).order_by(AwardList.month.desc(), AwardList.version.desc()).limit(1)
    return session.scalar(chosen.where(AwardList.month == month) if month else chosen)


def rows(session: Session, of: AwardList, category: str = "") -> Sequence[Award]:
    """The lines of a list in order, of one category or of all."""
    chosen = select(Award).where(Award.list_id == of.id).order_by(Award.category, Award.place, Award.id)
    return session.scalars(chosen.where(Award.category == category) if category else chosen).all()


def listed(session: Session, person: Person) -> int:
    """On the lists of how many months somebody's name stands."""
    chosen = select(func.count(distinct(AwardList.month))).join(Award, Award.list_id == AwardList.id)
    return session.scalar(chosen.where(Award.person_id == person.id)) or 0


def collecting(session: Session, now: datetime, programme: Programme) -> str:
    """The month for which votes and nominations are taken now: the last one until its list is made."""
    month = months.of(now, programme)
    before = months.shift(month, -1)
    over = now >= months.list_at(before, programme) or before < months.earliest(programme)
    return month if over or newest(session, before) is not None else before


def title(award: Award) -> str:
    """What stands on a line: a name, or the title of an item."""
    if award.item is not None:
        return award.item.title
    named = award.person or award.opd
    return named.name if named is not None else ""
