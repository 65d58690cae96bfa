"""What the Rabuan meeting decided: who does it, until when, and whether it is done."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base, weeks
from models.base import Base
from models.programme import Programme

OPEN, DONE, DROPPED = "open", "done", "dropped"


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


def figures(session: Session, week: str, programme: Programme) -> list[dict[str, Any]]:
    """What the pack of a week says of decisions: open ones, and those closed since the week opened; first
    what is due first. `late` are open ones whose day has passed when the week closes."""
    since = weeks.opening(week, programme)
    rows = session.scalars(
        select(Decision)
        .where((Decision.status == OPEN) | (Decision.closed_at >= since))
        .order_by(Decision.due, Decision.id)
    )
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
