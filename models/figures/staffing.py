"""How many people the PPID teams have: a creator, an editor and a weekly planner at the least."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from models.figures import figures
from models.people import people
from models.people.people import Opd, Person
from models.people.roles import Role

LEAST = 3


@dataclass(frozen=True, slots=True)
class Team:
    """The PPID team of an OPD: `people` hold a role there, `joined` of them can be written to."""

    opd: Opd
    people: int
    joined: int

    @property
    def small(self) -> bool:
        return self.people < LEAST


def agencies(session: Session) -> list[Opd]:
    """The OPD that have people, by name: those that the programme expects an item of."""
    roster = figures.roster_by_opd(session)
    return [opd for opd in people.agencies(session) if roster.get(opd.id)]


def teams(session: Session, of: Iterable[Opd] | None = None) -> list[Team]:
    """The team of every OPD that has people, by name of the OPD; those of `of` where they are known."""
    rows = session.execute(
        select(
            Role.opd_id,
            func.count(distinct(Person.id)),
            func.count(distinct(Person.id)).filter(Person.joined_at.is_not(None)),
        )
        .join(Person, Person.id == Role.person_id)
        .where(Person.active, Role.opd_id.is_not(None))
        .group_by(Role.opd_id)
    )
    held = {opd_id: (number, joined) for opd_id, number, joined in rows}
    return [Team(opd, *held.get(opd.id, (0, 0))) for opd in (agencies(session) if of is None else of)]


def small(session: Session, of: Iterable[Opd] | None = None) -> Sequence[Team]:
    """The teams with too few people, the smallest first; `of` as for `teams`."""
    return sorted(
        (team for team in teams(session, of) if team.small), key=lambda team: (team.people, team.opd.name)
    )
