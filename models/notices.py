"""Telling somebody something that they did not just ask for: behind replies, before bulk."""

from datetime import datetime

from sqlalchemy.orm import Session

from models import outbox, people, roles
from models.outbox import Priority
from models.people import Person
from models.post import Post


def tell(session: Session, now: datetime, person: Person, about: str, post: Post) -> bool:
    """Writes to a person, once for `about` ("item:42:submitted"); False when told before or out of reach."""
    account = people.reachable(session, person.id)
    if account is None:
        return False
    return outbox.queue(
        session,
        now,
        f"{about}:person:{person.id}",
        account.channel,
        account.address,
        post,
        priority=Priority.NOTICE,
        person_id=person.id,
    )


def tell_all(session: Session, now: datetime, capability: str, about: str, post: Post) -> int:
    """Writes to everybody who may do something, once for `about`; to how many."""
    return sum(tell(session, now, person, about, post) for person in roles.holders(session, capability))
