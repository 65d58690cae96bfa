"""Leaving: what was on its way to somebody who stops, or who left the service, stays behind."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.content.cards import PARTS
from models.membership import consents
from models.messages import outbox
from models.messages.outbox import Outbound, Priority
from models.people import people
from models.people.people import Account, Person
from models.whatsapp import windows

WITHDRAWN, LEFT = "withdrawn", "left"


def stop(session: Session, who: Account, now: datetime) -> Person:
    """The account's person withdraws the consent (UU 27/2022, article 9): at once, whatever is queued.

    Replies to what they just wrote still go out. Raises Refused for somebody who does not take part.
    """
    person = consents.withdraw(session, who, now)
    _take_back(session, Outbound.person_id == person.id, reason=WITHDRAWN)
    return person


def silence(session: Session, who: Account, now: datetime) -> None:
    """Nothing is sent to this account until it writes again: neither what is on its way there, nor what waits
    for its window, a reply of days ago included."""
    people.block(session, who.channel, who.address, now)
    here = (Outbound.channel == who.channel, Outbound.address == who.address)
    late = or_(Outbound.priority > int(Priority.REPLY), windows.waits())
    outbox.cancel(session, *here, late, reason=WITHDRAWN)


def after_roster(session: Session) -> int:
    """Takes back what is queued for people who are on the roster no longer; how many messages."""
    gone = select(Person.id).where(Person.active.is_(False))
    return _take_back(session, Outbound.person_id.in_(gone), reason=LEFT)


def _take_back(session: Session, *whose: Any, reason: str) -> int:
    """A release counts them as skipped, with the reason: who comes back the same week is served after all."""
    which = (Outbound.status.in_(outbox.UNSENT), Outbound.priority > int(Priority.REPLY), *whose)
    skipped = session.scalars(
        update(Outbound)
        .where(Outbound.part.in_(PARTS), *which)
        .values(status=outbox.SKIPPED, reason=reason)
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(skipped) + outbox.cancel(session, *which[1:], reason=reason)
