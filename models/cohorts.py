"""Who began, who stopped, and how those who joined together hold out.

Read from the frozen participation of closed weeks and from the shares of the week itself: none of it
depends on how long the history is.
"""

from datetime import datetime

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from models import figures, weeks
from models.people import Person
from models.programme import Programme
from models.snapshots import Participation
from models.weekly import Cohort, Cohorts

QUIET_WEEKS = 2  # so many weeks without a share, the week itself included, make somebody stop
KNOWN_WEEKS = 6  # … who shared within so many
MONTHS = 12  # months of joining that are named one by one


def of(session: Session, week: str, programme: Programme) -> Cohorts:
    """New and stopped people of a week, and its share of those who joined in each month."""
    return {
        "new": new(session, week),
        "stopped": stopped(session, week),
        "months": months(session, week, programme),
    }


def new(session: Session, week: str) -> int:
    """Active people who were active in no closed week before."""
    before = exists().where(Participation.person_id == Person.id, Participation.week < week)
    chosen = select(func.count()).select_from(Person).where(figures.is_active(week), ~before)
    return session.scalar(chosen) or 0


def stopped(session: Session, week: str) -> int:
    """People of the roster who were active in one of the four weeks that end two weeks before `week`, and in
    neither of the last two."""
    known = weeks.shift(week, 1 - KNOWN_WEEKS)
    quiet = weeks.shift(week, 1 - QUIET_WEEKS)
    was = select(Participation.person_id).where(Participation.week >= known, Participation.week < quiet)
    lately = exists().where(
        Participation.person_id == Person.id, Participation.week >= quiet, Participation.week < week
    )
    chosen = select(func.count()).select_from(Person)
    chosen = chosen.where(Person.active, Person.id.in_(was), ~lately, ~figures.is_active(week))
    return session.scalar(chosen) or 0


def months(session: Session, week: str, programme: Programme) -> list[Cohort]:
    """The people of the roster by the month in which they joined, oldest first, and who of them is active.

    Months are those of the programme's time zone; what lies further back than `MONTHS` is one cohort.
    """
    begins = _beginnings(week, programme)
    names = ["", *(f"{begin.astimezone(programme.zone):%Y-%m}" for begin in begins)]
    newest = reversed(list(enumerate(begins, start=1)))  # most of a young programme joined lately
    number = case(*((Person.joined_at >= begin, place) for place, begin in newest), else_=0)
    people = select(number, func.count()).where(Person.active, Person.joined_at.is_not(None))
    active = figures.active_people(week)
    # Two counts: SQLite looks through all active people for each of an outer join.
    shared = people.join(active, active.c.person_id == Person.id)
    of, here = (
        {place: count for place, count in session.execute(which.group_by(number))}
        for which in (people, shared)
    )
    return [
        {"month": names[place], "people": of[place], "active": here.get(place, 0)} for place in sorted(of)
    ]


def _beginnings(week: str, programme: Programme) -> list[datetime]:
    """The first moments of the newest months up to the week's own, oldest first."""
    last = weeks.closing(week, programme).astimezone(programme.zone)
    count = last.year * 12 + last.month - 1
    return [
        datetime(month // 12, month % 12 + 1, 1, tzinfo=programme.zone)
        for month in range(count - MONTHS + 1, count + 1)
    ]
