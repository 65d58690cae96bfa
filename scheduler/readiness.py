"""What the programme does before a release: reminds those who have no item, and teams that are too small."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.programme import weeks
from models.programme.programme import Programme
from models.reminders import nudges

BEFORE = (timedelta(days=2), timedelta(days=1))  # of the release
_AFTER = timedelta(days=1)  # the release, when it is quiet again


def moments(week: str, programme: Programme) -> Iterator[tuple[str, str, datetime, datetime]]:
    """The jobs of a programme week: (job, period, when it is due, until when it makes sense).

    "readiness" is for the release of the week to come and belongs to the one before it. What would fall
    into the quiet hours is due when they end.
    """
    grace = timedelta(hours=programme.reminder_grace_hours)
    coming = weeks.shift(week, 1)
    if coming >= programme.started:
        release = weeks.moment(coming, programme.release, programme)
        for nth, before in enumerate(BEFORE, start=1):
            at = programme.quiet_until(release - before)
            yield "readiness", f"{coming}:{nth}", at, at + grace
    if week >= programme.started:
        released = weeks.moment(week, programme.release, programme)
        at = programme.quiet_until(released + _AFTER)
        yield "teams", week, at, at + grace


def remind(session: Session, period: str, now: datetime, programme: Programme) -> str | None:
    """Tells who has no approved item for the coming release; None in the quiet hours: tried again."""
    if programme.is_quiet(now):
        return None
    week, _, nth = period.partition(":")
    lacking, told = nudges.remind(session, week, int(nth), now, programme)
    return f"{lacking} OPD, {told} people"


def small_teams(session: Session, period: str, now: datetime, programme: Programme) -> str | None:
    """Tells the teams that are too small; None in the quiet hours: tried again."""
    if programme.is_quiet(now):
        return None
    return f"{nudges.remind_small_teams(session, period, now)} people"
