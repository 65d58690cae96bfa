"""What arrived, exactly as it came, until it has been handled.

Rows are written before the channel is told that we have them, and marked done in the transaction
of everything that the message caused. Within a conversation they are handled in order.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Index,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models import base
from models.base import Base, BigId

# A channel that could not reach us keeps what was sent for so long, and no longer
# (core.telegram.org/bots/api#getting-updates): what says to be older does not say when it was sent.
KEPT = timedelta(hours=24)
NEW, DONE, DEAD, ASIDE = "new", "done", "dead", "aside"


class Update(Base):
    """`sequence` orders a conversation (Telegram's update_id); `due_at` is when it may be handled."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index(
            "ix_inbox_waiting",
            "channel",
            "address",
            "sequence",
            "id",
            **base.only("status = 'new'"),
        ),
        Index(
            "ix_inbox_new",
            "id",
            **base.only("status = 'new'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    address: Mapped[str]
    sequence: Mapped[int] = mapped_column(BigId)
    raw: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(default=NEW)
    attempts: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")


class Offset(Base):
    """How far a channel that is polled has been read; moves with the updates it stands for."""

    __tablename__ = "poll_offset"

    channel: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigId)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A raw update on its way into the inbox. `readable` is False for what nobody can parse."""

    external_id: str
    address: str
    sequence: int
    raw: str
    readable: bool = True


def waits_since(session: Session, moment: datetime) -> bool:
    """Whether something that had arrived by a moment has not been handled yet."""
    waits = select(Update.id).where(Update.status == NEW, Update.received_at < moment)
    return session.scalar(waits.limit(1)) is not None


def receive(session: Session, now: datetime, channel: str, arrivals: Iterable[Arrival]) -> int:
    """Stores what is new; how many that were. What came before, by its external id, is left alone."""
    rows: list[dict[str, Any]] = [
        {
            "channel": channel,
            "external_id": arrival.external_id,
            "address": arrival.address,
            "sequence": arrival.sequence,
            "raw": arrival.raw,
            "status": NEW if arrival.readable else ASIDE,
            "attempts": 0,
            "received_at": now,
            "due_at": now,
            "error": "" if arrival.readable else "cannot be parsed",
        }
        for arrival in arrivals
    ]
    if not rows:
        return 0
    statement = base.insert(session, Update).on_conflict_do_nothing().returning(Update.id)
    new = len(session.execute(statement, rows).all())
    if new:
        base.wake(session, "inbox")
    return new


def offset(session: Session, channel: str) -> int:
    """The first update id that has not been read yet; 0 at the very start."""
    return session.scalar(select(Offset.value).where(Offset.channel == channel)) or 0


def advance(session: Session, channel: str, value: int) -> None:
    """Moves the offset, in the transaction that stores the updates below it.

    Backwards, too: after a week without updates Telegram numbers them anew, from a random number on
    (core.telegram.org/bots/api#update), and an offset from before would be asked for in vain.
    """
    statement = base.insert(session, Offset).values(channel=channel, value=value)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Offset.channel], set_={"value": statement.excluded.value}
        )
    )


def waiting(session: Session, now: datetime, conversations: int, each: int = 8) -> list[list[Update]]:
    """Takes up to `conversations` conversations that have mail; each as its next updates in order.

    Only the first waiting update of a conversation is locked (SKIP LOCKED on PostgreSQL): nobody
    else can take a later one before it is done. One that waits for another attempt holds back
    those behind it.
    """
    heads = session.scalars(_HEADS, {"at": now, "most": conversations}).all()
    return _with_followers(session, now, _to_ourselves(session, heads), each)


def _first() -> ColumnElement[bool]:
    """Whether an update is the first that waits in its conversation.

    Not as NOT EXISTS: PostgreSQL makes an anti-join of that, and with statistics from before a flood it
    compared everybody's mail with everybody's, 0.3 s a batch.
    """
    other = aliased(Update)
    return Update.id == (
        select(other.id)
        .where(other.status == NEW, other.channel == Update.channel, other.address == Update.address)
        .order_by(other.sequence, other.id)
        .limit(1)
        .scalar_subquery()
    )


def _to_ourselves(session: Session, heads: Sequence[Update]) -> Sequence[Update]:
    """Those whose conversations nobody else is in, until this transaction ends.

    The lock on its first update is not enough: news of our own ("your file is here") goes before what
    waits, and may arrive while another worker is in the conversation.
    """
    if not heads or session.get_bind().dialect.name != "postgresql":
        return heads
    names = literal([f"{head.channel}:{head.address}" for head in heads], ARRAY(String))
    name = func.unnest(names).table_valued("name").render_derived()
    free = func.pg_try_advisory_xact_lock(func.hashtextextended(name.c.name, 0))
    ours = {row.name for row in session.execute(select(name.c.name, free.label("free"))) if row.free}
    return [head for head in heads if f"{head.channel}:{head.address}" in ours]


def enter(session: Session, channel: str, address: str) -> None:
    """Waits until nobody else is in a conversation, and keeps others out until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        name = func.hashtextextended(f"{channel}:{address}", 0)
        session.execute(select(func.pg_advisory_xact_lock(name)))


def _with_followers(
    session: Session, now: datetime, heads: Sequence[Update], each: int
) -> list[list[Update]]:
    queues = {(head.channel, head.address): [head] for head in heads}
    if not queues or each == 1:
        return list(queues.values())
    followers = session.scalars(
        _FOLLOWERS,
        {"at": now, "where": [address for _, address in queues], "heads": [head.id for head in heads]},
    )
    for update_ in followers:
        queue = queues.get((update_.channel, update_.address))
        if queue is not None and len(queue) < each and _after(queue[0], update_):
            queue.append(update_)
    return list(queues.values())


def _after(head: Update, other: Update) -> bool:
    return (other.sequence, other.id) > (head.sequence, head.id)


# Built once: every batch asks for them.
_DUE = select(Update).where(Update.status == NEW, Update.due_at <= bindparam("at"))
_HEADS = (
    _DUE.where(_first())
    .order_by(Update.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Update)
)
_FOLLOWERS = _DUE.where(
    Update.address.in_(bindparam("where", expanding=True)),
    Update.id.not_in(bindparam("heads", expanding=True)),
).order_by(Update.sequence, Update.id)
_NEXT = select(func.min(Update.due_at)).where(Update.status == NEW, _first())


def reached(update_: Update, sent_at: datetime | None) -> datetime:
    """When a message reached us, as it counts for whoever sent it: when the channel's server took it, where
    the channel says that, and else when we did. However long it waited for us is not their fault."""
    if sent_at is None or not update_.received_at - KEPT <= sent_at < update_.received_at:
        return update_.received_at
    return sent_at


def done(session: Session, ids: Collection[int], now: datetime) -> None:
    """Handled, all of these: their effects are in the same transaction."""
    if ids:
        session.execute(
            update(Update)
            .where(Update.id.in_(ids))
            .values(status=DONE, handled_at=now, error="")
            .execution_options(synchronize_session=False)
        )


def failed(update_: Update, now: datetime, error: str, *, attempts: int, backoff: timedelta) -> bool:
    """Counts an attempt that met a bug of ours; True when it was the last and the update is dead."""
    update_.attempts += 1
    update_.error = error[:2000]
    if update_.attempts >= attempts:
        update_.status, update_.handled_at = DEAD, now
        return True
    update_.due_at = now + backoff * 2 ** (update_.attempts - 1)
    return False


def set_aside(update_: Update, now: datetime, error: str) -> None:
    """Nobody can read it: kept for a person to look at, never in the way of others."""
    update_.status, update_.handled_at, update_.error = ASIDE, now, error[:2000]


def next_due(session: Session) -> datetime | None:
    """When the next waiting update may be handled; None when none waits.

    One behind another that waits for its next attempt is due with that one.
    """
    return session.scalar(_NEXT)


def prune(session: Session, before: datetime) -> int:
    """Deletes raw updates handled before a moment; how many. Their effects stay."""
    old = delete(Update).where(Update.status == DONE, Update.handled_at < before).returning(Update.id)
    return len(session.execute(old).all())


def counts(session: Session) -> dict[str, int]:
    """How many updates are in which state."""
    rows = session.execute(select(Update.status, func.count()).group_by(Update.status))
    return {status: number for status, number in rows}


def revive(session: Session, now: datetime) -> int:
    """Gives dead updates a new life, after their bug was mended; how many."""
    result = session.execute(
        update(Update)
        .where(Update.status == DEAD)
        .values(status=NEW, attempts=0, due_at=now, error="")
        .returning(Update.id)
    )
    number = len(result.all())
    if number:
        base.wake(session, "inbox")
    return number
