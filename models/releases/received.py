"""Which item somebody has: the card of a release that reached a person, or was meant for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from models import base
from models.content.cards import ALBUM, CARD
from models.messages import outbox
from models.messages.outbox import Outbound
from models.messages.pieces import Piece
from models.releases import recent
from models.releases.recent import Sent
from models.releases.releases import Release

# Our clock and the channel's, by which we know when something was sent, need not agree to the second.
_CLOCKS = timedelta(seconds=10)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Card:
    """Which item a person was sent, in which week's release ("": an urgent one's), until when it may be shown
    in time, and as somebody of which OPD it was sent to them."""

    release_id: int
    week: str
    closes_at: datetime
    item_id: int
    opd_id: int | None


def newest(session: Session, person_id: int, at: datetime) -> Card | None:
    """The newest card that reached a person, or is on its way, of those that were out at a moment."""
    out = _out(person_id, at)
    if known := recent.known(session, person_id):
        for sent in known.of(session, person_id):
            # What began before all that was read had to be compared with what was not.
            if known.since <= sent.started_at <= out["at"] and sent.status in _REACHED:
                return _as_card(sent)
    return _card(session, _RECEIVED, out)


def meant(session: Session, person_id: int, at: datetime) -> Card | None:
    """The newest card for a person that was out at a moment, whatever became of it."""
    return _card(session, _MEANT, _out(person_id, at))


def _out(person_id: int, at: datetime) -> dict[str, Any]:
    return {"person_id": person_id, "at": at + _CLOCKS}


# Built once, since every proof asks for them; of columns, since whole rows cost twice as much.
_release, _row = base.table(Release).c, base.table(Outbound).c
_EVER = (
    select(_release.id, _release.week, _release.closes_at, _row.item_id, _row.opd_id)
    .where(_row.release_id == _release.id, _row.person_id == bindparam("person_id"), _row.part == CARD)
    .order_by(_release.started_at.desc())
    .limit(1)
)
_MEANT = _EVER.where(_release.started_at <= bindparam("at"))
_REACHED = (outbox.SENT, outbox.SENDING)
_RECEIVED = _MEANT.where(or_(*(_row.status == status for status in _REACHED)))
_WEEKLY = _RECEIVED.where(_release.item_id.is_(None))
_OF_ITEM = _EVER.where(_row.item_id == bindparam("item_id"))
_CLOSED = _EVER.where(
    _release.item_id.is_(None),
    _release.closes_at <= bindparam("until"),
    _release.closes_at > bindparam("since"),
)
_MESSAGE = (
    select(_row.item_id, _row.body)
    .where(
        _row.person_id == bindparam("person_id"),
        or_(
            _row.external_id == bindparam("message", type_=String),
            # An album has a name for each of its pictures: "11,12,13".
            and_(
                _row.part == ALBUM,
                ("," + _row.external_id + ",").contains("," + bindparam("message", type_=String) + ","),
            ),
        ),
    )
    .limit(1)
)
# The picture of a card is a piece of it, which has a name of its own.
_piece = base.table(Piece).c
_MESSAGE_OF_PIECE = (
    select(_row.item_id, _row.body)
    .where(
        _row.person_id == bindparam("person_id"),
        _piece.outbox_id == _row.id,
        _piece.channel == _row.channel,
        _piece.external_id == bindparam("message", type_=String),
    )
    .limit(1)
)


def _card(
    session: Session, which: Select[int, str, datetime, int | None, int | None], whose: dict[str, Any]
) -> Card | None:
    row = session.execute(which, whose).first()
    if row is None or row.item_id is None:
        return None
    return Card(row.id, row.week, row.closes_at, row.item_id, row.opd_id)


def _as_card(sent: Sent) -> Card | None:
    if sent.item_id is None:
        return None
    return Card(sent.release_id, sent.week, sent.closes_at, sent.item_id, sent.opd_id)


def weekly(session: Session, person_id: int, at: datetime) -> Card | None:
    """As `newest`, of the weeks' releases."""
    return _card(session, _WEEKLY, _out(person_id, at))


def card_of(session: Session, person_id: int, item_id: int) -> Card | None:
    """The card of one item for a person, whatever became of it."""
    return _card(session, _OF_ITEM, {"person_id": person_id, "item_id": item_id})


def closed(session: Session, person_id: int, now: datetime) -> Card | None:
    """The card of last week: the weekly one that was to be shown until seven days ago at the most."""
    since = now - _WEEK
    known = recent.known(session, person_id)
    if known is None or since < known.since:
        return _card(session, _CLOSED, {"person_id": person_id, "until": now, "since": since})
    cards = known.of(session, person_id)
    return next((_as_card(one) for one in cards if one.weekly and since < one.closes_at <= now), None)


def message(session: Session, person_id: int, message_id: str) -> tuple[int | None, int | None]:
    """What one of our messages to a person was about, by the channel's name for it: the item, or else the
    receipt of the share, where it was about one."""
    which = {"person_id": person_id, "message": message_id}
    row = session.execute(_MESSAGE, which).first() or session.execute(_MESSAGE_OF_PIECE, which).first()
    if row is None:
        return None, None
    receipt = (row.body or {}).get("params", {}).get("receipt")
    return row.item_id, receipt if isinstance(receipt, int) else None
