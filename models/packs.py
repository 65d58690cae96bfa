"""The Wednesday pack: who gets what of a snapshot, and whether it arrived.

Groups and those who read for the whole programme get the message with its chart, the workbook and the page
for print; every PPID team gets the page of its own OPD, before anybody else reads who needs help.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base, conversations, notices, outbox, people, roles, summaries, weeks
from models.base import Base
from models.conversations import Group
from models.outbox import FAILED, QUEUED, UNSENT, Outbound, Priority
from models.people import Opd, Person
from models.post import Button, Post
from models.programme import Programme
from models.snapshots import Digest
from models.weekly import WeekFigures

PATIENCE = timedelta(minutes=15)  # a pack that has not arrived by then is a matter for a person


class Unsubscribed(Base):
    """Somebody who may read the pack and does not want it one to one."""

    __tablename__ = "unsubscribed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


def announce(session: Session, digest: Digest, now: datetime, *, late: bool) -> int:
    """Queues the pack to everybody who gets it; to how many groups."""
    teams(session, digest, now)
    groups = conversations.groups(session)
    for group in groups:
        _send(session, digest, now, group.channel, group.address, None, late)
    for person in readers(session):
        account = people.reachable(session, person.id)
        if account is not None:
            _send(session, digest, now, account.channel, account.address, person.id, late)
    return len(groups)


def _send(
    session: Session,
    digest: Digest,
    now: datetime,
    channel: str,
    address: str,
    person_id: int | None,
    late: bool,
) -> None:
    """The message first; its files follow it."""
    key = f"digest:{digest.week}:{digest.version}:{channel}:{address}"
    for nth, post in enumerate(summaries.pack(digest, late=late)):
        outbox.queue(
            session,
            now,
            f"{key}:{nth}" if nth else key,
            channel,
            address,
            post,
            priority=Priority.NOTICE,
            follows=key if nth else None,
            person_id=person_id,
        )


def readers(session: Session) -> list[Person]:
    """Who gets the pack one to one: whoever may read all figures, but for those who said no."""
    silent = set(session.scalars(select(Unsubscribed.person_id)))
    return [person for person in roles.holders(session, "digest") if person.id not in silent]


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


def teams(session: Session, digest: Digest, now: datetime) -> int:
    """Queues to every PPID team the page of its own OPD; to how many people."""
    figures: WeekFigures = digest.figures  # type: ignore[assignment]
    told = 0
    for opd in session.scalars(select(Opd).order_by(Opd.name)).all():
        found = summaries.page(figures, opd.code)
        if found is None:
            continue
        missing = {"missing": found["roster"] - found["active"], "names": "", "more": "", "note": ""}
        buttons = [[Button("digest.button_missing", f"digest.team:{digest.week}:{opd.id}")]]
        post = Post("digest.page", {**found, **missing}, buttons)
        for person in roles.ppid(session, opd.id):
            about = f"digest:{digest.week}:{digest.version}:opd:{opd.id}"
            told += notices.tell(session, now, person, about, post)
    return told


def watch(session: Session, now: datetime, programme: Programme) -> int:
    """Tells the controllers at once when a group did not get a part of the pack, or has not got it after a
    quarter of an hour; to how many."""
    week = weeks.shift(weeks.of(now, programme), -1)
    return sum(_undelivered(session, now, week, group) for group in conversations.groups(session))


def parts(session: Session, week: str, group: Group) -> Sequence[Outbound]:
    """What was queued of the packs of a week for a group."""
    prefix = f"digest:{week}:"
    of_week = Outbound.key.between(prefix, prefix + "\x7f")
    here = (Outbound.channel == group.channel, Outbound.address == group.address)
    return session.scalars(select(Outbound).where(of_week, *here).order_by(Outbound.id)).all()


def _undelivered(session: Session, now: datetime, week: str, group: Group) -> int:
    rows = parts(session, week, group)
    failed = [row for row in rows if row.status == FAILED]
    slow = [row for row in rows if row.status in UNSENT and now - row.created_at >= PATIENCE]
    if not failed and not slow:
        return 0
    why = failed[0].reason or failed[0].error if failed else ""
    reason = {"text": "digest.undelivered_why", "params": {"why": why}} if why else ""
    button = Button("digest.button_send_again", f"digest.again:{week}")
    post = Post(
        "digest.undelivered",
        {"group": group.title, "week": week, "reason": reason},
        [[button]] if failed else [],
    )
    about = f"digest:{week}:undelivered:{group.address}:{(failed or slow)[0].attempts}"
    return notices.tell_all(session, now, "release", about, post)


def send_again(session: Session, week: str, now: datetime) -> int:
    """Queues once more what failed to reach the groups; how many messages."""
    failed = [
        row
        for group in conversations.groups(session)
        for row in parts(session, week, group)
        if row.status == FAILED
    ]
    for row in failed:
        row.status, row.due_at, row.reason, row.error = QUEUED, now, "", ""
    base.wake(session, "outbox")
    return len(failed)
