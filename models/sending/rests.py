"""Channels that rest: a report says that nothing can be delivered until somebody mends the account.

Such a report comes long after the message was taken, to another process than the one that sends. So it is
written down, and the sender claims nothing for the channel until then. What is tried after a rest and meets
the same fault makes the next one twice as long: refused messages cost money, and rating.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
# A fault so long after the last rest is a new one: reports take their time, but not hours.
ANEW = timedelta(hours=3)


class ChannelRest(Base):
    """Until when a channel rests, or has rested: `seconds` long, because of `error`."""

    __tablename__ = "channel_rest"

    channel: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    seconds: Mapped[int]
    error: Mapped[str] = mapped_column(default="")


def rest(session: Session, now: datetime, channel: str, error: str) -> datetime:
    """The channel rests; until when. What is reported while it does makes that no longer."""
    found = session.get(ChannelRest, channel, with_for_update=True)
    if found is not None and now < found.until:
        return found.until
    length = SHORTEST
    if found is not None and now < found.until + ANEW:
        length = min(LONGEST, 2 * timedelta(seconds=found.seconds))
    if found is None:
        found = ChannelRest(channel=channel)
        session.add(found)
    found.until, found.seconds, found.error = now + length, int(length.total_seconds()), error
    session.flush()
    base.wake(session, "outbox")
    return found.until


def resting(session: Session, now: datetime) -> dict[str, datetime]:
    """The channels that rest now, and until when."""
    rows = session.execute(select(ChannelRest.channel, ChannelRest.until).where(ChannelRest.until > now))
    return {channel: until for channel, until in rows}
