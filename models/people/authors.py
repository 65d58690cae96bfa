"""Who writes for whom: a team for its own OPD, a few for the whole province."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.people import people, roles
from models.people.people import Opd, Person
from models.people.roles import Role


def homes(session: Session, author: Person, provincial: str) -> list[Opd | None]:
    """For whom a person may write: the OPD of their roles, and None for the whole province.

    `provincial` is the code of the OPD whose team writes for the province.
    """
    if not author.active:
        return []
    writing = select(Role.opd_id).where(
        Role.person_id == author.id, Role.role.in_(roles.CAPABILITIES["submit"])
    )
    own = session.scalars(select(Opd).where(Opd.id.in_(writing)).order_by(Opd.name)).all()
    everybody: list[Opd | None] = [None] if may_write(session, author, None, provincial) else []
    return [*own, *everybody]


def may_write(session: Session, person: Person | None, opd_id: int | None, provincial: str) -> bool:
    """Whether a person may write for an OPD, or (None) for the whole province."""
    if opd_id is not None:
        return roles.may(session, person, "submit", opd_id)
    team = people.opd(session, provincial) if provincial else None
    return roles.may(session, person, "submit_provincial") or (
        team is not None and roles.may(session, person, "submit", team.id)
    )


def may_edit(session: Session, person: Person | None, opd_id: int | None, provincial: str) -> bool:
    """Whether a person is an editor of the items of an OPD, or (None) of those of the whole province."""
    if opd_id is not None:
        return roles.may(session, person, "edit", opd_id)
    team = people.opd(session, provincial) if provincial else None
    return roles.may(session, person, "edit_provincial") or (
        team is not None and roles.may(session, person, "edit", team.id)
    )
