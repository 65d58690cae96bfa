"""What of the rows that the sender has taken may go out now: on WhatsApp a closed window keeps a message
back, and the portfolio's limit, a template that is not approved any more, a window that is open by now or the
quiet hours an opener. On other channels there is no gate."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import base
from models.messages import outbox
from models.messages.claims import Claimed
from models.messages.outbox import CANCELLED, FAILED, QUEUED, Outbound, Priority
from models.people.people import ACTIVE, Account
from models.programme.programme import Programme
from models.programme.whatsapp import CHANNEL
from models.releases import rerouting
from models.whatsapp import openers, portfolio, prices, templates, windows

# Of an address: its window is open, it has stopped us. None: somebody is writing its account just now.
States = Mapping[str, tuple[bool, bool] | None]
UNKNOWN = (False, True)  # nobody has ever written from there


def through(session: Session, now: datetime, rows: Sequence[Claimed], programme: Programme) -> list[Claimed]:
    """Those of the claimed rows that may go out. What needs a window that is closed waits for it, and its
    address is asked to open it; openers beyond the limit go back; all in the transaction of the claim.

    Rows of an account that is being written just now go back as they were: we hold rows already, and whoever
    has the account may want those.
    """
    ours = [row for row in rows if row.channel == CHANNEL and _is_gated(row)]
    if not ours:
        return list(rows)
    states = _states(session, now, {row.address for row in ours})
    kept = {row.id for row in ours if states[row.address] is None}
    _put_back(session, kept)
    free = [row for row in ours if row.id not in kept]
    kept |= _behind_windows(
        session, now, [row for row in free if row.op in windows.NEEDING], states, programme
    )
    kept |= _not_to_be_asked(
        session, now, [row for row in free if row.part == openers.PART], states, programme
    )
    if kept:
        base.wake(session, "outbox")  # there may be others to be taken instead
    return [row for row in rows if row.id not in kept]


def _is_gated(row: Claimed) -> bool:
    return row.op in windows.NEEDING or row.part == openers.PART


def _states(session: Session, now: datetime, addresses: Collection[str]) -> States:
    """Held, so that a message which opens the window right now comes before this or after it, not within."""
    which = (Account.channel == CHANNEL, Account.address.in_(addresses))
    free = session.scalars(
        select(Account)
        .where(*which)
        .with_for_update(read=True, of=Account, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    found: dict[str, tuple[bool, bool] | None] = dict.fromkeys(addresses, UNKNOWN)
    if len(free) < len(found):
        found |= dict.fromkeys(session.scalars(select(Account.address).where(*which)), None)
    return found | {one.address: (windows.is_open(one, now), one.status != ACTIVE) for one in free}


def _behind_windows(
    session: Session, now: datetime, rows: Sequence[Claimed], states: States, programme: Programme
) -> set[int]:
    stopped = [row for row in rows if _has_stopped_us(row, states)]
    waiting = [row for row in rows if not _is_open(row, states) and row not in stopped]
    if stopped:
        _end(session, now, stopped)
    if waiting:
        windows.hold(session, now, [row.id for row in waiting])
        soon = now + windows.SOON
        worth = [row for row in waiting if row.expires_at is None or row.expires_at > soon]
        openers.send(session, now, [openers.wanted(row) for row in worth], programme)
    return {row.id for row in (*stopped, *waiting)}


def _has_stopped_us(row: Claimed, states: States) -> bool:
    """Whether nothing is to go out to somebody who has stopped us. Their word has opened the window: an
    answer to it, and nothing else, goes through."""
    stopped = (states[row.address] or UNKNOWN)[1]
    return stopped and (row.priority > Priority.REPLY or not _is_open(row, states))


def _is_open(row: Claimed, states: States) -> bool:
    return (states[row.address] or UNKNOWN)[0]


def _end(session: Session, now: datetime, rows: Sequence[Claimed]) -> None:
    """Somebody has stopped us: nothing is sent there, and nobody is asked to open anything."""
    ids = [row.id for row in rows]
    session.execute(
        update(Outbound)
        .where(Outbound.id.in_(ids))
        .values(status=FAILED, reason="blocked", due_at=now, lease_owner=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    outbox.cancel(session, Outbound.follows.in_([row.key for row in rows]), reason="blocked")
    rerouting.renew(session, now, ids)


# -- openers ---------------------------------------------------------------------------------------


def _not_to_be_asked(
    session: Session, now: datetime, rows: Sequence[Claimed], states: States, programme: Programme
) -> set[int]:
    """Openers whose window is open, whose template cannot be sent any more, that would disturb somebody's
    night, or that go beyond the limit."""
    if not rows:
        return set()
    usable = templates.usable(session)
    opened = {row.id for row in rows if _is_open(row, states)}
    unusable = {row.id for row in rows if row.target not in usable} - opened
    _take_back(session, opened, "opened")
    _take_back(session, unusable, openers.UNUSABLE)
    kept = opened | unusable
    kept |= _till_morning(session, now, [row for row in rows if row.id not in kept], programme)
    left = [row for row in rows if row.id not in kept]
    kept |= _beyond_limit(session, now, left, programme)
    prices.fix(session, [(row.id, usable[row.target]) for row in left if row.id not in kept], programme)
    return kept


def _till_morning(session: Session, now: datetime, rows: Sequence[Claimed], programme: Programme) -> set[int]:
    """What is in no hurry may begin in the quiet hours where somebody wants it so; another try of it waits
    until they end, whoever queued it and however soon it was due."""
    if not rows or not programme.is_quiet(now):
        return set()
    tried = or_(Outbound.attempts > 0, Outbound.resent > 0, Outbound.error != "")
    unhurried = [row.id for row in rows if row.priority >= Priority.BULK]
    again = session.scalars(select(Outbound.id).where(Outbound.id.in_(unhurried), tried)).all()
    if again:
        portfolio.put_back(session, again, programme.quiet_until(now))
    return set(again)


def _beyond_limit(session: Session, now: datetime, rows: Sequence[Claimed], programme: Programme) -> set[int]:
    if not rows:
        return set()
    excess, at = portfolio.beyond(session, now, programme, len(rows))
    urgent_first = sorted(rows, key=lambda row: (portfolio.rank(row.target, row.priority), row.id))
    back = [row.id for row in urgent_first[len(rows) - excess :]]
    if back:
        portfolio.put_back(session, back, at)
    return set(back)


def _put_back(session: Session, ids: Collection[int]) -> None:
    """As if they had not been taken."""
    if ids:
        _change(session, ids, status=QUEUED)


def _take_back(session: Session, ids: Collection[int], reason: str) -> None:
    """Nobody is asked now; what waits goes on waiting, and `openers.keep` asks when it makes sense."""
    if ids:
        _change(session, ids, status=CANCELLED, reason=reason)


def _change(session: Session, ids: Collection[int], **values: object) -> None:
    session.execute(
        update(Outbound)
        .where(Outbound.id.in_(ids))
        .values(lease_owner=None, lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )
