"""Certificates: a number that is read aloud, and a code by which anybody can ask whether it is genuine.

The code cannot be guessed (79 bits), and an account may try few unknown ones a day. What a check tells is
what stands on the paper, and nothing else. The number follows from the one before it: whoever asks by it is
told that it is in force, and no name.
"""

import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.people import audit
from models.people.people import Account, Person
from models.programme import months
from models.programme.programme import Programme
from models.recognition import awards
from models.recognition.awards import Award
from models.refused import Refused

PREFIX = "cek_"  # of what a deep link carries
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that are read as another: 0 O 1 I L
_LENGTH, _GROUP = 16, 4
_ROUND = str.maketrans("O0", "QQ")  # no code has the others
# A number in whatever hand: "003/SP/XI/2026", "3 sp xi 2026", "Nomor OO3-SP-X1-2O26".
_NUMBER = re.compile(r"(?:NO(?:MOR)?)?(?P<serial>[0-9OIL]{1,6})SP(?P<month>[IVX1L]+)(?P<year>[0-9OIL]{4})")
_DIGITS = str.maketrans("OIL", "011")
_ROMAN_LETTERS = str.maketrans("1L", "II")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
REASON = (5, 300)


class Certificate(Base):
    """What was handed to a winner: `name` (a person's, or an agency's) and `agency` (a person's) as they were
    then; `detail` is the title of an item."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("month", "serial"),
        UniqueConstraint("code"),
        UniqueConstraint("award_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    month: Mapped[str]
    serial: Mapped[int]
    code: Mapped[str]
    category: Mapped[str]
    province: Mapped[str]
    name: Mapped[str]
    agency: Mapped[str]
    detail: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    award: Mapped[Award] = relationship()

    @property
    def number(self) -> str:
        """ "003/SP/XI/2026": the third one of November 2026."""
        first = months.first(self.month)
        return f"{self.serial:03}/SP/{_ROMAN[first.month - 1]}/{first.year}"


class Miss(Base):
    """A code that an account asked for and that is none."""

    __tablename__ = "certificate_miss"
    __table_args__ = (Index("ix_certificate_miss_account", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


def issue(session: Session, award: Award, by: Person, now: datetime, programme: Programme) -> Certificate:
    """Makes the certificate of a confirmed line. The caller holds its list: numbers follow each other."""
    month = session.get_one(awards.AwardList, award.list_id).month
    last = session.scalar(select(func.max(Certificate.serial)).where(Certificate.month == month)) or 0
    home = award.item.opd if award.item else award.person.opd if award.person else award.opd
    made = Certificate(
        award_id=award.id,
        month=month,
        serial=last + 1,
        code="".join(secrets.choice(ALPHABET) for _ in range(_LENGTH)),
        category=award.category,
        name=award.person.name if award.person else home.name if home else programme.province,
        province=programme.province,
        agency=home.name if home and award.person else "",
        detail=award.item.title if award.item else "",
        at=now,
        by=by.id,
    )
    session.add(made)
    session.flush()
    audit.record(session, now, "issue", "certificate", made.id, by=by.id, after=made.number)
    return made


def of(session: Session, award: Award) -> Certificate | None:
    """The certificate of a line, if it has one."""
    return session.scalar(select(Certificate).where(Certificate.award_id == award.id))


def own(session: Session, person: Person) -> list[Certificate]:
    """A person's certificates that are in force, the newest first."""
    chosen = (
        select(Certificate)
        .join(Award, Award.id == Certificate.award_id)
        .where(Award.person_id == person.id, Certificate.revoked_at.is_(None))
        .order_by(Certificate.id.desc())
    )
    return list(session.scalars(chosen))


def written(code: str) -> str:
    """A code as it is printed: "ABCD-EFGH-JKMN-PQRS"."""
    return "-".join(code[first : first + _GROUP] for first in range(0, len(code), _GROUP))


def link(bot_name: str, code: str) -> str:
    """The deep link that answers for a certificate; its QR code carries the same."""
    return f"https://t.me/{bot_name}?start={PREFIX}{code}"


def plain(typed: str) -> str:
    """A code as it is kept, of what somebody typed: also the whole link, small letters, and an O or a zero
    that was read where a Q stands."""
    return _letters(typed.upper().rpartition(PREFIX.upper())[2]).translate(_ROUND)


def _letters(typed: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", typed.upper())


def _numbered(session: Session, typed: str) -> Certificate | None:
    """The certificate with a number: with or without its zeros, or with letters that look like its digits."""
    said = _NUMBER.fullmatch(_letters(typed))
    if said is None or (roman := said["month"].translate(_ROMAN_LETTERS)) not in _ROMAN:
        return None
    month = f"{said['year'].translate(_DIGITS)}-{_ROMAN.index(roman) + 1:02}"
    serial = int(said["serial"].translate(_DIGITS))
    return session.scalar(select(Certificate).where(Certificate.month == month, Certificate.serial == serial))


def look_up(
    session: Session, account: Account, typed: str, now: datetime, programme: Programme
) -> Certificate | None:
    """The certificate with a code, or with a number, however it was typed; None for what is none. Raises
    Refused for an account that has tried too many unknown ones in the last 24 hours."""
    lately = now - timedelta(days=1)
    missed = select(func.count()).where(Miss.account_id == account.id, Miss.at > lately)
    if (session.scalar(missed) or 0) >= programme.awards.checks_per_day:
        raise Refused("certificate.too_often", most=programme.awards.checks_per_day)
    found = session.scalar(select(Certificate).where(Certificate.code == plain(typed))) or _numbered(
        session, typed
    )
    if found is None:
        session.flush()
        session.execute(delete(Miss).where(Miss.account_id == account.id, Miss.at <= lately))
        session.add(Miss(account_id=account.id, at=now))
        session.flush()
    return found


def revoke(session: Session, certificate: Certificate, by: Person, reason: str, now: datetime) -> None:
    """Takes a certificate back: a check says so from now on."""
    certificate.revoked_at, certificate.revoked_by, certificate.reason = now, by.id, reason
    session.flush()
    audit.record(
        session,
        now,
        "revoke",
        "certificate",
        certificate.id,
        by=by.id,
        before=certificate.number,
        reason=reason,
    )
