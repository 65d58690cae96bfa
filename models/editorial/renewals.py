"""A new version of what was approved: a copy that goes the whole way again, while the approved one stays."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.content import states, variants, versions
from models.content.content import Item
from models.editorial import moves
from models.people import audit, authors
from models.people.people import Person
from models.programme.programme import Programme
from models.refused import Refused

_UNDER_WAY = (*states.OPEN_TO_AUTHOR, *states.WAITING)


def of(session: Session, item: Item) -> Item | None:
    """The new version of an item that is being written or reviewed, if there is one."""
    chosen = select(Item).where(Item.replaces_id == item.id, Item.status.in_(_UNDER_WAY))
    return session.scalar(chosen.order_by(Item.id.desc()).limit(1))


def require(session: Session, item: Item, by: Person, programme: Programme) -> None:
    """Raises Refused when this person cannot begin a new version of an item, or go on with one."""
    if item.author_id != by.id:
        raise Refused("renewing.not_yours", id=item.id)
    if not authors.may_write(session, by, item.opd_id, programme.provincial_opd):
        raise Refused("roles.may_not")
    if item.status in (states.RELEASED, states.CLOSED):
        raise Refused("renewing.released", id=item.id)
    if item.status != states.APPROVED:
        raise Refused("renewing.not_approved", id=item.id, status={"text": f"browsing.status_{item.status}"})


def begin(session: Session, item: Item, by: Person, now: datetime, programme: Programme) -> Item:
    """The draft of a new version, with all that the approved item has; the one under way if there is one.

    Raises Refused as `require` does, and when the new version waits for its reviewers already.
    """
    moves.hold(session, item)  # two phones of one author make one draft
    require(session, item, by, programme)
    if (open_ := of(session, item)) is not None:
        if open_.status not in states.OPEN_TO_AUTHOR:
            raise Refused(
                "renewing.waits",
                id=item.id,
                copy=open_.id,
                status={"text": f"browsing.status_{open_.status}"},
            )
        return open_
    names = (*versions.COLUMNS, "live_at", "no_media", "public", "urgent")
    values = {name: getattr(item, name) for name in names}
    copy = Item(
        opd_id=item.opd_id,
        author_id=by.id,
        status=states.DRAFT,
        replaces_id=item.id,
        created_at=now,
        updated_at=now,
        **values,
    )
    session.add(copy)
    session.flush()
    texts: dict[str, list[str]] = {}
    for row in variants.of(session, item.id):
        texts.setdefault(row.channel, []).append(row.text)
    for channel, written in texts.items():
        variants.write(session, copy.id, channel, written)
    variants.hang(session, copy.id, variants.album(session, item.id))
    audit.record(session, now, "start", "item", copy.id, by=by.id, after=states.DRAFT, replaces=item.id)
    return copy
