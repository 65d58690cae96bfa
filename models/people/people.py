"""Agencies (OPD), civil servants (ASN), and their accounts on the channels."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import phonenumbers
from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, case, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from models.base import Base
from models.people import audit
from models.refused import Refused

ACTIVE, BLOCKED = "active", "blocked"


class Opd(Base):
    """An agency (organisasi perangkat daerah). `code` is the one that the roster uses."""

    __tablename__ = "opd"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Person(Base):
    """A civil servant. The person is not the NIP: that can be corrected or replaced.

    `phone` is E.164 with "+". `joined_at` is set while a consent is in force. `active` is False for
    somebody who left; nobody is erased from history.
    """

    __tablename__ = "person"
    # Who is counted, and since when they are with us: the weekly figures read no more of a person.
    __table_args__ = (Index("ix_person_opd", "opd_id", "active", "joined_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nip: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    phone: Mapped[str] = mapped_column(default="", index=True)
    position: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    left_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    consent_version: Mapped[str] = mapped_column(default="")  # of the consent in force
    saver: Mapped[bool] = mapped_column(default=False)  # "hemat data": text first, media on request
    preferred: Mapped[str] = mapped_column(default="")  # channel that the person chose, "" for none
    created_at: Mapped[datetime]

    opd: Mapped[Opd] = relationship()


class Account(Base):
    """A person's presence on a channel, keyed by what the channel gives (a chat id on Telegram).

    `phone` is set only where the channel vouches that the number is the account's own. `invited_to`
    is the OPD whose link or poster brought the account here.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    invited_to: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[str] = mapped_column(default=ACTIVE)
    blocked_at: Mapped[datetime | None]
    last_inbound_at: Mapped[datetime | None]
    shut_at: Mapped[datetime | None]  # when the channel told us that the window was shut all the same
    linked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    person: Mapped[Person | None] = relationship()


# Every message asks for this: to build a statement costs as much as to run it.
_BY_ADDRESS = (
    select(Account)
    .where(Account.channel == bindparam("channel"), Account.address == bindparam("address"))
    .options(joinedload(Account.person))
)


def nip(written: str) -> str:
    """The 18 digits of a NIP however it was written ("19800101 200501 1 001").

    Raises Refused for anything else. Perka BKN 22/2007: birth YYYYMMDD, then for PNS the appointment
    YYYYMM, sex 1 or 2, serial of three; for PPPK digits 13-14 are no month. No checksum is published.
    """
    digits = re.sub(r"[\s.\-]", "", written)
    if not re.fullmatch(r"[0-9]{18}", digits):
        raise Refused("joining.nip_wrong")
    try:
        datetime.strptime(digits[:8], "%Y%m%d")  # noqa: DTZ007 - a date of birth has no time zone
    except ValueError:
        raise Refused("joining.nip_wrong") from None
    born, appointed = int(digits[:4]), int(digits[8:12])
    if not 1900 <= born < appointed <= 2100 or digits[14] not in "12":
        raise Refused("joining.nip_wrong")
    return digits


def phone(written: str) -> str:
    """A phone number as E.164 ("0813.1703.6688" → "+6281317036688").

    Raises ValueError for what is no possible number. Indonesia is the country where none is named.
    """
    text = written.strip()
    bare = re.sub(r"[^\d+]", "", text)
    if bare.startswith("62"):
        text = "+" + bare
    elif bare.startswith("8"):  # a spreadsheet ate the leading zero
        text = "0" + bare
    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"{written!r} is no phone number") from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"{written!r} is no possible phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def account(session: Session, channel: str, address: str) -> Account | None:
    """The account behind a conversation, if it ever wrote to us."""
    return session.scalar(_BY_ADDRESS, {"channel": channel, "address": address})


def heard(wrote: Iterable[tuple[Account, datetime]]) -> None:
    """Notes that these accounts wrote to us, each at the moment at which that reached us."""
    for who, at in wrote:
        if who.last_inbound_at is None or who.last_inbound_at < at:
            who.last_inbound_at = at


def meet(
    session: Session,
    channel: str,
    address: str,
    name: str,
    now: datetime,
    known: Account | None = None,
    at: datetime | None = None,
) -> Account:
    """The account behind a conversation, made on its first message.

    `known` is that account, where somebody has looked it up before; `at` when the message reached us.
    """
    found = known if known is not None and known in session else account(session, channel, address)
    if found is None:
        found = Account(channel=channel, address=address, name=name, created_at=now, status=ACTIVE)
        found.last_inbound_at = at or now
        session.add(found)
    call(found, name)
    return found


def call(who: Account, name: str) -> None:
    """Notes by what name an account goes at its channel now."""
    if name and who.name != name:  # what is assigned is looked at by the next flush, the same value too
        who.name = name


