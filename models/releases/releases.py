"""The weekly release: who gets which item, how far it is, and how it is held or ended.

A release fixes its audience as outbox rows, a card and a caption for everybody, by one
INSERT … SELECT. Everything else is counting those rows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import base
from models.base import Base
from models.content import states
from models.content.cards import ALBUM, CARD, PARTS
from models.content.content import Item
from models.editorial import moves
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import audit
from models.people.people import Person
from models.refused import Refused
from models.releases import audiences, mailing
from models.whatsapp import openers, templates, windows

RUNNING, PAUSED, STOPPED, FINISHED = "running", "paused", "stopped", "finished"
OPEN = (RUNNING, PAUSED)
ON_THE_WAY = (outbox.WAITING, outbox.QUEUED, outbox.SENDING)


class Release(Base):
    """One release of a week, or (`item_id`) of one urgent item, which belongs to no week.

    `watcher` is the conversation that follows its progress, if any does, and `watched` what the progress
    message showed last, so that the next one knows how fast things go. `province` is the short name in
    the line "Saya ASN Pemprov …". Failures before `counted_from` have been looked at by somebody.
    """

    __tablename__ = "release"
    __table_args__ = (
        Index("uq_release_week", "week", unique=True, **base.only("item_id IS NULL")),
        Index("uq_release_item", "item_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[str]
    status: Mapped[str] = mapped_column(default=RUNNING)
    started_at: Mapped[datetime]
    started_by: Mapped[int | None]
    finished_at: Mapped[datetime | None]
    closes_at: Mapped[datetime]
    watcher_channel: Mapped[str] = mapped_column(default="")
    watcher_address: Mapped[str] = mapped_column(default="")
    watcher_key: Mapped[str] = mapped_column(default="")
    province: Mapped[str] = mapped_column(default="")
    watched: Mapped[dict[str, Any]] = mapped_column(default=dict)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    counted_from: Mapped[datetime | None]

    item: Mapped[Item | None] = relationship()

    @property
    def name(self) -> dict[str, Any]:
        """What it is called, as a parameter of a text."""
        if self.item is not None:
            return {"text": "releasing.name_urgent", "params": {"id": self.item.id, "title": self.item.title}}
        return {"text": "releasing.name_week", "params": {"week": self.week}}

    def plan(self, session: Session) -> audiences.Plan:
        """Who gets which item."""
        return audiences.of_item(self.item) if self.item else audiences.items(session, self.week)


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of people, by what became of their card. `unopened` are those of `left` whose card waits until
    they open the window on WhatsApp."""

    total: int
    sent: int
    failed: int
    skipped: int
    cancelled: int
    left: int
    unopened: int = 0

    @property
    def done(self) -> float:
        return 1.0 if self.total == 0 else 1 - self.left / self.total

    @property
    def missing(self) -> int:
        """Who did not get their card, and will not: the same wherever it is told."""
        return self.failed + self.skipped + self.cancelled


def start(
    session: Session,
    week: str,
    now: datetime,
    closes_at: datetime,
    *,
    province: str,
    by: Person | None = None,
) -> Release:
    """Releases a week: fixes the audience and queues everything.

    `province` is `Programme.province_short`. Raises Refused when the week was released before (by
    somebody at the same moment, too), when it is over, when nothing is approved, or as `open_one` does.
    """
    if now >= closes_at:
        raise Refused("releasing.too_late", week=week)
    own, provincial = audiences.items(session, week)
    if not own and provincial is None:
        raise Refused("releasing.nothing", week=week)
    release = open_one(session, now, closes_at, province=province, by=by, week=week)
    if release is None:
        raise Refused("releasing.already", week=week)
    return release


def open_one(
    session: Session,
    now: datetime,
    closes_at: datetime,
    *,
    province: str,
    by: Person | None,
    week: str = "",
    item: Item | None = None,
) -> Release | None:
    """A release of a week or of one item, with everything queued; None when there has been one before.

    Raises Refused when some of the audience have to be asked on WhatsApp first, and cannot be.
    """
    release_id = session.scalar(
        base.insert(session, Release)
        .values(
            week=week,
            status=RUNNING,
            started_at=now,
            started_by=by.id if by else None,
            closes_at=closes_at,
            watcher_channel="",
            watcher_address="",
            watcher_key="",
            province=province,
            watched={},
            item_id=item.id if item else None,
        )
        .on_conflict_do_nothing()
        .returning(Release.id)
    )
    if release_id is None:
        return None
    release = session.get_one(Release, release_id)
    if audiences.asked_first(session, release.plan(session), now):
        templates.require(session, [openers.CONTENT])
    people = serve(session, release, now)
    audit.record(
        session, now, "start", "release", release.id, by=by.id if by else None, after=RUNNING, people=people
    )
    return release


_CARDS = (
    select(Outbound.status, func.count())
    .where(Outbound.release_id == bindparam("release"), Outbound.part == CARD)
    .group_by(Outbound.status)
)


