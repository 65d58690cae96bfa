"""Who is not to be reminded, until when, and why: on leave, or not this week."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.people.people import Person

LEAVE, WEEK = "leave", "week"


class Rest(Base):
    """Until when somebody is not to be reminded, and why: leave or week."""

    __tablename__ = "reminder_rest"

    person_id: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    why: Mapped[str]


def resting(now: datetime, *why: str) -> ColumnElement[bool]:
    """Whether the Person of the statement is not to be reminded now, for one of these reasons, or any."""
    found = select(Rest.person_id).where(Rest.person_id == Person.id, Rest.until > now)
    if why:
        found = found.where(Rest.why.in_(why))
    return found.correlate(Person).exists()


def resume(session: Session, person: Person) -> bool:
    """Reminders come again; False when they were not resting."""
    found = session.get(Rest, person.id)
    if found is None:
        return False
    session.delete(found)
    return True


def at_rest(session: Session, person: Person, now: datetime) -> Rest | None:
    """Why and until when somebody is not reminded; None for who is."""
    found = session.get(Rest, person.id)
    return found if found is not None and found.until > now else None
