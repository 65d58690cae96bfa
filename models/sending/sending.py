"""The sender's side of the outbox: rows are leased, and sent outside any transaction
(`models/sending/recording.py` records what came back).

After a crash a leased row is of unknown fate and goes out again: a rare duplicate beats a loss.
"""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, func, literal, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from models import base
from models.messages.claims import Claimed
from models.messages.outbox import EXPIRED, QUEUED, SENDING, UNSENT, WAITING, Outbound, Priority
from models.sending import settling
from models.whatsapp import windows

_COLUMNS = [Outbound.__table__.c[one.name] for one in fields(Claimed)]


def claim(
    session: Session,
    now: datetime,
    owner: str,
    lease_until: datetime,
    *,
    limit: int,
    bulk: int,
    halted: Sequence[int] = (),
    channel: str = "",
) -> list[Claimed]:
    """Takes up to `limit` due rows of a channel (of all, where none is named), of which at most `bulk` of the
    lowest priority, and leases them.

    Rows of the releases in `halted` (paused) stay where they are.
    """
    rows: list[Claimed] = []
    dialect = session.get_bind().dialect.name
    given: dict[str, Any] = {"at": now, "holder": owner, "until": lease_until}
    if halted:
        given["halted"] = halted
    if channel:
        given["whose"] = channel
    for urgent, at_most in ((True, limit), (False, bulk)):
        most = min(at_most, limit - len(rows))
        if most > 0:
            statement = _claiming(dialect, urgent, bool(halted), bool(channel))
            taken = session.execute(statement, {**given, "most": most})
            rows += [Claimed(*row) for row in taken]
    rows.sort(key=lambda row: (row.priority, row.id))
    return rows


@cache
def _claiming(dialect: str, urgent: bool, halted: bool, of_channel: bool) -> Any:
    """Built once for each case: a release asks for it many times a second."""
    which = Outbound.priority < Priority.BULK
    chosen = select(Outbound.id).where(
        text("outbox.status = 'queued'"),  # no parameter: SQLite finds a partial index by nothing else
        *([Outbound.channel == bindparam("whose")] if of_channel else []),
        which if urgent else ~which,
        Outbound.due_at <= bindparam("at"),
        Outbound.unsettled.is_(False),
    )
    if halted:
        moving = Outbound.release_id.not_in(bindparam("halted", expanding=True))
        chosen = chosen.where(or_(Outbound.release_id.is_(None), moving))
    chosen = chosen.order_by(Outbound.priority, Outbound.id).limit(bindparam("most"))
    if dialect == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    # In a WITH: PostgreSQL may run a plain subquery with LIMIT and FOR UPDATE several times over, and
    # take as many rows more each time.
    first = chosen.cte("first")
    return (
        update(Outbound)
        .where(Outbound.id.in_(select(first.c.id)), Outbound.status == QUEUED)
        .values(
            status=SENDING,
            lease_owner=bindparam("holder"),
            lease_until=bindparam("until"),
            tried_at=bindparam("at"),
            fingerprint="",
        )
        .returning(*_COLUMNS)
        .execution_options(synchronize_session=False)
    )


def overtaking(session: Session, ids: Collection[int]) -> set[int]:
    """Rows in a sender's hands whose leader was taken back meanwhile (models/sending/setbacks.py), to be sent
    again: they wait for it once more; which."""
    leader = aliased(Outbound)
    # Held: whoever takes a leader back right now comes before this or after it, not within.
    rows = session.execute(
        select(Outbound.id, leader.status)
        .join(leader, leader.key == Outbound.follows)
        .where(Outbound.id.in_(ids))
        .order_by(leader.id)
        .with_for_update(read=True, of=leader)
    )
    found = [number for number, status in rows if status in (*UNSENT, SENDING)]
    if not found:
        return set()
    back = session.scalars(
        update(Outbound)
        .where(Outbound.id.in_(found), Outbound.status == SENDING)
        .values(status=WAITING, lease_owner=None, lease_until=None)
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    )
    return set(back)


def postpone(session: Session, address: str, priority: int, until: datetime) -> None:
    """Keeps the order of a conversation: what is queued behind a retried row is not due before it.

    A reply does not wait for a card that has to be tried again, only for what is as urgent.
    """
    session.execute(
        update(Outbound)
        .where(
            Outbound.status == QUEUED,
            Outbound.address == address,
            Outbound.priority >= priority,
            Outbound.due_at < until,
        )
        .values(due_at=until)
        .execution_options(synchronize_session=False)
    )


def reclaim(session: Session, now: datetime, *, held: Collection[int] = (), owners_gone: bool = False) -> int:
    """Puts back rows whose lease ran out (all leased rows with `owners_gone`); how many.

    `held` are rows that the active sender still has in hand: a slow call is not a dead one.

    Their fate is unknown: they go out again, since a rare duplicate beats a loss, and count it. Where the
    channel can be asked whether it has them, that is done first (models/sending/settling.py).
    """
    stale = Outbound.status == SENDING
    if not owners_gone:
        stale &= Outbound.lease_until < now
    if held:
        stale &= Outbound.id.not_in(held)
    result = session.execute(
        update(Outbound)
        .where(stale)
        .values(
            status=QUEUED,
            # What never was handed over to a channel that can be asked did not go out.
            resent=Outbound.resent + case((settling.asked(), 0), else_=1),
            unsettled=settling.asked_first(),
            answered=False,
            doubted_at=case((settling.asked_first(), literal(now, Outbound.doubted_at.type))),
            lease_owner=None,
            lease_until=None,
            due_at=now,
        )
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    )
    number = len(result.all())
    if number:
        base.wake(session, "outbox")
    return number


def surrender(session: Session, now: datetime, owner: str) -> int:
    """Puts back what `owner` took and did not begin, as it was: the next sender need not wait for the
    lease; how many rows."""
    result = session.execute(
        update(Outbound)
        .where(Outbound.status == SENDING, Outbound.lease_owner == owner)
        .values(status=QUEUED, lease_owner=None, lease_until=None, due_at=now)
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    )
    number = len(result.all())
    if number:
        base.wake(session, "outbox")
    return number


def expire(session: Session, now: datetime) -> int:
    """Ends rows that are too late to make sense; how many."""
    result = session.execute(
        update(Outbound)
        .where(Outbound.status.in_(UNSENT), Outbound.expires_at <= now, Outbound.unsettled.is_(False))
        .values(status=EXPIRED, reason=case((windows.waits(), windows.REASON), else_="too late"))
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    )
    return len(result.all())


_row = base.table(Outbound).c
_SOONEST = select(func.min(_row.due_at)).where(
    text("outbox.status = 'queued'"), _row.channel == bindparam("channel"), _row.due_at > bindparam("now")
)


def next_due(session: Session, now: datetime, channel: str) -> datetime | None:
    """When the next queued row of a channel that may not go out yet may do so; None when there is none."""
    soonest: datetime | None = session.scalar(_SOONEST, {"now": now, "channel": channel})
    return soonest
