"""What became of a release for each person: who did not get it, why, and trying just those again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from models import audit, base, outbox
from models.audiences import CAPTION, CARD
from models.outbox import Outbound
from models.people import ACTIVE, Account, Opd, Person
from models.refused import Refused
from models.releases import RUNNING, STOPPED, Release

UNSERVED = (outbox.FAILED, outbox.SKIPPED, outbox.CANCELLED, outbox.EXPIRED)


def reasons(session: Session, release_id: int) -> dict[str, int]:
    """Why people did not get their card, the most frequent reason first: reason → people."""
    rows = session.execute(
        select(Outbound.reason, func.count())
        .where(Outbound.release_id == release_id, Outbound.part == CARD, Outbound.status.in_(UNSERVED))
        .group_by(Outbound.reason)
        .order_by(func.count().desc(), Outbound.reason)
    )
    return {reason: number for reason, number in rows}


def failures(session: Session, release_id: int, limit: int = 20) -> tuple[int, list[tuple[str, str, str]]]:
    """Who did not get it: how many, and the first of them as (name, OPD, reason)."""
    bad = (Outbound.release_id == release_id, Outbound.part == CARD, Outbound.status.in_(UNSERVED))
    total = session.scalar(select(func.count()).select_from(Outbound).where(*bad)) or 0
    rows = session.execute(
        select(Person.name, Opd.name, Outbound.reason)
        .join(Person, Person.id == Outbound.person_id)
        .join(Opd, Opd.id == Outbound.opd_id)
        .where(*bad)
        .order_by(Opd.name, Person.name)
        .limit(limit)
    )
    return total, [(name, opd, reason) for name, opd, reason in rows]


def retryable(session: Session, release: Release, now: datetime) -> int:
    """To how many people `retry` would send again."""
    if release.status == STOPPED or now >= release.closes_at:
        return 0
    return session.scalar(select(func.count()).select_from(Outbound).where(*_again(release))) or 0


def _again(release: Release) -> tuple[ColumnElement[bool], ...]:
    """Failed cards of people who have not blocked us since."""
    open_account = (
        select(Account.id)
        .where(
            Account.channel == Outbound.channel,
            Account.address == Outbound.address,
            Account.status == ACTIVE,
        )
        .correlate(Outbound)
        .exists()
    )
    return (
        Outbound.release_id == release.id,
        Outbound.part == CARD,
        Outbound.status == outbox.FAILED,
        open_account,
    )


def retry(session: Session, release: Release, by: Person | None, now: datetime) -> int:
    """Sends again to just those whose card failed; how many.

    Raises Refused when the week is over or the release was stopped.
    """
    session.refresh(release, with_for_update=True)
    if now >= release.closes_at:
        raise Refused("releasing.too_late", week=release.week)
    if release.status == STOPPED:
        raise Refused("releasing.not_now", week=release.week, status={"text": "releasing.status_stopped"})
    again = session.scalars(select(Outbound.id).where(*_again(release))).all()
    keys: Sequence[str] = session.scalars(
        update(Outbound)
        .where(Outbound.id.in_(again))
        .values(status=outbox.QUEUED, attempts=0, due_at=now, reason="", error="")
        .returning(Outbound.key)
        .execution_options(synchronize_session=False)
    ).all()
    if keys:
        session.execute(
            update(Outbound)
            .where(
                Outbound.release_id == release.id,
                Outbound.part == CAPTION,
                Outbound.status == outbox.CANCELLED,
                Outbound.follows.in_(
                    select(Outbound.key).where(
                        Outbound.release_id == release.id,
                        Outbound.part == CARD,
                        Outbound.status == outbox.QUEUED,
                    )
                ),
            )
            .values(status=outbox.WAITING, reason="")
            .execution_options(synchronize_session=False)
        )
        release.status, release.finished_at = RUNNING, None
        base.wake(session, "outbox")
        audit.record(session, now, "retry", "release", release.id, by=by.id if by else None, people=len(keys))
    return len(keys)
