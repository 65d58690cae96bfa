"""What is to be done about a message that a channel would not deliver, whether it says so at once or later.

The channel's own table of codes is in bot/, and gives a `Verdict`; this module knows what that does to the
row, to what follows it, and to the window of the conversation.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from models import base
from models.messages import pieces
from models.messages.outbox import CANCELLED, OPENERS_COMING, QUEUED, SENT, WAITING, Outbound
from models.people.people import Account
from models.programme.programme import Programme
from models.sending import rests
from models.whatsapp import openers, templates, windows

LONGEST = 24 * 3600.0  # seconds between two attempts, however often it has failed


class Kind(StrEnum):
    """What is to be done."""

    AGAIN = "again"  # the same message is tried again
    HALT = "halt"  # the same, once the channel works again: nobody's attempt
    WINDOW = "window"  # it waits until the window is open, and an opener goes out
    TEMPLATE = "template"  # no opener of this template can go out; another one may, later
    BLOCKED = "blocked"  # the account is not written to any more
    FINAL = "final"  # this message will never arrive


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is why the row has failed, if it has; `seconds` the wait before it is tried AGAIN, where that
    is longer than the usual backoff."""

    kind: Kind
    reason: str = "refused"
    seconds: float = 0.0


REFUSED = Verdict(Kind.FINAL)  # for a code that nobody has named


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a message is tried, and the seconds between: `backoff`, twice as long each time, up to
    `backoff_cap`."""

    attempts: int = 8
    backoff: float = 5.0
    backoff_cap: float = 900.0

    def again_at(self, now: datetime, attempts: int, seconds: float = 0.0) -> datetime | None:
        """When a message is due again that had failed `attempts` times before it did now; None when that was
        once too often. `seconds` of a verdict grow like the backoff: a limit of a day is over after a day."""
        if attempts + 1 >= self.attempts:
            return None
        usual = min(self.backoff_cap, self.backoff * 2**attempts)
        longer = min(LONGEST, seconds * 2**attempts) if seconds else 0.0
        return now + timedelta(seconds=max(usual, longer))


@dataclass(frozen=True, slots=True)
class Setback:
    """A row whose message was taken and then reported as failed (`row` has the columns of `COLUMNS`); `out`
    are those of its pieces that need not go out again."""

    row: Any
    verdict: Verdict
    error: str
    out: str = ""


COLUMNS = tuple(
    Outbound.__table__.c[name]
    for name in (
        "id", "key", "channel", "address", "op", "part", "target", "priority", "release_id", "person_id",
        "expires_at", "attempts", "tried_at", "sent_at", "external_id", "delivery", "delivered_at",
    )
)  # fmt: skip


def touches_account(verdict: Verdict) -> bool:
    """Whether the account has to be held before the row is touched (`windows.hold_accounts`)."""
    return verdict.kind in (Kind.WINDOW, Kind.BLOCKED)


def take_back(
    session: Session,
    now: datetime,
    setbacks: Sequence[Setback],
    patience: Patience,
    programme: Programme,
) -> list[Setback]:
    """Has another try at what may still arrive; those that have failed for good, for the caller to end.

    A row is queued again as if it had not been sent: later reports of its message meet nothing, what is
    queued behind it waits again, and what has gone out behind it stays out.
    """
    over: list[Setback] = []
    dues: dict[int, datetime] = {}
    for one in setbacks:
        due = _due(session, now, one, patience)
        if due is None or (one.row.expires_at is not None and due >= one.row.expires_at):
            over.append(one)
        else:
            dues[one.row.id] = due
    again = [one for one in setbacks if one.row.id in dues]
    if again:
        _requeue(session, now, again, dues, _unneeded(session, now, again))
        asked = [one.row.id for one in again if one.verdict.kind is Kind.WINDOW]
        await_windows(session, now, asked, programme)
        base.wake(session, "outbox")
    return over


def _due(session: Session, now: datetime, one: Setback, patience: Patience) -> datetime | None:
    """When a row is due again; None for one that has failed."""
    kind, row = one.verdict.kind, one.row
    if kind is Kind.AGAIN:
        return patience.again_at(now, row.attempts, one.verdict.seconds)
    if kind is Kind.HALT:
        return rests.rest(session, now, row.channel, one.error)
    if kind is Kind.WINDOW and row.op in windows.NEEDING:
        return now if patience.again_at(now, row.attempts) else None
    return now if kind is Kind.TEMPLATE and row.part == openers.PART else None


def _requeue(
    session: Session,
    now: datetime,
    again: Sequence[Setback],
    dues: Mapping[int, datetime],
    unneeded: Mapping[int, str],
) -> None:
    """These rows go out again as if they had not been sent, or are taken back where they are `unneeded`."""
    # The channel lists the dead message still: it stays known, not to be taken for the one that comes.
    pieces.note(session, {one.row.id: [one.row.external_id] for one in again})
    session.connection().execute(
        update(Outbound)
        .where(
            Outbound.id == bindparam("b_id"),
            Outbound.external_id == bindparam("b_external"),
            Outbound.status == SENT,
        )
        .values(
            status=bindparam("b_status"),
            due_at=bindparam("b_due"),
            attempts=Outbound.attempts + bindparam("b_attempt"),
            reason=bindparam("b_reason"),
            error=bindparam("b_error"),
            external_id="",
            delivery="",
            sent_at=None,
            delivered_at=None,
            fingerprint="",
            unsettled=False,
            pieces=bindparam("b_out"),
        ),
        [
            _anew(one, dues[one.row.id], unneeded.get(one.row.id, ""))
            for one in sorted(again, key=lambda one: one.row.id)
        ],
    )
    _wait_again(session, now, again)


def _anew(one: Setback, due: datetime, unneeded: str) -> dict[str, Any]:
    """A row as it goes out again; taken back, with the reason, where that is not needed any more."""
    return {
        "b_id": one.row.id,
        "b_external": one.row.external_id,
        "b_status": CANCELLED if unneeded else QUEUED,
        "b_reason": unneeded,
        "b_due": due,
        "b_attempt": int(one.verdict.kind in (Kind.AGAIN, Kind.WINDOW)),
        "b_error": one.error,
        "b_out": one.out,
    }


def _wait_again(session: Session, now: datetime, again: Sequence[Setback]) -> None:
    """What is queued behind these rows waits for them once more."""
    session.execute(
        update(Outbound)
        .where(
            text("outbox.status IN ('queued', 'waiting')"),
            Outbound.address.in_({one.row.address for one in again}),
            Outbound.follows.in_([one.row.key for one in again]),
            Outbound.status == QUEUED,
        )
        .values(status=WAITING, due_at=now)
        .execution_options(synchronize_session=False)
    )


def _unneeded(session: Session, now: datetime, again: Sequence[Setback]) -> dict[int, str]:
    """Openers that need not be tried again, and why: their template cannot be sent, the window is open by
    now, or the address is being asked already."""
    found: dict[int, str] = {}
    asked: set[tuple[str, str]] = set()
    for one in again:
        where = one.row.channel, one.row.address
        if one.row.part != openers.PART:
            continue
        if one.verdict.kind is Kind.TEMPLATE:
            templates.fail(session, one.row.target, now, one.error)
            found[one.row.id] = openers.UNUSABLE
        elif _is_open(session, now, *where):
            found[one.row.id] = "opened"
        elif where in asked or _is_asked(session, *where):
            found[one.row.id] = "asked"
        else:
            asked.add(where)
    return found


def _is_open(session: Session, now: datetime, channel: str, address: str) -> bool:
    where = (Account.channel == channel, Account.address == address)
    return session.scalar(select(Account.id).where(*where, ~windows.closed(now))) is not None


def await_windows(session: Session, now: datetime, ids: Collection[int], programme: Programme) -> int:
    """The channel says that these queued rows need an open window: they wait for it, and their addresses are
    asked; how many. Where somebody has written since the row was tried, it simply goes out again.

    The caller holds the accounts (`windows.hold_accounts`).
    """
    if not ids:
        return 0
    rows = session.execute(
        select(*COLUMNS).where(Outbound.id.in_(ids), Outbound.status == QUEUED).order_by(Outbound.id)
    ).all()
    still = [row for row in rows if windows.shut(session, row.tried_at or now, row.channel, row.address)]
    windows.hold(session, now, [row.id for row in still])
    soon = now + windows.SOON
    worth = [row for row in still if row.expires_at is None or row.expires_at > soon]
    openers.send(session, now, [openers.wanted(row) for row in worth], programme)
    return len(still)


def _is_asked(session: Session, channel: str, address: str) -> bool:
    """Whether another opener to an address is on its way."""
    chosen = select(Outbound.id).where(
        text(OPENERS_COMING), Outbound.channel == channel, Outbound.address == address
    )
    return session.scalar(chosen.limit(1)) is not None
