"""An open item whose author is gone: another author of the same OPD goes on with it, as its author."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.content import states
from models.content.content import Item
from models.editorial import moves
from models.messages import notices
from models.messages.post import Post
from models.people import audit, authors
from models.people.breaks import LEAVE, Rest
from models.people.people import Person
from models.programme.programme import Programme
from models.refused import Refused

LONG = timedelta(days=7)  # so much of a leave lies ahead: the item's week would be over before
LEFT, NO_ROLE, AWAY = "left", "no_role", "away"


def absence(session: Session, item: Item, now: datetime, programme: Programme) -> str:
    """Why the author of a draft, or of a returned item, cannot go on with it: LEFT the service or the
    programme, NO_ROLE any more in the team, AWAY for long; "" where they can, or the item is not open."""
    if item.status not in states.OPEN_TO_AUTHOR:
        return ""
    author = item.author
    if not author.active or author.joined_at is None:
        return LEFT
    if not authors.may_write(session, author, item.opd_id, programme.provincial_opd):
        return NO_ROLE
    rest = session.get(Rest, author.id)
    return AWAY if rest is not None and rest.why == LEAVE and rest.until - now >= LONG else ""


def may(session: Session, item: Item, person: Person, now: datetime, programme: Programme) -> bool:
    """Whether a person may take an item over: one of its team, while its author is gone."""
    return (
        item.author_id != person.id
        and absence(session, item, now, programme) != ""
        and authors.may_write(session, person, item.opd_id, programme.provincial_opd)
    )


def take(session: Session, item: Item, by: Person, now: datetime, programme: Programme) -> None:
    """Makes a person the author of an item that was left behind, with an audit row; whoever wrote it before
    is told. As its author they never review it.

    Raises Refused where its author is there after all, somebody was quicker, or they may not write for it.
    """
    moves.hold(session, item)
    if not authors.may_write(session, by, item.opd_id, programme.provincial_opd):
        raise Refused("roles.may_not")
    why = absence(session, item, now, programme)
    if item.author_id == by.id or not why:
        raise Refused("adopting.not_now", id=item.id, author=item.author.name)
    before = item.author
    item.author, item.updated_at = by, now
    audit.record(
        session,
        now,
        "adopt",
        "item",
        item.id,
        by=by.id,
        before=item.status,
        after=item.status,
        reason=before.name,
        was=before.id,
        why=why,
    )
    session.flush()
    if why != LEFT:
        post = Post("adopting.told", {"id": item.id, "title": item.title, "who": by.name})
        notices.tell(session, now, before, f"item:{item.id}:adopted:{by.id}", post, programme)
