"""What became of rows that went out, and what that means for those that follow them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, literal, or_, select, text, update
from sqlalchemy.orm import Session

from models import base
from models.messages import outbox, pieces
from models.messages.outbox import (
    CANCELLED,
    EXPIRED,
    FAILED,
    QUEUED,
    SENDING,
    SENT,
    SKIPPED,
    WAITING,
    Outbound,
)
from models.releases import rerouting
from models.sending import settling
from models.whatsapp import openers, windows


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claimed row.

    `status` is sent, failed, queued (again, at `due_at`) or cancelled; `attempt` is 1 where the
    call counts as one that failed; `unknown` where the message may have arrived all the same, `answered`
    where the channel has said that it failed. `pieces` are the names of those pieces that are out, of a
    message that takes several calls.
    """

    id: int
    key: str
    status: str
    external_id: str = ""
    reason: str = ""
    error: str = ""
    due_at: datetime | None = None
    attempt: int = 0
    unknown: bool = False
    answered: bool = False
    pieces: tuple[str, ...] = ()


def record(
    session: Session, now: datetime, owner: str, outcomes: Sequence[Outcome], *, gap: float
) -> set[int]:
    """Writes what came back, for rows that `owner` still holds; the ids of those rows.

    Rows that follow a sent one are due `gap` seconds later (one message a second to a chat); those
    that follow a failed one are cancelled. Nothing follows from what became of a row that somebody else has
    by now.
    """
    held = _held(session, owner, [outcome.id for outcome in outcomes])
    outcomes = [outcome for outcome in outcomes if outcome.id in held]
    if not outcomes:
        return held
    _sent(session, now, owner, [outcome for outcome in outcomes if outcome.status == SENT])
    _others(session, now, owner, [outcome for outcome in outcomes if outcome.status != SENT])
    pieces.note(session, {outcome.id: outcome.pieces for outcome in outcomes if outcome.pieces})
    followed(session, now, outcomes, gap)
    return held


def _held(session: Session, owner: str, ids: Collection[int]) -> set[int]:
    """Which of these rows `owner` still holds; nobody takes them away before the transaction is over."""
    if not ids:
        return set()
    table = base.table(Outbound).c
    chosen = select(table.id).where(table.id.in_(ids), table.lease_owner == owner, table.status == SENDING)
    return set(session.scalars(chosen.order_by(table.id).with_for_update(key_share=True)))


def _ours(owner: str) -> tuple[ColumnElement[bool], ...]:
    """The row of `b_id`, as long as `owner` has it in hand."""
    table = base.table(Outbound).c
    return table.id == bindparam("b_id"), table.lease_owner == owner, table.status == SENDING


def _sent(session: Session, now: datetime, owner: str, sent: Sequence[Outcome]) -> None:
    if not sent:
        return
    session.connection().execute(
        update(Outbound)
        .where(*_ours(owner))
        .values(
            status=SENT,
            external_id=bindparam("b_external"),
            pieces=bindparam("b_pieces"),
            sent_at=now,
            lease_owner=None,
            lease_until=None,
            error="",
        ),
        [{"b_id": one.id, "b_external": one.external_id, "b_pieces": ",".join(one.pieces)} for one in sent],
    )


def _others(session: Session, now: datetime, owner: str, others: Sequence[Outcome]) -> None:
    """Rows that failed, were taken back, or go out again. What may have arrived counts as sent again, or
    is asked for first where the channel can be asked."""
    if not others:
        return
    doubted = literal(1) == bindparam("b_resent")
    session.connection().execute(
        update(Outbound)
        .where(*_ours(owner))
        .values(
            status=bindparam("b_status"),
            reason=bindparam("b_reason"),
            error=bindparam("b_error"),
            due_at=bindparam("b_due"),
            attempts=Outbound.attempts + bindparam("b_attempt"),
            resent=Outbound.resent + case((settling.asked_first(), 0), else_=bindparam("b_resent")),
            unsettled=and_(settling.asked_first(), doubted),
            answered=literal(1) == bindparam("b_answered"),
            doubted_at=case((doubted, literal(now, base.table(Outbound).c.doubted_at.type))),
            pieces=case((literal("") == bindparam("b_pieces"), Outbound.pieces), else_=bindparam("b_pieces")),
            lease_owner=None,
            lease_until=None,
        ),
        [_values(outcome, now) for outcome in others],
    )


