"""What is reported late of a message whose row went over to the other channel of its person since.

The name of that message stays known (models/messages/pieces.py). That it has failed is no news any more.
Where it has arrived after all, the person has it: the row is as it was, sent there, and no second copy goes
out, unless that is on its way or out already; then it is one person served all the same.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import base
from models.messages import pieces
from models.messages.outbox import CANCELLED, EXPIRED, FAILED, QUEUED, SENT, WAITING, Outbound
from models.messages.pieces import Piece, Reported
from models.people.people import Account
from models.sending.reported import DELIVERED, MEANING, READ, Change

ARRIVED = (DELIVERED, READ)


def met(session: Session, now: datetime, reports: Sequence[Any]) -> list[Any]:
    """Applies reports (as `callbacks.apply` reads them) whose message no row has any more; those of no
    message that went over either."""
    known: dict[tuple[str, str], Reported] = {}
    for channel in sorted({report.channel_of for report in reports}):
        names = {report.name for report in reports if report.channel_of == channel}
        known |= {(channel, one.external_id): one for one in _went_over(session, channel, names)}
    if not known:
        return list(reports)
    arrived: dict[int, Reported] = {}
    for report in reports:
        one = known.get((report.channel_of, report.name))
        if one is not None and MEANING[report.status] in ARRIVED:
            # What arrives after it was given up has arrived.
            before = one.delivery if one.delivery in ARRIVED else ""
            change = Change(one.row, before, delivered_at=one.delivered_at)
            change.add(report)
            one.delivery, one.delivered_at = change.delivery, change.delivered_at
            arrived[one.id] = one
    pieces.report(session, list(arrived.values()))
    for one in {one.row.id: one for one in arrived.values()}.values():
        _come_back(session, now, one)
    return [report for report in reports if (report.channel_of, report.name) not in known]


def _went_over(session: Session, channel: str, names: Collection[str]) -> list[Reported]:
    rows = session.execute(
        select(
            Piece.id.label("piece"), Piece.external_id.label("name"), Piece.delivery.label("reached"),
            Piece.error_code.label("code"), Piece.delivered_at.label("since"),
            Outbound.id, Outbound.key, Outbound.person_id, Outbound.instead_of, Outbound.reason,
        )
        .join(Outbound, Outbound.id == Piece.outbox_id)
        .where(
            Piece.channel == channel,
            Piece.external_id.in_(names),
            Outbound.instead_of == channel,
            Outbound.channel != channel,
        )
        .order_by(Piece.id)
    )  # fmt: skip
    return [Reported(row.piece, row.name, row.reached, row.code, row.since, row) for row in rows]


def _come_back(session: Session, now: datetime, one: Reported) -> None:
    """The row as it was before it went over, where all that is known of it there has arrived."""
    row, here = one.row, one.row.instead_of
    whole = session.scalars(
        select(Piece.delivery).where(Piece.outbox_id == row.id, Piece.channel == here)
    ).all()
    address = session.scalar(
        select(Account.address).where(Account.person_id == row.person_id, Account.channel == here).limit(1)
    )
    if address is None or not set(whole) <= set(ARRIVED):
        return
    there: Mapping[str, Any] = {"channel": here, "address": address, "instead_of": "", "attempts": 0,
                                "reason": "", "error": "", "pieces": "", "fingerprint": ""}  # fmt: skip
    back = session.execute(
        update(Outbound)
        .where(
            Outbound.id == row.id,
            Outbound.instead_of == here,
            or_(*(Outbound.status == status for status in (QUEUED, FAILED, EXPIRED))),
        )
        .values(
            status=SENT, external_id=one.external_id, delivery=one.delivery, sent_at=one.delivered_at,
            delivered_at=one.delivered_at, unsettled=False, doubted_at=None, **there,
        )
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if not back.all():
        return
    waits = Outbound.status == WAITING
    if row.reason:  # what was taken back with it, not what somebody has cancelled
        waits = or_(waits, (Outbound.status == CANCELLED) & (Outbound.reason == row.reason))
    session.execute(
        update(Outbound)
        .where(Outbound.follows == row.key, Outbound.op == "send", Outbound.instead_of == here, waits)
        .values(status=QUEUED, due_at=now, **there)
        .execution_options(synchronize_session=False)
    )
    base.wake(session, "outbox")
