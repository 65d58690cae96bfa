"""Who may do what: the one place where it is decided.

A role is held for one OPD (creator, editor, planner) or for the whole programme.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base
from models.people import audit
from models.people.people import Person
from models.refused import Refused

OF_AN_OPD = ("creator", "editor", "planner")
OF_ALL = ("tag", "controller", "leader", "admin")
ROLES = OF_AN_OPD + OF_ALL

# capability → roles that carry it; those of an OPD count for that OPD only.
CAPABILITIES: dict[str, tuple[str, ...]] = {
    "submit": ("creator", "editor", "planner"),
    "submit_provincial": ("controller", "admin"),
    "compose": ("creator", "editor", "planner", "controller", "admin"),  # of whatever OPD, or the province
    "oversee": ("controller", "tag", "admin"),  # sees the items of every OPD
    "admit": ("creator", "editor", "planner", "admin"),
    "invite": ("creator", "editor", "planner", "admin"),
    "edit": ("editor",),
    "edit_provincial": ("controller", "admin"),
    "check": ("tag",),
    "approve": ("controller",),
    "escalate": ("controller", "admin"),  # hears of items that wait too long
    "review": ("editor", "tag", "controller", "admin"),  # has a queue of items that wait
    "inspect": ("creator", "editor", "planner", "controller", "admin"),  # looks at the proofs of the own OPD
    "inspect_all": ("controller", "admin"),  # … and at those that wait too long, of any
    "missing": ("creator", "editor", "planner", "controller", "admin"),  # sees who has shown nothing yet
    "greet": ("creator", "editor", "planner"),  # reminds them in the name of their own OPD
    "export": ("creator", "editor", "planner", "controller", "admin"),  # a team the rows of its own OPD
    "plan": ("planner", "editor", "controller"),
    "foresee": ("controller", "tag", "leader", "admin"),  # sees the coming weeks of every OPD
    "release": ("controller",),
    "templates": ("controller", "admin"),  # hears when WhatsApp takes a template away
    "digest": ("controller", "leader", "tag", "admin"),
    "correct": ("controller",),  # makes a new version of a closed week
    "decide": ("controller", "admin"),  # writes down what the meeting decided
    "award": ("controller",),  # confirms who is honoured
    "bind_group": ("controller", "admin"),
    "roster": ("admin",),
    "roles": ("admin",),
}


class Role(Base):
    __tablename__ = "role"
    __table_args__ = (
        Index(
            "uq_role_of_opd",
            "person_id",
            "role",
            "opd_id",
            unique=True,
            **base.only("opd_id IS NOT NULL"),
        ),
        Index(
            "uq_role_of_all",
            "person_id",
            "role",
            unique=True,
            **base.only("opd_id IS NULL"),
        ),
        Index("ix_role_role", "role", "opd_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


def of(session: Session, person_id: int) -> list[Role]:
    """All roles of a person."""
    return list(session.scalars(select(Role).where(Role.person_id == person_id).order_by(Role.role)))


def may(session: Session, person: Person | None, capability: str, opd_id: int | None = None) -> bool:
    """Whether a person may do something, for an OPD where the role is one of an OPD.

    With `opd_id` None it asks: for any OPD at all.
    """
    if person is None or not person.active:
        return False
    roles = CAPABILITIES[capability]
    held = select(Role.id).where(Role.person_id == person.id, Role.role.in_(roles))
    if opd_id is not None:
        held = held.where((Role.opd_id == opd_id) | Role.role.in_(OF_ALL))
    return session.scalar(held.limit(1)) is not None


def require(session: Session, person: Person | None, capability: str, opd_id: int | None = None) -> Person:
    """The same person, or Refused with what the capability is for."""
    if person is None or not may(session, person, capability, opd_id):
        raise Refused("roles.may_not")
    return person


def holders(session: Session, capability: str, opd_id: int | None = None) -> list[Person]:
    """The active people who may do something: of an OPD, those with a role there come alone."""
    roles = CAPABILITIES[capability]
    chosen = select(Person).join(Role, Role.person_id == Person.id).where(Person.active, Role.role.in_(roles))
    if opd_id is not None:
        chosen = chosen.where((Role.opd_id == opd_id) | Role.role.in_(OF_ALL))
    return list(session.scalars(chosen.distinct().order_by(Person.id)))


def team(session: Session, opd_id: int) -> list[tuple[Person, str]]:
    """The PPID team of an OPD with their roles."""
    rows = session.execute(
        select(Person, Role.role)
        .join(Role, Role.person_id == Person.id)
        .where(Role.opd_id == opd_id, Person.active)
        .order_by(Person.name, Role.role)
    )
    return [(person, role) for person, role in rows]


def grant(
    session: Session, person: Person, role: str, opd_id: int | None, now: datetime, *, by: int | None
) -> bool:
    """Gives a role; False when it was held already. Raises Refused for a role without its OPD."""
    if role not in ROLES:
        raise Refused("roles.unknown", roles=", ".join(ROLES))
    if role in OF_AN_OPD and opd_id is None:
        opd_id = person.opd_id
    if role in OF_ALL:
        opd_id = None
    if _held(session, person.id, role, opd_id) is not None:
        return False
    session.add(Role(person_id=person.id, role=role, opd_id=opd_id, at=now, by=by))
    session.flush()
    audit.record(session, now, "grant", "person", person.id, by=by, after=role, opd=opd_id)
    return True


def revoke(
    session: Session, person: Person, role: str, opd_id: int | None, now: datetime, *, by: int | None
) -> bool:
    """Takes a role away; False when it was not held. Raises Refused for the last admin: nobody could
    give the role back."""
    held = _held(session, person.id, role, None if role in OF_ALL else (opd_id or person.opd_id))
    if held is None:
        return False
    if role == "admin" and admins(session) == [person]:
        raise Refused("roles.last_admin")
    audit.record(session, now, "revoke", "person", person.id, by=by, before=role, opd=held.opd_id)
    session.delete(held)
    session.flush()
    return True


def admins(session: Session) -> list[Person]:
    """The active people who administer the programme."""
    return holders(session, "roles")


def ppid(session: Session, opd_id: int) -> list[Person]:
    """The active people with a role in an OPD, each once, by name."""
    chosen = (
        select(Person)
        .where(Person.active, Person.id.in_(select(Role.person_id).where(Role.opd_id == opd_id)))
        .order_by(Person.name, Person.id)
    )
    return list(session.scalars(chosen))


def agencies(session: Session, person: Person, capability: str) -> list[int] | None:
    """The OPD ids for which somebody may do something; None for all of them."""
    held = [role for role in of(session, person.id) if role.role in CAPABILITIES[capability]]
    if any(role.role in OF_ALL for role in held):
        return None
    return sorted({role.opd_id for role in held if role.opd_id is not None})


def end_in(session: Session, person_id: int, opd_id: int, now: datetime, *, by: int | None) -> int:
    """Ends what somebody was in the team of an OPD that they moved away from; how many roles."""
    ended = session.scalars(
        delete(Role).where(Role.person_id == person_id, Role.opd_id == opd_id).returning(Role.role)
    ).all()
    for role in ended:
        audit.record(
            session, now, "revoke", "person", person_id, by=by, before=role, reason="moved", opd=opd_id
        )
    return len(ended)


def _held(session: Session, person_id: int, role: str, opd_id: int | None) -> Role | None:
    same = Role.opd_id.is_(None) if opd_id is None else Role.opd_id == opd_id
    return session.scalar(select(Role).where(Role.person_id == person_id, Role.role == role, same))
