"""Telling somebody something that they did not just ask for: behind replies, before bulk."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.messages import outbox
from models.messages.outbox import Priority
from models.messages.post import Post
from models.people import people, roles
from models.people.people import Account, Person
from models.programme.programme import Programme

AWAKE = timedelta(minutes=15)  # after their last message somebody is taken to be at the phone


def tell(
    session: Session, now: datetime, person: Person, about: str, post: Post, quiet: Programme | None = None
) -> bool:
    """Writes to a person, once for `about` ("item:42:submitted"); False when told before or out of reach.

    With `quiet` what comes in the quiet hours of that programme waits until they end, unless the person
    is writing with us just then.
    """
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
        due_at=due(account, now, quiet) if quiet else None,
        person_id=person.id,
    )


def due(account: Account, now: datetime, programme: Programme) -> datetime:
    """When what comes by itself may go out to somebody: now, or at the end of the quiet hours of `programme`,
    unless the person is writing with us just then."""
    return now if _awake(account, now) else programme.quiet_until(now)


def _awake(account: Account, now: datetime) -> bool:
    return account.last_inbound_at is not None and now - account.last_inbound_at < AWAKE


def tell_all(
    session: Session,
    now: datetime,
    capability: str,
    about: str,
    post: Post,
    quiet: Programme | None = None,
) -> int:
    """Writes to everybody who may do something, once for `about`; to how many. `quiet` as in `tell`."""
    return sum(
        tell(session, now, person, about, post, quiet) for person in roles.holders(session, capability)
    )
