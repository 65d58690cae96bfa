"""What a channel reports of a message after it has taken it: sent, delivered, read, or failed after all.

Reports come in any order, doubled, and before we know ourselves by which name the channel calls the message.
So they are stored as they come, and applied to the rows of the outbox later: a row moves only forward.

    "" → sent → delivered → read, and from each of them undelivered → failed, which are final
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, UniqueConstraint, and_, bindparam, delete, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base, openers, outbox, rerouting, windows
from models.base import Base, BigId
from models.outbox import FAILED, REPORTED, SENT, Outbound

KEPT = timedelta(days=1)  # a report of a message that nobody knows is looked at again for so long
AGAIN = timedelta(seconds=2)  # after which it is looked at next, and twice as long each time after
SENT_ON, DELIVERED, READ, UNDELIVERED, GONE = "sent", "delivered", "read", "undelivered", "failed"
# twilio.com/docs/messaging/api/message-resource#message-status-values: what each says about a message that
# we sent. What is not in here (received, canceled) says nothing about it.
MEANING = {
    "accepted": SENT_ON, "scheduled": SENT_ON, "queued": SENT_ON, "sending": SENT_ON, "sent": SENT_ON,
    "delivered": DELIVERED, "read": READ, "undelivered": UNDELIVERED, "failed": GONE,
}  # fmt: skip
RANK = {"": 0, SENT_ON: 1, DELIVERED: 2, READ: 3, UNDELIVERED: 4, GONE: 5}
ENDS = (UNDELIVERED, GONE)
OTHER = "refused"  # the reason for a code that nobody has named


class StatusReport(Base):
    """One report, as it came. `applied_at` is set when it has met its row, `due_at` when to look next."""

    __tablename__ = "status_report"
    __table_args__ = (
        UniqueConstraint("channel", "external_id", "status"),
        Index("ix_status_report_due", "due_at", "id", **base.only("applied_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    status: Mapped[str]
    error_code: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]


@dataclass(slots=True)
class _Change:
    """What reports of one message mean for its row."""

    row: Any
    delivery: str
    error_code: str = ""
    delivered_at: datetime | None = None

    def add(self, report: Any) -> None:
        meaning = MEANING[report.status]
        if RANK[meaning] > RANK[self.delivery]:
            self.delivery, self.error_code = meaning, report.error_code
        if meaning in (DELIVERED, READ):
            self.delivered_at = min(self.delivered_at or report.received_at, report.received_at)


def note(session: Session, now: datetime, channel: str, reports: Sequence[tuple[str, str, str]]) -> int:
    """Stores reports, each as (the channel's name of the message, status, error code or ""); how many were
    new. What was reported before, and a status that says nothing about a message of ours, is left out."""
    rows = [
        {
            "channel": channel,
            "external_id": external_id,
            "status": status,
            "error_code": error_code,
            "received_at": now,
            "due_at": now,
        }
        for external_id, status, error_code in reports
        if status in MEANING and external_id
    ]
    if not rows:
        return 0
    statement = base.insert(session, StatusReport).on_conflict_do_nothing().returning(StatusReport.id)
    new = len(session.execute(statement, rows).all())
    if new:
        base.wake(session, "reports")
    return new


def apply(session: Session, now: datetime, limit: int, reasons: Mapping[str, str]) -> int:
    """Applies up to `limit` reports that are due to their rows; how many met one.

    `reasons` names the reason why a message failed, by error code ("blocked" stops the account). One whose
    message no row has is looked at again later, for a day.
    """
    found = session.execute(_DUE, {"now": now, "most": limit}).all()
    changes: dict[int, _Change] = {}
    met, unmet = [], []
    for report in found:
        if report.row_id is None:
            unmet.append(report)
            continue
        change = changes.setdefault(
            report.row_id, _Change(report, report.delivery, delivered_at=report.delivered_at)
        )
        change.add(report)
        met.append(report.id)
    _move(session, now, list(changes.values()), reasons)
    if met:
        session.execute(
            update(StatusReport)
            .where(StatusReport.id.in_(met))
            .values(applied_at=now)
            .execution_options(synchronize_session=False)
        )
    _later(session, now, unmet)
    return len(met)


# A row that is to be tried again has no message any more that a report could be about.
_DUE = (
    select(
        StatusReport.id,
        StatusReport.status,
        StatusReport.error_code,
        StatusReport.received_at,
        Outbound.id.label("row_id"),
        Outbound.key,
        Outbound.channel,
        Outbound.address,
        Outbound.external_id,
        Outbound.delivery,
        Outbound.delivered_at,
    )
    .select_from(StatusReport)
    .outerjoin(
        Outbound,
        and_(
            text(REPORTED.replace("channel", "outbox.channel").replace("external_id", "outbox.external_id")),
            Outbound.external_id == StatusReport.external_id,
            Outbound.channel == StatusReport.channel,
            Outbound.status.in_((SENT, FAILED)),
        ),
    )
    .where(text("status_report.applied_at IS NULL"), StatusReport.due_at <= bindparam("now"))
    .order_by(StatusReport.due_at, StatusReport.id)
    .limit(bindparam("most"))
)


def _move(session: Session, now: datetime, changes: Sequence[_Change], reasons: Mapping[str, str]) -> None:
    ours = [
        Outbound.id == bindparam("b_id"),
        Outbound.external_id == bindparam("b_external"),
        # Not IN, of which a statement that runs for many at once knows nothing.
        or_(Outbound.status == SENT, Outbound.status == FAILED),
    ]
    ended = [one for one in changes if one.delivery in ENDS and one.delivery != one.row.delivery]
    forward = [one for one in changes if one not in ended]
    # By number: two that write the same rows never wait for each other.
    for some, more in ((forward, {}), (ended, _FAILING)):
        if some:
            session.connection().execute(
                update(Outbound)
                .where(*ours)
                .values(delivery=bindparam("b_delivery"), delivered_at=bindparam("b_at"), **more),
                [_values(change, now, reasons) for change in sorted(some, key=lambda one: one.row.row_id)],
            )
    _fail(session, now, [change for change in ended if change.row.delivery not in ENDS], reasons)


_FAILING = {
    "status": FAILED,
    "reason": bindparam("b_reason"),
    "error": bindparam("b_error"),
    "due_at": bindparam("b_now"),  # of a failed row it is when it failed
}


def _values(change: _Change, now: datetime, reasons: Mapping[str, str]) -> dict[str, Any]:
    values = {
        "b_id": change.row.row_id,
        "b_external": change.row.external_id,
        "b_delivery": change.delivery,
        "b_at": change.delivered_at,
    }
    if change.delivery in ENDS and change.delivery != change.row.delivery:
        error = f"{change.delivery} {change.error_code}".strip()
        values |= {"b_reason": _reason(change, reasons), "b_error": error, "b_now": now}
    return values


def _reason(change: _Change, reasons: Mapping[str, str]) -> str:
    return reasons.get(change.error_code, OTHER)


def _fail(session: Session, now: datetime, ended: Sequence[_Change], reasons: Mapping[str, str]) -> None:
    """What follows from messages that did not arrive after all, as from a refused call."""
    if not ended:
        return
    ids = [change.row.row_id for change in ended]
    for change in ended:
        row, reason = change.row, _reason(change, reasons)
        outbox.cancel(session, Outbound.follows == row.key, reason=reason)
        if openers.address_of(row.key) is not None:
            ids += windows.lost(session, now, row.channel, row.address, reason, change.error_code)
    rerouting.renew(session, now, ids)
    for channel, address in sorted(
        {(one.row.channel, one.row.address) for one in ended if _reason(one, reasons) == "blocked"}
    ):
        rerouting.blocked(session, now, channel, address)


def _later(session: Session, now: datetime, unmet: Sequence[Any]) -> None:
    """The sender may not have written down yet what it sent. Others are of no row of ours, or of an attempt
    that was given up."""
    over = [report.id for report in unmet if now - report.received_at >= KEPT]
    if over:
        session.execute(
            delete(StatusReport).where(StatusReport.id.in_(over)).execution_options(synchronize_session=False)
        )
    waiting = [report for report in unmet if now - report.received_at < KEPT]
    if waiting:
        session.connection().execute(
            update(StatusReport)
            .where(StatusReport.id == bindparam("b_id"))
            .values(due_at=bindparam("b_due")),
            [{"b_id": report.id, "b_due": now + max(AGAIN, now - report.received_at)} for report in waiting],
        )


def next_due(session: Session) -> datetime | None:
    """When the next report is to be looked at; None when none is."""
    soonest: datetime | None = session.scalar(
        select(func.min(StatusReport.due_at)).where(text("applied_at IS NULL"))
    )
    return soonest


def prune(session: Session, before: datetime) -> int:
    """Deletes reports that met their row before a moment; how many. What they said stands in the row."""
    old = delete(StatusReport).where(StatusReport.applied_at < before).returning(StatusReport.id)
    return len(session.execute(old).all())
