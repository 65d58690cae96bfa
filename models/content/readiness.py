"""Which OPD have an item of their own, and what still waits for a decision: one read, for the figures of a
week and for whoever looks ahead."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from models.content.content import Item
from models.content.states import CLOSED, PLANNED, WAITING
from models.people.people import Opd


class Standing(NamedTuple):
    """Where an item stands. `opd_id` is None for a provincial one; `urgent` ones belong to no week."""

    week: str
    status: str
    opd_id: int | None
    urgent: bool


_ITEMS = select(Item.week, Item.status, Item.opd_id, Item.urgent).where(
    or_(
        and_(
            Item.status.in_((*PLANNED, CLOSED)),
            Item.week.in_(bindparam("weeks", expanding=True)),
        ),
        Item.status.in_(WAITING),
    )
)


def of(session: Session, *weeks: str) -> Sequence[Standing]:
    """The items of these weeks that are planned, out or over, and all that wait for a decision."""
    return [Standing(*row) for row in session.execute(_ITEMS, {"weeks": weeks})]


def own_items(items: Iterable[Standing], week: str) -> set[int]:
    """The OPD, by id, that had an item of their own in a week, running or over."""
    return _opd(items, week, (*PLANNED, CLOSED))


def ready(items: Iterable[Standing], week: str) -> set[int]:
    """The OPD, by id, that have a planned item of their own for a week."""
    return _opd(items, week, PLANNED)


def _opd(items: Iterable[Standing], week: str, states: Iterable[str]) -> set[int]:
    """Those with an item of a week that is in one of these states."""
    return {
        item.opd_id
        for item in items
        if item.opd_id is not None and item.week == week and item.status in states and not item.urgent
    }


def lacking(session: Session, week: str) -> list[Opd]:
    """The OPD that have no planned item for a week, by name."""
    have = ready(of(session, week), week)
    return list(session.scalars(select(Opd).where(Opd.id.not_in(have)).order_by(Opd.name)))


def waiting(items: Iterable[Standing]) -> dict[str, int]:
    """How many items wait for somebody's decision now, by the state in which they wait."""
    found: dict[str, int] = {}
    for item in items:
        if item.status in WAITING:
            found[item.status] = found.get(item.status, 0) + 1
    return found
