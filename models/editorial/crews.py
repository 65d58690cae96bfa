"""Who may take the next step with items that wait: asked for one item, or for all of them at once."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.content import reviews
from models.content.content import Item
from models.content.reviews import Review
from models.content.states import REVIEWERS, SUBMITTED
from models.people import people, roles
from models.people.people import Person
from models.people.roles import Role
from models.programme.programme import Programme

_Holder = tuple[str, int | None, Person]


def of(session: Session, items: Collection[Item], programme: Programme) -> Mapping[int, list[Person]]:
    """Item id → the people who may take the next step with it, by id; none where it waits for nobody.

    The author is never among them, nor whoever had this version in their hands before: but an editor who
    changed a submitted item may still pass it on. It takes the same few queries for however many items.
    """
    waiting = [item for item in items if item.status in REVIEWERS]
    found: dict[int, list[Person]] = {item.id: [] for item in items}
    if not waiting:
        return found
    team = people.opd(session, programme.provincial_opd) if programme.provincial_opd else None
    province = team.id if team else None
    holders = _holders(session, waiting, province)
    hands = _hands(session, waiting)
    for item in waiting:
        out = hands.get(item.id, set()) | {item.author_id}
        fit = {person.id: person for role, opd_id, person in holders if _fits(item, role, opd_id, province)}
        found[item.id] = [fit[number] for number in sorted(fit) if number not in out]
    return found


def _holders(session: Session, items: Collection[Item], province: int | None) -> list[_Holder]:
    """The roles of active people that could be of use for some of these items."""
    carrying = {role for item in items for role in roles.CAPABILITIES[REVIEWERS[item.status]]}
    if any(item.opd_id is None for item in items):
        carrying.update(roles.CAPABILITIES["edit_provincial"])
    homes = {item.opd_id for item in items} | {province}
    where = Role.opd_id.in_([home for home in homes if home is not None]) | Role.role.in_(roles.OF_ALL)
    rows = session.execute(
        select(Role.role, Role.opd_id, Person)
        .join(Person, Person.id == Role.person_id)
        .where(Person.active, Role.role.in_(sorted(carrying)), where)
    )
    return [(role, opd_id, person) for role, opd_id, person in rows]


def _fits(item: Item, role: str, opd_id: int | None, province: int | None) -> bool:
    """Whether a role, held for an OPD or (None) for all, is that of the item's next reviewer."""
    capability = REVIEWERS[item.status]
    home = item.opd_id
    if capability == "edit" and home is None:  # the team that writes for the province edits for it, too
        if role in roles.CAPABILITIES["edit_provincial"]:
            return True
        home = province
        if home is None:
            return False
    return role in roles.CAPABILITIES[capability] and (role in roles.OF_ALL or home is None or opd_id == home)


def _hands(session: Session, items: Collection[Item]) -> dict[int, set[int]]:
    """Item id → those who may not review its present version once more."""
    rows = session.execute(
        select(Review.item_id, Review.person_id, Review.act)
        .join(Item, (Item.id == Review.item_id) & (Item.version == Review.version))
        .where(Item.id.in_([item.id for item in items]))
    ).all()
    submitted = {item.id for item in items if item.status == SUBMITTED}
    editors = {
        (item_id, person_id)
        for item_id, person_id, act in rows
        if act == reviews.AMEND and item_id in submitted
    }
    found: dict[int, set[int]] = {}
    for item_id, person_id, _ in rows:
        if (item_id, person_id) not in editors:
            found.setdefault(item_id, set()).add(person_id)
    return found
