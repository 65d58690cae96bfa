"""Live streams: a word to those who got the card, one hour before and at the start.

It is no reminder to share, so it is none of the two that a week allows; but whoever wants no reminders
(leave, "not this week") gets none of these either. The one before never comes in the quiet hours, and is
left out rather than late. The one at the start comes at the start, whenever that is: that hour was
announced on the card. Nothing is said of an item that is not out, or whose release was stopped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, literal, select
from sqlalchemy.orm import Session, aliased

from models import base
from models.content import cards, states
from models.content.content import Item
from models.messages import outbox
from models.messages.outbox import Outbound, Priority
from models.messages.post import Button, Post
from models.people.breaks import Rest
from models.people.people import Account, Person
from models.programme.programme import Programme
from models.releases import audiences, releases
from models.releases.releases import Release

PART = "live"
SOON, NOW = "soon", "now"
BEFORE = {SOON: timedelta(hours=1), NOW: timedelta(0)}
# So long the word makes sense: "in one hour" is not said twenty minutes before.
GRACE = {SOON: timedelta(minutes=15), NOW: timedelta(minutes=15)}


@dataclass(frozen=True, slots=True)
class Moment:
    """When what is said of which stream, and until when it makes sense."""

    item_id: int
    what: str
    at: datetime
    until: datetime


def moments(session: Session, first: datetime, last: datetime) -> Iterator[Moment]:
    """What is to be said between two moments of the streams of items that are out, in order."""
    found = session.execute(
        select(Item.id, Item.live_at).where(
            Item.status == states.RELEASED,
            Item.live_at >= first,
            Item.live_at <= last + max(BEFORE.values()),
        )
    )
    coming = [
        Moment(item_id, what, live_at - before, live_at - before + GRACE[what])
        for item_id, live_at in found
        if live_at is not None
        for what, before in BEFORE.items()
    ]
    yield from sorted(
        (one for one in coming if first <= one.at <= last), key=lambda one: (one.at, one.item_id)
    )


def remind(session: Session, item_id: int, what: str, now: datetime, programme: Programme) -> int:
    """Queues the word to everybody who got the card of a stream; to how many. Repeating it adds nothing."""
    item = session.get_one(Item, item_id)
    if item.status != states.RELEASED or item.live_at is None or (what == SOON and programme.is_quiet(now)):
        return 0
    chosen = _rows(item, what, now, item.live_at - BEFORE[what] + GRACE[what])
    columns = [column.name for column in chosen.selected_columns]
    statement = base.insert(session, Outbound).from_select(columns, chosen).on_conflict_do_nothing()
    added = len(session.execute(statement.returning(Outbound.id)).all())
    if added:
        base.wake(session, "outbox")
    return added


def _rows(item: Item, what: str, now: datetime, until: datetime) -> Any:
    card = aliased(Outbound)
    buttons = [[Button("live.button_watch", url=item.live_url)]] if item.live_url else []
    at = item.live_at.isoformat() if item.live_at else ""
    params = {"at": at} if what == SOON else {}
    post = Post("live.soon" if what == SOON else "live.now", params, buttons)
    resting = select(Rest.person_id).where(Rest.person_id == Person.id, Rest.until > now).correlate(Person)
    row = outbox.selected(
        now,
        key=literal(f"live:{item.id}:{what}:person:", String) + cast(Person.id, String),
        channel=Account.channel,
        address=Account.address,
        body=outbox.json_literal(post.body()),
        part=PART,
        priority=int(Priority.NOTICE),
        person_id=Person.id,
        opd_id=Person.opd_id,
        release_id=card.release_id,
        item_id=card.item_id,
        status=outbox.QUEUED,
        expires_at=until,
    )
    return (
        select(*row)
        .select_from(card)
        .join(Release, Release.id == card.release_id)
        .join(Person, Person.id == card.person_id)
        .join(Account, Account.id == audiences.account_of_person())
        .where(
            card.item_id == item.id,
            card.part == cards.CARD,
            card.status == outbox.SENT,
            Release.status != releases.STOPPED,
            Person.active,
            Person.joined_at.is_not(None),
            ~resting.exists(),
        )
        .order_by(Person.id)
    )
