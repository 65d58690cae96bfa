"""Rows of which nobody knows whether they arrived: the call broke off, or the sender died in it.

Telegram cannot be asked, and such a row goes out again there. WhatsApp's provider lists what was sent to a
number: there the row is kept back (`unsettled`) until it is known which of the listed messages are it, piece
by piece (models/sending/matching.py), until a report tells it (models/sending/references.py), or for an hour
where it does not answer (models/sending/forgone.py). A row that had not been handed over yet carries no
fingerprint, and simply goes out.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, text, update
from sqlalchemy.orm import Session

from models import base
from models.messages import pieces
from models.messages.outbox import EXPIRED, QUEUED, SENT, UNSETTLED, WAITING, Outbound
from models.programme.whatsapp import CHANNEL

ASKED = (CHANNEL,)  # channels that can be asked what they have
FILE = "file"  # the fingerprint of a file without words
ANY = "any"  # … of a message whose words are not known before it is listed
CLOCKS = timedelta(seconds=10)  # by which our clock and the provider's may differ
SOON = timedelta(seconds=5)  # after which a row is asked about again, and twice as long each time after
# After an answer that it has failed, which a provider gives when it is done with a call: so long what it took
# all the same may be missing from its lists. Who waits for a reply waits no longer than this.
ANSWERED = timedelta(seconds=8)
# A provider that has not answered for so long may be away for the day, and the message with it. Longer than
# nearly every outage lasts, and short enough for a card, a reminder or a digest to make sense afterwards.
BOUND = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A row that is kept back. `tried_at` is when it was taken, before the call; since `doubted_at` none is
    under way. `marks` are the fingerprints of its pieces, `out` the names of those that were out before;
    `answered` tells that the call came back as a failure of the provider's."""

    id: int
    key: str
    channel: str
    address: str
    tried_at: datetime
    doubted_at: datetime
    marks: tuple[str, ...]
    out: tuple[str, ...] = ()
    attempts: int = 0
    answered: bool = False

    def sure_at(self, sure: timedelta) -> datetime:
        """From when on what is not listed was never taken; `sure` after a call that broke off."""
        return self.doubted_at + (min(sure, ANSWERED) if self.answered else sure)


@dataclass(frozen=True, slots=True)
class Listed:
    """A message that the provider has: its name there, to whom, its words, since when, and whether there is
    a file with it."""

    external_id: str
    address: str
    body: str
    created_at: datetime
    file: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What is out of a row: the names of its pieces, in order ("" for one that has to be out by what came
    after it), and whether that is all of it."""

    names: tuple[str, ...]
    whole: bool


def asked() -> ColumnElement[bool]:
    """Whether a row's channel can be asked what it has."""
    # Not IN, of which a statement that runs for many at once knows nothing.
    return or_(*(Outbound.channel == channel for channel in ASKED))


def asked_first() -> ColumnElement[bool]:
    """Whether a row of unknown fate is kept back until the channel has said whether it has it."""
    return and_(asked(), Outbound.fingerprint != "")


def fingerprint(address: str, body: str | None) -> str:
    """What tells a message from others to the same number, however its blanks were changed on the way; ANY
    for one whose words are not known (None), FILE for one without words."""
    if body is None:
        return ANY
    words = " ".join(body.split())
    if not words:
        return FILE
    return hashlib.sha256(f"{address}\n{words}".encode()).hexdigest()[:32]


def mark(session: Session, marks: Mapping[int, Sequence[str]]) -> None:
    """Notes what is about to be handed to the channel: the fingerprints of a row's pieces, in order, by row;
    in a transaction before the calls."""
    if marks:
        session.connection().execute(
            update(Outbound).where(Outbound.id == bindparam("b_id")).values(fingerprint=bindparam("b_mark")),
            [{"b_id": number, "b_mark": ",".join(some)} for number, some in sorted(marks.items())],
        )


def unsettled(session: Session, now: datetime, limit: int = 50) -> list[tuple[str, str, datetime]]:
    """The conversations (channel, address) about which the channel has to be asked now, those that are due
    the longest first, and since when their rows were tried."""
    table = base.table(Outbound).c
    due = (
        select(table.channel, table.address)
        .where(text(UNSETTLED), table.due_at <= now)
        .group_by(table.channel, table.address)
        .order_by(func.min(table.due_at), table.address)
        .limit(limit)
    )
    found = []
    for channel, address in session.execute(due).all():
        rows = of(session, channel, address)
        found.append((channel, address, min(row.tried_at for row in rows)))
    return found


