"""Items as somebody sees them: the own drafts, the queue of a reviewer, the items of an OPD."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from models.content import content, reviews, states
from models.content.content import Item
from models.content.reviews import Review
from models.people import authors, roles
from models.people.audit import Entry
from models.people.people import Opd, Person
from models.people.roles import Role
from models.programme.programme import Programme
from models.refused import Refused

PAGE = 8
LATEST = 5  # on a page with three ways to search below it: a list of WhatsApp has ten lines


def drafts(session: Session, author: Person) -> Sequence[Item]:
    """What a person has begun or got back: what was returned first, then the newest."""
    return session.scalars(
        select(Item)
        .where(Item.author_id == author.id, Item.status.in_(states.OPEN_TO_AUTHOR))
        .order_by(Item.status != states.RETURNED, Item.updated_at.desc(), Item.id.desc())
    ).all()


def to_review(session: Session, reviewer: Person, programme: Programme) -> Sequence[Item]:
    """What waits for a step that this person may take, never their own, nor what they had in their hands
    before: the next week first."""
    return session.scalars(
        select(Item)
        .where(
            or_(*_stages(session, reviewer, programme)),
            Item.author_id != reviewer.id,
            ~_had(reviewer),
        )
        .order_by(Item.week, Item.submitted_at, Item.id)
    ).all()


def _stages(session: Session, reviewer: Person, programme: Programme) -> list[Any]:
    """The items that wait for what a person may do, by what that is."""
    stages: list[Any] = [false()]
    if not reviewer.active:
        return stages
    if homes := roles.agencies(session, reviewer, "edit"):
        stages.append(and_(Item.status == states.SUBMITTED, Item.opd_id.in_(homes)))
    if authors.may_edit(session, reviewer, None, programme.provincial_opd):
        stages.append(and_(Item.status == states.SUBMITTED, Item.opd_id.is_(None)))
    if roles.may(session, reviewer, "check"):
        stages.append(Item.status == states.EDITED)
    if roles.may(session, reviewer, "approve"):
        stages.append(Item.status.in_((states.CHECKED, states.CONFIRMING)))
    return stages


def _had(reviewer: Person) -> Any:
    """Whether somebody had the present version of an Item in their hands, as `moves.require_step` sees it."""
    return (
        select(Review.id)
        .where(
            Review.item_id == Item.id,
            Review.version == Item.version,
            Review.person_id == reviewer.id,
            or_(Item.status != states.SUBMITTED, Review.act != reviews.AMEND),
        )
        .correlate(Item)
        .exists()
    )


def own_waiting(session: Session, author: Person) -> int:
    """How many items of this person wait for the decision of somebody else."""
    waiting = (Item.status.in_(states.WAITING), Item.author_id == author.id)
    return session.scalar(select(func.count()).select_from(Item).where(*waiting)) or 0


def _seen_by(session: Session, person: Person, provincial: str = "") -> Any:
    """Items that a person may see with their history: those of their team, or all. The team of the OPD
    with the code `provincial` sees those of the province, too."""
    if roles.may(session, person, "oversee"):
        return Item.id.is_not(None)
    teams = select(Role.opd_id).where(
        Role.person_id == person.id, Role.role.in_(roles.CAPABILITIES["submit"])
    )
    seen = [Item.author_id == person.id, Item.opd_id.in_(teams)]
    if provincial and authors.may_write(session, person, None, provincial):
        seen.append(Item.opd_id.is_(None))
    return or_(*seen)


def latest(
    session: Session, person: Person, page: int = 0, provincial: str = ""
) -> tuple[Sequence[Item], int]:
    """The items that a person may see, the newest change first: one page, and how many there are."""
    found = select(Item).where(Item.status != states.DROPPED, _seen_by(session, person, provincial))
    return _page(session, found.order_by(Item.updated_at.desc(), Item.id.desc()), page, LATEST)


def may_see(session: Session, person: Person, item: Item, provincial: str = "") -> bool:
    """Whether somebody may see an item with its history."""
    found = select(Item.id).where(Item.id == item.id, _seen_by(session, person, provincial))
    return session.scalar(found) is not None


def visible(session: Session, person: Person, item_id: int, provincial: str = "") -> Item:
    """One item that a person may see. Raises the same Refused whether it is hidden or not there."""
    item = session.scalar(select(Item).where(Item.id == item_id, _seen_by(session, person, provincial)))
    if item is None:
        raise Refused("browsing.unknown", id=item_id)
    return item


def others(
    session: Session, person: Person, week: str, name: str = "", page: int = 0
) -> tuple[Sequence[Item], int]:
    """Released items of a week that a person did not get, of OPD with `name` in their name or code.

    One page by OPD, the provincial item first, and how many there are.
    """
    mine = received(session, person, week)
    found = (
        select(Item)
        .outerjoin(Opd, Opd.id == Item.opd_id)
        .where(Item.week == week, Item.status == states.RELEASED)
        .order_by(Item.opd_id.is_not(None), Opd.name, Item.id)
    )
    if mine is not None:
        found = found.where(Item.id != mine.id)
    if name := name.strip().lower():
        named = func.lower(Opd.name).contains(name, autoescape=True)
        found = found.where(or_(named, func.lower(Opd.code) == name))
    return _page(session, found, page)


def received(session: Session, person: Person, week: str) -> Item | None:
    """The released item of a week that is meant for a person: of their OPD, else the provincial one."""
    for opd_id in (person.opd_id, None):
        item = content.planned(session, opd_id, week)
        if item is not None and item.status == states.RELEASED:
            return item
    return None


def released(session: Session, item_id: int, week: str) -> Item:
    """An item that everybody may see and share this week. Raises Refused for any other."""
    item = session.get(Item, item_id)
    if item is None or item.status != states.RELEASED or item.week != week:
        raise Refused("browsing.gone")
    return item


def entries(session: Session, item: Item) -> Sequence[Entry]:
    """The audit rows of an item, in order."""
    chosen = select(Entry).where(Entry.subject == "item", Entry.subject_id == str(item.id))
    return session.scalars(chosen.order_by(Entry.id)).all()


def history(session: Session, item: Item) -> list[tuple[Entry, str]]:
    """What happened to an item, in order, with the name of whoever did it ("" for the program)."""
    rows = session.execute(
        select(Entry, Person.name)
        .outerjoin(Person, Person.id == Entry.actor_id)
        .where(Entry.subject == "item", Entry.subject_id == str(item.id))
        .order_by(Entry.id)
    )
    return [(entry, name or "") for entry, name in rows]


def _page(session: Session, found: Select[Item], page: int, size: int = PAGE) -> tuple[Sequence[Item], int]:
    total = session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    return session.scalars(found.offset(page * size).limit(size)).all(), total
