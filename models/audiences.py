"""Who gets which item of a week: the audience of a release, as rows of the outbox."""

from collections.abc import Callable, Iterable, Sequence
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
    func,
    literal,
    null,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from models import base, outbox, states
from models.content import Item
from models.outbox import Outbound
from models.people import ACTIVE, Account, Person
from models.post import Button, Post

CARD, CAPTION = "card", "caption"


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
        select(Item.opd_id, Item.id).where(Item.week == week, Item.status.in_(statuses)).order_by(Item.id)
    ).all()
    own = {opd_id: item_id for opd_id, item_id in rows if opd_id is not None}
    return own, next((item_id for opd_id, item_id in rows if opd_id is None), None)


def _item_of_person(own: dict[int, int], provincial: int | None) -> Any:
    fallback = literal(provincial, Integer) if provincial is not None else null()
    return case(own, value=Person.opd_id, else_=fallback) if own else cast(fallback, Integer)


def _account_of_person() -> Any:
    """The account that somebody is written to; the preferred channel sorts first."""
    return (
        select(func.min(Account.id))
        .where(Account.person_id == Person.id, Account.status == ACTIVE)
        .correlate(Person)
        .scalar_subquery()
    )


def measure(session: Session, week: str) -> Audience:
    """What a release of the week would reach now."""
    own, provincial = items(session, week)
    has_item = (
        Person.id.is_not(None)
        if provincial is not None
        else Person.opd_id.in_(list(own))
        if own
        else text("1=0")
    )
    joined = and_(Person.active, Person.joined_at.is_not(None))
    reached = (
        select(Account.id).where(Account.person_id == Person.id, Account.status == ACTIVE).correlate(Person)
    ).exists()
    row = session.execute(
        select(
            func.count().filter(and_(joined, has_item)),
            func.count().filter(and_(joined, has_item, reached)),
            func.count().filter(joined),
            func.count(),
        ).where(Person.active)
    ).one()
    people, reachable, all_joined, roster = row
    channels = session.execute(
        select(Account.channel, func.count())
        .join(Person, Account.id == _account_of_person())
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


def fill(
    session: Session,
    release_id: int,
    week: str,
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
    own, provincial = items(session, week)
    if not own and provincial is None:
        return 0
    body = _bodies(session, {*own.values(), provincial} - {None}, province)
    rows = _rows(release_id, now, closes_at, _item_of_person(own, provincial), body)
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
    blocked = and_(row.status.in_((outbox.FAILED, outbox.CANCELLED)), row.reason == "blocked")
    return or_(row.status == outbox.SKIPPED, blocked)


def _rows(
    release_id: int, now: datetime, closes_at: datetime, item_of_person: Any, body: Callable[[Any, Any], Any]
) -> Select[Any]:
    """A card and a caption for everybody of the audience, person by person, as rows of the outbox."""
    people = (
        select(
            Person.id.label("person_id"),
            Person.opd_id.label("opd_id"),
            item_of_person.label("item_id"),
            Person.saver.label("saver"),
            _account_of_person().label("account_id"),
        )
        .where(Person.active, Person.joined_at.is_not(None), ~_served(release_id))
        .subquery("people")
    )
    parts = union_all(
        select(literal(0, Integer).label("nth"), literal(CARD, String).label("part")),
        select(literal(1, Integer), literal(CAPTION, String)),
    ).subquery("parts")
    prefix = literal(f"release:{release_id}:person:", String) + cast(people.c.person_id, String)
    unreachable = people.c.account_id.is_(None)
    first = parts.c.part == CARD
    return (
        select(
            *outbox.selected(
                now,
                key=prefix + ":" + parts.c.part,
                channel=func.coalesce(Account.channel, ""),
                address=func.coalesce(Account.address, ""),
                body=body(people.c, first),
                follows=case((first, null()), else_=prefix + ":" + CARD),
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
        .where(people.c.item_id.is_not(None))
        .order_by(people.c.person_id, parts.c.nth)
    )


def _served(release_id: int) -> Any:
    """Whether a person has a row of the release that did not come to nothing for want of a way."""
    row = aliased(Outbound)
    return (
        select(row.id)
        .where(
            row.person_id == Person.id,
            row.part == CARD,
            row.release_id == release_id,
            ~_lost(row),
        )
        .correlate(Person)
        .exists()
    )


def _bodies(session: Session, item_ids: Iterable[int | None], province: str) -> Callable[[Any, Any], Any]:
    """The bodies of card and caption, by the row's person and item: who saves data asks for the media."""
    heavy = list(session.scalars(select(Item.id).where(Item.id.in_(item_ids), Item.media_id.is_not(None))))
    saved = [
        (heavy_id, json_literal({**card(media=heavy_id).body(), "params": {"province": province}}))
        for heavy_id in heavy
    ]
    full = json_literal({**card().body(), "params": {"province": province}, "with_media": True})
    words = json_literal(caption(province).body())

    def body(row: Any, first: Any) -> Any:
        light = [(and_(first, row.saver, row.item_id == heavy_id), post) for heavy_id, post in saved]
        return case(*light, (first, full), else_=words)

    return body


def json_literal(body: dict[str, Any]) -> Any:
    """A body as a value inside an INSERT … SELECT."""
    return literal(body, Outbound.body.type)


def card(*, media: int | None = None) -> Post:
    """The card of an item: the item's fields and `province` are its parameters.

    `media` is the item whose picture is sent on request only ("hemat data").
    """
    rows = [
        [Button("sharing.button_shared", "share.done")],
        [Button("sharing.button_other_opd", "content.others"), Button("sharing.button_saver", "saver")],
    ]
    if media is not None:
        rows.insert(1, [Button("sharing.button_media", f"share.media:{media}")])
    return Post("sharing.card", buttons=rows)


def caption(province: str) -> Post:
    """The words to copy, as a message of their own."""
    return Post("sharing.caption", params={"province": province})


def seconds(people: int, per_second: float) -> timedelta:
    """How long a release takes at a channel's limit: two messages for each person."""
    return timedelta(seconds=2 * people / per_second)
