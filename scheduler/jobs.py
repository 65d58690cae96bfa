"""What the programme does by itself, and when: one short function a job.

A job is due for a period (a week, a reminder of a week). It claims (job, period) in the transaction
of its effect, so that it happens once, whatever restarts or replicas do. What comes too late to make
sense is skipped, and that is recorded too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.digests import decisions, digests, packs, unread
from models.editorial import waits
from models.figures import snapshots
from models.messages import inbox, notices
from models.messages.post import Post
from models.programme import runs, weeks
from models.programme.programme import Programme
from models.proofs import retention, worklists
from models.refused import Refused
from models.releases import costs, releases
from models.reminders import lives, reminders
from models.sending import callbacks
from scheduler import readiness, recognition, reviewing

KEEP_RAW_UPDATES = timedelta(days=14)
KEEP_REPORTS = timedelta(days=2)  # of what became of a message, once it is written down
CATCH_UP_WEEKS = 4
SETTLING = timedelta(minutes=5)  # so long a week that is over waits for what had come by then
MAKING = timedelta(minutes=10)  # a week that is not closed by then is a matter for a person
LIVE_BACK = timedelta(days=1)  # so far back it is recorded that the word of a live stream came too late


@dataclass(frozen=True, slots=True)
class Due:
    """One job for one period: when it is due, and until when it makes sense (None: always)."""

    job: str
    period: str
    at: datetime
    until: datetime | None = None


def around(now: datetime, programme: Programme) -> Iterator[Due]:
    """Every job and period of the week that `now` falls in, whether due yet or not."""
    week = weeks.of(now, programme)
    yield from of_week(week, programme)
    yield from hourly(now, programme)


def hourly(now: datetime, programme: Programme) -> Iterator[Due]:
    """The jobs of the hour that `now` falls in. An hour that was missed makes no sense any more."""
    if weeks.of(now, programme) < programme.started:
        return
    hour = now.astimezone(programme.zone).replace(minute=0, second=0, microsecond=0)
    for job in HOURLY:
        yield Due(job, f"{hour:%Y-%m-%dT%H}", hour, hour + timedelta(hours=1))


def of_week(week: str, programme: Programme) -> Iterator[Due]:
    """The jobs of one programme week, in the order of their times."""
    closes = weeks.closing(week, programme)
    before = weeks.shift(week, -1)
    found = [Due("digest", before, weeks.moment(week, programme.digest, programme), None)]
    if before < programme.started:
        found.clear()  # there was no programme yet
    if week >= programme.started:
        found.append(Due("release", week, weeks.moment(week, programme.release, programme), closes))
        for nth, when in enumerate(programme.reminders, start=1):
            at = weeks.moment(week, when, programme)
            grace = timedelta(hours=programme.reminder_grace_hours)
            found.append(Due("reminders", f"{week}:{nth}", at, min(at + grace, closes)))
        night = weeks.opening(week, programme) + timedelta(hours=20)
        found.append(Due("housekeeping", week, night, closes))
    found += [Due(*moment) for moment in readiness.moments(week, programme)]
    found += [Due(*moment) for moment in recognition.moments(week, programme)]
    yield from sorted(found, key=lambda due: due.at)


def watching(session: Session, now: datetime, programme: Programme) -> Iterator[Due]:
    """The pack that could not be made, or is on its way to groups and readers, until it is there or the next
    one is due."""
    week = weeks.of(now, programme)
    before, closes = weeks.shift(week, -1), weeks.closing(week, programme)
    found = snapshots.newest(session, before)
    made_by = weeks.moment(week, programme.digest, programme) + MAKING
    if found is None and before >= programme.started and now >= made_by:
        yield Due("pack_missing", before, made_by, closes)
    if found is not None and not _arrived(session, found.week):
        yield Due("pack_watch", f"{found.week}:{found.version}", found.at, closes)


def _arrived(session: Session, week: str) -> bool:
    return packs.arrived(session, week) and unread.arrived(session, week)


def next_due(now: datetime, programme: Programme) -> Due | None:
    """What comes next after `now`."""
    week = weeks.of(now, programme)
    for name in (week, weeks.shift(week, 1)):
        for due in of_week(name, programme):
            if due.at > now:
                return due
    return None


def release(session: Session, due: Due, now: datetime, programme: Programme) -> str | None:
    """Releases the week; None while nothing is approved: it is tried again until the week closes."""
    week = due.period
    waits.lock_up(session, now, programme)
    closes_at = weeks.closing(week, programme)
    try:
        with session.begin_nested():
            started = releases.start(session, week, now, closes_at, province=programme.province_short)
            costs.expect(session, started, now, programme)
    except Refused as refused:
        if refused.key == "releasing.already":
            return "released by hand"
        if refused.key == "releasing.template_missing":
            about = f"release:{week}:template"
            notices.tell_all(session, now, "release", about, Post(refused.key, refused.params))
            return None
        if refused.key != "releasing.nothing":
            return None  # somebody changed an item in this very moment
        notices.tell_all(
            session, now, "release", f"release:{week}:nothing", Post("releasing.nothing", {"week": week})
        )
        return None
    return f"{releases.progress(session, started.id).total} people"


def remind(session: Session, due: Due, now: datetime, programme: Programme) -> str | None:
    """Queues the reminder to those who received and have not proved."""
    week, _, nth = due.period.partition(":")
    return f"{reminders.send(session, week, int(nth), now, programme)} people"


def digest(session: Session, due: Due, now: datetime, programme: Programme) -> str | None:
    """Closes the week that is over and sends the pack; later than planned it says so. What came in time and
    is not handled yet is waited for, a while."""
    if now < due.at + SETTLING and inbox.waits_since(session, due.at):
        return None
    snapshot = digests.close(session, due.period, now, programme)
    local = due.at.astimezone(programme.zone)
    too_late = local.replace(hour=programme.digest_until.hour, minute=programme.digest_until.minute)
    groups = packs.announce(session, snapshot, now, programme, late=now >= too_late)
    packs.made_after_all(session, now, due.period, programme)
    if groups == 0:
        number = weeks.short(due.period, now, programme)
        post = Post("digest.no_group", {"week": due.period, "number": number})
        notices.tell_all(session, now, "release", f"digest:{due.period}:nowhere", post)
    return f"version {snapshot.version} to {groups} groups"


def housekeeping(session: Session, due: Due, now: datetime, programme: Programme) -> str | None:
    """Deletes raw updates that were handled two weeks ago (their effects stay), and lets go of the pictures
    of proofs whose time is over."""
    del due
    updates = inbox.prune(session, now - KEEP_RAW_UPDATES)
    callbacks.prune(session, now - KEEP_REPORTS)
    pictures = retention.let_go(session, now, programme)
    return f"{updates} raw updates deleted, {pictures} pictures let go"


def live(session: Session, due: Due, now: datetime, programme: Programme) -> str | None:
    """Tells those who got the card of a live stream that it begins soon, or now."""
    item, _, what = due.period.partition(":")
    return f"{lives.remind(session, int(item), what, now, programme)} people"


def inspect(session: Session, _due: Due, now: datetime, programme: Programme) -> str | None:
    """Tells those who look at proofs that some wait for them; at night nobody."""
    return f"{0 if programme.is_quiet(now) else worklists.remind(session, now, programme)} people"


def decide(session: Session, _due: Due, now: datetime, programme: Programme) -> str | None:
    """Tells whoever wrote down a decision that today is its day; before the morning nobody."""
    return f"{decisions.remind(session, now, programme)} people"


def watch(session: Session, due: Due, now: datetime, programme: Programme) -> str | None:
    """Looks whether groups and readers got the pack, every minute until they have; None while they have
    not."""
    packs.watch(session, now, programme)
    unread.watch(session, now, programme)
    return "arrived" if _arrived(session, due.period.partition(":")[0]) else None


def missing(session: Session, due: Due, now: datetime, _programme: Programme) -> str | None:
    """Tells the controllers, once, that the pack of a week could not be made. The clock has tried just before
    (what it looks at comes last), and goes on trying; then `digest` tells that it came after all."""
    if snapshots.newest(session, due.period) is not None:
        return "made"
    told = packs.not_made(session, now, due.period)
    return f"{told} people" if told else None


Job = Callable[[Session, Due, datetime, Programme], str | None]
JOBS: dict[str, Job] = {
    "release": release,
    "reminders": remind,
    "digest": digest,
    "housekeeping": housekeeping,
    "readiness": lambda session, due, now, programme: readiness.remind(session, due.period, now, programme),
    "teams": lambda session, due, now, programme: readiness.small_teams(session, due.period, now, programme),
    "live": live,
    "review_waits": lambda session, _due, now, programme: reviewing.raise_waits(session, now, programme),
    "inspections": inspect,
    "decisions": decide,
    "pack_watch": watch,
    "pack_missing": missing,
    "awards": lambda session, due, now, programme: recognition.make(session, due.period, now, programme),
    "election": lambda session, _due, now, programme: reviewing.lock_up(session, now, programme),
}
# What they wait for is there in a moment: they are tried again at once, not with the next minute.
IMPATIENT = ("digest",)
# They read more than one statement sees: their transaction has to see one state of the database.
STEADY = ("digest", "awards")
HOURLY = ("election", "review_waits", "inspections", "decisions")


def is_steady(due: Due) -> bool:
    """Whether the transaction of this job has to see one state of the database throughout, whoever runs it:
    the clock and the command line ask here."""
    return due.job in STEADY


def run(session: Session, due: Due, now: datetime, programme: Programme) -> str:
    """Does one job for its period, at most once ever; what came of it.

    "taken" when it had run before, "waits" when it cannot be done yet, "skipped" when it is too late.
    """
    if not runs.claim(session, due.job, due.period, now):
        return "taken"
    if due.until is not None and now >= due.until:
        runs.skip(session, due.job, due.period, "too late")
        return "skipped"
    detail = JOBS[due.job](session, due, now, programme)
    if detail is None:
        runs.give_back(session, due.job, due.period)
        return "waits"
    runs.describe(session, due.job, due.period, detail)
    return detail


def pending(session: Session, now: datetime, programme: Programme) -> list[Due]:
    """What is due and has not been done: the jobs of this week, and those that were missed before it.

    Who looks back too far would make up weeks in which the program was not there yet: it looks back to
    the week of the newest run, and CATCH_UP_WEEKS at the most.
    """
    week = weeks.of(now, programme)
    first = week
    if newest := runs.latest(session, 1):
        first = max(weeks.shift(week, -CATCH_UP_WEEKS), min(week, weeks.of(newest[0].at, programme)))
    found = []
    while first <= week:
        found += [due for due in of_week(first, programme) if due.at <= now]
        first = weeks.shift(first, 1)
    found += [
        Due("live", f"{one.item_id}:{one.what}", one.at, one.until)
        for one in lives.moments(session, now - LIVE_BACK, now)
    ]
    found += hourly(now, programme)
    found += watching(session, now, programme)
    return [due for due in found if not runs.taken(session, due.job, due.period)]


def of_moment(name: str, moment: datetime, programme: Programme) -> Due | None:
    """The run of a job that a moment belongs to: the newest that was due by then, else the week's next; of
    the monthly list that of the calendar month."""
    if name == "awards":
        listed = recognition.of_moment(moment, programme)
        return Due(*listed) if listed else None
    mine = [due for due in around(moment, programme) if due.job == name]
    past = [due for due in mine if due.at <= moment]
    return past[-1] if past else (mine[0] if mine else None)
