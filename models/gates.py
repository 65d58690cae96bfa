"""What of the rows that the sender has taken may go out now: on WhatsApp a closed window keeps a message
back, and the portfolio's limit an opener. On other channels there is no gate."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import base, openers, outbox, rerouting, windows
from models.outbox import FAILED, Outbound
from models.people import ACTIVE, Account
from models.programme import Programme
from models.sending import Claimed
from models.whatsapp import CHANNEL


def through(session: Session, now: datetime, rows: Sequence[Claimed], programme: Programme) -> list[Claimed]:
    """Those of the claimed rows that may go out. What needs a window that is closed waits for it, and its
    address is asked to open it; openers beyond the limit go back; all in the transaction of the claim."""
    ours = [row for row in rows if row.channel == CHANNEL]
    if not ours:
        return list(rows)
    kept = _behind_windows(session, now, ours, programme)
    kept |= _beyond_limit(session, now, [row for row in ours if row.part == openers.PART], programme)
    if kept:
        base.wake(session, "outbox")  # there may be others to be taken instead
    return [row for row in rows if row.id not in kept]


def _behind_windows(
    session: Session, now: datetime, rows: Sequence[Claimed], programme: Programme
) -> set[int]:
    needing = [row for row in rows if row.op in windows.NEEDING]
    addresses = {row.address for row in needing}
    if not addresses:
        return set()
    # Locked, so that a message which opens the window right now comes before this or after it, not during it;
    # in one order, so that nobody waits for each other.
    accounts = session.scalars(
        select(Account)
        .where(Account.channel == CHANNEL, Account.address.in_(addresses))
        .order_by(Account.id)
        .with_for_update(read=True, of=Account)
        .execution_options(populate_existing=True)
    )
    states = {one.address: (windows.is_open(one, now), one.status == ACTIVE) for one in accounts}
    shut = [row for row in needing if not states.get(row.address, (False, False))[0]]
    stopped = [row for row in shut if not states.get(row.address, (False, False))[1]]
    waiting = [row for row in shut if row not in stopped]
    if stopped:
        _end(session, now, stopped)
    if waiting:
        windows.hold(session, now, [row.id for row in waiting])
        soon = now + windows.SOON
        worth = [row for row in waiting if row.expires_at is None or row.expires_at > soon]
        openers.send(session, now, [openers.wanted(row) for row in worth], programme)
    return {row.id for row in shut}


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


def _beyond_limit(session: Session, now: datetime, rows: Sequence[Claimed], programme: Programme) -> set[int]:
    if not rows:
        return set()
    excess, at = openers.beyond(session, now, programme, len(rows))
    back = [row.id for row in rows[len(rows) - excess :]]
    if back:
        openers.put_back(session, back, at)
    return set(back)
