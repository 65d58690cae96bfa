"""What somebody means who shows a share: which item, of which week, and whether in time."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.content import states
from models.people.people import Person
from models.releases import audiences, received
from models.releases.received import Card
from models.releases.releases import Release
from models.shares import shares, standings


@dataclass(frozen=True, slots=True)
class About:
    """What a proof is about: the item, its week, whether that week is over, and as somebody of which OPD the
    person received it (None: of the present one)."""

    item_id: int
    week: str
    late: bool = False
    opd_id: int | None = field(default=None, compare=False)


def about(session: Session, person: Person, now: datetime) -> About | None:
    """What a person must mean who shows a share now: the item of the newest card that came to them.

    Somebody whom no card reached (it failed, or the release was stopped) may have shared it all the
    same: then the item that was meant for them, or that of their OPD in one of the newest releases.
    None when there has never been anything to share. `now` is when it reached us: what came out after that
    cannot be meant.
    """
    card = received.newest(session, person.id, now) or received.meant(session, person.id, now)
    if card is not None:
        if not card.week and (other := _rather(session, person, card, now)):
            card = other
        return of_card(card, now)
    weekly = select(Release).where(Release.item_id.is_(None), Release.started_at <= now)
    newest = weekly.order_by(Release.started_at.desc()).limit(2)
    for release in session.scalars(newest).all():
        own, provincial = audiences.items(session, release.week, (states.RELEASED, states.CLOSED))
        if item_id := own.get(person.opd_id, provincial):
            return About(item_id, release.week, late=now >= release.closes_at)
    return None


def _rather(session: Session, person: Person, urgent: Card, now: datetime) -> Card | None:
    """The week's card that is rather meant than the urgent one which came after it: that of an item which
    they said to have shared, or the only one of the two that is still to be shown."""
    weekly = received.weekly(session, person.id, now)
    if weekly is None or now >= weekly.closes_at:
        return None
    known = {
        card.item_id: {row.status for row in shares.of_item(session, person.id, card.item_id)}
        for card in (weekly, urgent)
    }
    if standings.CLAIMED in known[weekly.item_id]:
        return None if standings.CLAIMED in known[urgent.item_id] else weekly
    shown = {item_id: not statuses.isdisjoint(standings.COUNTED) for item_id, statuses in known.items()}
    return weekly if shown[urgent.item_id] and not shown[weekly.item_id] else None


def about_item(session: Session, person: Person, item_id: int, now: datetime) -> About | None:
    """What the button below the card of this very item is about; None for who was never sent it."""
    card = received.card_of(session, person.id, item_id)
    return of_card(card, now) if card else None


def of_card(card: Card, now: datetime) -> About:
    """What a proof is about that comes now for the item of this card."""
    return About(card.item_id, card.week, late=now >= card.closes_at, opd_id=card.opd_id)
