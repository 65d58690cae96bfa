"""The people of a week, counted once: by OPD, month of joining and standing. Every figure of people is a sum
of it."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal, select
from sqlalchemy.orm import Session

from models.base import Instant
from models.figures import figures
from models.figures.snapshots import LastActive, Participation
from models.figures.weekly import OpdPeople
from models.people.people import Person
from models.programme import weeks
from models.programme.programme import Programme

MONTHS = 12  # months of joining that are named one by one
# Weeks in which nothing was released are not counted: nobody could share anything then.
QUIET_WEEKS = 2  # so many weeks without a share, the week itself included, make somebody stop
KNOWN_WEEKS = 6  # … who shared within so many
NEW, AGAIN, STOPPED, IDLE = "new", "again", "stopped", "idle"  # the standing of somebody in a week
STANDINGS = (NEW, AGAIN, STOPPED, IDLE)
ACTIVE = (NEW, AGAIN)


class Headcount(NamedTuple):
    """So many people of the active roster. `month` is that of their joining ("2026-11"; "" before all that
    are named), None of those who have not joined."""

    opd_id: int
    month: str | None
    standing: str
    number: int


def of(
    session: Session, week: str, programme: Programme, skipped: Container[str] = ()
) -> Sequence[Headcount]:
    """Everybody of the active roster, as they stand in a week, in one statement: it looks at the last closed
    week in which each was active, and at nothing older, however long the history is. `skipped` are the weeks
    in which nothing was released."""
    begins = _beginnings(week, programme)
    names = [None, "", *(f"{begin.astimezone(programme.zone):%Y-%m}" for begin in begins)]
    values: dict[str, object] = {f"begin_{place}": begin for place, begin in enumerate(begins)}
    quiet, known = (_back(week, number, skipped) for number in (QUIET_WEEKS, KNOWN_WEEKS))
    values |= {"week": week, "known": known, "quiet": quiet}
    kinds = [(month, standing) for month in names for standing in STANDINGS]
    return [
        Headcount(key // _KINDS, *kinds[key % _KINDS], number)
        for key, number in session.execute(_EVERYBODY, values)
    ]


def _back(week: str, number: int, skipped: Container[str]) -> str:
    """The first of so many weeks that end with `week`, without those that are skipped."""
    while True:
        number -= week not in skipped
        if not number:
            return week
        week = weeks.shift(week, -1)


def _last() -> ColumnElement[str]:
    """The last closed week before `week` in which a Person was active, NULL where there is none. Only for a
    week with closed ones after it the participations are looked through."""
    earlier = (
        select(func.max(Participation.week))
        .where(Participation.person_id == Person.id, Participation.week < bindparam("week"))
        .correlate(Person)
        .scalar_subquery()
    )
    last = LastActive.week
    return case((last < bindparam("week"), last), (last.is_not(None), earlier))


def _standing(active: ColumnElement[bool], last: ColumnElement[str]) -> ColumnElement[int]:
    """The place in STANDINGS: active for the first time, or again; stopped, or neither.

    Stopped: active in one of the four weeks that end two weeks before `week`, and in neither of the last two,
    weeks without a release left out.
    Each is asked of as few people as can be, and nobody is looked up twice among the active.
    """
    new = case((last.is_(None), STANDINGS.index(NEW)), else_=STANDINGS.index(AGAIN))
    lately = case((last < bindparam("quiet"), STANDINGS.index(STOPPED)), else_=STANDINGS.index(IDLE))
    return case((active, new), (last >= bindparam("known"), lately), else_=STANDINGS.index(IDLE))


def _month() -> ColumnElement[int]:
    """0 for who has not joined, 1 for who did before all that are named, then the place of the month."""
    newest = range(MONTHS - 1, -1, -1)  # most of a young programme joined lately
    return case(
        (Person.joined_at.is_(None), 0),
        *((Person.joined_at >= bindparam(f"begin_{place}", type_=Instant), place + 2) for place in newest),
        else_=literal(1),
    )


def _everybody() -> Select[int, int]:
    """How many people there are of each key, which is OPD, month and standing in one number."""
    active = Person.id.in_(figures.shown_by(bindparam("week")))
    kind = _month() * len(STANDINGS) + _standing(active, _last())
    each = (
        select((Person.opd_id * _KINDS + kind).label("key"))
        .outerjoin(LastActive, LastActive.person_id == Person.id)
        .where(Person.active)
        # A fence on both engines, or each person's key would be found twice.
        .offset(0)
        .subquery("each")
    )
    return select(each.c.key, func.count()).group_by(each.c.key)


_KINDS = (MONTHS + 2) * len(STANDINGS)
_EVERYBODY = _everybody()  # built once: to build it takes a tenth as long as to run it


def _beginnings(week: str, programme: Programme) -> list[datetime]:
    """The first moments of the newest months up to the week's own, oldest first."""
    last = weeks.closing(week, programme).astimezone(programme.zone)
    count = last.year * 12 + last.month - 1
    return [
        datetime(month // 12, month % 12 + 1, 1, tzinfo=programme.zone)
        for month in range(count - MONTHS + 1, count + 1)
    ]


def by_opd(heads: Iterable[Headcount]) -> dict[int, list[Headcount]]:
    """The same, OPD by OPD; those without people are not in it."""
    found = defaultdict[int, list[Headcount]](list)
    for head in heads:
        found[head.opd_id].append(head)
    return dict(found)


def roster(heads: Iterable[Headcount]) -> int:
    """The active roster."""
    return sum(head.number for head in heads)


def joined(heads: Iterable[Headcount]) -> int:
    """Those of the active roster who have agreed to take part."""
    return sum(head.number for head in heads if head.month is not None)


def active(heads: Iterable[Headcount]) -> int:
    """Those of the active roster with a share of the week that counts."""
    return sum(head.number for head in heads if head.standing in ACTIVE)


def of_opd(heads: Collection[Headcount]) -> OpdPeople:
    """What the people of one OPD say of it."""
    here, shown = roster(heads), active(heads)
    return {
        "roster": here,
        "joined": joined(heads),
        "active": shown,
        "participation": figures.share(shown, here),
        "band": figures.band(here),
    }
