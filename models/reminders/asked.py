"""Reminders that somebody asked for ([Nanti]): they are of the week's two, like any other.

Whoever asks while one is still on its way gets that one, at the new time: it is moved, and none is added.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import base
from models.content import content
from models.content.cards import CARD
from models.messages import outbox
from models.messages.outbox import Outbound, Priority
from models.messages.post import Post
from models.people import people
from models.people.people import Person
from models.programme.programme import Programme
from models.releases.releases import Release
from models.reminders import reminder_words, reminders
from models.shares import standings
from models.shares.shares import Share


def done(session: Session, person: Person, week: str) -> bool:
    """Whether somebody has nothing to be reminded of any more: their proof is here, or looked at again."""
    return _has(session, person, week, *reminders.NO_REMINDER)


def _has(session: Session, person: Person, week: str, *statuses: str) -> bool:
    share = select(Share.id).where(
        Share.person_id == person.id, Share.week == week, Share.status.in_(statuses)
    )
    return session.scalar(share.limit(1)) is not None


def used_up(session: Session, person: Person, week: str, programme: Programme) -> bool:
    """Whether somebody has had, or will get, all reminders that a week allows."""
    number = session.scalar(
        select(func.count())
        .select_from(Outbound)
        .where(
            Outbound.person_id == person.id,
            Outbound.part == reminders.REMINDER,
            Outbound.release_id.in_(select(Release.id).where(Release.week == week)),
            Outbound.status.in_(reminders.ALIVE),
        )
    )
    return (number or 0) >= programme.reminders_per_week


def movable(session: Session, person: Person, week: str) -> Outbound | None:
    """A reminder of a week that has not gone out to somebody yet, the soonest; a greeting of their PPID is
    none."""
    return session.scalar(
        select(Outbound)
        .where(
            Outbound.person_id == person.id,
            Outbound.part == reminders.REMINDER,
            Outbound.key.startswith("reminder:", autoescape=True),
            Outbound.release_id.in_(select(Release.id).where(Release.week == week)),
            Outbound.status == outbox.QUEUED,
        )
        .order_by(Outbound.due_at, Outbound.id)
        .limit(1)
    )


def later(
    session: Session, person: Person, week: str, at: datetime, now: datetime, programme: Programme
) -> datetime | None:
    """A reminder that somebody asked for, at `at` or when the quiet hours end; when it will come.

    It counts as one of the week's; one that is still on its way is moved to that time instead. None when the
    week has no more to give, is over by then, or the person has nothing to be reminded of.
    """
    release = reminders.of_week(session, week)
    due = programme.quiet_until(at)
    if release is None or due >= release.closes_at:
        return None
    card = _card(session, person, release)
    account = people.reachable(session, person.id)
    if card is None or account is None or done(session, person, week):
        return None
    claimed = _has(session, person, week, standings.CLAIMED)
    post = Post(
        "reminding.asked_claimed" if claimed else "reminding.asked",
        {"closes": release.closes_at.isoformat()},
    )
    body = reminder_words.message(
        post, week, saver=person.saver and card.media_id is not None, claimed=claimed
    )
    expires = reminders.expiry(release, due, programme)
    if _moved(session, movable(session, person, week), due_at=due, expires_at=expires, body=body):
        return due
    if used_up(session, person, week, programme):
        return None
    outbox.queue(
        session,
        now,
        f"reminder:{week}:later:{now:%Y%m%dT%H%M%S}:person:{person.id}",
        account.channel,
        account.address,
        body=body,
        priority=Priority.NOTICE,
        due_at=due,
        part=reminders.REMINDER,
        person_id=person.id,
        opd_id=person.opd_id,
        release_id=release.id,
        item_id=card.item_id,
        expires_at=expires,
    )
    return due


def _card(session: Session, person: Person, release: Release) -> Any:
    """The item that somebody received by a release, and its picture; None where it did not reach them."""
    return session.execute(
        select(Outbound.item_id, content.Item.media_id)
        .join(content.Item, content.Item.id == Outbound.item_id)
        .where(
            Outbound.person_id == person.id,
            Outbound.release_id == release.id,
            Outbound.part == CARD,
            Outbound.status == outbox.SENT,
        )
    ).first()


def _moved(session: Session, queued: Outbound | None, **to: Any) -> bool:
    """Whether a queued reminder is to go out otherwise from now on; False where the sender was quicker."""
    if queued is None:
        return False
    done = session.scalar(
        update(Outbound)
        .where(Outbound.id == queued.id, Outbound.status == outbox.QUEUED)
        .values(**to)
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    )
    session.expire(queued)
    base.wake(session, "outbox")
    return done is not None
