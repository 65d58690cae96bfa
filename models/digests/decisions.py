"""What the Rabuan meeting decided: who does it, until when, and whether it is done."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base
from models.messages import notices
from models.messages.post import Button, Post
from models.people import audit
from models.people.people import Person
from models.programme import deadlines, weeks
from models.programme.programme import Programme
from models.refused import Refused

OPEN, DONE, DROPPED = "open", "done", "dropped"
SHORTEST, TEXT, WHO, NOTE = 5, 300, 100, 300  # characters
MORNING = time(8, 0)  # of its day, when whoever wrote a decision down is reminded


class Decision(Base):
    """`week` is the one whose pack the meeting had before it; `due` is a day in the programme's time zone;
    `who` is a person or an agency, in the meeting's own words."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_open", "due", **base.only("status = 'open'")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    who: Mapped[str]
    due: Mapped[date]
    status: Mapped[str] = mapped_column(default=OPEN)
    note: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(index=True)


_OF_WEEK = (
    select(Decision)
    .where((Decision.status == OPEN) | (Decision.closed_at >= bindparam("since", type_=base.Instant)))
    .order_by(Decision.due, Decision.id)
)


def figures(session: Session, week: str, programme: Programme) -> list[dict[str, Any]]:
    """What the pack of a week says of decisions: open ones, and those closed since the week opened; first
    what is due first. `late` are open ones whose day has passed when the week closes."""
    since = weeks.opening(week, programme)
    rows = session.scalars(_OF_WEEK, {"since": since})
    closes = weeks.wednesday(weeks.shift(week, 1))
    return [
        {
            "id": row.id,
            "text": row.text,
            "who": row.who,
            "due": row.due.isoformat(),
            "state": row.status,
            "late": row.status == OPEN and row.due < closes,
        }
        for row in rows
    ]


def worded(text: str) -> str:
    """What was decided, on one line. Raises Refused for what is too short to say something, or too long."""
    return _said(text, "text", SHORTEST, TEXT)


def named(who: str) -> str:
    """Who does it, on one line. Raises Refused for nobody, or for too many words."""
    return _said(who, "who", 2, WHO)


def noted(note: str) -> str:
    """A note on one line. Raises Refused for one that is too long."""
    return _said(note, "note", 0, NOTE)


def _said(text: str, what: str, least: int, most: int) -> str:
    text = " ".join(text.split())
    if len(text) < least:
        raise Refused(f"decision.{what}_short")
    if len(text) > most:
        raise Refused(f"decision.{what}_long", most=most, length=len(text))
    return text


def today(now: datetime, programme: Programme) -> date:
    """The day here, by which a decision is late."""
    return now.astimezone(programme.zone).date()


def record(
    session: Session, text: str, who: str, due: date, by: Person, now: datetime, programme: Programme
) -> Decision:
    """Writes down what the meeting decided, with the pack of the newest closed week before it. Raises
    Refused for words that are missing or too long, and for a day that is past."""
    made = Decision(
        week=weeks.shift(weeks.of(now, programme), -1),
        text=worded(text),
        who=named(who),
        due=deadlines.require(due, today(now, programme)),
        by=by.id,
        at=now,
    )
    session.add(made)
    session.flush()
    audit.record(
        session, now, "decide", "decision", made.id, by=by.id,
        after=OPEN, text=made.text, who=made.who, due=made.due.isoformat(),
    )  # fmt: skip
    return made


def opened(session: Session) -> Sequence[Decision]:
    """The open decisions, first what is due first."""
    chosen = select(Decision).where(Decision.status == OPEN)
    return session.scalars(chosen.order_by(Decision.due, Decision.id)).all()


def closed(session: Session, since: datetime) -> Sequence[Decision]:
    """Those that were done or dropped since a moment, first what was closed first."""
    chosen = select(Decision).where(Decision.status != OPEN, Decision.closed_at >= since)
    return session.scalars(chosen.order_by(Decision.closed_at, Decision.id)).all()


def one(session: Session, number: int) -> Decision:
    """A decision by its number. Raises Refused where there is none."""
    found = session.get(Decision, number)
    if found is None:
        raise Refused("decision.unknown", id=number)
    return found


def finish(session: Session, number: int, note: str, by: Person, now: datetime) -> Decision:
    """It is done. Raises Refused where it was closed before."""
    return _close(session, number, DONE, "finish", note, by, now)


def drop(session: Session, number: int, note: str, by: Person, now: datetime) -> Decision:
    """It is not to be done any more, and the note says why. Raises Refused without a reason, or where it was
    closed before."""
    if len(noted(note)) < SHORTEST:
        raise Refused("decision.reason_missing")
    return _close(session, number, DROPPED, "drop", note, by, now)


def postpone(
    session: Session, number: int, due: date, note: str, by: Person, now: datetime, programme: Programme
) -> Decision:
    """Gives a decision another day. Raises Refused for a day that is past, and where it was closed."""
    found = _open_one(session, number)
    before, found.due = found.due, deadlines.require(due, today(now, programme))
    found.note = noted(note) or found.note
    audit.record(
        session, now, "postpone", "decision", number, by=by.id,
        before=before.isoformat(), after=due.isoformat(), reason=noted(note),
    )  # fmt: skip
    return found


def _open_one(session: Session, number: int) -> Decision:
    """An open decision, held until the transaction ends."""
    found = session.get(Decision, number, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refused("decision.unknown", id=number)
    if found.status != OPEN:
        raise Refused("decision.closed_before", id=number)
    return found


def _close(
    session: Session, number: int, status: str, act: str, note: str, by: Person, now: datetime
) -> Decision:
    found = _open_one(session, number)
    found.status, found.note = status, noted(note) or found.note
    found.closed_by, found.closed_at = by.id, now
    audit.record(
        session, now, act, "decision", number, by=by.id, before=OPEN, after=status, reason=found.note
    )
    return found


def remind(session: Session, now: datetime, programme: Programme) -> int:
    """Tells whoever wrote a decision down that today is its day, once, from the morning on; how many were
    told. Who wrote it down today knows."""
    local = now.astimezone(programme.zone)
    begins = local.replace(hour=0, minute=0, second=0, microsecond=0)
    due = select(Decision).where(
        Decision.status == OPEN, Decision.due == local.date(), Decision.at < begins, Decision.by.is_not(None)
    )
    if local.time() < MORNING or programme.is_quiet(now):
        return 0
    return sum(_tell(session, found, now) for found in session.scalars(due.order_by(Decision.id)).all())


def _tell(session: Session, found: Decision, now: datetime) -> bool:
    params = {"id": found.id, "text": found.text, "who": found.who}
    post = Post("decision.due_today", params, [[Button("decision.button_open", f"decision.open:{found.id}")]])
    by = session.get_one(Person, found.by)
    return notices.tell(session, now, by, f"decision:{found.id}:due:{found.due.isoformat()}", post)
