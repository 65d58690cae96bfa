"""Which item somebody has: the card of a release that reached a person, or was meant for them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from models import base, outbox
from models.audiences import CARD
from models.outbox import Outbound
from models.releases import Release


@dataclass(frozen=True, slots=True)
class Card:
    """Which item a person was sent, in which week's release ("": an urgent one's), and until when it may be
    shown in time."""

    release_id: int
    week: str
    closes_at: datetime
    item_id: int


def newest(session: Session, person_id: int) -> Card | None:
    """The newest card that reached a person, or is on its way."""
    return _card(session, _RECEIVED, {"person_id": person_id})


def meant(session: Session, person_id: int) -> Card | None:
    """The newest card for a person, whatever became of it."""
    return _card(session, _MEANT, {"person_id": person_id})


# Built once, since every proof asks for them; of columns, since whole rows cost twice as much.
_release, _row = base.table(Release).c, base.table(Outbound).c
_MEANT = (
    select(_release.id, _release.week, _release.closes_at, _row.item_id)
    .where(_row.release_id == _release.id, _row.person_id == bindparam("person_id"), _row.part == CARD)
    .order_by(_release.started_at.desc())
    .limit(1)
)
_RECEIVED = _MEANT.where(or_(_row.status == outbox.SENT, _row.status == outbox.SENDING))
_WEEKLY = _RECEIVED.where(_release.item_id.is_(None))
_OF_ITEM = _MEANT.where(_row.item_id == bindparam("item_id"))


def _card(
    session: Session, which: Select[int, str, datetime, int | None], whose: dict[str, int]
) -> Card | None:
    row = session.execute(which, whose).first()
    return Card(row.id, row.week, row.closes_at, row.item_id) if row and row.item_id is not None else None


def weekly(session: Session, person_id: int) -> Card | None:
    """The newest card of a week's release that reached a person, or is on its way."""
    return _card(session, _WEEKLY, {"person_id": person_id})


def card_of(session: Session, person_id: int, item_id: int) -> Card | None:
    """The card of one item for a person, whatever became of it."""
    return _card(session, _OF_ITEM, {"person_id": person_id, "item_id": item_id})
