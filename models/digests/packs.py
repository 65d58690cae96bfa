"""The Wednesday pack: who gets what of a snapshot, and whether it arrived.

Groups and those who read for the whole programme get the message, its chart, the workbook and the page for
print; every PPID team gets the page of its own OPD, before anybody else reads who needs help.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base
from models.digests import differences, summaries
from models.figures import snapshots
from models.figures.snapshots import Digest
from models.figures.weekly import WeekFigures
from models.messages import conversations, notices, outbox
from models.messages.conversations import Group
from models.messages.outbox import CANCELLED, FAILED, QUEUED, SENDING, UNSENT, WAITING, Outbound, Priority
from models.messages.post import Button, Post
from models.people import people, roles
from models.people.people import Opd, Person
from models.programme import weeks
from models.programme.programme import Programme
from models.refused import Refused

PATIENCE = timedelta(minutes=15)  # a pack that has not arrived by then is a matter for a person
BROKEN = "broken"
_REASONS = ("blocked", "channel", BROKEN)  # of which the catalogue knows the words


class Unsubscribed(Base):
    """Somebody who may read the pack and does not want it one to one."""

    __tablename__ = "unsubscribed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


def announce(session: Session, digest: Digest, now: datetime, programme: Programme, *, late: bool) -> int:
    """Queues the pack to everybody who gets it; to how many groups. After downtime that may be at night: then
    groups get it at once, people when the quiet hours end."""
    teams(session, digest, now, programme)
    return _everywhere(session, digest, now, programme, summaries.pack(digest, late=late), "")


def correct(session: Session, digest: Digest, now: datetime, programme: Programme) -> int:
    """Queues to everybody who got the pack what a correction has changed; to how many groups. First to the
    PPID teams what it has changed for their own OPD. In the quiet hours people wait for it, groups do not."""
    _corrected_teams(session, digest, now, programme)
    return _everywhere(session, digest, now, programme, [summaries.correction(digest)], ":correction")


def _everywhere(
    session: Session, digest: Digest, now: datetime, programme: Programme, posts: Sequence[Post], what: str
) -> int:
    groups = conversations.groups(session)
    for group in groups:
        _send(session, digest, now, posts, what, group.channel, group.address, now)
    for person in readers(session):
        account = people.reachable(session, person.id)
        if account is not None:
            due = notices.due(account, now, programme)
            _send(session, digest, now, posts, what, account.channel, account.address, due, person.id)
    return len(groups)


def _send(
    session: Session,
    digest: Digest,
    now: datetime,
    posts: Sequence[Post],
    what: str,
    channel: str,
    address: str,
    due_at: datetime,
    person_id: int | None = None,
) -> None:
    """The words first, so that they are there at their minute whatever becomes of the files. Each of those
    waits for the words alone: without a chart there still is a workbook."""
    key = f"digest:{digest.week}:{digest.version}{what}:{channel}:{address}"
    for nth, post in enumerate(posts):
        outbox.queue(
            session,
            now,
            f"{key}:{nth}" if nth else key,
            channel,
            address,
            post,
            priority=Priority.NOTICE,
            follows=key if nth else None,
            status=WAITING if nth else QUEUED,
            due_at=due_at,
            person_id=person_id,
        )


def readers(session: Session) -> list[Person]:
    """Who gets the pack one to one: whoever may read all figures, but for those who said no."""
    silent = set(session.scalars(select(Unsubscribed.person_id)))
    return [person for person in roles.holders(session, "digest") if person.id not in silent]


def subscribed(session: Session, person: Person) -> bool:
    """Whether somebody who may read the pack gets it one to one."""
    return session.get(Unsubscribed, person.id) is None


def subscribe(session: Session, person: Person, now: datetime, *, wanted: bool) -> bool:
    """Turns the pack one to one on or off; False when it was so before."""
    found = session.get(Unsubscribed, person.id)
    if wanted == (found is None):
        return False
    if found is None:
        session.add(Unsubscribed(person_id=person.id, at=now))
    else:
        session.delete(found)
    session.flush()
    return True


def teams(session: Session, digest: Digest, now: datetime, programme: Programme) -> int:
    """Queues to every PPID team the page of its own OPD, not to be read in the quiet hours; to how many
    people."""
    figures: WeekFigures = digest.figures  # type: ignore[assignment]
    told = 0
    for opd in session.scalars(select(Opd).order_by(Opd.name)).all():
        found = summaries.page(figures, opd.code)
        if found is None:
            continue
        buttons = [[Button("digest.button_missing", f"digest.team:{digest.week}:{opd.id}")]]
        post = Post("digest.page", found, buttons)
        for person in roles.ppid(session, opd.id):
            about = f"digest:{digest.week}:{digest.version}:opd:{opd.id}"
            told += notices.tell(session, now, person, about, post, quiet=programme)
    return told


def _corrected_teams(session: Session, digest: Digest, now: datetime, programme: Programme) -> None:
    before = snapshots.version(session, digest.week, digest.version - 1)
    assert before is not None, "a correction is one of a version before"
    was: Any = before.figures
    figures: Any = digest.figures
    button = Button("correction.button_page", f"digest.week:{digest.week}")
    for opd in session.scalars(select(Opd).order_by(Opd.name)).all():
        lines, page = differences.of_opd(was, figures, opd.code), summaries.page(figures, opd.code)
        if not lines or page is None:
            continue
        own = {name: page[name] for name in ("week", "opd", "active", "roster", "participation")}
        post = Post("correction.team", {**own, "version": digest.version, "lines": lines}, [[button]])
        about = f"digest:{digest.week}:{digest.version}:correction:opd:{opd.id}"
        for person in roles.ppid(session, opd.id):
            notices.tell(session, now, person, about, post, quiet=programme)


def watch(session: Session, now: datetime, programme: Programme) -> int:
    """Tells the controllers at once when a group did not get a part of the pack, or has not got it after a
    quarter of an hour; to how many."""
    week = weeks.shift(weeks.of(now, programme), -1)
    number = weeks.short(week, now, programme)
    return sum(_undelivered(session, now, week, number, group) for group in conversations.groups(session))


def not_made(session: Session, now: datetime, week: str) -> int:
    """Tells the controllers, once a week, that its figures could not be frozen, so that there is no pack; to
    how many."""
    post = Post("digest.not_made", {"week": week})
    return notices.tell_all(session, now, "release", f"digest-missing:{week}", post)


def made_after_all(session: Session, now: datetime, week: str, programme: Programme) -> int:
    """Tells the controllers that the pack is there, where they were told that it could not be made; to how
    many."""
    prefix = f"digest-missing:{week}:"
    if (
        session.scalar(select(Outbound.id).where(Outbound.key.between(prefix, prefix + "\x7f")).limit(1))
        is None
    ):
        return 0
    number = weeks.short(week, now, programme)
    post = Post("digest.made_after_all", {"week": week, "number": number})
    return notices.tell_all(session, now, "release", f"digest-made:{week}", post)


def arrived(session: Session, week: str) -> bool:
    """Whether nothing of the packs of a week is still on its way to a group, or has failed to reach it."""
    groups = conversations.groups(session)
    states = {row.status for group in groups for row in parts(session, week, group)}
    return states.isdisjoint((*UNSENT, SENDING, FAILED))


def parts(session: Session, week: str, group: Group) -> Sequence[Outbound]:
    """What was queued of the packs of a week for a group."""
    prefix = f"digest:{week}:"
    of_week = Outbound.key.between(prefix, prefix + "\x7f")
    here = (Outbound.channel == group.channel, Outbound.address == group.address)
    return session.scalars(select(Outbound).where(of_week, *here).order_by(Outbound.id)).all()


def _undelivered(session: Session, now: datetime, week: str, number: str, group: Group) -> int:
    """`number` is what one types after `/rekap` to read that week."""
    rows = parts(session, week, group)
    failed = [row for row in rows if row.status == FAILED]
    slow = [row for row in rows if row.status in (*UNSENT, SENDING) and now - row.created_at >= PATIENCE]
    if not failed and not slow:
        return 0
    button = Button("digest.button_send_again", f"digest.again:{week}")
    post = Post(
        "digest.undelivered",
        {"group": group.title, "week": week, "number": number, "reason": _reason((failed or slow)[0])},
        [[button]] if failed else [],
    )
    # Once for each attempt of ours: what is sent again is queued anew.
    since = (failed or slow)[0].created_at.isoformat(timespec="seconds")
    about = f"digest:{week}:{'failed' if failed else 'slow'}:{group.address}:{since}"
    return notices.tell_all(session, now, "release", about, post)


def _reason(row: Outbound) -> Any:
    """Why it did not arrive, as far as we know; what Telegram said where we have no words for it."""
    if row.reason in _REASONS:
        return {"text": f"digest.undelivered_{row.reason}"}
    why = row.error or row.reason
    return {"text": "digest.undelivered_why", "params": {"why": why}} if why else ""


def write_anew(session: Session, rows: Sequence[Outbound]) -> None:
    """What could not be written is written from its snapshot once more: a program of before may have queued
    it in a form that this one does not know. Raises Refused where the snapshot says too little."""
    for row in rows:
        _, week, version, *rest = row.key.split(":")
        corrects = rest[0] == "correction"
        _channel, _address, *nth = rest[corrects:]
        digest = snapshots.version(session, week, int(version))
        assert digest is not None, "it is never deleted"
        try:
            posts = [summaries.correction(digest)] if corrects else summaries.pack(digest)
        except (KeyError, TypeError) as error:
            raise Refused("recap.too_old", week=week) from error
        row.body = posts[int(nth[0]) if nth else 0].body()


def send_again(session: Session, week: str, now: datetime) -> int:
    """Queues once more what failed to reach the groups, and what was taken back because of that; how many
    messages. Raises Refused where it could not be written, and its snapshot says too little to do so now."""
    number = 0
    for group in conversations.groups(session):
        rows = parts(session, week, group)
        if all(row.status != FAILED for row in rows):
            continue
        again = [row for row in rows if row.status in (FAILED, CANCELLED)]
        if any(row.reason == BROKEN for row in again):
            write_anew(session, again)
        keys = {row.key for row in again}
        for row in again:
            row.status = WAITING if row.follows in keys else QUEUED
            row.due_at, row.created_at, row.attempts, row.reason, row.error = now, now, 0, "", ""
        number += len(again)
    if number:
        base.wake(session, "outbox")
    return number
