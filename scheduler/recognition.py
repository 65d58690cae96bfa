"""What the programme does by itself on the first working day of a month: the list of the month before."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from models.programme import months, weeks
from models.programme.programme import Programme
from models.recognition import shortlists

Moment = tuple[str, str, datetime, datetime]


def moments(week: str, programme: Programme) -> Iterator[Moment]:
    """The lists that are due in a programme week: (job, month, when, until when it makes sense). What was
    missed is made until the next one is due."""
    opens, closes = weeks.opening(week, programme), weeks.closing(week, programme)
    around = months.of(opens, programme)
    for month in (months.shift(around, -1), around):
        _, _, at, _ = due = of_month(month, programme)
        if opens <= at < closes and month >= months.earliest(programme):
            yield due


def of_month(month: str, programme: Programme) -> Moment:
    """The list of one month."""
    at = months.list_at(month, programme)
    return "awards", month, at, months.list_at(months.shift(month, 1), programme)


def of_moment(moment: datetime, programme: Programme) -> Moment | None:
    """The list that is made in the calendar month of a moment: that of the month before. None before
    there was a programme."""
    month = months.shift(months.of(moment, programme), -1)
    return of_month(month, programme) if month >= months.earliest(programme) else None


def make(session: Session, month: str, now: datetime, programme: Programme) -> str:
    """Makes the list of a month, and tells the controllers."""
    made = shortlists.make(session, month, now, programme)
    told = shortlists.announce(session, made, now, programme)
    return f"version {made.version}, {told} controllers told"