def with_phone(session: Session, number: str) -> list[Person]:
    """Active people of the roster with this number (E.164): none, one, or a family phone."""
    if not number:
        return []
    chosen = select(Person).where(Person.phone == number, Person.active).order_by(Person.name, Person.id)
    return list(session.scalars(chosen))


def with_nip(session: Session, number: str) -> Person | None:
    """The person of the roster with this NIP (18 digits)."""
    return session.scalar(select(Person).where(Person.nip == number))


def named(
    session: Session, name: str, opd_ids: Collection[int] = (), most: int = 8
) -> tuple[list[Person], int]:
    """Active people whose name holds every word of `name`, in some OPD: the first of them, and how many."""
    which = [
        Person.active,
        *(func.lower(Person.name).contains(word, autoescape=True) for word in name.lower().split()),
    ]
    if opd_ids:
        which.append(Person.opd_id.in_(opd_ids))
    found = session.scalars(select(Person).where(*which).order_by(Person.name, Person.id).limit(most)).all()
    return list(found), session.scalar(select(func.count()).select_from(Person).where(*which)) or 0


def short_name(name: str) -> str:
    """A name as much as its owner needs to know it again: "Drs. H. Ahmad Fauzi, M.Si" → "Ahmad F."."""
    words = name.partition(",")[0].split()
    words = [word for word in words if not word.endswith(".")] or words or [name]
    return words[0] if len(words) == 1 else f"{words[0]} {words[1][0]}."


def takes_part(person: Person | None, version: str) -> bool:
    """Whether somebody is of the roster and agreed, to this version of the consent.

    Where no version was noted (an imported membership) the consent counts for any.
    """
    if person is None or not person.active or person.joined_at is None:
        return False
    return person.consent_version in ("", version)


def link(session: Session, who: Account, person: Person, now: datetime) -> list[Account]:
    """Makes an account a person's own. Older accounts of that person on the channel are let go: these."""
    if who.person_id not in (None, person.id):
        unlink(session, who, now)
    older = session.scalars(
        select(Account).where(
            Account.person_id == person.id, Account.channel == who.channel, Account.id != who.id
        )
    ).all()
    for other in older:
        unlink(session, other, now)
    if who.person_id != person.id:
        who.person, who.linked_at = person, now
        audit.record(session, now, "link", "person", person.id, by=person.id, after=who.channel)
    session.flush()
    return list(older)


def unlink(session: Session, who: Account, now: datetime) -> None:
    """Lets an account go: "that is not me"."""
    if who.person_id is not None:
        audit.record(session, now, "unlink", "person", who.person_id, before=who.channel)
    who.person, who.linked_at = None, None
    session.flush()


def block(session: Session, channel: str, address: str, now: datetime) -> None:
    """The account stopped us: nothing is sent to it until it writes again."""
    found = account(session, channel, address)
    if found is not None and found.status != BLOCKED:
        found.status, found.blocked_at = BLOCKED, now


def unblock(who: Account) -> None:
    """The account writes to us again."""
    who.status, who.blocked_at = ACTIVE, None


def first_choice() -> tuple[Any, ...]:
    """The order in which the accounts of a Person are written to: the channel that the person chose, else
    the first by name, which is Telegram (it costs nothing)."""
    return case((Account.channel == Person.preferred, 0), else_=1), Account.channel, Account.id


def reachable(session: Session, person_id: int) -> Account | None:
    """The account that a person is written to: of those that have not blocked us the preferred one."""
    return session.scalar(
        select(Account)
        .join(Person, Person.id == Account.person_id)
        .where(Account.person_id == person_id, Account.status == ACTIVE)
        .order_by(*first_choice())
        .limit(1)
    )


def prefer(session: Session, person: Person, channel: str, now: datetime) -> Account:
    """From now on a person is written to on this channel, as long as that is possible; the account there.

    What is queued already goes where it was to go. Raises Refused where the person has no account there.
    """
    own = (Account.person_id == person.id, Account.channel == channel, Account.status == ACTIVE)
    found = session.scalars(select(Account).where(*own).order_by(Account.id)).first()
    if found is None:
        raise Refused("joining.no_account_there")
    if person.preferred != channel:
        was, person.preferred = person.preferred, channel
        audit.record(session, now, "prefer", "person", person.id, by=person.id, before=was, after=channel)
        session.flush()
    return found


def opd(session: Session, code: str) -> Opd | None:
    """The agency with a code, however its letters are cased."""
    return session.scalar(select(Opd).where(func.upper(Opd.code) == code.strip().upper()))


_AGENCIES = select(Opd).order_by(Opd.name)


def agencies(session: Session) -> list[Opd]:
    """All agencies by name."""
    return list(session.scalars(_AGENCIES))
