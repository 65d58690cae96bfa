"""Those whom the roster does not recognise by phone: they name a NIP, their PPID admits or refuses.

Whether a NIP exists is never disclosed before that: the answer is the same for every NIP.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import base
from models.base import Base
from models.people import audit, people, roles, whereabouts
from models.people.people import Account, Opd, Person
from models.refused import Refused

WAITING, ADMITTED, REFUSED = "waiting", "admitted", "refused"


class Admission(Base):
    """A request to join. `person_id` is whom the roster knows by that NIP, if it knows anybody."""

    __tablename__ = "admission"
    __table_args__ = (
        Index("ix_admission_account", "account_id", "at"),
        Index(
            "uq_admission_waiting",
            "account_id",
            unique=True,
            **base.only("status = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    nip: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str] = mapped_column(default=WAITING)
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")

    account: Mapped[Account] = relationship()
    opd: Mapped[Opd] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


def check(session: Session, account: Account, now: datetime, most_a_day: int) -> None:
    """Raises Refused where an account has asked too often in the last 24 hours."""
    lately = session.scalar(
        select(func.count()).where(Admission.account_id == account.id, Admission.at > now - timedelta(days=1))
    )
    if (lately or 0) >= most_a_day:
        raise Refused("joining.too_often", most=most_a_day)


def ask(
    session: Session,
    account: Account,
    nip: str,
    name: str,
    opd: Opd,
    now: datetime,
    *,
    most_a_day: int,
) -> tuple[Admission, list[Person]]:
    """A request to join, and who is to decide on it.

    A request that waits is replaced. Raises Refused for a wrong NIP or too many requests in 24 hours.
    """
    number = people.nip(nip)
    check(session, account, now, most_a_day)
    replaced = of(session, account, WAITING)
    if replaced is not None:
        replaced.status, replaced.decided_at, replaced.reason = REFUSED, now, "asked again"
        session.flush()
    known = people.with_nip(session, number)
    request = Admission(
        account_id=account.id,
        opd_id=opd.id,
        nip=number,
        name=" ".join(name.split())[:120],
        phone=account.phone,
        person_id=known.id if known else None,
        at=now,
        status=WAITING,
    )
    session.add(request)
    session.flush()
    return request, deciders(session, opd.id)


def deciders(session: Session, opd_id: int) -> list[Person]:
    """Who is told of a request: the PPID team of the OPD, the admins where none of it can be reached."""
    team = [person for person in roles.ppid(session, opd_id) if _hears(session, person)]
    return team or [person for person in roles.admins(session) if _hears(session, person)]


def _hears(session: Session, person: Person) -> bool:
    return person.joined_at is not None and people.reachable(session, person.id) is not None


def of(session: Session, account: Account, status: str) -> Admission | None:
    """The newest request of an account, if it is in this state."""
    newest = session.scalar(
        select(Admission).where(Admission.account_id == account.id).order_by(Admission.id.desc()).limit(1)
    )
    return newest if newest is not None and newest.status == status else None


def waiting(session: Session, decider: Person) -> list[Admission]:
    """The requests that a person may decide on, the oldest first."""
    chosen = select(Admission).where(Admission.status == WAITING).order_by(Admission.at, Admission.id)
    allowed = roles.agencies(session, decider, "admit") if decider.active else []
    if allowed is not None:
        chosen = chosen.where(Admission.opd_id.in_(allowed))
    return list(session.scalars(chosen))


def get(session: Session, request_id: int, by: Person | None) -> Admission:
    """A request that waits for this person's decision; locked. Raises Refused when it is not."""
    request = session.get(Admission, request_id, with_for_update=True, populate_existing=True)
    if request is None:
        raise Refused("joining.request_gone")
    roles.require(session, by, "admit", request.opd_id)
    if request.status != WAITING:
        raise Refused("joining.request_gone")
    return request


def decide(
    session: Session, request_id: int, by: Person | None, admit: bool, now: datetime, reason: str = ""
) -> Admission:
    """Admits or refuses. Raises Refused when it was decided before, or by whom it may not be.

    Somebody whom the roster does not know becomes a person of it; somebody of another OPD does not
    move (that is the roster's business) and cannot be admitted here. The account becomes that
    person's own when its owner has consented, not before.
    """
    request = get(session, request_id, by)
    if by is None:
        raise Refused("roles.may_not")
    if admit:
        request.person = _person(session, request, now)
    elif not reason.strip():
        raise Refused("joining.reason_missing")
    request.status = ADMITTED if admit else REFUSED
    request.decided_at, request.decided_by, request.reason = now, by.id, " ".join(reason.split())[:300]
    audit.record(
        session,
        now,
        request.status,
        "admission",
        request.id,
        by=by.id,
        before=WAITING,
        after=request.status,
        reason=request.reason,
    )
    session.flush()
    return request


def _person(session: Session, request: Admission, now: datetime) -> Person:
    """The person of an admitted request: the roster's, back in service if need be, or a new one."""
    person = people.with_nip(session, request.nip)
    if person is None:
        person = Person(
            nip=request.nip, name=request.name, opd_id=request.opd_id, active=True, created_at=now
        )
        session.add(person)
    elif person.opd_id != request.opd_id:
        raise Refused("joining.other_opd", opd=person.opd.name)
    else:
        whereabouts.note(session, person, person.opd_id, now)
    person.active, person.left_at = True, None
    person.phone = person.phone or request.phone
    session.flush()
    return person
