"""Webhook calls that were refused, because nobody whom we know had signed them. Each process counts its own
in memory and writes them down now and then, added up; where they are many, the admins are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, BigId
from models.messages import notices
from models.messages.post import Post

ABOUT = "webhooks-refused"
TOLD_APART = timedelta(hours=1)
KEPT = timedelta(days=1)


class Refusal(Base):
    """So many calls of one channel that one process has refused since it wrote the last time; `told` is true
    where the admins were told then."""

    __tablename__ = "webhook_refusal"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str]
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    told: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True, slots=True)
class Alarm:
    """The admins are told of `least` refused calls `within` a time."""

    least: int = 20
    within: timedelta = timedelta(minutes=10)


def note(session: Session, now: datetime, refused: Mapping[str, int], alarm: Alarm) -> int:
    """Adds refused calls, by channel. Where there are many, the admins are told, unless they were within the
    last hour; to how many."""
    session.execute(delete(Refusal).where(Refusal.at < now - KEPT))
    rows = [Refusal(channel=channel, number=number, at=now) for channel, number in refused.items()]
    session.add_all(rows)
    session.flush()
    counted = session.execute(
        select(Refusal.channel, func.sum(Refusal.number))
        .where(Refusal.at > now - alarm.within)
        .group_by(Refusal.channel)
    )
    found = {channel: int(number) for channel, number in counted}
    lately = select(Refusal.id).where(Refusal.told, Refusal.at > now - TOLD_APART).limit(1)
    if sum(found.values()) < alarm.least or session.scalar(lately) is not None:
        return 0
    for row in rows:
        row.told = True
    params = {"minutes": int(alarm.within.total_seconds() // 60), **found}
    # Of two processes that come here at the same moment one tells.
    about = f"{ABOUT}:{now:%Y-%m-%dT%H}"
    return notices.tell_all(session, now, "roles", about, Post("webhooks.refused", params))
