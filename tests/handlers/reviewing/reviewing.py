"""Items on their way through the reviews."""

from models.content.content import Item
from models.content.reviews import Scores
from models.people.people import Person
from tests import casting
from tests.chat import Chatter, Stage


def submitted(stage: Stage, author: Chatter, title: str, week: str = "2026-W49") -> int:
    """An item that waits for its editor; its number."""
    with stage.session() as session, session.begin():
        person = session.get_one(Person, author.person_id)
        item = casting.written(session, person, week, title=title)
        casting.go(session, item, "submit", person, programme=stage.programme, now=stage.now)
        return item.id


def advanced(stage: Stage, number: int, *by: Chatter) -> int:
    """The same item after an editor, quality control and a controller (as many as are named) passed it on."""
    with stage.session() as session, session.begin():
        item = session.get_one(Item, number)
        for act, who in zip(("endorse", "score", "approve"), by, strict=False):
            scores = Scores(4, 5) if act == "score" else None
            person = session.get_one(Person, who.person_id)
            casting.go(session, item, act, person, programme=stage.programme, now=stage.now, scores=scores)
    return number
