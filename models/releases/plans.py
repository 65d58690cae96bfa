"""The plan of the coming weeks: what stands for which OPD in which week, and how an item changes its week."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from models.content import content, drafts, states, versions
from models.content.content import Item
from models.editorial import moves
from models.people import audit, people, roles
from models.people.people import Opd, Person
from models.programme import weeks
from models.programme.programme import Programme
from models.refused import Refused
from models.releases import releases, slots

AHEAD = 8  # weeks of a plan
EMPTY = "empty"
MOVABLE = (*states.OPEN_TO_AUTHOR, *states.WAITING, states.APPROVED)
# The nearer to its release the better: where several items are meant for a week, the first of these counts.
ORDER = (
    states.RELEASED,
    states.CLOSED,
    states.APPROVED,
    states.CONFIRMING,
    states.CHECKED,
    states.EDITED,
    states.SUBMITTED,
    states.RETURNED,
    states.DRAFT,
)
READY = (states.APPROVED, states.RELEASED, states.CLOSED)

Board = Mapping[tuple[int | None, str], "Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """What stands for an OPD in a week, the furthest first; `status` is that of the first, or "empty"."""

    items: tuple[Item, ...] = ()

    @property
    def status(self) -> str:
        return self.items[0].status if self.items else EMPTY

    @property
    def ready(self) -> bool:
        return self.status in READY


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a week cannot be had: a reason ("over", "released", "far", "here", "taken") and who has it."""

    why: str
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: the items with the weeks they came from, and which of them need a second approval."""

    items: tuple[tuple[Item, str], ...]
    locked: tuple[Item, ...] = field(default=())


def coming(session: Session, now: datetime, programme: Programme, number: int = AHEAD) -> list[str]:
    """The next weeks that can still be filled, the soonest first: the present one until it is released."""
    first = max(weeks.of(now, programme), programme.started)
    if not slots.is_open(session, first, now, programme):
        first = weeks.shift(first, 1)
    return [weeks.shift(first, nth) for nth in range(number)]


def board(session: Session, names: Collection[str], opd_ids: Iterable[int | None] | None = None) -> Board:
    """What stands where, by (OPD id, week); None is the province. Places without an item are left out.

    With `opd_ids` for those alone, else for everybody.
    """
    chosen = (
        select(Item)
        .where(Item.week.in_(names), Item.status.in_(ORDER), Item.urgent.is_(False))
        .options(joinedload(Item.author))
        .order_by(Item.id)
    )
    if opd_ids is not None:
        chosen = chosen.where(_of(opd_ids))
    found: defaultdict[tuple[int | None, str], list[Item]] = defaultdict(list)
    for item in session.scalars(chosen):
        found[item.opd_id, item.week].append(item)
    return {
        key: Place(tuple(sorted(items, key=lambda item: ORDER.index(item.status))))
        for key, items in found.items()
    }


def without_week(session: Session, opd_ids: Iterable[int | None] | None = None) -> list[Item]:
    """Drafts whose week nobody chose yet, the newest first: the week is what is asked last."""
    chosen = select(Item).where(Item.week == "", Item.status.in_(states.OPEN_TO_AUTHOR))
    if opd_ids is not None:
        chosen = chosen.where(_of(opd_ids))
    return list(session.scalars(chosen.order_by(Item.updated_at.desc(), Item.id.desc())))


def _of(opd_ids: Iterable[int | None]) -> ColumnElement[bool]:
    wanted = list(opd_ids)
    some = Item.opd_id.in_([opd_id for opd_id in wanted if opd_id is not None])
    return or_(some, Item.opd_id.is_(None)) if None in wanted else some


def ready(board_: Board, opds: Collection[Opd], week: str) -> int:
    """How many of these OPD have an approved or released item for a week."""
    return sum(board_.get((opd.id, week), Place()).ready for opd in opds)


def fingerprint(board_: Board, opds: Collection[Opd]) -> str:
    """A short name of a board as it stands: whatever is made of it needs making again when this changes."""
    told = [
        (opd_id or 0, week, [(item.id, item.status, item.updated_at.isoformat()) for item in place.items])
        for (opd_id, week), place in board_.items()
    ]
    everybody = [(opd.id, opd.code, opd.name) for opd in opds]
    return hashlib.sha256(repr((sorted(told), everybody)).encode()).hexdigest()[:16]


def begun(session: Session, author: Person, opd_id: int | None, week: str) -> Item | None:
    """The own open draft of somebody for a week, where they began one before."""
    return session.scalar(
        select(Item)
        .where(
            _of([opd_id]),
            Item.author_id == author.id,
            Item.week == week,
            Item.status.in_(states.OPEN_TO_AUTHOR),
        )
        .order_by(Item.id.desc())
        .limit(1)
    )


def start(
    session: Session, author: Person, opd_id: int | None, week: str, now: datetime, programme: Programme
) -> Item:
    """A draft for a week, new or the one that its author has begun for it before.

    Raises Refused when the week is over, released, or has an approved item.
    """
    if (found := begun(session, author, opd_id, week)) is not None:
        return found
    slots.require_open(session, week, now, programme)
    item = drafts.start(session, author, opd_id, now, programme.provincial_opd)
    drafts.plan(session, item, week, now, author)
    return item


# -- moving ------------------------------------------------------------------------------------


def may_plan(session: Session, person: Person, opd_id: int | None, programme: Programme) -> bool:
    """Whether somebody may move the items of an OPD (None: those of the province) to other weeks."""
    if opd_id is not None:
        return roles.may(session, person, "plan", opd_id)
    homes = roles.agencies(session, person, "plan") if person.active else []
    team = people.opd(session, programme.provincial_opd)
    return homes is None or (team is not None and team.id in homes)


def conflict(session: Session, item: Item, week: str, now: datetime, programme: Programme) -> Conflict | None:
    """What stands in the way of an item that is to go to a week; None where nothing does."""
    if week == item.week:
        return Conflict("here")
    if releases.of_week(session, week) is not None:
        return Conflict("released")
    if week < programme.started or now >= weeks.closing(week, programme):
        return Conflict("over")
    if week not in coming(session, now, programme):
        return Conflict("far")
    other = content.planned(session, item.opd_id, week)
    if other is not None and other.id not in (item.id, item.replaces_id):
        return Conflict("taken", other)
    return None


def in_election(week: str, programme: Programme) -> bool:
    """Whether what is out in a week would be out in the time of an election."""
    return moves.locked(Item(week=week), programme, weeks.opening(week, programme))


def require(session: Session, item: Item, by: Person, programme: Programme) -> None:
    """Raises Refused unless this person may move this item as it stands."""
    if not may_plan(session, by, item.opd_id, programme):
        raise Refused("roles.may_not")
    if item.status not in MOVABLE or item.urgent:
        status = {"text": f"browsing.status_{item.status}"}
        raise Refused("planning.not_movable", id=item.id, status=status)


def move(session: Session, item: Item, week: str, by: Person, now: datetime, programme: Programme) -> Moved:
    """Gives an item another week, in any state before its release; an audit row says from where to where.

    An approved item that comes into the time of an election waits for a second controller again. Raises
    Refused when the person may not, or something stands in the way (see `conflict`).
    """
    moves.hold(session, item)
    require(session, item, by, programme)
    found = conflict(session, item, week, now, programme)
    if found is not None:
        raise refused(found, item, week)
    before = item.week
    try:
        with session.begin_nested():
            _put(session, item, week, now)
    except IntegrityError:
        # Another item was approved for that week in the same moment: `uq_item_planned`.
        session.refresh(item)
        taken = Conflict("taken", content.planned(session, item.opd_id, week))
        raise refused(taken, item, week) from None
    _note(session, item, before, by, now)
    return Moved(((item, before),), _locked_up(session, now, programme))


def swap(
    session: Session,
    item: Item,
    other: Item,
    expected: tuple[str, str],
    by: Person,
    now: datetime,
    programme: Programme,
) -> Moved:
    """Two approved items of one OPD change their weeks; `expected` are the weeks that were shown.

    Raises Refused when one of them is not approved any more, stands in another week than was shown (a
    button pressed twice would undo it), or a week is over or released.
    """
    for one in sorted((item, other), key=lambda one: one.id):  # always in this order: no deadlock
        moves.hold(session, one)
        require(session, one, by, programme)
    same = item.opd_id == other.opd_id and item.id != other.id
    if not same or {item.status, other.status} != {states.APPROVED} or (item.week, other.week) != expected:
        raise Refused("planning.swap_changed")
    for week in expected:
        slots.require_open(session, week, now, programme)
    # One after the other would meet the unique index: the first steps aside to a week that is none.
    _put(session, item, f"#{item.id}", now)
    _put(session, other, expected[0], now)
    item.week = expected[1]
    session.flush()
    for one, before in ((item, expected[0]), (other, expected[1])):
        versions.keep(session, one, now)
        _note(session, one, before, by, now)
    return Moved(((item, expected[0]), (other, expected[1])), _locked_up(session, now, programme))


def _put(session: Session, item: Item, week: str, now: datetime) -> None:
    """Sets the week. What waits or was approved is another text now: who was shown the old one cannot
    decide on it, and it is frozen as it is."""
    item.week, item.updated_at = week, now
    if item.status not in states.OPEN_TO_AUTHOR:
        item.edits += 1
    session.flush()
    if item.status not in states.OPEN_TO_AUTHOR and not week.startswith("#"):
        versions.keep(session, item, now)


def _note(session: Session, item: Item, before: str, by: Person, now: datetime) -> None:
    audit.record(
        session,
        now,
        "replan",
        "item",
        item.id,
        by=by.id,
        before=item.status,  # it stays where it was on its way
        after=item.status,
        was=before,
        week=item.week,
        version=item.version,
    )
    session.flush()


def _locked_up(session: Session, now: datetime, programme: Programme) -> tuple[Item, ...]:
    return tuple(moves.lock_up(session, now, programme)) if programme.election else ()


def refused(found: Conflict, item: Item, week: str) -> Refused:
    """What to say of a conflict."""
    if found.item is None:
        return Refused(f"planning.week_{found.why}", week=week, id=item.id)
    return Refused("planning.week_taken", week=week, id=found.item.id, title=found.item.title)
