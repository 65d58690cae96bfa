"""A release that holds itself: too many of the newest sendings failed, so that somebody looks before the
rest is lost as well."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text, union_all
from sqlalchemy.orm import Session

from models.messages import notices, outbox
from models.messages.outbox import Outbound
from models.messages.post import Button, Post
from models.releases import releases
from models.releases.releases import RUNNING, Release
from models.whatsapp import windows

WINDOW = 200  # results that are looked at, the newest first
REASON = "failures"


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
    """How the newest `window` sendings of a release ended, since somebody looked last.

    A person who blocked the bot or closed the account is no failure of the release.
    """
    since = release.counted_from or release.started_at
    ends = union_all(
        # `due_at` of a failed row is when it failed.
        _newest(release, outbox.SENT_CARDS, Outbound.sent_at, since, window),
        _newest(release, outbox.FAILED_CARDS, Outbound.due_at, since, window),
    ).subquery()
    newest = (
        select(ends.c.status, ends.c.reason).order_by(ends.c.ended.desc(), ends.c.id.desc()).limit(window)
    )
    seen = newest.subquery()
    rows = session.execute(
        select(seen.c.status, seen.c.reason, func.count()).group_by(seen.c.status, seen.c.reason)
    ).all()
    failed = {reason: number for status, reason, number in rows if status == outbox.FAILED}
    reason = max(sorted(failed), key=lambda name: failed[name]) if failed else ""
    return Strain(sum(number for _, _, number in rows), sum(failed.values()), reason)


def _newest(release: Release, cards: str, ended: Any, since: datetime, window: int) -> Select[Any]:
    """So many of the newest `cards` of a release, from the end of an index: however large it is, the others
    are not looked at."""
    newest = (
        select(Outbound.id, Outbound.status, Outbound.reason, ended.label("ended"))
        .where(Outbound.release_id == release.id, text(cards), ended >= since)
        .order_by(ended.desc(), Outbound.id.desc())
        .limit(window)
        .subquery()
    )
    return select(newest)


def _suspicious(session: Session, release: Release, least: int) -> bool:
    """Whether there are so many failures at all: a count by index, which is all that most rounds need."""
    since = release.counted_from or release.started_at
    some = _newest(release, outbox.FAILED_CARDS, Outbound.due_at, since, least).subquery()
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
    windows.REASON: "window",
    "number": "number",
    "template": "template",
    "unknown": "unknown",
}
