"""Reminders: only to those who received and have not proved, and only as many as they agreed to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ScalarSelect,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from models import base
from models.content.cards import CARD
from models.messages import batching, outbox
from models.messages.outbox import Outbound
from models.people import breaks
from models.people.breaks import Rest
from models.people.people import Account, Person
from models.programme.programme import Programme
from models.releases import audiences
from models.releases.releases import STOPPED, Release
from models.reminders import reminder_words
from models.shares import standings

REMINDER = "reminder"
# Rows that have reached somebody, or may still: on WhatsApp one may wait for its window.
ALIVE = (outbox.SENT, outbox.SENDING, outbox.QUEUED, outbox.WAITING)
# Whoever has a share in one of these states has nothing to be reminded of: it counts, or a person looks.
NO_REMINDER = (*standings.COUNTED, standings.APPEALED)


def send(session: Session, week: str, nth: int, now: datetime, programme: Programme) -> int:
    """Queues the nth reminder (from 1) of a week; to how many people. Repeating it adds nothing.

    Nobody gets more than the programme allows in a week, and nobody is written to in the quiet hours: rows
    are due when they end, and end themselves when the next ones begin, or the week does.
    """
    release = of_week(session, week)
    if release is None:
        return 0
    words = reminder_words.bodies(session, release, nth)
    return queue(session, release, now, programme, f"reminder:{week}:{nth}", words)


def of_week(session: Session, week: str) -> Release | None:
    """The release of a week about which people may be reminded.

    It is held until the transaction ends: whoever counts the reminders of a person and adds one does so
    alone, or two of them might make three. FOR NO KEY UPDATE, since rows that refer to it go on meanwhile.
    """
    which = select(Release).where(Release.week == week, Release.item_id.is_(None), Release.status != STOPPED)
    return session.scalar(which.with_for_update(key_share=True))


def queue(
    session: Session,
    release: Release,
    now: datetime,
    programme: Programme,
    key: str,
    body: Callable[[Any], Any],
    *which: Any,
) -> int:
    """Queues a reminder for everybody who may be reminded now (and fits `which`), by one INSERT … SELECT.

    `key` names it; `body` makes its body of the alias of the card. To how many people it goes.
    """
    due = programme.quiet_until(now)
    if due >= release.closes_at:
        return 0
    card = aliased(Outbound)
    chosen = _due(card, release, now, programme, outbox.selected(
        now,
        key=literal(f"{key}:person:", String) + cast(Person.id, String),
        channel=Account.channel,
        address=Account.address,
        body=body(card),
        part=REMINDER,
        person_id=Person.id,
        opd_id=Person.opd_id,
        release_id=release.id,
        item_id=card.item_id,
        status=outbox.QUEUED,
        due_at=due,
        expires_at=expiry(release, due, programme),
    )).where(*which).order_by(Person.id)  # fmt: skip
    columns = [column.name for column in chosen.selected_columns]
    statement = base.insert(session, Outbound).from_select(columns, chosen).on_conflict_do_nothing()
    added = len(session.execute(statement.returning(Outbound.id)).all())
    if added:
        base.wake(session, "outbox")
    return added


def expiry(release: Release, due: datetime, programme: Programme) -> datetime:
    """Until when a reminder may go out: one that a disturbance kept back does not come at night instead."""
    return min(release.closes_at, programme.quiet_from(due))


def reminded(
    session: Session, release: Release, now: datetime, programme: Programme, *which: Any
) -> tuple[int, int | None]:
    """Whom `queue` would write to now: how many people, and the item of one of them."""
    card = aliased(Outbound)
    chosen = _due(card, release, now, programme, [func.count(), func.min(card.item_id)]).where(*which)
    number, item_id = session.execute(chosen).one()
    return number, item_id


def _due(
    card: Any, release: Release, now: datetime, programme: Programme, columns: Sequence[Any]
) -> Select[Any]:
    """Columns of everybody who got the card, takes part, can be reached, has not proved, waits for no
    decision about an appeal, does not rest and has not had all reminders of the week."""
    return (
        select(*columns)
        .select_from(card)
        .join(Person, Person.id == card.person_id)
        .join(Account, Account.id == audiences.account_of_person())
        .where(
            card.release_id == release.id,
            card.part == CARD,
            card.status == outbox.SENT,
            Person.active,
            Person.joined_at.is_not(None),
            ~reminder_words.did(release.week, *NO_REMINDER),
            ~breaks.resting(now),
            _had(release) < programme.reminders_per_week,
        )
    )


def _had(release: Release) -> ScalarSelect[int]:
    """How many reminders of a release a Person has had, or may still get."""
    number = select(func.count()).where(
        Outbound.person_id == Person.id,
        Outbound.part == REMINDER,
        Outbound.release_id == release.id,
        Outbound.status.in_(ALIVE),
    )
    return number.correlate(Person).scalar_subquery()


def proved(session: Session, person_id: int, week: str) -> None:
    """Takes back what is queued for a person whose proof (or appeal) has arrived, with that of the others in
    this transaction."""
    batching.gather(session, _take_back, {"whose": person_id, "which": week, "why": "proved"})


def _take_back(session: Session, whose: Sequence[Mapping[str, Any]]) -> None:
    # In one order, so that two transactions never wait for each other.
    session.connection().execute(_TAKING_BACK, sorted(whose, key=lambda one: (one["whose"], one["which"])))


# Built once, since every proof asks for it. One that the sender has in its hands may be on its way already,
# and one that was sent may be reported as failed: they stay what they are, but their time is over. Where the
# call fails, or the sender dies, or the message does not arrive, it is not sent again.
_table, _release = base.table(Outbound), base.table(Release).c
_row = _table.c
_ours = or_(_row.status == outbox.SENDING, _row.status == outbox.SENT)
_TAKING_BACK = (
    update(_table)
    .where(
        _row.person_id == bindparam("whose"),
        _row.part == REMINDER,
        _row.release_id.in_(select(_release.id).where(_release.week == bindparam("which"))),
        # Not IN, of which a statement that runs for many at once knows nothing.
        or_(*(_row.status == status for status in (*outbox.UNSENT, outbox.SENDING, outbox.SENT))),
    )
    .values(
        status=case((_ours, _row.status), else_=outbox.CANCELLED),
        reason=case((_ours, _row.reason), else_=bindparam("why", type_=String)),
        expires_at=case((_ours, _row.created_at), else_=_row.expires_at),
    )
)


def rest(session: Session, person: Person, week: str, until: datetime, why: str) -> datetime:
    """No reminder before `until`; what is queued is taken back. The moment from which they come again.

    "Not this week" never shortens a leave that lasts longer.
    """
    found = session.get(Rest, person.id)
    if found is None:
        found = Rest(person_id=person.id, until=until, why=why)
        session.add(found)
    elif why == breaks.LEAVE or found.until < until:
        found.until, found.why = until, why
    session.flush()
    _take_back(session, [{"whose": person.id, "which": week, "why": why}])
    return found.until
