"""People on WhatsApp: with an account there, an open or a closed window, and templates that are approved."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages import outbox
from models.messages.claims import Claimed
from models.messages.outbox import Outbound
from models.people import people
from models.people.people import Account, Person
from models.releases import releases
from models.sending import gates, recording, sending
from models.sending.recording import Outcome
from models.whatsapp import openers, templates
from tests.chat import Chatter, Stage

LONG_AGO = timedelta(days=3)


def approve(stage: Stage, *names: str) -> None:
    """These templates (all openers, where none is named) are approved."""
    with stage.session() as session, session.begin():
        for name in names or openers.NAMES:
            found = templates.register(session, name, "id", "utility", "1")
            templates.created(session, found, f"HX{name}")
            templates.checked(session, found, templates.APPROVED, stage.now)


def account(stage: Stage, who: Chatter, address: str, heard: timedelta | None = LONG_AGO) -> None:
    """Gives somebody an account on WhatsApp that wrote to us so long ago, or never."""
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        made = people.meet(session, "whatsapp", address, person.name, stage.now)
        made.last_inbound_at = stage.now - heard if heard is not None else None
        people.link(session, made, person, stage.now)


def person(stage: Stage, name: str, address: str, heard: timedelta | None = LONG_AGO) -> Chatter:
    """Somebody who takes part on WhatsApp alone."""
    who = stage.person(name)
    account(stage, who, address, heard)
    with stage.session() as session, session.begin():
        for other in session.scalars(
            select(Account).where(Account.person_id == who.person_id, Account.channel == "telegram")
        ):
            people.unlink(session, other, stage.now)
    return who


def take(stage: Stage, limit: int = 1000) -> list[Claimed]:
    """What a sender would get through its gates now."""
    with stage.session() as session, session.begin():
        halted = releases.halted(session)
        lease = stage.now + timedelta(minutes=1)
        rows = sending.claim(session, stage.now, "me", lease, limit=limit, bulk=limit, halted=halted)
        return gates.through(session, stage.now, rows, stage.programme)


def record(stage: Stage, outcomes: list[Outcome], gap: float = 0.0) -> None:
    """Writes down what became of rows that `take` gave."""
    with stage.session() as session, session.begin():
        recording.record(session, stage.now, "me", outcomes, gap=gap)


def deliver(stage: Stage, rounds: int = 1) -> list[Claimed]:
    """Takes what may go out, and sends it; what that was."""
    gone: list[Claimed] = []
    for _ in range(rounds):
        rows = take(stage)
        record(stage, [Outcome(row.id, row.key, outbox.SENT, f"SM{row.id}") for row in rows])
        gone += rows
    return gone


def write(session: Session, now: datetime, key: str, address: str, **more: object) -> None:
    """A row to somebody on WhatsApp."""
    given: Mapping[str, object] = {
        "body": {"text": "general.back"},
        "priority": outbox.Priority.NOTICE,
        **more,
    }
    outbox.queue(session, now, key, "whatsapp", address, **given)  # type: ignore[arg-type]


def found(stage: Stage, key: str) -> Outbound:
    """One row by its key."""
    with stage.session() as session:
        return session.scalars(select(Outbound).where(Outbound.key == key)).one()
