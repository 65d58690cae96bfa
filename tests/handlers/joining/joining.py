"""Who has joined, and with which account."""

from models.people import people
from models.people.people import Account, Person
from tests.chat import Chatter, Stage

PHONE = "+6281317036688"
NIP = "198001012005012001"


def account(stage: Stage, chatter: Chatter) -> Account:
    with stage.session() as session:
        found = people.account(session, "telegram", str(chatter.chat))
        assert found is not None
        session.refresh(found, ["person"])
        return found


def joined(stage: Stage, person_id: int | None) -> bool:
    with stage.session() as session:
        return session.get_one(Person, person_id).joined_at is not None
