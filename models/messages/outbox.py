"""What is to be said, to whom, and what became of it: one row, one call to a channel.

A row has a UNIQUE key made by its producer, so that a replay adds nothing. Its status is the only
record of its fate: progress and completion are counts of these rows.

    waiting → queued → sending → sent
                  ↑       │    → failed
                  └───────┘ retry, or a lease that ran out

and from waiting or queued also cancelled, expired; skipped rows were never to be sent, and say why.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    SQLColumnExpression,
    UniqueConstraint,
    bindparam,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base, BigId
from models.messages import batching
from models.messages.post import Post

WAITING, QUEUED, SENDING, SENT = "waiting", "queued", "sending", "sent"
FAILED, CANCELLED, EXPIRED, SKIPPED = "failed", "cancelled", "expired", "skipped"
UNSENT = (WAITING, QUEUED)
# Of a row never tried.
NEW = {"delivery": "", "fingerprint": "", "unsettled": False, "answered": False, "instead_of": "",
       "pieces": ""}  # fmt: skip
# How the cards of a release ended, as conditions of the indexes that tell it of the newest ones. Who asks
# has to use these very words: SQLite finds a partial index by nothing else.
SENT_CARDS = "status = 'sent' AND part IN ('card', 'album')"
FAILED_CARDS = "status = 'failed' AND part IN ('card', 'album') AND reason <> 'blocked'"
# In the same way: openers (models/whatsapp/openers.py), rows of channels that report what became of a message
# (models/sending/callbacks.py), and rows of which nobody knows whether they arrived
# (models/sending/settling.py).
OPENERS_COMING = "part = 'opener' AND status IN ('queued', 'sending')"
OPENERS_SENT = "part = 'opener' AND status = 'sent'"
REPORTED = "channel = 'whatsapp' AND external_id <> ''"
SEEN_CARDS = "part = 'card' AND delivery <> ''"
UNSETTLED = "unsettled AND status = 'queued'"


class Priority(IntEnum):
    """Who goes first: a reply never waits behind a release."""

    REPLY = 0
    NOTICE = 1
    BULK = 2


class Outbound(Base):
    """`op` is send, edit, answer, delete, commands or template; `target` the message or callback it is
    about, of a template its name.

    `target_key` names the outbox row whose message is meant, where its id is not known yet.
    `follows` is the key of the row that must have been sent first, or the window that has to open
    (models/whatsapp/windows.py). `resent` counts how often the row went out again because its fate was
    unknown. `delivery` is what the channel reported since ("", sent, delivered, read, undelivered, failed).
    `tried_at` is when the row was taken last, `fingerprint` what was handed to the channel then, and
    `unsettled` keeps it back until it is known whether that arrived: since `doubted_at` no call of it is
    under way any more, and `answered` tells that the channel has said that it failed. `instead_of` is the
    channel on which the row came to nothing before it went out on this one. `pieces` are those that are out
    of a message that takes several calls (models/messages/pieces.py). `price` is what an opener cost when it
    went out, in rupiah (models/whatsapp/prices.py).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_outbox_queued", "channel", "priority", "id", "due_at", **base.only("status = 'queued'")),
        Index("ix_outbox_due", "channel", "due_at", **base.only("status = 'queued'")),
        Index("ix_outbox_sending", "lease_until", **base.only("status = 'sending'")),
        Index("ix_outbox_waiting", "follows", **base.only("status = 'waiting'")),
        Index("ix_outbox_release", "release_id", "part", "status"),
        Index("ix_outbox_release_sent", "release_id", "sent_at", **base.only(SENT_CARDS)),
        Index("ix_outbox_release_failed", "release_id", "due_at", **base.only(FAILED_CARDS)),
        Index("ix_outbox_person", "person_id", "part", "release_id"),
        Index("ix_outbox_unsent_address", "address", **base.only("status IN ('queued', 'waiting')")),
        Index("uq_outbox_opener", "channel", "address", unique=True, **base.only(OPENERS_COMING)),
        Index("ix_outbox_opener_sent", "sent_at", **base.only(OPENERS_SENT)),
        Index("ix_outbox_opener_to", "address", "sent_at", **base.only(OPENERS_SENT)),
        Index("ix_outbox_reported", "external_id", **base.only(REPORTED)),
        Index("ix_outbox_seen", "release_id", "delivery", **base.only(SEEN_CARDS)),
        Index("ix_outbox_unsettled", "tried_at", **base.only(UNSETTLED)),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str]
    channel: Mapped[str]
    address: Mapped[str]
    op: Mapped[str] = mapped_column(default="send")
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    target: Mapped[str] = mapped_column(default="")
    target_key: Mapped[str | None]
    follows: Mapped[str | None]
    priority: Mapped[int]
    part: Mapped[str] = mapped_column(default="")  # card, caption, reminder: what it is of a release
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    status: Mapped[str] = mapped_column(default=QUEUED)
    reason: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    resent: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    external_id: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    delivery: Mapped[str] = mapped_column(default="")
    delivered_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    fingerprint: Mapped[str] = mapped_column(default="")
    unsettled: Mapped[bool] = mapped_column(default=False)
    answered: Mapped[bool] = mapped_column(default=False)
    instead_of: Mapped[str] = mapped_column(default="")
    pieces: Mapped[str] = mapped_column(default="")
    doubted_at: Mapped[datetime | None]
    price: Mapped[int | None]


