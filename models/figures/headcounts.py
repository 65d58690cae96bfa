"""The people of a week, counted once: by OPD, month of joining and standing. Every figure of people is a sum
of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import Session

from models.figures import figures
from models.figures.snapshots import Participation
from models.figures.weekly import OpdPeople
from models.people.people import Person
from models.programme import weeks
from models.programme.programme import Programme

MONTHS = 12  # months of joining that are named one by one
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


def of(session: Session, week: str, programme: Programme) -> Sequence[Headcount]:
    """Everybody of the active roster, as they stand in a week, in one statement: it looks at each person's
    last closed week before it and at nothing older, however long the history is."""
    begins = _beginnings(week, programme)
    names = [None, "", *(f"{begin.astimezone(programme.zone):%Y-%m}" for begin in begins)]
    each = (
        select(
            Person.opd_id.label("opd_id"),
            _month(begins).label("month"),
            Person.id.in_(figures.shown_by(week)).label("active"),
            _last(week).label("last"),
        )
        .where(Person.active)
        # A fence on both engines, or each look at a person's past would be made again for its group.
        .offset(0)
        .subquery("each")
    )
    # One number instead of three columns, by which to group takes an eighth longer on SQLite.
    kinds = len(names) * len(STANDINGS)
    kind = each.c.month * len(STANDINGS) + _standing(each.c.active, each.c.last, week)
    key = (each.c.opd_id * kinds + kind).label("key")
    found = list[Headcount]()
    for key_, number in session.execute(select(key, func.count()).group_by(key)):
        opd_id, rest = divmod(key_, kinds)
        month, standing = divmod(rest, len(STANDINGS))
        found.append(Headcount(opd_id, names[month], STANDINGS[standing], number))
    return found


def _last(week: str) -> ColumnElement[str]:
    """The last closed week before `week` in which a Person was active, NULL where there is none. Most were in
    the one just before, which one list of people tells of all; only the others are looked up one by one."""
    before = weeks.shift(week, -1)
    lately = select(Participation.person_id).where(Participation.week == before)
    earlier = (
        select(func.max(Participation.week))
        .where(Participation.person_id == Person.id, Participation.week < before)
        .correlate(Person)
        .scalar_subquery()
    )
    return case((Person.id.in_(lately), before), else_=earlier)


def _standing(active: ColumnElement[bool], last: ColumnElement[str], week: str) -> ColumnElement[int]:
    """The place in STANDINGS: active for the first time, or again; stopped, or neither.

    Stopped: active in one of the four weeks that end two weeks before `week`, and in neither of the last two.
    """
    known, quiet = weeks.shift(week, 1 - KNOWN_WEEKS), weeks.shift(week, 1 - QUIET_WEEKS)
    return case(
        (and_(active, last.is_(None)), STANDINGS.index(NEW)),
        (active, STANDINGS.index(AGAIN)),
        (and_(last >= known, last < quiet), STANDINGS.index(STOPPED)),
        else_=STANDINGS.index(IDLE),
    )


def _month(begins: Sequence[datetime]) -> ColumnElement[int]:
    """0 for who has not joined, 1 for who did before all `begins`, then the place of the month."""
    newest = reversed(list(enumerate(begins, start=2)))  # most of a young programme joined lately
    return case(
        (Person.joined_at.is_(None), 0),
        *((Person.joined_at >= begin, place) for place, begin in newest),
        else_=literal(1),
    )


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
