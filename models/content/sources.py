"""Whether the source of an item can be opened: asked for here, looked up by a loop of its own in bot/.

A row is a question about one address; the answer goes to the author's conversation, and stands with the
item for its reviewers.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base
from models.content import states
from models.content.content import Item
from models.messages import inbox

WAITING, OPENED, CLOSED = "waiting", "opened", "closed"
HIDDEN = "hidden"  # it answered, but does not show itself to us
ATTEMPTS = 5  # of a check that we could not carry out; an address that does not answer is an answer


class SourceCheck(Base):
    """`channel` and `address` are the conversation that hears of it; `asked` counts how often."""

    __tablename__ = "source_check"
    __table_args__ = (
        UniqueConstraint("item_id", "url"),
        Index("ix_source_check_waiting", "due_at", **base.only("status = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    url: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(default=WAITING)
    asked: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    channel: Mapped[str]
    address: Mapped[str]
    due_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address to open once."""

    check_id: int
    url: str


def ask(session: Session, item: Item, channel: str, address: str, now: datetime) -> None:
    """Asks for the source of an item to be opened soon, for this conversation. Its author wrote it, so the
    same address once more is a new question."""
    found = _of(session, item.id, item.source_url)
    if found is None:
        found = SourceCheck(
            item_id=item.id, url=item.source_url, channel=channel, address=address, due_at=now
        )
        session.add(found)
    else:
        found.status, found.asked, found.attempts = WAITING, found.asked + 1, 0
        found.channel, found.address, found.due_at = channel, address, now
    session.flush()
    base.wake(session, "sources")


def result(session: Session, item: Item) -> str:
    """What came of the item's present source: WAITING, OPENED, HIDDEN or CLOSED; "" where nobody asked."""
    found = _of(session, item.id, item.source_url) if item.source_url else None
    return found.status if found else ""


def _of(session: Session, item_id: int, url: str) -> SourceCheck | None:
    return session.scalar(select(SourceCheck).where(SourceCheck.item_id == item_id, SourceCheck.url == url))


def to_check(session: Session, now: datetime, limit: int, lease: timedelta) -> list[Wanted]:
    """Takes addresses to open; nobody else gets them during the lease. After a crash they come again; one
    that we never manage to look up is given up."""
    rows = session.scalars(
        select(SourceCheck)
        .where(SourceCheck.status == WAITING, SourceCheck.due_at <= now)
        .order_by(SourceCheck.due_at, SourceCheck.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    taken = []
    for row in rows:
        row.attempts, row.due_at = row.attempts + 1, now + lease
        if row.attempts > ATTEMPTS:
            session.delete(row)
        else:
            taken.append(Wanted(row.id, row.url))
    session.flush()
    return taken


def checked(session: Session, check_id: int, now: datetime, result: str) -> None:
    """Notes what came of opening an address (OPENED, HIDDEN or CLOSED), once for each question. Of one that
    is closed whoever waits for it is told."""
    row = session.execute(
        update(SourceCheck)
        .where(SourceCheck.id == check_id, SourceCheck.status == WAITING)
        .values(status=result, checked_at=now)
        .returning(SourceCheck.channel, SourceCheck.address, SourceCheck.asked)
    ).first()
    if row is None or result != CLOSED:
        return
    event = f"source.closed:{check_id}"
    arrival = inbox.Arrival(f"internal:{event}:{row.asked}", row.address, 0, json.dumps({"internal": event}))
    inbox.receive(session, now, row.channel, [arrival])


def closed(session: Session, check_id: int, channel: str, address: str) -> Item | None:
    """The item whose present source could not be opened, as this conversation asked; None where it has
    another source by now, or somebody else asked."""
    row = session.get(SourceCheck, check_id)
    if row is None or row.status != CLOSED or (row.channel, row.address) != (channel, address):
        return None
    item = session.get_one(Item, row.item_id)
    return item if item.source_url == row.url and item.status != states.DROPPED else None


def next_due(session: Session) -> datetime | None:
    """When the next address may be opened; None when none waits."""
    return session.scalar(select(func.min(SourceCheck.due_at)).where(SourceCheck.status == WAITING))
