"""Reminders that somebody asked for ([Nanti]): they are of the week's two, like any other."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import content, outbox, people, reminder_words, reminders, standings
from models.cards import CARD
from models.outbox import Outbound, Priority
from models.people import Person
from models.post import Post
from models.programme import Programme
from models.releases import Release
from models.shares import Share


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


def later(
    session: Session, person: Person, week: str, at: datetime, now: datetime, programme: Programme
) -> datetime | None:
    """A reminder that somebody asked for, at `at` or when the quiet hours end; when it will come.

    It counts as one of the week's. None when the week has no more to give, is over by then, or the
    person has nothing to be reminded of.
    """
    release = reminders.of_week(session, week)
    due = programme.quiet_until(at)
    if release is None or due >= release.closes_at or used_up(session, person, week, programme):
        return None
    card = session.execute(
        select(Outbound.item_id, content.Item.media_id)
        .join(content.Item, content.Item.id == Outbound.item_id)
        .where(
            Outbound.person_id == person.id,
            Outbound.release_id == release.id,
            Outbound.part == CARD,
            Outbound.status == outbox.SENT,
        )
    ).first()
    account = people.reachable(session, person.id)
    if card is None or account is None or done(session, person, week):
        return None
    claimed = _has(session, person, week, standings.CLAIMED)
    post = Post(
        "reminding.asked_claimed" if claimed else "reminding.asked",
        {"closes": release.closes_at.isoformat()},
    )
    outbox.queue(
        session,
        now,
        f"reminder:{week}:later:{now:%Y%m%dT%H%M%S}:person:{person.id}",
        account.channel,
        account.address,
        body=reminder_words.message(post, saver=person.saver and card.media_id is not None, claimed=claimed),
        priority=Priority.NOTICE,
        due_at=due,
        part=reminders.REMINDER,
        person_id=person.id,
        opd_id=person.opd_id,
        release_id=release.id,
        item_id=card.item_id,
        expires_at=reminders.expiry(release, due, programme),
    )
    return due
