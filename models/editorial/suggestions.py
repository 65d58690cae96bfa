"""What civil servants suggest to their PPID team: an idea, taken up as a draft or answered with thanks."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import base
from models.base import Base
from models.content import drafts, fields
from models.content.content import Item
from models.people import audit, roles
from models.people.people import Person
from models.refused import Refused

OPEN, TAKEN, THANKED = "open", "taken", "thanked"
LENGTH = (15, 800)  # in UTF-16 units, as Telegram counts
A_WEEK = 5  # of one person


class Suggestion(Base):
    """`opd_id` is whom it was sent to; `item_id` the draft that it became."""

    __tablename__ = "suggestion"
    __table_args__ = (
        Index("ix_suggestion_open", "opd_id", "id", **base.only("status = 'open'")),
        Index("ix_suggestion_person", "person_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(default=OPEN)
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


def check(session: Session, person: Person, now: datetime) -> None:
    """Raises Refused for somebody who has suggested enough in the last seven days."""
    lately = session.scalar(
        select(func.count()).where(Suggestion.person_id == person.id, Suggestion.at > now - timedelta(days=7))
    )
    if (lately or 0) >= A_WEEK:
        raise Refused("suggesting.too_often", most=A_WEEK)


def suggest(session: Session, person: Person, text: str, now: datetime) -> tuple[Suggestion, list[Person]]:
    """Keeps an idea; it, and the PPID team that is to read it.

    Raises Refused for one that is too short or too long, or too many in a week.
    """
    check(session, person, now)
    written = text.strip()
    least, most = LENGTH
    if not least <= fields.length(written) <= most:
        raise Refused("suggesting.length", least=least, most=most, length=fields.length(written))
    made = Suggestion(person_id=person.id, opd_id=person.opd_id, text=written, status=OPEN, at=now)
    session.add(made)
    session.flush()
    team = [one for one in roles.ppid(session, person.opd_id) if one.id != person.id]
    return made, [one for one in team if roles.may(session, one, "compose", person.opd_id)]


def waiting(session: Session, reader: Person, most: int) -> tuple[list[Suggestion], int]:
    """The open ideas that this person may answer, the oldest first, and how many there are."""
    agencies = roles.agencies(session, reader, "compose")
    which = [Suggestion.status == OPEN, Suggestion.person_id != reader.id]
    if agencies is not None:
        which.append(Suggestion.opd_id.in_(agencies))
    found = session.scalars(select(Suggestion).where(*which).order_by(Suggestion.id).limit(most)).all()
    return list(found), session.scalar(select(func.count()).select_from(Suggestion).where(*which)) or 0


def take(
    session: Session, number: int, by: Person, now: datetime, provincial: str = ""
) -> tuple[Suggestion, Item]:
    """Turns an idea into a draft of `by`; both. Raises Refused when it is not theirs to answer, was
    answered before, or they may not write for its OPD."""
    found = open_one(session, number, by)
    item = drafts.start(session, by, found.opd_id, now, provincial)
    _decide(session, found, TAKEN, by, now)
    found.item_id = item.id
    session.flush()
    return found, item


def thank(session: Session, number: int, by: Person, now: datetime) -> Suggestion:
    """Answers an idea with thanks, for another time. Raises Refused as `take` does."""
    found = open_one(session, number, by)
    _decide(session, found, THANKED, by, now)
    return found


def open_one(session: Session, number: int, by: Person) -> Suggestion:
    """An idea that waits for this person's answer. Raises Refused for any other."""
    found = session.get(Suggestion, number, with_for_update=True, populate_existing=True)
    if found is None or not roles.may(session, by, "compose", found.opd_id):
        raise Refused("suggesting.unknown")
    if found.status != OPEN:
        who = session.get(Person, found.decided_by) if found.decided_by else None
        raise Refused("suggesting.answered", who=who.name if who else "–")
    return found


def _decide(session: Session, found: Suggestion, status: str, by: Person, now: datetime) -> None:
    found.status, found.decided_at, found.decided_by = status, now, by.id
    audit.record(session, now, status, "suggestion", found.id, by=by.id, before=OPEN, after=status)
    session.flush()
