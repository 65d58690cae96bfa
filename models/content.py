"""The weekly item of an OPD: what is shared, from draft to release."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import audit, authors, base, fields, files, roles
from models.base import Base
from models.people import Opd, Person
from models.refused import Refused

DRAFT, SUBMITTED, RETURNED, APPROVED = "draft", "submitted", "returned", "approved"
RELEASED, CLOSED, DROPPED = "released", "closed", "dropped"
OPEN_TO_AUTHOR = (DRAFT, RETURNED)
PLANNED = (APPROVED, RELEASED)

LIMITS = fields.LIMITS

Seen = tuple[int, str]  # the version and the state of an item when a reviewer was shown it


@dataclass(frozen=True, slots=True)
class Step:
    """One permitted change of state: who may make it, and whether a reason has to be given.

    `own` is for the author alone, `four_eyes` for anybody but the author.
    """

    to: str
    capability: str
    reason: bool = False
    own: bool = False
    four_eyes: bool = False


# Every way that an item can go; what is not here cannot happen. "system" is the program itself.
TRANSITIONS: dict[tuple[str, str], Step] = {
    (DRAFT, "submit"): Step(SUBMITTED, "submit", own=True),
    (RETURNED, "submit"): Step(SUBMITTED, "submit", own=True),
    (DRAFT, "drop"): Step(DROPPED, "submit", own=True),
    (RETURNED, "drop"): Step(DROPPED, "submit", own=True),
    (SUBMITTED, "approve"): Step(APPROVED, "approve", four_eyes=True),
    (SUBMITTED, "return"): Step(RETURNED, "approve", reason=True, four_eyes=True),
    (APPROVED, "return"): Step(RETURNED, "approve", reason=True, four_eyes=True),
    (APPROVED, "release"): Step(RELEASED, "system"),
    (RELEASED, "close"): Step(CLOSED, "system"),
}


class Item(Base):
    """`opd_id` is None for the provincial item, which goes where an OPD has none of its own.

    `id` is the number that people use ("konten 42"). `version` grows with every submission.
    """

    __tablename__ = "item"
    __table_args__ = (
        # One planned item for an OPD and week, whatever two reviewers press at the same moment.
        Index(
            "uq_item_planned",
            "week",
            "opd_id",
            unique=True,
            **base.only("status IN ('approved', 'released') AND opd_id IS NOT NULL"),
        ),
        Index(
            "uq_item_planned_provincial",
            "week",
            unique=True,
            **base.only("status IN ('approved', 'released') AND opd_id IS NULL"),
        ),
        Index("ix_item_status", "status", "week"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    week: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(default="")
    what: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(Text, default="")
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    no_media: Mapped[bool] = mapped_column(default=False)  # the author chose text alone
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    opd: Mapped[Opd | None] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    media: Mapped[files.Media | None] = relationship()


def start(session: Session, author: Person, opd_id: int | None, now: datetime, provincial: str = "") -> Item:
    """A new draft. `opd_id` None makes it provincial, for those who may (see `authors.homes`)."""
    if not authors.may_write(session, author, opd_id, provincial):
        raise Refused("roles.may_not")
    item = Item(opd_id=opd_id, author_id=author.id, status=DRAFT, created_at=now, updated_at=now)
    session.add(item)
    session.flush()
    audit.record(session, now, "start", "item", item.id, by=author.id, after=DRAFT)
    return item


def own(session: Session, author: Person, item_id: int) -> Item:
    """A person's own item while it can be changed. Raises Refused for any other."""
    item = session.get(Item, item_id)
    if item is None or item.author_id != author.id or item.status == DROPPED:
        raise Refused("submitting.unknown")
    _editable(item)
    return item


def fill(session: Session, item: Item, field: str, value: str, now: datetime) -> None:
    """Sets one text field of a draft. Raises Refused when it is too short, too long, or no address."""
    _editable(item)
    setattr(item, field, fields.text(field, value))
    item.updated_at = now
    session.flush()


def illustrate(session: Session, item: Item, media: files.Media | None, now: datetime) -> None:
    """Gives a draft its picture or video, or says that it is text alone.

    Raises Refused for a file that could not be shown, or is too large to be kept.
    """
    _editable(item)
    if media is not None:
        fields.check_file(media)
    item.media, item.no_media, item.updated_at = media, media is None, now
    session.flush()


def with_file(session: Session, media_id: int, author: Person) -> Item | None:
    """The own item of an author that a file belongs to; None once another file has taken its place."""
    return session.scalar(select(Item).where(Item.media_id == media_id, Item.author_id == author.id))


def plan(session: Session, item: Item, week: str, now: datetime) -> None:
    """Chooses the week of a draft. Raises Refused when the week has an item already."""
    _editable(item)
    if taken := planned(session, item.opd_id, week):
        raise Refused("submitting.week_taken", week=week, id=taken.id, title=taken.title)
    item.week, item.updated_at = week, now
    session.flush()


def planned(session: Session, opd_id: int | None, week: str) -> Item | None:
    """The approved or released item of an OPD (None: provincial) for a week."""
    same = Item.opd_id.is_(None) if opd_id is None else Item.opd_id == opd_id
    return session.scalar(select(Item).where(same, Item.week == week, Item.status.in_(PLANNED)))


