"""Reminders: only to those who received and have not proved, and only as many as they agreed to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, Select, String, and_, bindparam, case, cast, func, literal, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models import audiences, base, batching, content, outbox, people, shares
from models.audiences import CARD
from models.base import Base
from models.outbox import Outbound, Priority
from models.people import ACTIVE, Account, Person
from models.post import Button, Post
from models.programme import Programme
from models.releases import STOPPED, Release

REMINDER = "reminder"
LATER, LEAVE, WEEK = "later", "leave", "week"
# Rows that have reached somebody, or may still.
ALIVE = (outbox.SENT, outbox.SENDING, outbox.QUEUED)
MORNING = time(8, 0)


class Rest(Base):
    """Until when somebody is not to be reminded, and why: leave or week."""

    __tablename__ = "reminder_rest"

    person_id: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    why: Mapped[str]


def send(session: Session, week: str, nth: int, now: datetime, programme: Programme) -> int:
    """Queues the nth reminder (from 1) of a week; to how many people. Repeating it adds nothing.

    Nobody gets more than the programme allows in a week, nobody is written to in the quiet hours
    (those rows are due when they end), and rows end when the week does.
    """
    release = session.scalar(select(Release).where(Release.week == week, Release.status != STOPPED))
    if release is None or now >= release.closes_at:
        return 0
    chosen = _due(release, nth, now, programme).order_by(Person.id)
    columns = [column.name for column in chosen.selected_columns]
    statement = base.insert(session, Outbound).from_select(columns, chosen).on_conflict_do_nothing()
    added = len(session.execute(statement.returning(Outbound.id)).all())
    if added:
        base.wake(session, "outbox")
    return added


def _due(release: Release, nth: int, now: datetime, programme: Programme) -> Select[Any]:
    """The rows to queue: one for everybody who got the card, takes part, has not proved, does not rest
    and has not had all reminders of the week."""
    card = aliased(Outbound)
    light = and_(
        Person.saver,
        card.item_id.in_(select(content.Item.id).where(content.Item.media_id.is_not(None))),
    )
    body = case(
        (light, audiences.json_literal(_body(_text(nth), release, saver=True))),
        else_=audiences.json_literal(_body(_text(nth), release, saver=False)),
    )
    resting = select(Rest.person_id).where(Rest.person_id == Person.id, Rest.until > now).correlate(Person)
    row = outbox.selected(
        now,
        key=literal(f"reminder:{release.week}:{nth}:person:", String) + cast(Person.id, String),
        channel=Account.channel,
        address=Account.address,
        body=body,
        part=REMINDER,
        person_id=Person.id,
        opd_id=Person.opd_id,
        release_id=release.id,
        item_id=card.item_id,
        status=outbox.QUEUED,
        due_at=programme.quiet_until(now),
        expires_at=release.closes_at,
    )
    return (
        select(*row)
        .select_from(card)
        .join(Person, Person.id == card.person_id)
        .join(Account, Account.id == _own_account())
        .where(
            card.release_id == release.id,
            card.part == CARD,
            card.status == outbox.SENT,
            Person.active,
            Person.joined_at.is_not(None),
            Person.id.not_in(shares.proved(release.week)),
            ~resting.exists(),
            _had(release) < programme.reminders_per_week,
        )
    )


def _own_account() -> ScalarSelect[int]:
    """The account by which a Person is reached."""
    account = select(func.min(Account.id)).where(Account.person_id == Person.id, Account.status == ACTIVE)
    return account.correlate(Person).scalar_subquery()


def _had(release: Release) -> ScalarSelect[int]:
    """How many reminders of a release a Person has had, or may still get."""
    number = select(func.count()).where(
        Outbound.person_id == Person.id,
        Outbound.part == REMINDER,
        Outbound.release_id == release.id,
        Outbound.status.in_(ALIVE),
    )
    return number.correlate(Person).scalar_subquery()


def _text(nth: int) -> str:
    return "reminding.first" if nth == 1 else "reminding.last"


def _body(text: str, release: Release, *, saver: bool) -> dict[str, Any]:
    """A reminder with the item again: its media by reference, or on request for who saves data."""
    rows = [
        [Button("sharing.button_shared", "share.done")],
        [Button("sharing.button_text", "share.text")],
        [Button("reminding.button_later", "rest.later"), Button("reminding.button_leave", "rest.leave")],
        [Button("reminding.button_not_this_week", "rest.week")],
    ]
    if saver:
        rows[1].append(Button("sharing.button_media", "share.media"))
    body = Post(text, {"closes": release.closes_at.isoformat()}, rows).body()
    return body if saver else {**body, "with_media": True}


def proved(session: Session, person_id: int, week: str) -> None:
    """Takes back what is queued for a person whose proof has arrived, with that of the others in this
    transaction."""
    batching.gather(session, _take_back, {"whose": person_id, "which": week, "why": "proved"})


def _take_back(session: Session, whose: Sequence[Mapping[str, Any]]) -> None:
    session.connection().execute(_TAKING_BACK, list(whose))


# Built once, since every proof asks for it.
_row, _release = base.table(Outbound).c, base.table(Release).c
_TAKING_BACK = outbox.cancelling(
    _row.person_id == bindparam("whose"),
    _row.part == REMINDER,
    _row.release_id.in_(select(_release.id).where(_release.week == bindparam("which"))),
)


def rest(session: Session, person: Person, week: str, until: datetime, why: str) -> datetime:
    """No reminder before `until`; what is queued is taken back. The moment from which they come again.

    "Not this week" never shortens a leave that lasts longer.
    """
    found = session.get(Rest, person.id)
    if found is None:
        found = Rest(person_id=person.id, until=until, why=why)
        session.add(found)
    elif why == LEAVE or found.until < until:
        found.until, found.why = until, why
    session.flush()
    _take_back(session, [{"whose": person.id, "which": week, "why": why}])
    return found.until


def resume(session: Session, person: Person) -> bool:
    """Reminders come again; False when they were not resting."""
    found = session.get(Rest, person.id)
    if found is None:
        return False
    session.delete(found)
    return True


def tomorrow(now: datetime, programme: Programme) -> datetime:
    """ "Tomorrow morning", here: eight o'clock of the next day, in UTC."""
    local = now.astimezone(programme.zone)
    return datetime.combine(local.date() + timedelta(days=1), MORNING, programme.zone).astimezone(UTC)


def used_up(session: Session, person: Person, week: str, programme: Programme) -> bool:
    """Whether somebody has had, or will get, all reminders that a week allows."""
    number = session.scalar(
        select(func.count())
        .select_from(Outbound)
        .where(
            Outbound.person_id == person.id,
            Outbound.part == REMINDER,
            Outbound.release_id.in_(select(Release.id).where(Release.week == week)),
            Outbound.status.in_(ALIVE),
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
    release = session.scalar(select(Release).where(Release.week == week, Release.status != STOPPED))
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
    if card is None or account is None:
        return None
    outbox.queue(
        session,
        now,
        f"reminder:{week}:later:{due:%Y%m%dT%H%M}:person:{person.id}",
        account.channel,
        account.address,
        body=_body("reminding.asked", release, saver=person.saver and card.media_id is not None),
        priority=Priority.NOTICE,
        due_at=due,
        part=REMINDER,
        person_id=person.id,
        opd_id=person.opd_id,
        release_id=release.id,
        item_id=card.item_id,
        expires_at=release.closes_at,
    )
    return due
