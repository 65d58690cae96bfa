"""What /metrics and the demo say about the database: depths and ages, counted from rows."""

from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.telemetry.metrics import Depth, Snapshot
from models.messages import inbox, outbox
from models.messages.inbox import Update
from models.messages.outbox import Outbound, Priority
from models.releases import releases

NAMES = {Priority.REPLY: "reply", Priority.NOTICE: "notice", Priority.BULK: "bulk"}


def snapshot(reader: Engine, clock: Clock) -> Snapshot:
    """The state of inbox, outbox and running releases now. Raises DBAPIError."""
    now = clock.now()
    with Session(reader) as session:
        waiting = session.execute(
            select(func.count(), func.min(Update.received_at)).where(Update.status == inbox.NEW)
        ).one()
        dead = session.scalar(select(func.count()).where(Update.status == inbox.DEAD)) or 0
        queued = session.execute(
            select(Outbound.priority, func.count(), func.min(Outbound.due_at))
            .where(Outbound.status == outbox.QUEUED)
            .group_by(Outbound.priority)
        ).all()
        running = {
            release.week or f"item-{release.item_id}": release.id for release in releases.running(session)
        }
        progress = {week: releases.progress(session, release_id) for week, release_id in running.items()}
    return Snapshot(
        inbox=Depth(waiting[0], _age(waiting[1], now)),
        outbox={NAMES[Priority(level)]: Depth(number, _age(due, now)) for level, number, due in queued},
        dead=dead,
        releases={
            week: {"sent": p.sent, "failed": p.failed, "skipped": p.skipped, "left": p.left}
            for week, p in progress.items()
        },
    )


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
