"""Decisions of tests on a month's list, and what changes who may make them."""

from collections.abc import Callable

from sqlalchemy import select

from models.content.content import Item
from models.people import roles
from models.people.people import Opd, Person
from models.recognition import awards, shortlists
from models.recognition.awards import Award
from models.recognition.certificates import Certificate
from tests import honouring
from tests.chat import Chatter, Stage
from tests.honouring import MONTH, PROGRAMME

REASON = "Sudah menerima bulan lalu."


def decide(stage: Stage, verb: Callable[..., object], who: Chatter, *given: object) -> object:
    """A verb of shortlists on the newest list."""
    with stage.session() as session, session.begin():
        by, of = session.get_one(Person, who.person_id), awards.newest(session, MONTH)
        return verb(session, of, *given, by, *_rest(verb), stage.now, PROGRAMME)


def _rest(verb: Callable[..., object]) -> tuple[str, ...]:
    return (REASON,) if verb is shortlists.replace else ()


def front(stage: Stage, category: str = "steady") -> list[Award]:
    with stage.session() as session:
        of = awards.newest(session, MONTH)
        assert of is not None
        return shortlists.front(shortlists.shown(session, of, category, PROGRAMME))


def confirm(stage: Stage, who: Chatter, category: str = "steady") -> object:
    return decide(stage, shortlists.confirm, who, category, front(stage, category)[0].id)


def replace(stage: Stage, who: Chatter, category: str = "steady") -> object:
    return decide(stage, shortlists.replace, who, front(stage, category)[0].id)


def take_back(stage: Stage, who: Chatter, paper: Certificate) -> None:
    with stage.session() as session, session.begin():
        by = session.get_one(Person, who.person_id)
        shortlists.take_back(session, paper.award_id, by, REASON, stage.now, PROGRAMME)


def states_of(stage: Stage, category: str) -> list[str]:
    _, lines = honouring.newest(stage)
    return [row.status for row in lines if row.category == category]


def papers(stage: Stage) -> list[Certificate]:
    with stage.session() as session:
        return list(session.scalars(select(Certificate).order_by(Certificate.id)))


def lines(stage: Stage, category: str = "steady") -> list[Award]:
    """The front, with its people."""
    with stage.session() as session:
        of = awards.newest(session, MONTH)
        assert of is not None
        found = shortlists.front(shortlists.shown(session, of, category, PROGRAMME))
        for row in found:
            assert awards.title(row)
        return found


def written(stage: Stage, who: Chatter, *, provincial: bool = False) -> None:
    """Somebody is the author of the best items, or of the provincial one alone."""
    with stage.session() as session, session.begin():
        for row in front(stage, "content"):
            found = session.get_one(Item, row.item_id)
            if found.opd_id is None or not provincial:
                found.author_id = who.person_id or 0


def gone(stage: Stage, who: Chatter) -> None:
    """Somebody is no controller any more."""
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        roles.revoke(session, person, "controller", None, stage.now, by=None)


def move(stage: Stage, who: Chatter, code: str) -> None:
    """Somebody changes the OPD."""
    with stage.session() as session, session.begin():
        home = session.scalars(select(Opd).where(Opd.code == code)).one()
        session.get_one(Person, who.person_id).opd_id = home.id