def missing(item: Item) -> list[str]:
    """The fields that a draft still lacks, in the order in which they are asked.

    A file that could not be used is as good as none.
    """
    there = {"media": item.no_media or (item.media is not None and item.media.status != files.FAILED)}
    return [name for name in fields.FIELDS if not there.get(name, getattr(item, name, ""))]


def _editable(item: Item) -> None:
    if item.status not in OPEN_TO_AUTHOR:
        raise Refused("submitting.frozen", id=item.id)


def move(
    session: Session,
    item: Item,
    act: str,
    by: Person | None,
    now: datetime,
    *,
    reason: str = "",
    seen: Seen | None = None,
    provincial: str = "",
) -> None:
    """Takes an item along one of `TRANSITIONS`, with an audit row.

    `by` None is the program itself; `seen` is what a reviewer decides on; `provincial` the code of the
    OPD that writes for the province. Raises Refused when the way does not exist (somebody was
    quicker), the person may not go it, it is their own item, or the reason is missing.
    """
    session.refresh(item, with_for_update=True)
    step = require_step(session, item, act, by, seen=seen, provincial=provincial)
    reason = reason.strip()
    least, most = fields.REASON
    if step.reason and not least <= fields.length(reason) <= most:
        raise Refused("reviewing.reason_missing", least=least, most=most)
    if act == "submit" and missing(item):
        raise Refused("submitting.incomplete")
    if act == "approve" and "media" in missing(item):
        raise Refused("measuring.not_to_be_approved", id=item.id)
    if act == "approve" and (other := planned(session, item.opd_id, item.week)):
        raise _taken(item, other)
    before, actor = item.status, by.id if by else None
    try:
        with session.begin_nested():
            item.status, item.updated_at = step.to, now
            if act == "submit":
                item.submitted_at, item.version, item.reason = now, item.version + 1, ""
            elif act in ("approve", "return"):
                item.decided_at, item.decided_by, item.reason = now, actor, reason
    except IntegrityError:
        # Another item of this OPD and week was approved in the same moment: `uq_item_planned`.
        session.refresh(item)
        raise _taken(item, planned(session, item.opd_id, item.week) or item) from None
    audit.record(
        session,
        now,
        act,
        "item",
        item.id,
        by=actor,
        before=before,
        after=step.to,
        reason=reason,
        version=item.version,
    )
    session.flush()


def require_step(
    session: Session,
    item: Item,
    act: str,
    by: Person | None,
    *,
    seen: Seen | None = None,
    provincial: str = "",
) -> Step:
    """The step that this person may take with an item as it stands. Raises Refused as `move` does."""
    step = TRANSITIONS.get((item.status, act))
    if step is None:
        raise _too_late(session, item, by)
    if seen is not None and seen[0] != item.version:
        raise Refused("reviewing.newer", id=item.id)
    if seen is not None and seen[1] != item.status:
        raise _too_late(session, item, by)
    if step.capability == "system":
        if by is not None:
            raise Refused("roles.may_not")
        return step
    if step.capability == "submit":
        allowed = authors.may_write(session, by, item.opd_id, provincial)
    else:
        allowed = roles.may(session, by, step.capability, item.opd_id)
    if by is None or not allowed or (step.own and by.id != item.author_id):
        raise Refused("roles.may_not")
    if step.four_eyes and by.id == item.author_id:
        raise Refused("reviewing.own_item")
    return step


def _taken(item: Item, other: Item) -> Refused:
    return Refused("reviewing.week_taken", week=item.week, id=other.id, title=other.title)


def _too_late(session: Session, item: Item, by: Person | None) -> Refused:
    """What to say to whoever came second: who was first, and what became of the item."""
    who = session.get(Person, item.decided_by) if item.decided_by else None
    status = {"text": f"browsing.status_{item.status}"}
    if who is None or item.decided_at is None or item.status not in (APPROVED, RETURNED):
        return Refused("reviewing.too_late", id=item.id, status=status)
    said = {"id": item.id, "status": status, "at": item.decided_at.isoformat()}
    if by is not None and by.id == who.id:
        return Refused("reviewing.you_before", **said)
    return Refused("reviewing.somebody_first", who=who.name, **said)


def readiness(session: Session, week: str) -> tuple[int, list[Opd]]:
    """How many OPD have a planned item for a week, and those that have none."""
    have = select(Item.opd_id).where(Item.week == week, Item.status.in_(PLANNED), Item.opd_id.is_not(None))
    lacking = session.scalars(select(Opd).where(Opd.id.not_in(have)).order_by(Opd.name))
    return session.scalar(select(func.count()).select_from(have.subquery())) or 0, list(lacking)


def params(session: Session, item_id: int) -> dict[str, Any]:
    """The fields of an item as parameters of a text."""
    item = session.get_one(Item, item_id)
    return {
        "id": item.id,
        "title": item.title,
        "what": item.what,
        "why": item.why,
        "caption": item.caption,
        "source_url": item.source_url,
        "week": item.week,
        "opd": item.opd.name if item.opd else "",
        "version": item.version,
    }
