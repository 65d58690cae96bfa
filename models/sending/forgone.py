"""Rows of unknown fate that come to an end all the same: nobody answers, or they were tried often enough."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, select, text, update
from sqlalchemy.orm import Session

from models import base
from models.messages.outbox import FAILED, QUEUED, UNSETTLED, Outbound
from models.sending import recording, settling
from models.sending.recording import Outcome

UNKNOWN = "unknown"  # the reason of a row whose time was over before anybody could say whether it arrived
NETWORK = "channel"


def silent(session: Session, now: datetime, attempts: int) -> int:
    """Rows about which nobody could be asked for an hour are treated as on a channel that cannot be asked:
    they go out again, a rare duplicate beats a loss; those that were tried `attempts` times have failed,
    and those whose time is over end with the reason "unknown". How many rows.

    This does not depend on whoever asks: the channel may have been taken out of the settings.
    """
    table = base.table(Outbound).c
    since = now - settling.BOUND
    rows = session.execute(
        select(table.id, table.attempts, table.expires_at).where(
            text(UNSETTLED), table.doubted_at.is_(None) | (table.doubted_at <= since)
        )
    ).all()
    over = {row.id for row in rows if row.attempts >= attempts and not _late(row.expires_at, now)}
    ended = failed(session, now, over, "nobody could say whether it arrived")
    return ended + settling.go_on(session, now, [row.id for row in rows if row.id not in over], UNKNOWN)


def _late(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now


def failed(session: Session, now: datetime, ids: Collection[int], error: str) -> int:
    """Rows that are kept back, were tried as often as they may be, and did not arrive: they have failed, with
    all that follows from it, and may go out on the other channel of their person; how many."""
    if not ids:
        return 0
    rows = session.execute(
        update(Outbound)
        .where(Outbound.id.in_(ids), and_(Outbound.unsettled, Outbound.status == QUEUED))
        .values(status=FAILED, reason=NETWORK, error=error, unsettled=False, doubted_at=None, due_at=now)
        .returning(Outbound.id, Outbound.key)
        .execution_options(synchronize_session=False)
    ).all()
    recording.followed(
        session, now, [Outcome(number, key, FAILED, "", NETWORK, error) for number, key in rows]
    )
    return len(rows)
