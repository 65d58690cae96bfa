"""Who of an OPD has shown nothing this week: every active person is in exactly one group.

| group | who |
|---|---|
| proved | has a share of the week that counts |
| appealed | showed one that somebody looks at again |
| leave | is on leave now |
| not_joined | does not take part (yet) |
| blocked | cannot be written to: has blocked the bot, or has no account |
| not_received | takes part, but the week's item has not come to them |
| claimed | received it, says to have shared, has shown nothing |
| nothing | received it, has shown nothing |
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from models.content.cards import CARD
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import breaks
from models.people.people import ACTIVE, Account, Opd, Person
from models.releases.releases import Release
from models.reminders import reminder_words
from models.shares import standings

PROVED, APPEALED, LEAVE, NOT_JOINED = "proved", "appealed", "leave", "not_joined"
BLOCKED, NOT_RECEIVED, CLAIMED, NOTHING = "blocked", "not_received", "claimed", "nothing"
NAMED = (CLAIMED, NOTHING, LEAVE)  # in the list of those from whom nothing has come
APART = (NOT_JOINED, BLOCKED, NOT_RECEIVED)  # nothing could come from them


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the active people of an OPD: how many there are, have received the week's item, and are in each
    group (by its name)."""

    people: int
    received: int
    groups: dict[str, int]

    def of(self, *groups: str) -> int:
        return sum(self.groups.get(group, 0) for group in groups)


def _received(release: Release) -> ColumnElement[bool]:
    card = aliased(Outbound)
    found = select(card.id).where(
        card.person_id == Person.id,
        card.part == CARD,
        card.release_id == release.id,
        card.status == outbox.SENT,
    )
    return found.correlate(Person).exists()


def _group(release: Release, now: datetime) -> ColumnElement[str]:
    account = select(Account.id).where(Account.person_id == Person.id, Account.status == ACTIVE)
    did = reminder_words.did
    return case(
        (did(release.week, *standings.COUNTED), PROVED),
        (did(release.week, standings.APPEALED), APPEALED),
        (breaks.resting(now, breaks.LEAVE), LEAVE),
        (Person.joined_at.is_(None), NOT_JOINED),
        (~account.correlate(Person).exists(), BLOCKED),
        (~_received(release), NOT_RECEIVED),
        (did(release.week, standings.CLAIMED), CLAIMED),
        else_=NOTHING,
    )


def _people(release: Release, opd: Opd, now: datetime) -> Any:
    return (
        select(
            Person.id.label("id"),
            Person.name.label("name"),
            _group(release, now).label("state"),
            _received(release).label("received"),
        )
        .where(Person.opd_id == opd.id, Person.active)
        .subquery("people")
    )


def counts(session: Session, release: Release, opd: Opd, now: datetime) -> Counts:
    """How many people of an OPD are in which group."""
    people = _people(release, opd, now).c
    rows = session.execute(
        select(people.state, func.count(), func.count().filter(people.received)).group_by(people.state)
    ).all()
    return Counts(sum(row[1] for row in rows), sum(row[2] for row in rows), {row[0]: row[1] for row in rows})


def page(
    session: Session,
    release: Release,
    opd: Opd,
    now: datetime,
    groups: tuple[str, ...],
    shown: int,
    size: int,
) -> list[tuple[str, str]]:
    """One page (from 0) of the people in some groups, by name: name and group. Never more than the name."""
    people = _people(release, opd, now).c
    rows = session.execute(
        select(people.name, people.state)
        .where(people.state.in_(groups))
        .order_by(people.name, people.id)
        .offset(shown * size)
        .limit(size)
    )
    return [(name, group) for name, group in rows]
