"""People with roles and their items, in a session: what tests of the editorial chain begin with."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.content import drafts
from models.content.content import Item
from models.content.reviews import Scores
from models.content.states import TRANSITIONS
from models.editorial import listings, moves
from models.people import people, roles
from models.people.audit import Entry
from models.people.people import Opd, Person
from models.programme.programme import Programme
from models.refused import Refused
from tests.chat import WEDNESDAY

PROGRAMME = Programme()
SCORES = Scores(4, 5, "Judulnya kuat.")
ALL = sorted({state for state, _ in TRANSITIONS} | {step.to for step in TRANSITIONS.values()})
REASON = "Angkanya keliru."
GOOD = {
    "title": "Puskesmas Rawasari buka sampai malam",
    "what": "Mulai 1 Desember Puskesmas Rawasari melayani sampai pukul 21.00.",
    "why": "Warga yang bekerja sampai sore tetap bisa berobat.",
    "caption": "Pulang kerja baru sempat berobat? Kini bisa.",
    "source_url": "https://dinkes.jambiprov.go.id/berita/malam",
}


def cast(session: Session, name: str, *held: str, opd: str = "DINKES") -> Person:
    """Somebody of the roster with these roles."""
    agency = people.opd(session, opd)
    if agency is None:
        agency = Opd(code=opd, name=f"Dinas {opd}")
        session.add(agency)
        session.flush()
    person = Person(name=name, opd_id=agency.id, active=True, created_at=WEDNESDAY)
    session.add(person)
    session.flush()
    for role in held:
        roles.grant(session, person, role, None, WEDNESDAY, by=None)
    return person


def written(
    session: Session, author: Person, week: str = "2026-W49", *, provincial: bool = False, title: str = ""
) -> Item:
    """A draft that lacks nothing."""
    opd_id = None if provincial else author.opd_id
    item = drafts.start(session, author, opd_id, WEDNESDAY, PROGRAMME.provincial_opd)
    for field, value in GOOD.items():
        drafts.fill(session, item, field, value, WEDNESDAY)
    if title:
        drafts.fill(session, item, "title", title, WEDNESDAY)
    drafts.choose(session, item, "rubric", "achievement", WEDNESDAY)
    drafts.choose(session, item, "public", True, WEDNESDAY)
    drafts.illustrate(session, item, None, WEDNESDAY)
    drafts.plan(session, item, week, WEDNESDAY)
    return item


def go(session: Session, item: Item, act: str, by: Person, **more: Any) -> None:
    """`moves.move` with whatever the step asks for."""
    more = {"reason": REASON, "scores": SCORES if act == "score" else None, **more}
    programme = more.pop("programme", PROGRAMME)
    moves.move(session, item, act, by, more.pop("now", WEDNESDAY), programme, **more)


def submitted(session: Session, author: Person, week: str = "2026-W49", **more: Any) -> Item:
    """An item that waits for its editor."""
    item = written(session, author, week, **more)
    go(session, item, "submit", author)
    return item


def past(session: Session, item: Item, *by: Person, programme: Programme = PROGRAMME) -> Item:
    """The same item after an editor, quality control and a controller (as many as are named) passed it on."""
    for act, person in zip(("endorse", "score", "approve"), by, strict=False):
        go(session, item, act, person, programme=programme)
    return item


def put(session: Session, item: Item, status: str) -> None:
    """Sets a state behind the back of the rules, as the starting point of a test."""
    session.execute(update(Item).where(Item.id == item.id).values(status=status, version=1))
    session.refresh(item)


def trail(session: Session, item: Item) -> list[Entry]:
    """The audit rows of an item, in order."""
    return list(listings.entries(session, item))


def refusal(call: Any, *args: Any, **more: Any) -> str:
    """The key of the sentence with which a call is refused."""
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value.key


def named(session: Session, name: str) -> Person:
    """Somebody of `cast`, in another session."""
    return session.scalars(select(Person).where(Person.name == name)).one()
