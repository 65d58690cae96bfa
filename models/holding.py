"""A release that holds itself: too many of the newest sendings failed, so that somebody looks before the
rest is lost as well."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import notices, outbox, releases
from models.audiences import ALBUM, CARD
from models.outbox import Outbound
from models.post import Button, Post
from models.releases import RUNNING, Release

WINDOW = 200  # results that are looked at, the newest first
REASON = "failures"
# A person who blocked the bot or closed the account is no failure of the release.
THEIRS = ("blocked",)


@dataclass(frozen=True, slots=True)
class Strain:
    """Of `results` newest sendings `failed` could not be delivered, most of them for `reason`."""

    results: int
    failed: int
    reason: str = ""

    @property
    def share(self) -> float:
        return self.failed / self.results if self.results else 0.0


def strain(session: Session, release: Release, window: int = WINDOW) -> Strain:
    """How the newest `window` sendings of a release ended, since somebody looked last."""
    since = release.counted_from or release.started_at
    ended = func.coalesce(Outbound.sent_at, Outbound.due_at)  # of a failed row: when it failed
    newest = (
        select(Outbound.status, Outbound.reason)
        .where(
            Outbound.release_id == release.id,
            Outbound.part.in_((CARD, ALBUM)),
            Outbound.status.in_((outbox.SENT, outbox.FAILED)),
            Outbound.reason.not_in(THEIRS),
            ended >= since,
        )
        .order_by(ended.desc(), Outbound.id.desc())
        .limit(window)
        .subquery()
    )
    rows = session.execute(
        select(newest.c.status, newest.c.reason, func.count()).group_by(newest.c.status, newest.c.reason)
    ).all()
    failed = {reason: number for status, reason, number in rows if status == outbox.FAILED}
    reason = max(sorted(failed), key=lambda name: failed[name]) if failed else ""
    return Strain(sum(number for _, _, number in rows), sum(failed.values()), reason)


def _suspicious(session: Session, release: Release, least: int) -> bool:
    """Whether there are so many failures at all: a count by index, which is all that most rounds need."""
    some = (
        select(Outbound.id)
        .where(
            Outbound.release_id == release.id,
            Outbound.part.in_((CARD, ALBUM)),
            Outbound.status == outbox.FAILED,
            Outbound.reason.not_in(THEIRS),
            Outbound.due_at >= (release.counted_from or release.started_at),
        )
        .limit(least)
        .subquery()
    )
    return (session.scalar(select(func.count()).select_from(some)) or 0) >= least


def look(session: Session, release: Release, now: datetime, *, failures: float, least: int) -> Strain | None:
    """Pauses a running release when at least `least` of its newest results are there and the share of
    those that failed is `failures` or more; what it saw, where it paused.

    Whoever may release is told, with the cause. After a resume only what happens from then on counts.
    """
    if release.status != RUNNING or not _suspicious(session, release, max(1, int(least * failures))):
        return None
    seen = strain(session, release)
    if seen.results < least or seen.share < failures:
        return None
    releases.pause(session, release, None, now, REASON)
    post = Post(
        "releasing.held",
        {
            "name": release.name,
            "results": seen.results,
            "failed": seen.failed,
            "why": {"text": why_text(seen.reason)},
        },
        [
            [Button("releasing.button_resume", f"release.resume:{release.id}")],
            [Button("releasing.button_stop", f"release.stop:{release.id}")],
            [Button("releasing.button_failed", f"release.missing:{release.id}")],
        ],
    )
    notices.tell_all(session, now, "release", f"release:{release.id}:held:{int(now.timestamp())}", post)
    return seen


def why_text(reason: str) -> str:
    """The key of the words for a reason why somebody did not get a message."""
    return f"releasing.why_{REASONS.get(reason, 'other')}"


REASONS = {
    "unreachable": "unreachable",
    "blocked": "blocked",
    "channel": "channel",
    "refused": "refused",
    "release stopped": "stopped",
    "week closed": "late",
    "too late": "late",
    "withdrawn": "left",
    "left": "left",
    "broken": "broken",
    "album": "album",
}
