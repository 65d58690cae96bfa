"""A release as rows of the outbox: who of its audience has none yet, and all of theirs in one statement."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    Subquery,
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
    union_all,
)
from sqlalchemy.orm import Session, aliased

from models import base
from models.content import cards
from models.content.cards import ALBUM, CAPTION, CARD, PARTS, Traits
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people.people import Account, Person
from models.releases import audiences, memo

# What changes of a row when somebody who could not be reached can be.
_RENEWED = (
    "channel", "address", "body", "status", "reason", "error", "attempts", "due_at", "follows",
    "external_id", "delivery", "pieces",
)  # fmt: skip


def lacking(session: Session, release_id: int, plan: audiences.Plan) -> bool:
    """Whether anybody of the audience has no row yet, or can be reached who could not be before.

    It stops at the first of them; when there is none, which is nearly always, it costs a fraction of `fill`.
    """
    taking_part = (Person.active, Person.joined_at.is_not(None), audiences.has_item(plan))
    row = aliased(Outbound)
    card = and_(row.person_id == Person.id, row.part == CARD, row.release_id == release_id)
    # Two questions, since each is answered by an index alone: for those without a row no row is read, and
    # of those with one only the few are looked at that came to nothing.
    without = select(Person.id).where(*taking_part, ~select(row.id).where(card).correlate(Person).exists())
    if session.scalar(without.limit(1)) is not None:
        return True
    again = select(Person.id).join(row, card).where(*taking_part, _lost(row), audiences.reachable())
    return session.scalar(again.limit(1)) is not None


def fill(
    session: Session,
    release_id: int,
    plan: audiences.Plan,
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
        release_id,
        now,
        closes_at,
        audiences.item_of_person(own, provincial),
        _bodies(traits, province),
        albums,
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
    memo.forget(session)
    base.wake(session, "outbox")
    return sum(part == CARD for part in parts)


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
    people, parts = _people(release_id, item_of_person), _parts(with_albums=bool(albums))
    prefix = literal(f"release:{release_id}:person:", String) + cast(people.c.person_id, String)
    unreachable = people.c.account_id.is_(None)
    album = and_(~people.c.saver, people.c.item_id.in_(albums)) if albums else false()
    first = or_(parts.c.part == ALBUM, and_(parts.c.part == CARD, ~album))
    before = case((parts.c.part == CARD, ALBUM), else_=CARD)
    columns = outbox.selected(
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
    return (
        select(*columns)
        .select_from(people)
        .join(parts, literal(True))
        .outerjoin(Account, Account.id == people.c.account_id)
        .where(people.c.item_id.is_not(None), or_(parts.c.part != ALBUM, album))
        .order_by(people.c.person_id, parts.c.nth)
    )


def _people(release_id: int, item_of_person: Any) -> Subquery:
    """Everybody who takes part and is not served yet, with their item and the account to write to."""
    return (
        select(
            Person.id.label("person_id"),
            Person.opd_id.label("opd_id"),
            item_of_person.label("item_id"),
            Person.saver.label("saver"),
            audiences.account_of_person().label("account_id"),
        )
        .where(Person.active, Person.joined_at.is_not(None), ~_served(release_id))
        .subquery("people")
    )


def _parts(*, with_albums: bool) -> Subquery:
    """The messages that an item is sent as, in order."""
    return union_all(
        *(
            select(literal(nth, Integer).label("nth"), literal(part, String).label("part"))
            for nth, part in enumerate(PARTS)
            if part != ALBUM or with_albums
        )
    ).subquery("parts")


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
            or_(~_lost(row), ~audiences.reachable()),
        )
        .correlate(Person)
        .exists()
    )


def _bodies(traits: Sequence[Traits], province: str) -> Callable[[Any, Any], Any]:
    """The bodies of a release, by the row's person, item and part."""
    value = outbox.json_literal
    album = value({"text": "", "album": True})
    words = value(cards.caption(province).body())
    usual = value(cards.body(None, province))
    light = [(one.item_id, value(cards.body(one, province, saver=True))) for one in traits if one.heavy]
    own = [(one.item_id, value(cards.body(one, province))) for one in traits if not one.usual]

    def body(row: Any, part: Any) -> Any:
        return case(
            (part == CAPTION, words),
            (part == ALBUM, album),
            *((and_(row.saver, row.item_id == number), post) for number, post in light),
            *((row.item_id == number, post) for number, post in own),
            else_=usual,
        )

    return body
