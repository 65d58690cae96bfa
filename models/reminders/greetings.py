"""The friendly nudge of a PPID team to those of its OPD who have shown nothing: once a week, in its name.

It is one of the two reminders that a week allows: it never makes a third. Nobody gets it who would not get
a reminder, nor whose proof was rejected this week: to them only what was wrong with it can be said.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, case, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import base
from models.base import Base
from models.messages import outbox
from models.messages.post import Post
from models.people import audit, roles
from models.people.people import Opd, Person
from models.programme.programme import Programme
from models.refused import Refused
from models.releases.releases import Release
from models.reminders import reminder_words, reminders
from models.shares import standings


class Greeting(Base):
    """`people` is how many it was queued for."""

    __tablename__ = "greeting"
    __table_args__ = (UniqueConstraint("opd_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    week: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    people: Mapped[int] = mapped_column(default=0)

    person: Mapped[Person] = relationship()


def of(session: Session, opd_id: int, week: str) -> Greeting | None:
    """The nudge of an OPD in a week, if there was one."""
    return session.scalar(select(Greeting).where(Greeting.opd_id == opd_id, Greeting.week == week))


def post(release: Release, by: Person, opd: Opd) -> Post:
    """What people read: signed by who sends it, and the OPD."""
    params = {"by": by.name, "opd": opd.name, "closes": release.closes_at.isoformat()}
    return Post("missing.greeting", params)


def preview(
    session: Session, opd: Opd, week: str, by: Person, now: datetime, programme: Programme
) -> tuple[Post, int, int]:
    """What would be sent, for which item, and to how many people. Raises Refused as `send` does."""
    release = require(session, opd, week, by, now, programme)
    number, item_id = reminders.reminded(session, release, now, programme, *_whom(opd, week, by))
    if not number or item_id is None:
        raise Refused("missing.nobody")
    return post(release, by, opd), item_id, number


def require(
    session: Session, opd: Opd, week: str, by: Person, now: datetime, programme: Programme
) -> Release:
    """The release of the week, which nobody else reminds of meanwhile. Raises Refused for who is not of the
    team, in the quiet hours, after the week, before anything was sent, and for the second one of a week."""
    if not roles.may(session, by, "greet", opd.id):
        raise Refused("missing.own_only")  # a controller sees the list, but does not speak for the OPD
    release = reminders.of_week(session, week)
    if release is None or now >= release.closes_at:
        raise Refused("missing.no_release")
    if found := of(session, opd.id, week):
        raise _refusal(found)
    if programme.is_quiet(now):
        raise Refused("missing.quiet", at=programme.quiet_until(now).isoformat())
    return release


def _refusal(found: Greeting) -> Refused:
    return Refused("missing.greeted_already", by=found.person.name, at=found.at.isoformat())


def send(session: Session, opd: Opd, week: str, by: Person, now: datetime, programme: Programme) -> int:
    """Queues it for everybody of the OPD who may be reminded; to how many people.

    Raises Refused as `require` does, and where nobody is left to remind. Of two who press in the same moment
    one is refused: the row of the OPD and the week is there once.
    """
    release = require(session, opd, week, by, now, programme)
    number = session.scalar(
        base.insert(session, Greeting)
        .values(opd_id=opd.id, week=week, person_id=by.id, at=now, people=0)
        .on_conflict_do_nothing()
        .returning(Greeting.id)
    )
    if number is None:
        first = of(session, opd.id, week)
        assert first is not None, "the row that was in the way"
        raise _refusal(first)
    people = reminders.queue(
        session, release, now, programme, f"greeting:{number}", _body(release, by, opd), *_whom(opd, week, by)
    )
    if not people:
        raise Refused("missing.nobody")
    session.get_one(Greeting, number).people = people
    audit.record(session, now, "greet", "opd", opd.id, by=by.id, after=week, people=people)
    session.flush()
    return people


def _whom(opd: Opd, week: str, by: Person) -> tuple[Any, ...]:
    return Person.opd_id == opd.id, Person.id != by.id, ~reminder_words.did(week, standings.REJECTED)


def _body(release: Release, by: Person, opd: Opd) -> Callable[[Any], Any]:
    words = post(release, by, opd)

    def body(card: Any) -> Any:
        light, whole = (
            outbox.json_literal(reminder_words.message(words, release.week, saver=saver))
            for saver in (True, False)
        )
        return case((reminder_words.saves_data(card), light), else_=whole)

    return body
