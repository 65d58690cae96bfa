"""The progress message of a release: one message, edited in place until the result stands in it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages import notices, outbox
from models.messages.outbox import Outbound, Priority
from models.messages.post import Button, Post
from models.programme.programme import Programme
from models.programme.whatsapp import CHANNEL
from models.releases import costs, deliveries, holding, releases
from models.releases.deliveries import Seen
from models.releases.releases import FINISHED, OPEN, PAUSED, RUNNING, STOPPED, Progress, Release

STEP = 2  # seconds between two edits
# An edit that has not gone out by then would show what is no longer true.
FRESH = timedelta(seconds=5)
SMOOTHING = 0.3
ANEW = timedelta(hours=1)  # a result that changed is told again so long after the last time
_KEPT = ("told", "failed", "looked", costs.EXPECTED)  # of the last time that the result was told
_SHOWN = ("left", "sent", "status", "arrived", "read")  # what is new enough for an edit


def watch(release: Release, channel: str, address: str, key: str, per_second: float = 0.0) -> None:
    """From now on the message with the outbox key `key` shows how the release goes.

    `per_second` are the people a second to be expected at first; later it is measured.
    """
    release.watcher_channel, release.watcher_address, release.watcher_key = channel, address, key
    kept = {name: release.watched[name] for name in (costs.EXPECTED,) if name in release.watched}
    release.watched = {"rate": per_second or release.watched.get("rate", 0.0), **kept}


def follow(session: Session, release: Release, now: datetime, programme: Programme) -> bool:
    """Queues the next edit of the progress message; False when there is nothing new to show.

    The result is always shown, in the end: in the message that was watched, or, where nobody watched
    (a release by the clock), to everybody who may release.
    """
    if release.status not in OPEN:
        return _end(session, release, now, programme)
    if not release.watcher_key or not _is_out(session, release.watcher_key):
        return False
    progress = releases.progress(session, release.id)
    reported = deliveries.seen(session, release.id)
    seen = _seen(release, progress, now) | {"arrived": reported.delivered, "read": reported.read}
    if all(seen[name] == release.watched.get(name, 0) for name in _SHOWN):
        return False
    queued = _edit(
        session,
        release,
        now,
        f"progress:{release.id}:{int(now.timestamp()) // STEP}",
        _running(release, progress, seen["rate"], reported),
        expires_at=now + FRESH,
    )
    if queued:
        release.watched = seen
    return queued


def post(session: Session, release: Release, now: datetime, programme: Programme) -> Post:
    """What the progress message says now: the progress of an open release, the result of another."""
    progress = releases.progress(session, release.id)
    if release.status not in OPEN:
        return _result(session, release, progress, now, programme)
    rate = _seen(release, progress, now)["rate"]
    return _running(release, progress, rate, deliveries.seen(session, release.id))


def _seen(release: Release, progress: Progress, now: datetime) -> dict[str, Any]:
    """What is shown at `now`, with the speed in people a second since the time before."""
    before = release.watched
    rate = float(before.get("rate", 0.0))
    if "at" in before and before.get("status") == release.status == RUNNING:
        seconds = (now - datetime.fromisoformat(before["at"])).total_seconds()
        ended = before["left"] - progress.left
        if seconds > 0 and ended >= 0:
            measured = ended / seconds
            rate = measured if rate <= 0 else (1 - SMOOTHING) * rate + SMOOTHING * measured
    return {
        "at": now.isoformat(),
        "left": progress.left,
        "sent": progress.sent,
        "status": release.status,
        "rate": rate,
        **{name: before[name] for name in _KEPT if name in before},
    }


def _running(release: Release, progress: Progress, rate: float, seen: Seen) -> Post:
    paused = release.status == PAUSED
    moving = progress.left - progress.unopened  # the others wait for somebody who may write in three days
    hold = (
        Button("releasing.button_resume", f"release.resume:{release.id}")
        if paused
        else Button("releasing.button_pause", f"release.pause:{release.id}")
    )
    return Post(
        "releasing.progress",
        {
            "state": {"text": "releasing.state_paused" if paused else "releasing.state_running"},
            "name": release.name,
            "done": progress.done,
            "sent": progress.sent,
            "total": progress.total,
            "failed": progress.missing,
            "seconds": "" if paused or rate < 0.05 or moving <= 0 else round(moving / rate),
            "unopened": progress.unopened or "",
            "seen": _reported(seen),
        },
        [[hold, Button("releasing.button_stop", f"release.stop:{release.id}")]],
    )


def _reported(seen: Seen) -> dict[str, Any] | str:
    """What WhatsApp says about the messages that it took; nothing where there are none."""
    if not seen.reported:
        return ""
    return {
        "text": "releasing.seen",
        "params": {"total": seen.reported, "delivered": seen.delivered, "read": seen.read},
    }


def _result(
    session: Session, release: Release, progress: Progress, now: datetime, programme: Programme
) -> Post:
    missing = progress.missing
    buttons = []
    if missing:
        buttons.append([Button("releasing.button_missing", f"release.missing:{release.id}")])
    if deliveries.retryable(session, release, now):
        buttons.append([Button("releasing.button_retry", f"release.retry:{release.id}")])
    ended = release.finished_at or now
    return Post(
        "releasing.result",
        {
            "state": {
                "text": "releasing.state_stopped" if release.status == STOPPED else "releasing.state_finished"
            },
            "name": release.name,
            "sent": progress.sent,
            "total": progress.total,
            "missing": missing,
            "reasons": [
                {
                    "text": "releasing.reason",
                    "params": {"why": {"text": holding.why_text(reason)}, "people": number},
                }
                for reason, number in deliveries.reasons(session, release.id).items()
            ],
            "left": progress.left or "",
            "seen": _reported(deliveries.seen(session, release.id)),
            "cost": costs.told(session, release, programme),
            "seconds": round((ended - release.started_at).total_seconds()),
        },
        buttons,
    )


def _end(session: Session, release: Release, now: datetime, programme: Programme) -> bool:
    if release.status == FINISHED and not _is_news(release, now):
        return False
    return _tell_result(session, release, now, programme, release.finished_at or now)


def _tell_result(
    session: Session, release: Release, now: datetime, programme: Programme, at: datetime
) -> bool:
    failed = releases.progress(session, release.id).failed
    release.watched = {**release.watched, "told": now.isoformat(), "failed": failed}
    ended = int(at.timestamp())
    result = post(session, release, now, programme)
    if not release.watcher_key:
        return _tell(session, release, now, ended, result) > 0
    key = f"progress:{release.id}:ended:{ended}"
    if not _edit(session, release, now, key, result):
        return False
    outbox.cancel(
        session,
        Outbound.address == release.watcher_address,
        Outbound.key.startswith(f"progress:{release.id}:", autoescape=True),
        Outbound.key != key,
        reason="overtaken",
    )
    return True


def correct(session: Session, now: datetime, programme: Programme) -> int:
    """Tells the results of releases once more whose number of failures is not what was told, for what a
    channel reports afterwards; how many. Looked at an hour after the last time, and never at night."""
    if programme.is_quiet(now):
        return 0
    told = 0
    over = select(Release).where(Release.status == FINISHED, Release.closes_at > now).order_by(Release.id)
    for release in session.scalars(over).all():
        known = release.watched
        since = known.get("looked") or known.get("told")
        if since is None or "failed" not in known or now - datetime.fromisoformat(since) <= ANEW:
            continue
        release.watched = {**known, "looked": now.isoformat()}
        if releases.progress(session, release.id).failed != known["failed"]:
            told += _tell_result(session, release, now, programme, now)
    return told


def _is_news(release: Release, now: datetime) -> bool:
    """Whether the result is told: always in a message that can be changed, else once in a while, since what
    fails later goes on for days (`deliveries.reopen`)."""
    told = release.watched.get("told")
    changes = bool(release.watcher_key) and release.watcher_channel != CHANNEL
    return told is None or changes or now - datetime.fromisoformat(told) > ANEW


def _edit(session: Session, release: Release, now: datetime, key: str, shown: Post, **more: Any) -> bool:
    if not _is_out(session, release.watcher_key):
        more |= {"status": outbox.WAITING, "follows": release.watcher_key}
    return outbox.queue(
        session,
        now,
        key,
        release.watcher_channel,
        release.watcher_address,
        shown,
        op="edit",
        target_key=release.watcher_key,
        priority=Priority.NOTICE,
        **more,
    )


def _is_out(session: Session, key: str) -> bool:
    return session.scalar(select(Outbound.status).where(Outbound.key == key)) == outbox.SENT


def _tell(session: Session, release: Release, now: datetime, ended: int, result: Post) -> int:
    return notices.tell_all(session, now, "release", f"release:{release.id}:ended:{ended}", result)
