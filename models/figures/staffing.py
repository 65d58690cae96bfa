"""How many people the PPID teams have: a creator, an editor and a weekly planner at the least."""

from collections.abc import Container, Iterable, Sequence
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


_HELD = (
    select(
        Role.opd_id,
        func.count(distinct(Person.id)).label("people"),
        func.count(distinct(Person.id)).filter(Person.joined_at.is_not(None)).label("joined"),
    )
    .join(Person, Person.id == Role.person_id)
    .where(Person.active, Role.opd_id.is_not(None))
    .group_by(Role.opd_id)
    .subquery("held")
)
_TEAMS = (
    select(Opd, func.coalesce(_HELD.c.people, 0), func.coalesce(_HELD.c.joined, 0))
    .outerjoin(_HELD, _HELD.c.opd_id == Opd.id)
    .order_by(Opd.name)
)


def agencies(session: Session) -> list[Opd]:
    """The OPD that have people, by name: those that the programme expects an item of."""
    roster = figures.roster_by_opd(session)
    return [opd for opd in people.agencies(session) if roster.get(opd.id)]


def teams(session: Session, having: Container[int] | None = None) -> list[Team]:
    """The team of every OPD that has people, by name of the OPD; `having` are the ids of those that have
    some, where they are known."""
    if having is None:
        having = {opd_id for opd_id, number in figures.roster_by_opd(session).items() if number}
    return [Team(opd, *held) for opd, *held in session.execute(_TEAMS) if opd.id in having]


def small(teams: Iterable[Team]) -> Sequence[Team]:
    """Those with too few people, the smallest first."""
    return sorted((team for team in teams if team.small), key=lambda team: (team.people, team.opd.name))