def of(session: Session, channel: str, address: str) -> list[Unknown]:
    """All rows to a conversation that are kept back, whenever they are due."""
    table = base.table(Outbound).c
    tried = func.coalesce(table.tried_at, table.created_at)
    rows = session.execute(
        select(
            table.id, table.key, table.channel, table.address, tried.label("tried"),
            func.coalesce(table.doubted_at, tried).label("doubted"), table.fingerprint, table.pieces,
            table.attempts, table.answered,
        )
        .where(text(UNSETTLED), table.channel == channel, table.address == address)
        .order_by(table.id)
        # Held: a report may name one of them right now (models/sending/references.py).
        .with_for_update(key_share=True)
    )  # fmt: skip
    found = [
        Unknown(*row[:6], tuple(row[6].split(",")), pieces.split(row[7]), row[8], row[9]) for row in rows
    ]
    return sorted(found, key=lambda one: (one.tried_at, one.id))


def next_due(session: Session) -> datetime | None:
    """When the channel is to be asked about a row next; None when about none."""
    soonest: datetime | None = session.scalar(
        select(func.min(base.table(Outbound).c.due_at)).where(text(UNSETTLED))
    )
    return soonest


def busy(session: Session, channel: str, address: str) -> bool:
    """Whether a sender has messages to this conversation in its hands: one that the channel lists already,
    and that has not been recorded yet, could be taken for another."""
    table = base.table(Outbound).c
    held = select(table.id).where(
        text("outbox.status = 'sending'"), table.channel == channel, table.address == address
    )
    return session.scalar(held.limit(1)) is not None


def known(session: Session, channel: str, external_ids: Collection[str]) -> set[str]:
    """Which of these messages are those of rows already, as a whole or as one of their pieces."""
    if not external_ids:
        return set()
    chosen = select(Outbound.external_id).where(
        Outbound.channel == channel, Outbound.external_id.in_(external_ids)
    )
    return set(session.scalars(chosen)) | pieces.known(session, channel, external_ids)


def settle(
    session: Session, now: datetime, found: Mapping[int, Found], absent: Collection[int], *, gap: float = 0.0
) -> int:
    """Writes down what is known now, and how many rows are settled by that. A row of which all was found had
    arrived; of `absent` ones what was not found never will, and goes out, but for those whose time is over.
    What follows a row that had arrived is due `gap` seconds later."""
    settled = sum(
        found_out(session, now, number, one, _ours(), gap=gap) for number, one in sorted(found.items())
    )
    lacking = [number for number in absent if number not in found or not found[number].whole]
    settled += go_on(session, now, lacking, "too late")
    base.wake(session, "outbox")
    return settled


def found_out(
    session: Session, now: datetime, number: int, one: Found, which: ColumnElement[bool], *, gap: float = 0.0
) -> bool:
    """Writes down what is out of a row, if it is one of `which`; whether it had arrived. What follows it is
    due `gap` seconds later then."""
    alone = one.whole and len(one.names) == 1
    key = session.scalar(
        update(Outbound)
        .where(Outbound.id == number, which)
        .values(**(_arrived(one) if one.whole else {}), pieces="" if alone else ",".join(one.names))
        .returning(Outbound.key)
        .execution_options(synchronize_session=False)
    )
    if key is None:
        return False
    pieces.note(session, {} if alone else {number: one.names})
    if one.whole:
        session.execute(
            update(Outbound)
            .where(Outbound.status == WAITING, Outbound.follows == key)
            .values(status=QUEUED, due_at=now + timedelta(seconds=gap))
            .execution_options(synchronize_session=False)
        )
    return one.whole


def _ours() -> ColumnElement[bool]:
    # Who stopped a release meanwhile, or answered, has had the last word: only what still waits is touched.
    return and_(Outbound.unsettled, Outbound.status == QUEUED)


def _arrived(one: Found) -> dict[str, object]:
    return {
        "status": SENT,
        "external_id": one.names[-1],
        "sent_at": Outbound.tried_at,
        "unsettled": False,
        "doubted_at": None,
    }


def go_on(session: Session, now: datetime, ids: Collection[int], too_late: str) -> int:
    """Rows that are kept back go out again, and count it; those whose time is over end instead, for the
    reason `too_late`. How many rows."""
    if not ids:
        return 0
    over = and_(Outbound.expires_at.is_not(None), Outbound.expires_at <= now)
    gone = session.execute(
        update(Outbound)
        .where(Outbound.id.in_(ids), _ours())
        .values(
            status=case((over, EXPIRED), else_=QUEUED),
            reason=case((over, too_late), else_=""),
            resent=Outbound.resent + case((over, 0), else_=1),
            unsettled=False,
            doubted_at=None,
            due_at=now,
        )
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def later(session: Session, now: datetime, rows: Sequence[Unknown], sure: timedelta) -> None:
    """Asks about these rows again in a while: at growing intervals, and once at the moment from which an
    answer is certain (`Unknown.sure_at`)."""
    for row in rows:
        due = now + max(SOON, now - row.doubted_at)
        if now < (certain := row.sure_at(sure)):
            due = min(due, max(certain, now + timedelta(seconds=1)))
        session.execute(
            update(Outbound)
            .where(Outbound.id == row.id, _ours())
            .values(due_at=due)
            .execution_options(synchronize_session=False)
        )
