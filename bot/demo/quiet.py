"""What has not come to an end in the program: whoever plays waits for that before the clock moves on."""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from models.messages import files, inbox, outbox
from models.messages.files import Media
from models.messages.inbox import Update
from models.messages.outbox import Outbound
from models.programme.programme import Programme
from models.releases import releases
from models.sending.callbacks import StatusReport
from models.shares.shares import Evidence
from models.whatsapp import windows
from scheduler import jobs

SOON = timedelta(seconds=5)  # what is due within it is waited for
AWAY = (*jobs.HOURLY, "pack_watch")  # jobs that nobody waits for


@dataclass(frozen=True, slots=True)
class Left:
    """What has not come to an end: updates and reports, messages, files, jobs (due ones, running releases),
    and evidence that the program has not looked at."""

    updates: int
    messages: int
    files: int
    jobs: int
    evidence: int

    @property
    def nothing(self) -> bool:
        return not any(astuple(self))


def left(session: Session, now: datetime, programme: Programme) -> Left:
    """Counts it. What waits until somebody on WhatsApp writes to us is not under way, nor is a release that
    waits for nothing else."""
    due = now + SOON
    new = select(func.count()).select_from(Update).where(Update.status == inbox.NEW, Update.due_at <= due)
    reports = select(func.count()).select_from(StatusReport)
    reports = reports.where(StatusReport.applied_at.is_(None), StatusReport.due_at <= now)
    # One state at a time: each has an index of its own.
    queued, sending = (
        select(func.count()).select_from(Outbound).where(Outbound.status == status, Outbound.due_at <= due)
        for status in (outbox.QUEUED, outbox.SENDING)
    )
    remote = select(func.count()).select_from(Media).where(Media.status == files.REMOTE)
    unseen = select(func.count()).select_from(Evidence).where(Evidence.examine_at.is_not(None))
    return Left(
        (session.scalar(new) or 0) + (session.scalar(reports) or 0),
        sum(session.scalar(query) or 0 for query in (queued, sending, _following(due))),
        session.scalar(remote) or 0,
        sum(due.job not in AWAY for due in jobs.pending(session, now, programme)) + _running(session),
        session.scalar(unseen) or 0,
    )


def _following(due: datetime) -> Select[int]:
    """How many rows wait for another one that is under way itself."""
    before = aliased(Outbound, name="before")
    windowed = before.follows.startswith(windows.PREFIX, autoescape=True)
    # Found once, not for every row; and the words of the index, by which alone SQLite knows it.
    shut = select(before.address).where(text("before.status = 'waiting'"), windowed)
    return (
        select(func.count())
        .select_from(Outbound)
        .where(
            text("outbox.status = 'waiting'"),
            Outbound.due_at <= due,
            or_(Outbound.follows.is_(None), ~Outbound.follows.startswith(windows.PREFIX, autoescape=True)),
            Outbound.address.not_in(shut),
        )
    )


def _running(session: Session) -> int:
    """Releases that still send something."""
    running = [one for one in releases.running(session) if one.status == releases.RUNNING]
    counts = [releases.progress(session, one.id) for one in running]
    return sum(one.left > one.unopened or one.left == 0 for one in counts)
