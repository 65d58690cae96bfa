"""What a channel reports of a message after it has taken it: sent, delivered, read, or failed after all.

Reports come in any order, doubled, and before we know ourselves by which name the channel calls the message.
So they are stored as they come, and applied to the rows of the outbox later: a row moves only forward
(models/sending/reported.py). Where nobody will ever tell us that name, because the call broke off, the
reference that comes with a report does (models/sending/references.py).

Undelivered and failed end the message, and with it the row, unless the error code means that another try may
succeed: then the row is as it was before it was sent (models/sending/setbacks.py), and this message is none
of its any more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Index, UniqueConstraint, and_, bindparam, delete, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base, BigId
from models.messages import pieces
from models.messages.outbox import FAILED, REPORTED, SENT, Outbound
from models.programme.programme import Programme
from models.releases import rerouting
from models.sending import late, recording, references, reported, setbacks
from models.sending.recording import Outcome
from models.sending.reported import ENDS, MEANING, Change
from models.sending.setbacks import Kind, Patience, Setback, Verdict
from models.whatsapp import windows

KEPT = timedelta(days=1)  # a report of a message that nobody knows is looked at again for so long
AGAIN = timedelta(seconds=2)  # after which it is looked at next, and twice as long each time after


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
    reference: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]


class Report(NamedTuple):
    """What a channel says: of the message that it calls `external_id`, to `address`; `reference` is the name
    that we gave it."""

    external_id: str
    status: str
    error_code: str = ""
    reference: str = ""
    address: str = ""


def note(session: Session, now: datetime, channel: str, reports: Sequence[Sequence[str]]) -> int:
    """Stores reports, each a `Report` or its first fields; how many were new. What was reported before, and a
    status that says nothing about a message of ours, is left out."""
    rows = [
        {"channel": channel, **one._asdict(), "received_at": now, "due_at": now}
        for one in (Report(*report) for report in reports)
        if one.status in MEANING and one.external_id
    ]
    if not rows:
        return 0
    statement = base.insert(session, StatusReport).on_conflict_do_nothing().returning(StatusReport.id)
    new = len(session.execute(statement, rows).all())
    if new:
        base.wake(session, "reports")
    return new


@dataclass(frozen=True, slots=True)
class Rules:
    """What failures mean: `verdicts` by error code, how often something is tried, and what openers may do."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    programme: Programme = field(default_factory=Programme)


@dataclass(frozen=True, slots=True)
class Applied:
    """How many reports met their row, and, by channel, the errors that halted it. `named` is how many can be
    applied now because they told their row its name, `settled` how many rows are out by that, and `strange`
    how many reports had a reference to no row, or to one of another address."""

    met: int
    halts: Mapping[str, str] = field(default_factory=dict)
    named: int = 0
    settled: int = 0
    strange: int = 0


def apply(session: Session, now: datetime, limit: int, rules: Rules) -> Applied:
    """Applies up to `limit` reports that are due to their rows. One whose message no row has is looked at
    again later, for a day. Those whose references have just settled a row are applied by the next call."""
    found = session.execute(_DUE, {"now": now, "most": limit}).all()
    changes: dict[int, Change] = {}
    in_pieces = []
    for report in found:
        if report.id is None or report.pieces:
            in_pieces.append(report)
            continue
        change = changes.setdefault(
            report.id, Change(report, report.delivery, delivered_at=report.delivered_at)
        )
        change.add(report)
    unmet, more = reported.of_pieces(session, in_pieces)
    unmet = late.met(session, now, unmet)
    halts = _move(session, now, [*changes.values(), *more.values()], rules)
    told = references.sort(session, now, unmet)
    left = {report.report_id for report in unmet} - told.over - told.strange
    met = [report.report_id for report in found if report.report_id not in left]
    if met:
        session.execute(
            update(StatusReport)
            .where(StatusReport.id.in_(met))
            .values(applied_at=now)
            .execution_options(synchronize_session=False)
        )
    _later(session, now, [one for one in unmet if one.report_id in left - told.named], told.waiting)
    strange = len(told.strange)
    return Applied(len(met) - strange - len(told.over), halts, len(told.named), told.settled, strange)


