"""Rows of which nobody knows whether they arrived: the call broke off, or the sender died in it.

Telegram cannot be asked, and such a row goes out again there. WhatsApp's provider lists what was sent to a
number: there the row is kept back (`unsettled`) until it is known which of the listed messages are it, piece
by piece, or for an hour where it does not answer (models/sending/forgone.py). A row that had not been handed
over yet carries no fingerprint, and simply goes out.
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
# A provider that has not answered for so long may be away for the day, and the message with it. Longer than
# nearly every outage lasts, and short enough for a card, a reminder or a digest to make sense afterwards.
BOUND = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A row that is kept back. `tried_at` is when it was taken, before the call; since `doubted_at` none is
    under way. `marks` are the fingerprints of its pieces, `out` the names of those that were out before."""

    id: int
    key: str
    channel: str
    address: str
    tried_at: datetime
    doubted_at: datetime
    marks: tuple[str, ...]
    out: tuple[str, ...] = ()
    attempts: int = 0


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
            table.attempts,
        )
        .where(text(UNSETTLED), table.channel == channel, table.address == address)
        .order_by(tried, table.id)
    )  # fmt: skip
    return [Unknown(*row[:6], tuple(row[6].split(",")), pieces.split(row[7]), row[8]) for row in rows]


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


def match(
    unknown: Sequence[Unknown], listed: Sequence[Listed], taken: Collection[str] = ()
) -> dict[int, Found]:
    """What of each row is out, by row id. Of rows that are missing nothing new was found.

    A message is one piece at the most, and of those that fit the oldest; `taken` are those of other rows.
    Pieces with words choose before files without, and those before what could be anything. Pieces go out one
    after the other: what comes before one that was found is out as well.
    """
    free = sorted((one for one in listed if one.external_id not in taken), key=lambda one: one.created_at)
    wanted = [(row, nth) for row in unknown for nth in range(len(row.out), len(row.marks))]
    found: dict[int, dict[int, str]] = {}
    for row, nth in sorted(wanted, key=lambda one: (_rank(one[0].marks[one[1]]), one[0].tried_at, one[0].id)):
        for one in free:
            if _fits(row, row.marks[nth], one):
                found.setdefault(row.id, {})[nth] = one.external_id
                free.remove(one)
                break
    rows = {row.id: row for row in unknown}
    return {number: _found(rows[number], places) for number, places in found.items()}


def _found(row: Unknown, places: Mapping[int, str]) -> Found:
    last = max(places)
    names = (*row.out, *(places.get(nth, "") for nth in range(len(row.out), last + 1)))
    return Found(names, last == len(row.marks) - 1)


def _rank(mark_: str) -> int:
    return {FILE: 1, ANY: 2}.get(mark_, 0)


def _fits(row: Unknown, mark_: str, one: Listed) -> bool:
    if one.address != row.address or one.created_at < row.tried_at - CLOCKS:
        return False
    if mark_ == FILE:
        return one.file or not one.body.strip()
    return mark_ in (ANY, fingerprint(one.address, one.body))


def settle(
    session: Session, now: datetime, found: Mapping[int, Found], absent: Collection[int], *, gap: float = 0.0
) -> int:
    """Writes down what is known now, and how many rows are settled by that. A row of which all was found had
    arrived; of `absent` ones what was not found never will, and goes out, but for those whose time is over.
    What follows a row that had arrived is due `gap` seconds later."""
    settled = 0
    for number, one in sorted(found.items()):
        alone = one.whole and len(one.names) == 1
        key = session.scalar(
            update(Outbound)
            .where(Outbound.id == number, _ours())
            .values(**(_arrived(one) if one.whole else {}), pieces="" if alone else ",".join(one.names))
            .returning(Outbound.key)
            .execution_options(synchronize_session=False)
        )
        if key is None:
            continue
        pieces.note(session, {} if alone else {number: one.names})
        if one.whole:
            settled += 1
            session.execute(
                update(Outbound)
                .where(Outbound.status == WAITING, Outbound.follows == key)
                .values(status=QUEUED, due_at=now + timedelta(seconds=gap))
                .execution_options(synchronize_session=False)
            )
    lacking = [number for number in absent if number not in found or not found[number].whole]
    settled += go_on(session, now, lacking, "too late")
    base.wake(session, "outbox")
    return settled


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
    answer is certain, `sure` after the last call of each can have been under way."""
    for row in rows:
        wait = max(SOON, now - row.doubted_at)
        due = now + wait
        if now < row.doubted_at + sure:
            due = min(due, max(row.doubted_at + sure, now + timedelta(seconds=1)))
        session.execute(
            update(Outbound)
            .where(Outbound.id == row.id, _ours())
            .values(due_at=due)
            .execution_options(synchronize_session=False)
        )
