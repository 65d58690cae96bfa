"""What became of a release for each person: who did not get it, why, and trying just those again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from models import base
from models.content.cards import ALBUM, CAPTION, CARD, PARTS
from models.messages import outbox, pieces
from models.messages.outbox import Outbound
from models.people import audit
from models.people.people import ACTIVE, Account, Opd, Person
from models.refused import Refused
from models.releases.releases import FINISHED, ON_THE_WAY, PAUSED, RUNNING, STOPPED, Release

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


@dataclass(frozen=True, slots=True)
class Seen:
    """Of the cards that were sent on a channel which says what became of them: how many there are, have
    arrived, and were read."""

    reported: int = 0
    delivered: int = 0
    read: int = 0


def seen(session: Session, release_id: int) -> Seen:
    """What the channel reported of a release's cards; nothing where no channel reports anything."""
    rows = session.execute(
        select(Outbound.delivery, func.count())
        .where(Outbound.release_id == release_id, text(outbox.SEEN_CARDS))
        .group_by(Outbound.delivery)
    )
    counts = {delivery: number for delivery, number in rows}
    read = counts.get("read", 0)
    return Seen(sum(counts.values()), counts.get("delivered", 0) + read, read)


def failures(
    session: Session, release_id: int, limit: int = 20, page: int = 0
) -> tuple[int, list[tuple[str, str, str]]]:
    """Who did not get it: how many, and one page of them (from 0) as (name, OPD, reason)."""
    bad = (Outbound.release_id == release_id, or_(_unserved(), _without_pictures()))
    total = session.scalar(select(func.count()).select_from(Outbound).where(*bad)) or 0
    reason = case((Outbound.part == ALBUM, "album"), else_=Outbound.reason)
    rows = session.execute(
        select(Person.name, Opd.name, reason)
        .join(Person, Person.id == Outbound.person_id)
        .join(Opd, Opd.id == Outbound.opd_id)
        .where(*bad)
        .order_by(Opd.name, Person.name, Outbound.id)
        .offset(page * limit)
        .limit(limit)
    )
    return total, [(name, opd, reason) for name, opd, reason in rows]


def _unserved() -> ColumnElement[bool]:
    return and_(Outbound.part == CARD, Outbound.status.in_(UNSERVED))


def _without_pictures() -> ColumnElement[bool]:
    """Albums that failed before a card that arrived."""
    card = aliased(Outbound)
    arrived = select(card.id).where(card.follows == Outbound.key, card.status == outbox.SENT)
    return and_(
        Outbound.part == ALBUM, Outbound.status == outbox.FAILED, arrived.correlate(Outbound).exists()
    )


def retryable(session: Session, release: Release, now: datetime) -> int:
    """To how many people `retry` would send again."""
    if release.status in (STOPPED, PAUSED) or now >= release.closes_at:
        return 0
    people = select(func.count(Outbound.person_id.distinct())).where(*_again(release))
    return session.scalar(people) or 0


def _again(release: Release) -> tuple[ColumnElement[bool], ...]:
    """Failed cards, and failed pictures of albums, of people who have not blocked us since."""
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
        Outbound.part.in_((CARD, ALBUM)),
        Outbound.status == outbox.FAILED,
        open_account,
    )


def retry(session: Session, release: Release, by: Person | None, now: datetime) -> int:
    """Sends again just what failed, to those to whom it failed; to how many people. The rows stay the same,
    and so do their keys: nobody gets a second one of what has arrived.

    Raises Refused when the week is over, the release was stopped, or it is held.
    """
    session.refresh(release, with_for_update=True)
    if now >= release.closes_at:
        raise Refused("releasing.over", name=release.name)
    if release.status in (STOPPED, PAUSED):
        status = {"text": f"releasing.status_{release.status}"}
        raise Refused("releasing.not_now", name=release.name, status=status)
    rows = session.execute(select(Outbound.id, *pieces.NAMES).where(*_again(release))).all()
    again = [row.id for row in rows]
    # The channel may list the dead messages still: none is to be taken for the one that comes.
    pieces.note(session, {row.id: pieces.names(row) for row in rows})
    people = set(session.scalars(select(Outbound.person_id).where(Outbound.id.in_(again))))
    if again:
        _queue_again(session, release, again, now)
        release.status, release.finished_at, release.counted_from = RUNNING, None, now
        base.wake(session, "outbox")
        audit.record(
            session, now, "retry", "release", release.id, by=by.id if by else None, people=len(people)
        )
    return len(people)


def _queue_again(session: Session, release: Release, again: Sequence[int], now: datetime) -> None:
    """These rows go out as if they never had; the words behind their cards wait for them."""
    session.execute(
        update(Outbound)
        .where(Outbound.id.in_(again))
        .values(
            status=outbox.QUEUED,
            attempts=0,
            due_at=now,
            reason="",
            error="",
            external_id="",
            delivery="",
            pieces="",
        )
        .execution_options(synchronize_session=False)
    )
    cards = (Outbound.release_id == release.id, Outbound.part == CARD, Outbound.status == outbox.QUEUED)
    session.execute(
        update(Outbound)
        .where(
            Outbound.release_id == release.id,
            Outbound.part == CAPTION,
            Outbound.status == outbox.CANCELLED,
            Outbound.follows.in_(select(Outbound.key).where(*cards)),
        )
        .values(status=outbox.WAITING, reason="")
        .execution_options(synchronize_session=False)
    )


def reopen(session: Session, now: datetime) -> list[Release]:
    """Finished releases run again when rows of theirs do that were there at the end: messages that failed
    afterwards. So they can be held and stopped, and the result is told anew; those that do. Who joined since
    gets theirs all the same."""
    going = select(Outbound.id).where(
        Outbound.release_id == Release.id,
        Outbound.part.in_(PARTS),
        Outbound.status.in_(ON_THE_WAY),
        Outbound.created_at <= Release.finished_at,
    )
    found = session.scalars(
        select(Release)
        .where(Release.status == FINISHED, Release.closes_at > now, going.correlate(Release).exists())
        .order_by(Release.id)
        .with_for_update(of=Release)
    ).all()
    for release in found:
        release.status, release.finished_at, release.counted_from = RUNNING, None, now
    return list(found)