# A row that is to be tried again has no message any more that a report could be about.
_DUE = (
    select(
        StatusReport.id.label("report_id"),
        StatusReport.channel.label("channel_of"),
        StatusReport.external_id.label("name"),
        StatusReport.status,
        StatusReport.error_code,
        StatusReport.received_at,
        StatusReport.reference,
        StatusReport.address.label("to"),
        *reported.COLUMNS,
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


def _move(session: Session, now: datetime, changes: Sequence[Change], rules: Rules) -> dict[str, str]:
    """Writes down how messages fared; what halted the channels, by channel."""
    ended = [one for one in changes if one.delivery in ENDS and one.delivery != one.row.delivery]
    forward = [one for one in changes if one not in ended and not one.lost]
    lacking = [one for one in changes if one not in ended and one.lost]
    first = [one for one in ended if one.row.delivery not in ENDS]
    found = {one.row.id: Setback(one.row, _verdict(one, rules), _error(one), one.out) for one in first}
    # The account before its rows, as whoever writes to us has it.
    windows.hold_accounts(
        session,
        [
            (one.row.channel, one.row.address)
            for one in found.values()
            if setbacks.touches_account(one.verdict)
        ],
    )
    over = {
        one.row.id
        for one in setbacks.take_back(session, now, list(found.values()), rules.patience, rules.programme)
    }
    ended = [one for one in ended if one.row.id in over or one.row.id not in found]
    # By number: two that write the same rows never wait for each other.
    for some, more in ((forward, {}), (lacking, _LACKING), (ended, _FAILING)):
        if some:
            session.connection().execute(
                update(Outbound)
                .where(*_OURS)
                .values(delivery=bindparam("b_delivery"), delivered_at=bindparam("b_at"), **more),
                [_values(change, now, rules) for change in sorted(some, key=lambda one: one.row.id)],
            )
    _fail(session, now, [found[number] for number in sorted(over)])
    halted = [one for one in found.values() if one.verdict.kind is Kind.HALT]
    return {one.row.channel: one.error for one in halted}


_OURS = (
    Outbound.id == bindparam("b_id"),
    Outbound.external_id == bindparam("b_external"),
    # Not IN, of which a statement that runs for many at once knows nothing.
    or_(Outbound.status == SENT, Outbound.status == FAILED),
)
_LACKING: dict[str, Any] = {"error": bindparam("b_error")}
_FAILING: dict[str, Any] = {
    "status": FAILED,
    "reason": bindparam("b_reason"),
    "error": bindparam("b_error"),
    "due_at": bindparam("b_now"),  # of a failed row it is when it failed
}


def _values(change: Change, now: datetime, rules: Rules) -> dict[str, Any]:
    values = {
        "b_id": change.row.id,
        "b_external": change.row.external_id,
        "b_delivery": change.delivery,
        "b_at": change.delivered_at,
    }
    if change.lost:
        values |= {"b_error": change.lost}
    if change.delivery in ENDS and change.delivery != change.row.delivery:
        reason = _verdict(change, rules).reason
        values |= {"b_reason": reason, "b_error": f"{change.delivery} {_error(change)}".strip(), "b_now": now}
    return values


def _verdict(change: Change, rules: Rules) -> Verdict:
    return rules.verdicts.get(change.error_code, setbacks.REFUSED)


def _error(change: Change) -> str:
    """The same whichever of the two reports of a failure comes first."""
    return change.error_code


def _fail(session: Session, now: datetime, ended: Sequence[Setback]) -> None:
    """What follows from messages that did not arrive after all, as from a refused call."""
    if not ended:
        return
    recording.followed(
        session,
        now,
        [
            Outcome(one.row.id, one.row.key, FAILED, reason=one.verdict.reason, error=one.error)
            for one in ended
        ],
    )
    blocked = [one for one in ended if one.verdict.kind is Kind.BLOCKED]
    # Their cards may be renewed with the audience (models/releases/mailing.py): the dead messages stay known.
    pieces.note(session, {one.row.id: [one.row.external_id] for one in blocked})
    for channel, address in sorted({(one.row.channel, one.row.address) for one in blocked}):
        rerouting.blocked(session, now, channel, address)


def _later(session: Session, now: datetime, unmet: Sequence[Any], soon: Collection[int]) -> None:
    """The sender may not have written down yet what it sent, as of `soon` ones. Others are of no row of ours,
    or of an attempt that was given up."""
    over = [report.report_id for report in unmet if now - report.received_at >= KEPT]
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
            [
                {
                    "b_id": one.report_id,
                    "b_due": now + (AGAIN if one.report_id in soon else max(AGAIN, now - one.received_at)),
                }
                for one in waiting
            ],
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