_TABLE = base.table(Outbound)


def queue(
    session: Session,
    now: datetime,
    key: str,
    channel: str,
    address: str,
    post: Post | None = None,
    *,
    op: str = "send",
    body: dict[str, Any] | None = None,
    priority: Priority = Priority.REPLY,
    due_at: datetime | None = None,
    **more: Any,
) -> bool:
    """Queues one message; False when a row with this key was there already.

    `more` are further columns: target, target_key, follows, part, person_id, expires_at …
    """
    batching.carry_out(session, add)  # what was said before comes before
    values = row(now, key, channel, address, post, op=op, body=body, priority=priority, due_at=due_at, **more)
    added = session.execute(_queueing(session.get_bind().dialect.name), values).first()
    if added is not None:
        base.wake(session, "outbox")
    return added is not None


def reply(
    session: Session, now: datetime, key: str, channel: str, address: str, post: Post, **more: Any
) -> None:
    """Queues one message as `queue` does, together with the others of this transaction."""
    batching.gather(session, add, row(now, key, channel, address, post, **more))


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Queues many, made by `row`; rows of the same columns in one statement. How many were not there yet."""
    statement, added = _queueing(session.get_bind().dialect.name), 0
    for _, same in groupby(rows, key=tuple):
        added += len(session.execute(statement, list(same)).all())
    base.wake(session, "outbox")
    return added


def row(
    now: datetime,
    key: str,
    channel: str,
    address: str,
    post: Post | None = None,
    *,
    op: str = "send",
    body: dict[str, Any] | None = None,
    priority: Priority = Priority.REPLY,
    due_at: datetime | None = None,
    **more: Any,
) -> dict[str, Any]:
    """What `queue` inserts, for `add`."""
    values = {
        "key": key,
        "channel": channel,
        "address": address,
        "op": op,
        "body": body if body is not None else (post.body() if post else {}),
        "target": "",
        "priority": int(priority),
        "part": "",
        "status": QUEUED,
        "reason": "",
        "error": "",
        "attempts": 0,
        "resent": 0,
        "due_at": due_at or now,
        "external_id": "",
        "created_at": now,
        **NEW,
        **more,
    }
    if post is not None and post.item is not None:
        values.setdefault("item_id", post.item)
    return values


@cache
def _queueing(dialect: str) -> Any:
    """Built once for each engine: for a statement so wide, building costs four times as much as running."""
    statement = postgresql.insert(_TABLE) if dialect == "postgresql" else sqlite.insert(_TABLE)
    return statement.on_conflict_do_nothing().returning(_TABLE.c.id)


def selected(now: datetime, **given: Any) -> list[Any]:
    """The columns of an INSERT … SELECT that queues many at once, for a release: `given` values and
    expressions by column, and what is the same for all."""
    same = {
        "op": "send",
        "target": "",
        "priority": int(Priority.BULK),
        "reason": "",
        "error": "",
        "attempts": 0,
        "resent": 0,
        "due_at": now,
        "external_id": "",
        "created_at": now,
        **NEW,
    }
    return [
        (value if isinstance(value, SQLColumnExpression) else literal(value, _TABLE.c[name].type)).label(name)
        for name, value in {**same, **given}.items()
    ]


def json_literal(body: dict[str, Any]) -> Any:
    """A body as a value inside an INSERT … SELECT."""
    return literal(body, _TABLE.c.body.type)


def cancelling(*which: Any) -> Any:
    """What `cancel` runs, with the parameter `why`: for those who build it once and run it often."""
    return (
        update(_TABLE)
        .where(or_(*(_TABLE.c.status == status for status in UNSENT)), *which)
        .values(status=CANCELLED, reason=bindparam("why"))
    )


def cancel(session: Session, *which: Any, reason: str) -> int:
    """Cancels rows that have not gone out yet; how many."""
    statement = cancelling(*which).returning(_TABLE.c.id).execution_options(synchronize_session=False)
    return len(session.execute(statement, {"why": reason}).all())


def readdress(session: Session, channel: str, old: str, new: str) -> int:
    """A conversation moved (a Telegram group became a supergroup): what is unsent goes there."""
    result = session.execute(
        update(Outbound)
        .where(Outbound.channel == channel, Outbound.address == old, Outbound.status.in_((*UNSENT, SENDING)))
        .values(address=new)
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    )
    return len(result.all())


def external_ids(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """The channel's message id of rows that were sent, by key."""
    rows = session.execute(
        select(Outbound.key, Outbound.external_id).where(
            Outbound.key.in_(list(keys)), Outbound.status == SENT
        )
    )
    return {key: external_id for key, external_id in rows}


def counts(session: Session) -> dict[str, int]:
    """How many rows are in which state."""
    rows = session.execute(select(Outbound.status, func.count()).group_by(Outbound.status))
    return {status: number for status, number in rows}
