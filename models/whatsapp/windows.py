"""The span in which somebody on WhatsApp may be written to freely: 24 hours from their last message to us.

Outside it only an approved template goes out (models/whatsapp/openers.py). A row whose window is closed waits
for it: its status is waiting, and what it follows is the window itself, "window:whatsapp:+62…". Any message
from that address opens the window, and lets go of the rows in the transaction that handles it. Where nobody
ever writes, the row expires with the reason "window".

Our clock is not the last word: where the channel refuses a message because the window was shut by then, it
counts as shut until the next message from there (`shut`).

Locks, on PostgreSQL: whoever changes an account and rows to it locks the account first. The sender, which
has claimed its rows before it knows the addresses, never waits for one (models/sending/gates.py).
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    String,
    TextClause,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from models import base
from models.messages import outbox
from models.messages.outbox import (
    CANCELLED,
    EXPIRED,
    FAILED,
    OPENERS_COMING,
    QUEUED,
    SENDING,
    WAITING,
    Outbound,
    Priority,
)
from models.people.people import Account
from models.programme.whatsapp import CHANNEL, OPEN_FOR

PREFIX, REASON = "window:", "window"
NEEDING = ("send", "edit")  # operations that need an open window
# A row that never ends by itself waits so long and no longer: a notice of last month helps nobody.
KEPT = timedelta(days=7)
# What is over so soon is not worth an opener: the person would find nothing behind its button.
SOON = timedelta(minutes=10)


def name(channel: str, address: str) -> str:
    """What a row follows that waits for the window of a conversation."""
    return f"{PREFIX}{channel}:{address}"


def closes_at(account: Account) -> datetime | None:
    """Until when somebody may be written to freely; None for who has never written, or not since the channel
    said that it is shut, and for other channels than WhatsApp, which have no windows."""
    if account.channel != CHANNEL or account.last_inbound_at is None:
        return None
    if account.shut_at is not None and account.shut_at >= account.last_inbound_at:
        return None
    return account.last_inbound_at + OPEN_FOR


def is_open(account: Account, now: datetime) -> bool:
    """Whether somebody may be written to freely now."""
    if account.channel != CHANNEL:
        return True
    end = closes_at(account)
    return end is not None and now < end


def closed(now: datetime) -> ColumnElement[bool]:
    """Whether the Account of a statement cannot be written to freely now."""
    silent = or_(
        Account.last_inbound_at.is_(None),
        Account.last_inbound_at <= now - OPEN_FOR,
        and_(Account.shut_at.is_not(None), Account.shut_at >= Account.last_inbound_at),
    )
    return and_(Account.channel == CHANNEL, silent)


def shut(session: Session, at: datetime, channel: str, address: str) -> bool:
    """The channel says that the window was shut at a moment; whether that still is news: somebody may have
    written since. The caller holds the account (`hold_accounts`)."""
    where = (Account.channel == channel, Account.address == address)
    session.execute(
        update(Account)
        .where(*where, or_(Account.shut_at.is_(None), Account.shut_at < at))
        .values(shut_at=at)
        .execution_options(synchronize_session=False)
    )
    since = select(Account.id).where(*where, Account.last_inbound_at > at)
    return session.scalar(since) is None


def hold_accounts(session: Session, addresses: Collection[tuple[str, str]]) -> None:
    """Locks the accounts of these (channel, address) until the transaction ends, in one order, before any of
    their rows is touched: who writes to us does the same."""
    if not addresses or session.get_bind().dialect.name != "postgresql":
        return
    which = tuple_(Account.channel, Account.address).in_(sorted(set(addresses)))
    session.execute(select(Account.id).where(which).order_by(Account.id).with_for_update(key_share=True))


def waits() -> ColumnElement[bool]:
    """Whether a row of the outbox waits for a window."""
    return and_(Outbound.status == WAITING, Outbound.follows.startswith(PREFIX, autoescape=True))


def hold(session: Session, now: datetime, ids: Collection[int]) -> int:
    """Has rows wait for the windows of their conversations; how many. What is over soon ends at once."""
    soon = Outbound.expires_at <= now + SOON
    held = session.scalars(
        update(Outbound)
        .where(Outbound.id.in_(ids))
        .values(
            status=case((soon, EXPIRED), else_=WAITING),
            reason=case((soon, REASON), else_=""),
            follows=literal(PREFIX, String) + Outbound.channel + ":" + Outbound.address,
            expires_at=func.coalesce(Outbound.expires_at, literal(now + KEPT, Outbound.expires_at.type)),
            lease_owner=None,
            lease_until=None,
        )
        .returning(Outbound.status)
        .execution_options(synchronize_session=False)
    ).all()
    return sum(status == WAITING for status in held)


def opened(session: Session, now: datetime, channel: str, addresses: Collection[str]) -> int:
    """Somebody at each of these addresses wrote to us: what waited for that is due now, in its order and
    before the bulk, since they are looking at their phone; how many rows.

    An opener that has not gone out yet is not needed any more. Rows that somebody else is writing just now
    are left to them: `found_open` looks again.
    """
    if channel != CHANNEL or not addresses:
        return 0
    with session.no_autoflush:  # which would lock them in another order, and only those that change
        hold_accounts(session, [(channel, address) for address in addresses])
    session.flush()
    # SQLite finds a partial index by nothing else than its own words.
    let_go = _free(
        session,
        text("outbox.status = 'waiting'"),
        Outbound.follows.in_([name(channel, address) for address in addresses]),
    )
    _change(session, let_go, status=QUEUED, follows=None, due_at=now)
    theirs = (Outbound.channel == channel, Outbound.address.in_(addresses))
    asked = _free(session, text(OPENERS_COMING), Outbound.status == QUEUED, *theirs)
    _change(session, asked, status=CANCELLED, reason="opened")
    if let_go:
        on_the_way = text("outbox.status IN ('queued', 'waiting')")
        notice = int(Priority.NOTICE)
        behind = _free(
            session,
            on_the_way,
            Outbound.channel == channel,
            Outbound.address.in_({address for _, address in let_go}),
            Outbound.priority > notice,
        )
        _change(session, behind, priority=notice)
        base.wake(session, "outbox")
    return len(let_go)


def _free(session: Session, *which: ColumnElement[bool] | TextClause) -> list[tuple[int, str]]:
    """Rows that nobody else has locked, ours from here on, as (number, address)."""
    chosen = select(Outbound.id, Outbound.address).where(*which)
    rows = session.execute(chosen.with_for_update(skip_locked=True, of=Outbound))
    return [(number, address) for number, address in rows]


def _change(session: Session, rows: Collection[tuple[int, str]], **values: object) -> None:
    if rows:
        session.execute(
            update(Outbound)
            .where(Outbound.id.in_([number for number, _ in rows]))
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def found_open(session: Session, now: datetime) -> int:
    """Lets go of rows that wait for a window which is open all the same; how many: those that somebody else
    was writing when the message came, and what nobody thought of."""
    of_row = (Account.channel == Outbound.channel, Account.address == Outbound.address)
    addresses = session.scalars(
        select(Outbound.address).distinct().where(
            text("outbox.status = 'waiting'"), Outbound.follows.startswith(PREFIX, autoescape=True),
            select(Account.id).where(*of_row, ~closed(now)).correlate(Outbound).exists(),
        )
    ).all()  # fmt: skip
    return opened(session, now, CHANNEL, addresses)


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """How many rows are on their way to a conversation, or wait for its window: `coming` what was written for
    it, `answers` replies to what it said, and `held` those of paused releases, which stay where they are."""

    coming: int = 0
    answers: int = 0
    held: int = 0


def waiting_for(session: Session, channel: str, address: str, halted: Collection[int] = ()) -> OnTheWay:
    """What of a conversation has not gone out yet; `halted` are the releases that are paused."""
    held = and_(Outbound.status != SENDING, func.coalesce(Outbound.release_id.in_(halted), False))
    kind = case(
        (held, literal("held")),
        (Outbound.priority == int(Priority.REPLY), literal("answers")),
        else_=literal("coming"),
    )
    theirs = (Outbound.channel == channel, Outbound.address == address, Outbound.op.in_(NEEDING))
    # Two statements: SQLite finds a partial index by nothing else than its own words.
    counts: Counter[str] = Counter()
    for on_the_way in ("outbox.status IN ('queued', 'waiting')", "outbox.status = 'sending'"):
        rows = session.execute(select(kind, func.count()).where(text(on_the_way), *theirs).group_by(kind))
        counts.update({name: number for name, number in rows})
    return OnTheWay(**counts)


def give_up(session: Session, *which: ColumnElement[bool]) -> int:
    """Ends rows that wait for a window which nobody will open in time; how many."""
    ended = session.scalars(
        update(Outbound)
        .where(waits(), *which)
        .values(status=EXPIRED, reason=REASON)
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(ended)


def lost(session: Session, now: datetime, channel: str, address: str, reason: str, error: str) -> list[int]:
    """The opener could not be delivered: what waited for it has failed for the same reason; these rows."""
    failed = session.execute(
        update(Outbound)
        .where(text("outbox.status = 'waiting'"), Outbound.follows == name(channel, address))
        .values(status=FAILED, reason=reason, error=error, due_at=now)
        .returning(Outbound.id, Outbound.key)
        .execution_options(synchronize_session=False)
    ).all()
    if failed:
        outbox.cancel(session, Outbound.follows.in_([key for _, key in failed]), reason=reason)
    return [number for number, _ in failed]