def progress(session: Session, release_id: int) -> Progress:
    """How far a release is, counted from its rows."""
    counts = {status: number for status, number in session.execute(_CARDS, {"release": release_id})}
    waiting = select(func.count()).where(
        Outbound.release_id == release_id, Outbound.part.in_((ALBUM, CARD)), windows.waits()
    )
    return Progress(
        total=sum(counts.values()),
        sent=counts.get(outbox.SENT, 0),
        failed=counts.get(outbox.FAILED, 0),
        skipped=counts.get(outbox.SKIPPED, 0),
        cancelled=counts.get(outbox.CANCELLED, 0) + counts.get(outbox.EXPIRED, 0),
        left=sum(counts.get(status, 0) for status in ON_THE_WAY),
        unopened=(session.scalar(waiting) or 0) if counts.get(outbox.WAITING) else 0,
    )


def outstanding(session: Session, release_id: int) -> int:
    """How many rows of a release, captions included, have not come to an end."""
    on_the_way = (Outbound.part.in_(PARTS), Outbound.status.in_(ON_THE_WAY))
    return session.scalar(select(func.count()).where(Outbound.release_id == release_id, *on_the_way)) or 0


def running(session: Session) -> list[Release]:
    """Releases that are not over: running or paused."""
    return list(session.scalars(select(Release).where(Release.status.in_(OPEN))))


def halted(session: Session) -> list[int]:
    """The releases whose rows stay where they are: paused ones, and those that were stopped.

    A row that was on its way when a release was stopped may come back to be tried again.
    """
    return list(session.scalars(_HALTED))


_HALTED = select(Release.id).where(Release.status.in_((PAUSED, STOPPED)))  # asked for all the time


def of_week(session: Session, week: str) -> Release | None:
    """The release of a week, if it has been released."""
    return session.scalar(select(Release).where(Release.week == week, Release.item_id.is_(None)))


def pause(session: Session, release: Release, by: Person | None, now: datetime, reason: str = "") -> None:
    """Holds a running release: nothing more is taken from its rows."""
    _change(session, release, RUNNING, PAUSED, by, now, reason)


def resume(session: Session, release: Release, by: Person | None, now: datetime) -> None:
    """Lets a paused release go on where it was."""
    _change(session, release, PAUSED, RUNNING, by, now)
    release.counted_from = now
    base.wake(session, "outbox")


def stop(session: Session, release: Release, by: Person | None, now: datetime) -> int:
    """Ends a release for good: what has not gone out, reminders too, is cancelled; how many rows."""
    session.refresh(release, with_for_update=True)
    _change(session, release, release.status, STOPPED, by, now)
    release.finished_at = now
    return outbox.cancel(session, Outbound.release_id == release.id, reason="release stopped")


def _change(
    session: Session, release: Release, expected: str, to: str, by: Person | None, now: datetime,
    reason: str = "",
) -> None:  # fmt: skip
    session.refresh(release, with_for_update=True)
    if release.status != expected or expected not in OPEN:
        raise Refused(
            "releasing.not_now", name=release.name, status={"text": f"releasing.status_{release.status}"}
        )
    release.status = to
    number = by.id if by else None
    audit.record(session, now, to, "release", release.id, by=number, before=expected, after=to, reason=reason)


def serve(session: Session, release: Release, now: datetime, person: Person | None = None) -> int:
    """Queues what the audience of a release (one person of it) lacks; how many people got rows."""
    if release.status == STOPPED or now >= release.closes_at:
        return 0
    # Items that were approved in time go out with the release; one approved later goes to those who
    # have nothing yet.
    approved = select(Item).where(Item.status == states.APPROVED)
    if release.item_id is None:
        approved = approved.where(Item.week == release.week, Item.urgent.is_(False))
    else:
        approved = approved.where(Item.id == release.item_id)
    for item in session.scalars(approved).all():
        week = item.week
        moves.hold(session, item)
        if item.status == states.APPROVED and item.week == week:  # nobody moved or returned it just now
            moves.advance(session, item, "release", now)
    person_id, plan = person.id if person else None, release.plan(session)
    if person is None and not mailing.lacking(session, release.id, plan):
        return 0
    return mailing.fill(session, release.id, plan, now, release.closes_at, release.province, person_id)


def settle(session: Session, now: datetime, *, audience: bool = True) -> list[Release]:
    """Looks after the releases of this week: adds who is missing (unless told not to look), ends what
    is done; those that ended now."""
    ended = []
    for release in session.scalars(select(Release).where(Release.status.in_(OPEN))).all():
        if now >= release.closes_at:
            windows.give_up(session, Outbound.release_id == release.id)
            outbox.cancel(session, Outbound.release_id == release.id, reason="week closed")
        elif release.status == RUNNING and audience:
            serve(session, release, now)
        if outstanding(session, release.id) == 0:
            session.refresh(release, with_for_update=True)
            if release.status in OPEN:
                release.status, release.finished_at = FINISHED, now
                ended.append(release)
    recent = select(Release).where(Release.status.in_((FINISHED, STOPPED)), Release.closes_at > now)
    for release in session.scalars(recent).all():
        if release.status == STOPPED:  # a row that was on its way came back to be tried again
            outbox.cancel(session, Outbound.release_id == release.id, reason="release stopped")
        elif audience:
            serve(session, release, now)
    return ended


def welcome(session: Session, person: Person, now: datetime) -> int:
    """Brings somebody who joins now what is out: the week's item, and what is urgent; how many items."""
    alive = select(Release).where(Release.closes_at > now, Release.status != STOPPED)
    found = session.scalars(alive.order_by(Release.item_id.is_not(None), Release.started_at)).all()
    return sum(serve(session, release, now, person) for release in found)
