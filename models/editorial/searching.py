"""Finding items by what stands in them: everybody among what was released, a team also in its own."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.content import content, states
from models.content.content import Item
from models.people import authors, roles
from models.people.people import Opd, Person
from models.people.roles import Role
from models.refused import Refused

PAGE = 5  # with the ways to look for something else below it a list of WhatsApp, which has ten lines
MOST_WORDS = 6  # of a search; what is more is left out
OUT = (states.RELEASED, states.CLOSED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; what is empty does not matter. All of it has to fit.

    `opd` is the id of an OPD, 0 for any. `mine` is for the own items, whatever their state.
    """

    words: str = ""
    rubric: str = ""
    opd: int = 0
    week: str = ""
    mine: bool = False

    @property
    def empty(self) -> bool:
        return self == Wish()

    def stored(self) -> dict[str, Any]:
        """As JSON, for a conversation."""
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """What `stored` made; of anything else an empty wish."""
        names = ("words", "rubric", "opd", "week", "mine")
        return replace(cls(), **{name: stored[name] for name in names if name in stored})


def find(
    session: Session, person: Person, wish: Wish, page: int = 0, provincial: str = ""
) -> tuple[Sequence[Item], int]:
    """The items that fit and that this person may see, the newest change first: one page, and how many.

    `provincial` is the code of the OPD whose team writes for the province.
    """
    fits = [_seen_by(session, person, provincial), *_fits(session, person, wish)]
    # Counted along with the page, so that the words are looked for once; by numbers alone, so that no
    # texts are carried through the sorting.
    rows = session.execute(
        select(Item.id, func.count().over())
        .where(*fits)
        .order_by(Item.updated_at.desc(), Item.id.desc())
        .offset(page * PAGE)
        .limit(PAGE)
    ).all()
    numbers = [number for number, _ in rows]
    items = session.scalars(select(Item).where(Item.id.in_(numbers)).options(joinedload(Item.opd)))
    found = {item.id: item for item in items}
    return [found[number] for number in numbers], rows[0][1] if rows else 0


def visible(session: Session, person: Person, item_id: int, provincial: str = "") -> Item:
    """One item that a person may find. Raises the same Refused whether it is hidden or not there."""
    chosen = select(Item).where(Item.id == item_id, _seen_by(session, person, provincial))
    found = session.scalar(chosen)
    if found is None:
        raise Refused("browsing.unknown", id=item_id)
    return found


def _seen_by(session: Session, person: Person, provincial: str) -> ColumnElement[bool]:
    """What was released is everybody's; the rest is of those who make it, or who see to all of it."""
    there = Item.status != states.DROPPED
    if roles.may(session, person, "oversee"):
        return there
    teams = select(Role.opd_id).where(
        Role.person_id == person.id, Role.role.in_(roles.CAPABILITIES["submit"])
    )
    own = Item.opd_id.in_(teams) if person.active else Item.id.is_(None)
    seen = [Item.status.in_(OUT), (Item.author_id == person.id) & there, own & there]
    if authors.may_write(session, person, None, provincial):
        seen.append(Item.opd_id.is_(None) & there)
    return or_(*seen)


def _fits(session: Session, person: Person, wish: Wish) -> list[ColumnElement[bool]]:
    # The longest word first: it is in the fewest items, and where it is not the others are not looked for.
    words = sorted(wish.words.split()[:MOST_WORDS], key=len, reverse=True)
    found = [_says(session, word) for word in words]
    if wish.rubric:
        found.append(Item.rubric == wish.rubric)
    if wish.opd:
        found.append(Item.opd_id == wish.opd)
    if wish.week:
        found.append(Item.week == wish.week)
    if wish.mine:
        found.append(Item.author_id == person.id)
    return found


def _says(session: Session, word: str) -> ColumnElement[bool]:
    """A word within the texts of an item, or the name of its OPD; the case of A to Z does not matter.

    SQLite's LIKE is so by itself, and quick; on PostgreSQL it takes twice as long as a plain search for
    the word, since it looks out for wildcards.
    """
    if session.get_bind().dialect.name == "postgresql":
        word = content.searchable(word)
        in_item = func.strpos(Item.search, word) > 0
        in_name = func.strpos(func.lower(Opd.name.collate("C")), word) > 0  # of A to Z alone
    else:
        in_item = Item.search.contains(word, autoescape=True)
        in_name = Opd.name.contains(word, autoescape=True)
    return or_(in_item, Item.opd_id.in_(select(Opd.id).where(in_name)))
