"""The queue of `/periksa`: shares that a person should look at. Nobody gets what a colleague has before them.

It belongs to the team of the OPD; what waits for that too long is seen by controllers and admins as well.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, Text, and_, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship

from models import base, roles
from models.base import Base
from models.people import Person
from models.programme import Programme
from models.proofs import Share
from models.roles import Role

DOUBT, SAMPLE, APPEAL = "doubt", "sample", "appeal"  # why somebody should look
ACCEPT, REJECT, VOID = "accept", "reject", "void"  # how it ended; void: there is nothing to decide any more


class Inspection(Base):
    """One look at a share: by whom (`taken_by`, until when it is theirs) and how it ended.

    `words` are those of the appeal; `reason` is one of `verdicts.REASONS`, `note` what was written to it.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        Index("uq_inspection_open", "share_id", unique=True, **base.only("decided_at IS NULL")),
        Index("ix_inspection_open", "opd_id", "opened_at", **base.only("decided_at IS NULL")),
        Index("ix_inspection_share", "share_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("share.id"))
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    why: Mapped[str]
    words: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_until: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(Text, default="")

    share: Mapped[Share] = relationship()


class Skip(Base):
    """[Lewati]: this person would rather look at others first."""

    __tablename__ = "inspection_skip"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


def open_one(session: Session, share: Share, why: str, now: datetime, words: str = "") -> Inspection | None:
    """Puts a share into the queue; None where it is there already."""
    if current(session, share.id) is not None:
        return None
    made = Inspection(share_id=share.id, opd_id=share.opd_id, why=why, words=words, opened_at=now)
    session.add(made)
    session.flush()
    return made


def current(session: Session, share_id: int) -> Inspection | None:
    """The look at a share that nobody has decided yet."""
    return session.scalar(
        select(Inspection).where(Inspection.share_id == share_id, Inspection.decided_at.is_(None))
    )


def ended(session: Session, share_id: int) -> list[Inspection]:
    """The looks at a share that somebody decided, in order."""
    return list(
        session.scalars(
            select(Inspection)
            .where(Inspection.share_id == share_id, Inspection.decision.in_((ACCEPT, REJECT)))
            .order_by(Inspection.decided_at, Inspection.id)
        )
    )


def take(session: Session, person: Person, now: datetime, programme: Programme) -> Inspection | None:
    """The next share for this person to look at, theirs for `proofs.hold_minutes`; None when none is left.

    What the person has before them already comes first, then appeals, then the oldest.
    """
    mine = and_(Inspection.taken_by == person.id, Inspection.taken_until > now)
    found = session.scalar(
        _open(session, person, now, programme)
        .where(Inspection.id.not_in(select(Skip.inspection_id).where(Skip.person_id == person.id)))
        .order_by(mine.desc(), (Inspection.why == APPEAL).desc(), Inspection.opened_at, Inspection.id)
        .limit(1)
        .with_for_update(of=Inspection, skip_locked=True)
    )
    if found is not None:
        found.taken_by = person.id
        found.taken_until = now + timedelta(minutes=programme.proofs.hold_minutes)
        session.flush()
    return found


def skip(session: Session, inspection: Inspection, person: Person) -> None:
    """[Lewati]: gives it back, for colleagues at once and for this person after all others."""
    if session.get(Skip, (inspection.id, person.id)) is None:
        session.add(Skip(inspection_id=inspection.id, person_id=person.id))
    if inspection.taken_by == person.id:
        inspection.taken_by = inspection.taken_until = None
    session.flush()


def skipped(session: Session, person: Person, now: datetime, programme: Programme) -> int:
    """How many of those that wait this person has skipped."""
    passed = select(Skip.inspection_id).where(Skip.person_id == person.id)
    waiting = _open(session, person, now, programme).where(Inspection.id.in_(passed))
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def unskip(session: Session, person: Person) -> None:
    """What was skipped comes again."""
    session.execute(delete(Skip).where(Skip.person_id == person.id))


def waiting(session: Session, person: Person, now: datetime, programme: Programme) -> int:
    """How many shares wait for this person, or for a colleague who has them before them."""
    opened = (
        select(Inspection.id)
        .join(Share, Share.id == Inspection.share_id)
        .where(*_theirs(session, person, now, programme))
    )
    return session.scalar(select(func.count()).select_from(opened.subquery())) or 0


def _open(session: Session, person: Person, now: datetime, programme: Programme) -> Select[Inspection]:
    """What this person may take now."""
    return (
        select(Inspection)
        .join(Share, Share.id == Inspection.share_id)
        .where(
            *_theirs(session, person, now, programme),
            or_(
                Inspection.taken_until.is_(None),
                Inspection.taken_until <= now,
                Inspection.taken_by == person.id,
            ),
        )
    )


def _theirs(
    session: Session, person: Person, now: datetime, programme: Programme
) -> tuple[ColumnElement[bool], ...]:
    """Undecided, of an OPD that this person looks after, never an own share, never an appeal against an
    own decision."""
    held = roles.of(session, person.id)
    own = [role.opd_id for role in held if role.role in roles.CAPABILITIES["inspect"] and role.opd_id]
    over = any(role.role in roles.CAPABILITIES["inspect_all"] for role in held)
    patience = now - timedelta(hours=programme.proofs.escalate_hours)
    place = Inspection.opd_id.in_(own)
    before = aliased(Inspection)
    judged = select(before.id).where(
        before.share_id == Inspection.share_id, before.decided_by == person.id, before.decision == REJECT
    )
    return (
        Inspection.decided_at.is_(None),
        or_(place, Inspection.opened_at <= patience) if over else place,
        Share.person_id != person.id,
        ~judged.exists(),
    )


def lookers(session: Session, opd_id: int) -> list[Person]:
    """Who looks at the shares of an OPD: its team."""
    chosen = (
        select(Person)
        .join(Role, Role.person_id == Person.id)
        .where(Person.active, Role.role.in_(roles.CAPABILITIES["inspect"]), Role.opd_id == opd_id)
    )
    return list(session.scalars(chosen.distinct().order_by(Person.id)))
