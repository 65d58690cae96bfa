"""Who may be named for recognition, and who would rather not be.

With `awards.opt_out` whoever says nothing may be named; without it only who said yes. Those who run the
programme or judge in it are never named.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.people import audit
from models.people.people import Person
from models.people.roles import Role
from models.programme.programme import Programme

JUDGES = ("controller", "tag", "admin")  # a conflict of interest, whatever else they are


class Wish(Base):
    """What somebody said last about being named."""

    __tablename__ = "award_wish"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    wanted: Mapped[bool]
    at: Mapped[datetime]


def wanted(session: Session, person: Person, programme: Programme) -> bool:
    """Whether somebody may be named, by what they said or by the programme's rule."""
    wish = session.get(Wish, person.id)
    return programme.awards.opt_out if wish is None else wish.wanted


def say(session: Session, person: Person, now: datetime, programme: Programme, *, wanted_: bool) -> bool:
    """[Tak ikut penghargaan] and [Ikut penghargaan]; False where it was so before."""
    if wanted(session, person, programme) == wanted_:
        return False
    wish = session.get(Wish, person.id)
    if wish is None:
        session.add(Wish(person_id=person.id, wanted=wanted_, at=now))
    else:
        wish.wanted, wish.at = wanted_, now
    session.flush()
    audit.record(session, now, "award_wish", "person", person.id, by=person.id, after=str(wanted_).lower())
    return True


def willing(programme: Programme) -> Select[int]:
    """The ids of those who may be named, as a subquery: on the roster, joined, no judge, not unwilling."""
    judging = select(Role.person_id).where(Role.role.in_(JUDGES))
    chosen = select(Person.id).where(Person.active, Person.joined_at.is_not(None), Person.id.not_in(judging))
    said = select(Wish.person_id).where(Wish.wanted.is_(not programme.awards.opt_out))
    return chosen.where(Person.id.not_in(said) if programme.awards.opt_out else Person.id.in_(said))


def is_willing(session: Session, person_id: int, programme: Programme) -> bool:
    """Whether somebody may be named now."""
    return session.scalar(willing(programme).where(Person.id == person_id)) is not None