def _values(outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "b_id": outcome.id,
        "b_status": outcome.status,
        "b_reason": outcome.reason,
        "b_error": outcome.error[:1000].replace("\0", ""),  # PostgreSQL stores no NUL
        "b_due": outcome.due_at or now,
        "b_attempt": outcome.attempt,
        "b_resent": int(outcome.unknown and outcome.status == QUEUED),
        "b_answered": int(outcome.answered),
        "b_pieces": ",".join(outcome.pieces),
    }


def followed(session: Session, now: datetime, outcomes: Sequence[Outcome], gap: float = 0.0) -> None:
    """What becomes of the rows that follow these, and of the same message on another channel."""
    sent = [outcome.key for outcome in outcomes if outcome.status == SENT]
    if sent:
        session.execute(
            update(Outbound)
            .where(Outbound.status == WAITING, Outbound.follows.in_(sent))
            .values(status=QUEUED, due_at=now + timedelta(seconds=gap))
            .execution_options(synchronize_session=False)
        )
    for outcome in outcomes:
        if outcome.status in (FAILED, CANCELLED):
            # Pictures that could not be sent keep nobody from the words.
            session.execute(
                update(Outbound)
                .where(Outbound.status == WAITING, Outbound.follows == outcome.key, _stands_alone())
                .values(status=QUEUED, due_at=now)
                .execution_options(synchronize_session=False)
            )
            outbox.cancel(
                session,
                Outbound.follows == outcome.key,
                ~_stands_alone(),
                reason=outcome.reason or outcome.status,
            )
    _fail(session, now, [outcome for outcome in outcomes if outcome.status == FAILED])


def _fail(session: Session, now: datetime, failed: Sequence[Outcome]) -> None:
    """What else failed with rows that did: what waited for an opener. Where people can be written to on
    another channel, their rows go there."""
    if not failed:
        return
    ids = [outcome.id for outcome in failed]
    for outcome in failed:
        if (where := openers.address_of(outcome.key)) is not None:
            ids += windows.lost(session, now, *where, outcome.reason, outcome.error)
    rerouting.renew(session, now, ids)


def _stands_alone() -> ColumnElement[bool]:
    """Whether a row makes sense without the one that it follows: a card without its album."""
    return Outbound.follows.endswith(":album", autoescape=True)


def abandon(session: Session, now: datetime, channels: Collection[str]) -> int:
    """Ends rows for channels that are none of these: an account was taken out of the settings; how many."""
    gone = session.execute(
        update(Outbound)
        .where(text("outbox.status = 'queued'"), Outbound.channel.not_in(channels))
        .values(
            status=FAILED,
            reason=rerouting.BROKEN,
            error=literal("there is no channel ") + Outbound.channel + " any more",
            due_at=now,
        )
        .returning(Outbound.key)
        .execution_options(synchronize_session=False)
    ).all()
    if gone:
        outbox.cancel(session, Outbound.follows.in_([key for (key,) in gone]), reason=rerouting.BROKEN)
    return len(gone)


def orphans(session: Session) -> int:
    """Wakes rows that wait for one that was sent already, or cancels those whose leader ended; how many."""
    leader = Outbound.__table__.alias("leader")
    found = session.execute(
        select(Outbound.id, or_(leader.c.status == SENT, _stands_alone()))
        .join(leader, leader.c.key == Outbound.follows)
        .where(Outbound.status == WAITING, leader.c.status.in_((SENT, FAILED, CANCELLED, EXPIRED, SKIPPED)))
    ).all()
    for status, ids in (
        (QUEUED, [number for number, goes_on in found if goes_on]),
        (CANCELLED, [number for number, goes_on in found if not goes_on]),
    ):
        if ids:
            session.execute(
                update(Outbound)
                .where(Outbound.id.in_(ids))
                .values(status=status)
                .execution_options(synchronize_session=False)
            )
    return len(found)
