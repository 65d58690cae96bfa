"""One person, two channels: what came to nothing on one goes out on the other, the same row and once.

It stays one row, so that nobody gets an item twice and nobody is counted twice. Replies stay where they were
asked for. A card whose account has blocked us is renewed with the audience (models/releases/mailing.py); all
else here: a card that could not be delivered, with its caption, a reminder, a notice.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from models import base
from models.content.cards import CARD, PARTS
from models.messages import outbox, pieces
from models.messages.outbox import CANCELLED, FAILED, QUEUED, UNSENT, WAITING, Outbound, Priority
from models.people import people
from models.people.people import ACTIVE, Account, Person
from models.releases.releases import FINISHED, OPEN, Release

BROKEN = "broken"  # no channel can send it


def renew(session: Session, now: datetime, ids: Collection[int]) -> int:
    """Sends rows that have failed on the other channel of their person, those that have not been sent there
    instead before; how many."""
    if not ids:
        return 0
    which = (
        Outbound.id.in_(ids),
        Outbound.status == FAILED,
        Outbound.reason != BROKEN,
        or_(Outbound.part.not_in(PARTS), and_(Outbound.part == CARD, Outbound.reason != "blocked")),
    )
    return _elsewhere(session, now, which)


def blocked(session: Session, now: datetime, channel: str, address: str) -> int:
    """An account has stopped us: nothing more is sent to it. What was on its way goes to the person's other
    channel, if there is one; how many rows did."""
    people.block(session, channel, address, now)
    session.flush()
    # What may have arrived is settled first (models/sending/settling.py): only then it is known what is left
    # of it.
    here = (Outbound.channel == channel, Outbound.address == address, Outbound.unsettled.is_(False))
    moved = _elsewhere(session, now, (*here, Outbound.status.in_(UNSENT), Outbound.part.not_in(PARTS)))
    outbox.cancel(session, *here, reason="blocked")
    return moved


def _elsewhere(session: Session, now: datetime, which: Sequence[Any]) -> int:
    alive = (
        Outbound.op == "send",
        Outbound.person_id.is_not(None),
        Outbound.priority > int(Priority.REPLY),
        Outbound.instead_of == "",
        or_(Outbound.expires_at.is_(None), Outbound.expires_at > now),
        or_(
            Outbound.release_id.is_(None),
            and_(
                Outbound.release_id.in_(select(Release.id).where(Release.closes_at > now, _sends())),
                # Who has left on one channel has left on both.
                Outbound.person_id.in_(select(Person.id).where(Person.active, Person.joined_at.is_not(None))),
            ),
        ),
    )
    rows = session.execute(
        select(Outbound.id, Outbound.key, Outbound.channel, Outbound.person_id, *pieces.NAMES)
        .where(*which, *alive)
        .order_by(Outbound.id)
    ).all()
    if not rows:
        return 0
    others = _accounts(session, {row.person_id for row in rows})
    moved = 0
    for row in rows:
        other = next((one for one in others.get(row.person_id, ()) if one[0] != row.channel), None)
        if other is not None:
            # What is out there stays known: no news of it is taken for news of what comes
            # (models/sending/late.py).
            pieces.note(session, {row.id: pieces.names(row)})
            _move(session, now, row.id, row.key, row.channel, *other)
            moved += 1
    if moved:
        base.wake(session, "outbox")
    return moved


def channels(session: Session, person_id: int) -> list[str]:
    """The channels that a person can be written to now, the one that is written to first."""
    return [channel for channel, _ in _accounts(session, {person_id}).get(person_id, [])]


def _sends() -> Any:
    """Whether a release sends still, or has come to its end by itself: one that was stopped sends no more."""
    return or_(Release.status.in_(OPEN), Release.status == FINISHED)


def _accounts(session: Session, person_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """The accounts of these people that can be written to, as (channel, address), the first choice first."""
    rows = session.execute(
        select(Account.person_id, Account.channel, Account.address)
        .join(people.Person, people.Person.id == Account.person_id)
        .where(Account.person_id.in_(person_ids), Account.status == ACTIVE)
        .order_by(*people.first_choice())
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for person_id, channel, address in rows:
        found.setdefault(person_id or 0, []).append((channel, address))
    return found


def _move(
    session: Session, now: datetime, number: int, key: str, before: str, channel: str, address: str
) -> None:
    there = {"channel": channel, "address": address, "instead_of": before, "attempts": 0, "reason": "",
             "error": "", "external_id": "", "delivery": "", "pieces": "", "resent": 0,
             "unsettled": False}  # fmt: skip
    why = session.scalar(select(Outbound.reason).where(Outbound.id == number))
    session.execute(
        update(Outbound)
        .where(Outbound.id == number)
        .values(status=QUEUED, follows=None, due_at=now, sent_at=None, delivered_at=None, **there)
        .execution_options(synchronize_session=False)
    )
    # The words to copy come after their card, and the files after the words of the pack, wherever those go;
    # but not what somebody has cancelled.
    waits = or_(Outbound.status == WAITING, and_(Outbound.status == CANCELLED, Outbound.reason == why))
    session.execute(
        update(Outbound)
        .where(Outbound.follows == key, Outbound.op == "send", Outbound.instead_of == "", waits)
        .values(status=WAITING, due_at=now, **there)
        .execution_options(synchronize_session=False)
    )
