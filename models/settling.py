"""Rows of which nobody knows whether they arrived: the call broke off, or the sender died in it.

Telegram cannot be asked, and such a row goes out again there. WhatsApp's provider lists what was sent to a
number: there the row is kept back (`unsettled`) until it is known whether one of the listed messages is it.
A row that had not been handed over yet carries no fingerprint, and simply goes out.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, text, update
from sqlalchemy.orm import Session

from models import base
from models.outbox import QUEUED, SENT, UNSETTLED, WAITING, Outbound
from models.whatsapp import CHANNEL

ASKED = (CHANNEL,)  # channels that can be asked what they have
ANY = "any"  # the fingerprint of a message whose words are not known before it is listed
CLOCKS = timedelta(seconds=10)  # by which our clock and the provider's may differ


@dataclass(frozen=True, slots=True)
class Unknown:
    """A row that is kept back. `tried_at` is when it was taken, right before the call."""

    id: int
    key: str
    channel: str
    address: str
    tried_at: datetime
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A message that the provider has: its name there, to whom, its words, and since when."""

    external_id: str
    address: str
    body: str
    created_at: datetime


def asked_first() -> ColumnElement[bool]:
    """Whether a row of unknown fate is kept back until the channel has said whether it has it."""
    # Not IN, of which a statement that runs for many at once knows nothing.
    return and_(or_(*(Outbound.channel == channel for channel in ASKED)), Outbound.fingerprint != "")


def fingerprint(address: str, body: str) -> str:
    """What tells a message from others to the same number, however its blanks were changed on the way; ANY
    for one without words of ours."""
    words = " ".join(body.split())
    if not words:
        return ANY
    return hashlib.sha256(f"{address}\n{words}".encode()).hexdigest()[:32]


def mark(session: Session, marks: Mapping[int, str]) -> None:
    """Notes what is about to be handed to the channel, by row: in a transaction before the calls."""
    if marks:
        session.connection().execute(
            update(Outbound).where(Outbound.id == bindparam("b_id")).values(fingerprint=bindparam("b_mark")),
            [{"b_id": number, "b_mark": mark_} for number, mark_ in sorted(marks.items())],
        )


def unsettled(session: Session, now: datetime, limit: int = 50) -> list[Unknown]:
    """The rows about which the channel has to be asked now, the oldest first."""
    table = base.table(Outbound).c
    rows = session.execute(
        select(table.id, table.key, table.channel, table.address, table.tried_at, table.fingerprint)
        .where(text(UNSETTLED), table.due_at <= now, table.tried_at.is_not(None))
        .order_by(table.tried_at, table.id)
        .limit(limit)
    )
    return [Unknown(*row) for row in rows]


def known(session: Session, channel: str, external_ids: Collection[str]) -> set[str]:
    """Which of these messages are those of rows already."""
    chosen = select(Outbound.external_id).where(
        Outbound.channel == channel, Outbound.external_id.in_(external_ids)
    )
    return set(session.scalars(chosen)) if external_ids else set()


def match(
    unknown: Sequence[Unknown], listed: Sequence[Listed], taken: Collection[str] = ()
) -> dict[int, str]:
    """Which row is which message: row id → the message's name. Rows that are missing never arrived.

    A message is one row's at the most, and of those that fit the oldest; `taken` are those of other rows.
    Rows with words choose before those without.
    """
    free = sorted((one for one in listed if one.external_id not in taken), key=lambda one: one.created_at)
    found: dict[int, str] = {}
    for row in sorted(unknown, key=lambda row: (row.fingerprint == ANY, row.tried_at, row.id)):
        for one in free:
            if _fits(row, one):
                found[row.id] = one.external_id
                free.remove(one)
                break
    return found


def _fits(row: Unknown, one: Listed) -> bool:
    if one.address != row.address or one.created_at < row.tried_at - CLOCKS:
        return False
    return row.fingerprint in (ANY, fingerprint(one.address, one.body))


def settle(
    session: Session, now: datetime, found: Mapping[int, str], absent: Collection[int], *, gap: float = 0.0
) -> int:
    """Writes down what is known now: `found` had arrived (row → the message's name), `absent` go out again;
    how many rows. What follows a row that had arrived is due `gap` seconds later."""
    # Who stopped a release meanwhile, or answered, has had the last word: only what still waits is touched.
    ours = and_(Outbound.unsettled, Outbound.status == QUEUED)
    settled = 0
    for number, external_id in sorted(found.items()):
        key = session.scalar(
            update(Outbound)
            .where(Outbound.id == number, ours)
            .values(status=SENT, external_id=external_id, sent_at=Outbound.tried_at, unsettled=False)
            .returning(Outbound.key)
            .execution_options(synchronize_session=False)
        )
        if key is not None:
            settled += 1
            session.execute(
                update(Outbound)
                .where(Outbound.status == WAITING, Outbound.follows == key)
                .values(status=QUEUED, due_at=now + timedelta(seconds=gap))
                .execution_options(synchronize_session=False)
            )
    if absent:
        again = (
            update(Outbound)
            .where(Outbound.id.in_(absent), ours)
            .values(unsettled=False, resent=Outbound.resent + 1, due_at=now)
            .returning(Outbound.id)
            .execution_options(synchronize_session=False)
        )
        settled += len(session.execute(again).all())
    base.wake(session, "outbox")
    return settled
