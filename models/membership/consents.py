"""The ledger of consents: who agreed to take part, to which words, where and when."""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.people.people import Account, Person
from models.refused import Refused


class Consent(Base):
    """One act of consent or of its withdrawal (UU 27/2022, articles 22 and 24). Rows are only added."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    version: Mapped[str]
    given: Mapped[bool]
    channel: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]


def give(session: Session, who: Account, version: str, now: datetime) -> None:
    """Records that the account's person agrees to take part. Saying it twice adds nothing."""
    person = who.person
    if person is None or not person.active:
        raise Refused("joining.not_linked")
    if person.joined_at is not None and person.consent_version == version:
        return
    _note(session, who, person, version, given=True, now=now)
    person.joined_at, person.consent_version = person.joined_at or now, version


def withdraw(session: Session, who: Account, now: datetime) -> Person:
    """Records that the account's person takes part no longer. Raises Refused where they did not."""
    person = who.person
    if person is None or person.joined_at is None:
        raise Refused("joining.not_joined")
    _note(session, who, person, person.consent_version, given=False, now=now)
    person.joined_at, person.consent_version = None, ""
    return person


def withdrawn(session: Session, person: Person) -> bool:
    """Whether somebody who does not take part did so once, and has left."""
    newest = select(Consent.given).where(Consent.person_id == person.id).order_by(Consent.id.desc()).limit(1)
    return person.joined_at is None and session.scalar(newest) is False


def _note(
    session: Session, who: Account, person: Person, version: str, *, given: bool, now: datetime
) -> None:
    row = Consent(
        person_id=person.id, version=version, given=given, channel=who.channel, address=who.address, at=now
    )
    session.add(row)
