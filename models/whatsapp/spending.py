"""What has been said on WhatsApp, as far as it costs money: messages that went out, counted hour by hour.

Openers are counted from their rows (models/whatsapp/prices.py). Messages in an open window cost money as well
since October 2026, as much as a utility template, beyond a number that is free each month
(https://business.whatsapp.com/products/platform-pricing, "Service"); their rows are too many to be counted
again and again.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base


class Said(Base):
    """So many messages in open windows within the hour that begins at `hour` (UTC)."""

    __tablename__ = "said"

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    number: Mapped[int]


def note(session: Session, now: datetime, number: int) -> None:
    """So many messages went out now in windows that were open."""
    if not number:
        return
    hour = now.replace(minute=0, second=0, microsecond=0)
    statement = base.insert(session, Said).values(hour=hour, number=number)
    more = {"number": Said.__table__.c.number + statement.excluded.number}
    session.execute(statement.on_conflict_do_update(index_elements=["hour"], set_=more))


def said(session: Session, begin: datetime, end: datetime) -> int:
    """How many messages that was between two moments, both at the beginning of an hour."""
    chosen = select(func.sum(Said.number)).where(Said.hour >= begin, Said.hour < end)
    return session.scalar(chosen) or 0
