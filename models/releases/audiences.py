"""Who gets which item of a week: the audience of a release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, literal, null, select, true
from sqlalchemy.orm import Session

from models.content import cards, states
from models.content.content import Item
from models.people.people import ACTIVE, Account, Person
from models.whatsapp import windows

Plan = tuple[dict[int, int], int | None]  # OPD id → item id, and the provincial item


@dataclass(frozen=True, slots=True)
class Audience:
    """Who would get something: people who joined and have an item, those out of reach, and the rest.

    `channels` says how many of the reachable are written to on which channel.
    """

    people: int
    reachable: int
    unreachable: int
    without_item: int
    roster: int
    channels: dict[str, int]

    @property
    def not_joined(self) -> int:
        return self.roster - self.people - self.without_item


def items(
    session: Session, week: str, statuses: Sequence[str] = states.PLANNED
) -> tuple[dict[int, int], int | None]:
    """The items of a week (planned, unless said otherwise): OPD id → item id, and the provincial one."""
    rows = session.execute(
        select(Item.opd_id, Item.id)
        .where(Item.week == week, Item.status.in_(statuses), Item.urgent.is_(False))
        .order_by(Item.id)
    ).all()
    own = {opd_id: item_id for opd_id, item_id in rows if opd_id is not None}
    return own, next((item_id for opd_id, item_id in rows if opd_id is None), None)


def of_item(item: Item) -> Plan:
    """The same for one item alone: its OPD gets it, or everybody where it is provincial."""
    return ({}, item.id) if item.opd_id is None else ({item.opd_id: item.id}, None)


def item_of_person(own: dict[int, int], provincial: int | None) -> Any:
    """The id of the item for a Person, NULL where there is none."""
    fallback = literal(provincial, Integer) if provincial is not None else null()
    return case(own, value=Person.opd_id, else_=fallback) if own else cast(fallback, Integer)


def account_of_person() -> Any:
    """The account that a Person is written to, as `people.reachable` finds it."""
    # Not by one ORDER BY: SQLite finds no column of the outer statement there.
    own = select(Account.id).where(Account.person_id == Person.id, Account.status == ACTIVE).limit(1)
    chosen = own.where(Account.channel == Person.preferred).order_by(Account.id)
    first = own.order_by(Account.channel, Account.id)
    return func.coalesce(
        chosen.correlate(Person).scalar_subquery(), first.correlate(Person).scalar_subquery()
    )


def reachable() -> Any:
    """Whether there is an account that a Person can be written to."""
    account = select(Account.id).where(Account.person_id == Person.id, Account.status == ACTIVE)
    return account.correlate(Person).exists()


def has_item(plan: Plan) -> Any:
    """Whether there is an item for a Person."""
    own, provincial = plan
    return true() if provincial is not None else Person.opd_id.in_(list(own))


def measure(session: Session, week: str) -> Audience:
    """What a release of the week would reach now."""
    return measure_plan(session, items(session, week))


def measure_plan(session: Session, plan: Plan) -> Audience:
    """What a release of these items would reach now."""
    with_item = has_item(plan)
    joined = and_(Person.active, Person.joined_at.is_not(None))
    row = session.execute(
        select(
            func.count().filter(and_(joined, with_item)),
            func.count().filter(and_(joined, with_item, reachable())),
            func.count().filter(joined),
            func.count(),
        ).where(Person.active)
    ).one()
    people, in_reach, all_joined, roster = row
    channels = session.execute(
        select(Account.channel, func.count())
        .join(Person, Account.id == account_of_person())
        .where(joined, with_item)
        .group_by(Account.channel)
        .order_by(Account.channel)
    )
    return Audience(
        people,
        in_reach,
        people - in_reach,
        all_joined - people,
        roster,
        {channel: number for channel, number in channels},
    )


def seconds(people: int, per_second: float, album: int = 0) -> timedelta:
    """How long a release takes at a channel's limit: two messages for each person, and `album` further ones
    in all for the pictures of albums."""
    return timedelta(seconds=(2 * people + album) / per_second)


def pictures(session: Session, plan: Plan) -> int:
    """How many pictures of albums a release of these items sends, each of which counts as a message."""
    own, provincial = plan
    sizes = cards.album_sizes(session, {*own.values(), provincial})
    if not sizes:
        return 0
    item = item_of_person(own, provincial)
    rows = session.execute(
        select(item.label("item_id"), func.count())
        .select_from(Person)
        .join(Account, Account.id == account_of_person())
        .where(Person.active, Person.joined_at.is_not(None), Person.saver.is_(False), item.in_(list(sizes)))
        .group_by("item_id")
    )
    return sum(sizes[item_id] * people for item_id, people in rows)


def asked_first(session: Session, plan: Plan, now: datetime) -> int:
    """How many of the audience of these items are on WhatsApp and have to be asked first."""
    chosen = (
        select(func.count())
        .select_from(Person)
        .join(Account, Account.id == account_of_person())
        .where(Person.active, Person.joined_at.is_not(None), has_item(plan), windows.closed(now))
    )
    return session.scalar(chosen) or 0
