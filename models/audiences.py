"""Who gets which item of a week: the audience of a release, as rows of the outbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from models import base, cards, outbox, states
from models.cards import ALBUM, CAPTION, CARD, Traits, caption
from models.content import Item
from models.outbox import Outbound
from models.people import ACTIVE, Account, Person

__all__ = ["ALBUM", "CAPTION", "CARD", "caption"]
PARTS = (ALBUM, CARD, CAPTION)
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


def _item_of_person(own: dict[int, int], provincial: int | None) -> Any:
    fallback = literal(provincial, Integer) if provincial is not None else null()
    return case(own, value=Person.opd_id, else_=fallback) if own else cast(fallback, Integer)


def account_of_person() -> Any:
    """The account that somebody is written to; the preferred channel sorts first."""
    return (
        select(func.min(Account.id))
        .where(Account.person_id == Person.id, Account.status == ACTIVE)
        .correlate(Person)
        .scalar_subquery()
    )


def _reachable() -> Any:
    """Whether there is an account that a Person can be written to."""
    account = select(Account.id).where(Account.person_id == Person.id, Account.status == ACTIVE)
    return account.correlate(Person).exists()


def _has_item(plan: Plan) -> Any:
    """Whether there is an item for a Person."""
    own, provincial = plan
    return true() if provincial is not None else Person.opd_id.in_(list(own))


def measure(session: Session, week: str) -> Audience:
    """What a release of the week would reach now."""
    return measure_plan(session, items(session, week))


def measure_plan(session: Session, plan: Plan) -> Audience:
    """What a release of these items would reach now."""
    has_item = _has_item(plan)
    joined = and_(Person.active, Person.joined_at.is_not(None))
    row = session.execute(
        select(
            func.count().filter(and_(joined, has_item)),
            func.count().filter(and_(joined, has_item, _reachable())),
            func.count().filter(joined),
            func.count(),
        ).where(Person.active)
    ).one()
    people, reachable, all_joined, roster = row
    channels = session.execute(
        select(Account.channel, func.count())
        .join(Person, Account.id == account_of_person())
        .where(joined, has_item)
        .group_by(Account.channel)
        .order_by(Account.channel)
    )
    return Audience(
        people,
        reachable,
        people - reachable,
        all_joined - people,
        roster,
        {channel: number for channel, number in channels},
    )


def lacking(session: Session, release_id: int, plan: Plan) -> bool:
    """Whether anybody of the audience has no row yet, or can be reached who could not be before.

    It stops at the first of them; when there is none, which is nearly always, it costs a fraction of `fill`.
    """
    taking_part = (Person.active, Person.joined_at.is_not(None), _has_item(plan))
    row = aliased(Outbound)
    card = and_(row.person_id == Person.id, row.part == CARD, row.release_id == release_id)
    # Two questions, since each is answered by an index alone: for those without a row no row is read, and
    # of those with one only the few are looked at that came to nothing.
    without = select(Person.id).where(*taking_part, ~select(row.id).where(card).correlate(Person).exists())
    if session.scalar(without.limit(1)) is not None:
        return True
    again = select(Person.id).join(row, card).where(*taking_part, _lost(row), _reachable())
    return session.scalar(again.limit(1)) is not None


def fill(
    session: Session,
    release_id: int,
    plan: Plan,
    now: datetime,
    closes_at: datetime,
    province: str,
    person_id: int | None = None,
) -> int:
    """Queues the rows of everybody in the audience who has none yet; how many people those are.

    Repeating it adds nothing. Somebody who could not be reached before and can be now is queued.
    `province` is the short name in the line by which a civil servant makes known to be one. With
    `person_id` it looks at that person alone.
    """
    own, provincial = plan
    if not own and provincial is None:
        return 0
    traits = cards.of(session, {*own.values(), provincial})
    albums = [one.item_id for one in traits if one.album]
    rows = _rows(
        release_id, now, closes_at, _item_of_person(own, provincial), _bodies(traits, province), albums
    )
    if person_id is not None:
        rows = rows.where(text("people.person_id = :only").bindparams(only=person_id))
    table = Outbound.__table__
    columns = [column.name for column in rows.selected_columns]
    statement = base.insert(session, Outbound).from_select(columns, rows)
    excluded = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["key"],
        set_={name: excluded[name] for name in _RENEWED},
        where=and_(_lost(table.c), excluded.status != outbox.SKIPPED),
    )
    parts = session.scalars(statement.returning(Outbound.part)).all()
    base.wake(session, "outbox")
    return sum(part == CARD for part in parts)


# What changes of a row when somebody who could not be reached can be.
_RENEWED = ("channel", "address", "body", "status", "reason", "error", "attempts", "due_at", "follows")


def _lost(row: Any) -> Any:
    """Whether a row came to nothing because nobody could be reached: out of reach, or blocked."""
    ended = row.status.in_((outbox.SKIPPED, outbox.FAILED, outbox.CANCELLED))  # by which an index finds them
    return and_(ended, or_(row.status == outbox.SKIPPED, row.reason == "blocked"))


def _rows(
    release_id: int,
    now: datetime,
    closes_at: datetime,
    item_of_person: Any,
    body: Callable[[Any, Any], Any],
    albums: Sequence[int],
) -> Select[Any]:
    """A card and a caption for everybody of the audience, person by person, as rows of the outbox.

    Before the card of an item with an album goes the album, unless the person saves data: it has no place
    for buttons.
    """
    people = (
        select(
            Person.id.label("person_id"),
            Person.opd_id.label("opd_id"),
            item_of_person.label("item_id"),
            Person.saver.label("saver"),
            account_of_person().label("account_id"),
        )
        .where(Person.active, Person.joined_at.is_not(None), ~_served(release_id))
        .subquery("people")
    )
    parts = union_all(
        *(
            select(literal(nth, Integer).label("nth"), literal(part, String).label("part"))
            for nth, part in enumerate(PARTS)
            if part != ALBUM or albums
        )
    ).subquery("parts")
    prefix = literal(f"release:{release_id}:person:", String) + cast(people.c.person_id, String)
    unreachable = people.c.account_id.is_(None)
    album = and_(~people.c.saver, people.c.item_id.in_(albums)) if albums else false()
    first = or_(parts.c.part == ALBUM, and_(parts.c.part == CARD, ~album))
    before = case((parts.c.part == CARD, ALBUM), else_=CARD)
    return (
        select(
            *outbox.selected(
                now,
                key=prefix + ":" + parts.c.part,
                channel=func.coalesce(Account.channel, ""),
                address=func.coalesce(Account.address, ""),
                body=body(people.c, parts.c.part),
                follows=case((first, null()), else_=prefix + ":" + before),
                part=parts.c.part,
                person_id=people.c.person_id,
                opd_id=people.c.opd_id,
                release_id=release_id,
                item_id=people.c.item_id,
                status=case((unreachable, outbox.SKIPPED), (first, outbox.QUEUED), else_=outbox.WAITING),
                reason=case((unreachable, "unreachable"), else_=""),
                expires_at=closes_at,
            )
        )
        .select_from(people)
        .join(parts, literal(True))
        .outerjoin(Account, Account.id == people.c.account_id)
        .where(people.c.item_id.is_not(None), or_(parts.c.part != ALBUM, album))
        .order_by(people.c.person_id, parts.c.nth)
    )


def _served(release_id: int) -> Any:
    """Whether a person has a row of the release, which did not come to nothing for want of a way, or still
    has none: there is nothing to do for them then."""
    row = aliased(Outbound)
    return (
        select(row.id)
        .where(
            row.person_id == Person.id,
            row.part == CARD,
            row.release_id == release_id,
            or_(~_lost(row), ~_reachable()),
        )
        .correlate(Person)
        .exists()
    )


def _bodies(traits: Sequence[Traits], province: str) -> Callable[[Any, Any], Any]:
    """The bodies of a release, by the row's person, item and part."""
    album = json_literal({"text": "", "album": True})
    words = json_literal(caption(province).body())
    usual = json_literal(cards.body(None, province))
    light = [
        (one.item_id, json_literal(cards.body(one, province, saver=True))) for one in traits if one.heavy
    ]
    own = [(one.item_id, json_literal(cards.body(one, province))) for one in traits if not one.usual]

    def body(row: Any, part: Any) -> Any:
        return case(
            (part == CAPTION, words),
            (part == ALBUM, album),
            *((and_(row.saver, row.item_id == number), post) for number, post in light),
            *((row.item_id == number, post) for number, post in own),
            else_=usual,
        )

    return body


def json_literal(body: dict[str, Any]) -> Any:
    """A body as a value inside an INSERT … SELECT."""
    return literal(body, Outbound.body.type)


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
    item = _item_of_person(own, provincial)
    rows = session.execute(
        select(item.label("item_id"), func.count())
        .select_from(Person)
        .join(Account, Account.id == account_of_person())
        .where(Person.active, Person.joined_at.is_not(None), Person.saver.is_(False), item.in_(list(sizes)))
        .group_by("item_id")
    )
    return sum(sizes[item_id] * people for item_id, people in rows)
