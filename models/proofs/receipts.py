"""A person's own receipts: every share of theirs, of this and earlier weeks, withdrawn ones included."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from models.content.content import Item
from models.messages import files
from models.messages.files import FAILED, Media
from models.people.people import Person
from models.programme.programme import Programme
from models.proofs import verdicts
from models.refused import Refused
from models.shares import inspections, standings
from models.shares.inspections import REJECT, Inspection
from models.shares.shares import Evidence, Share

PAGE = 6  # shares on a page: one screen of a small phone
# States of a withdrawn share whose evidence went to another one.
JOINED, MOVED = "joined", "moved"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A share as its owner sees it. `state` is one of models/shares/standings.py, or JOINED or MOVED; `week`
    is "" for an urgent item."""

    id: int
    title: str
    week: str
    platform: str
    state: str
    late: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Details:
    """What was sent with a share, why it was rejected (None: it was not), and whether an appeal is
    possible."""

    receipt: Receipt
    media: Sequence[int]
    links: Sequence[str]
    rejected: Inspection | None
    may_appeal: bool


def page(session: Session, person: Person, number: int) -> tuple[list[Receipt], int]:
    """A page of receipts, the newest first, from page 0; and how many receipts there are."""
    total = session.scalar(select(func.count()).where(Share.person_id == person.id)) or 0
    rows = session.execute(
        select(Share, Item.title, exists(select(Evidence.id).where(Evidence.share_id == Share.id)))
        .join(Item, Item.id == Share.item_id)
        .where(Share.person_id == person.id)
        .order_by(Share.id.desc())
        .offset(number * PAGE)
        .limit(PAGE)
    )
    return [_receipt(session, person, share, title, shown) for share, title, shown in rows], total


def _receipt(session: Session, person: Person, share: Share, title: str, shown: bool) -> Receipt:
    state = share.status
    if state == standings.WITHDRAWN and not shown:
        state = _without_evidence(session, person, share)
    return Receipt(share.id, title, share.week, share.platform, state, share.late, share.at)


def _without_evidence(session: Session, person: Person, share: Share) -> str:
    """A withdrawn share that nothing hangs on: its evidence went to an earlier share of the item, or to one
    of another item; or there was none but the word."""
    if not share.platform:
        return standings.WITHDRAWN
    same = select(Share.id).where(
        Share.person_id == person.id,
        Share.item_id == share.item_id,
        Share.platform == share.platform,
        Share.id < share.id,
    )
    return JOINED if session.scalar(same.limit(1)) is not None else MOVED


def share_of(session: Session, person: Person, number: int) -> Share:
    """An own share by its number, in whatever state. Raises Refused for anybody else's."""
    share = session.get(Share, number)
    if share is None or share.person_id != person.id:
        raise Refused("evidence.unknown")
    return share


def details(session: Session, person: Person, number: int, now: datetime, programme: Programme) -> Details:
    """One share and what was sent with it. Raises Refused as `share_of` does."""
    share = share_of(session, person, number)
    pieces = inspections.evidence(session, share.id)
    title = inspections.title(session, share)
    looks = inspections.ended(session, share.id)
    refused = looks[-1] if looks and looks[-1].decision == REJECT else None
    return Details(
        _receipt(session, person, share, title, bool(pieces)),
        [piece.media_id for piece in pieces if piece.media_id],
        [piece.link for piece in pieces if piece.link],
        refused if share.status in (standings.REJECTED, standings.APPEALED) else None,
        _may_appeal(session, share, person, now, programme),
    )


def _may_appeal(session: Session, share: Share, person: Person, now: datetime, programme: Programme) -> bool:
    try:
        verdicts.require_appeal(session, share, person, now, programme)
    except Refused:
        return False
    return True


def kept(session: Session, media_ids: Sequence[int], channel: str) -> list[int]:
    """Those of these files that can still be shown on a channel."""
    found = []
    for number in media_ids:
        media = session.get_one(Media, number)
        here = bool(media.key) or bool(files.copy_of(session, media.id, channel))
        if media.status != FAILED and here:
            found.append(number)
    return found
