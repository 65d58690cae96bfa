"""The weekly item of an OPD: what is shared, and how it is written. Its way is in states.py and moves.py."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, event, func, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from models import audit, authors, base, fields, files, reviews, rubrics, tags, variants
from models.base import Base
from models.people import Opd, Person
from models.refused import Refused
from models.states import DRAFT, DROPPED, OPEN_TO_AUTHOR, PLANNED, SUBMITTED

LIMITS = fields.LIMITS


class Item(Base):
    """`opd_id` is None for the provincial item, which goes where an OPD has none of its own.

    `id` is the number that people use ("konten 42"). `version` grows with every submission, `edits` with
    every change that an editor makes to it while it is being reviewed. `replaces_id` is the approved
    item that this one is a new version of.
    """

    __tablename__ = "item"
    __table_args__ = (
        # One planned item for an OPD and week, whatever two reviewers press at the same moment.
        Index(
            "uq_item_planned",
            "week",
            "opd_id",
            unique=True,
            **base.only("status IN ('approved', 'released') AND opd_id IS NOT NULL AND NOT urgent"),
        ),
        Index(
            "uq_item_planned_provincial",
            "week",
            unique=True,
            **base.only("status IN ('approved', 'released') AND opd_id IS NULL AND NOT urgent"),
        ),
        Index("ix_item_status", "status", "week"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    week: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    edits: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(default="")
    what: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(Text, default="")
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    no_media: Mapped[bool] = mapped_column(default=False)  # the author chose text alone
    hashtags: Mapped[str] = mapped_column(Text, default="")  # with their "#", a blank between two
    rubric: Mapped[str] = mapped_column(default="")
    regional_programme: Mapped[str] = mapped_column(default="")  # of the regional plan
    objective: Mapped[str] = mapped_column(default="")
    consent: Mapped[bool | None]  # of a citizen who is shown; None: nobody was asked about it
    public: Mapped[bool] = mapped_column(default=False)  # its author confirmed that nothing in it is exempt
    live_at: Mapped[datetime | None]
    live_url: Mapped[str] = mapped_column(Text, default="")
    urgent: Mapped[bool] = mapped_column(default=False)  # goes out when it is approved, outside the rhythm
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    search: Mapped[str] = mapped_column(Text, default="", deferred=True)  # see `searchable`

    opd: Mapped[Opd | None] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    media: Mapped[files.Media | None] = relationship()


_TEXTS = ("title", "what", "why", "caption")


def searchable(*texts: str) -> str:
    """Texts as they are searched: A to Z in lower case, and a line between two, which no word crosses.
    Only those letters, since both engines mean the same by them, whatever their settings."""
    return "".join(char.lower() if char.isascii() else char for char in "\n".join(texts))


@event.listens_for(Item, "before_insert")
@event.listens_for(Item, "before_update")
def _search_along(_mapper: Any, _connection: Any, item: Item) -> None:
    """What is searched changes with the texts: made anew for every search, it took longer than the search."""
    if any(inspect(item).attrs[name].history.has_changes() for name in _TEXTS):
        item.search = searchable(*(getattr(item, name) or "" for name in _TEXTS))


def start(session: Session, author: Person, opd_id: int | None, now: datetime, provincial: str = "") -> Item:
    """A new draft. `opd_id` None makes it provincial, for those who may (see `authors.homes`)."""
    if not authors.may_write(session, author, opd_id, provincial):
        raise Refused("roles.may_not")
    item = Item(opd_id=opd_id, author_id=author.id, status=DRAFT, created_at=now, updated_at=now)
    session.add(item)
    session.flush()
    audit.record(session, now, "start", "item", item.id, by=author.id, after=DRAFT)
    return item


def own(session: Session, author: Person, item_id: int, provincial: str = "") -> Item:
    """An item that a person may change now: the own one while it is open, or as an editor one that
    waits for the editor. Raises Refused for any other."""
    item = session.get(Item, item_id)
    if item is not None:  # held, so that nobody decides on it while it is being changed
        session.flush()
        session.refresh(item, with_for_update={"of": Item})
    if item is None or item.status == DROPPED:
        raise Refused("submitting.unknown")
    if item.author_id != author.id:
        if not authors.may_edit(session, author, item.opd_id, provincial):
            raise Refused("submitting.unknown")
        if item.status != SUBMITTED:
            raise Refused("submitting.not_to_edit", id=item.id)
    require_editable(item, author)
    return item


def fill(
    session: Session, item: Item, field: str, value: str, now: datetime, by: Person | None = None
) -> None:
    """Sets one text field of a draft; `by` is the editor who does it, None the author.

    Raises Refused when it is too short, too long, or no address.
    """
    require_editable(item, by)
    before, after = getattr(item, field), fields.text(field, value)
    setattr(item, field, after)
    changed(session, item, field, now, by, before=before, after=after)


def choose(
    session: Session, item: Item, field: str, value: Any, now: datetime, by: Person | None = None
) -> None:
    """Sets a field whose values are chosen, not written: rubric, consent, live_at, public, hashtags,
    regional_programme or objective.

    Raises Refused for a value that there is not, for a broadcast that is past, and where an editor chooses a
    rubric that needs what only the author can say (the consent of a citizen, the time of a broadcast).
    """
    require_editable(item, by)
    known: dict[str, tuple[Any, ...]] = {
        "rubric": rubrics.RUBRICS,
        "objective": ("", *rubrics.OBJECTIVES),
        "consent": (None, True, False),
        "public": (True, False),
    }
    if field not in _CHOSEN or (field in known and value not in known[field]):
        raise Refused("menu.old_button")
    if field == "live_at" and value <= now:
        raise Refused("submitting.moment_past", at=value.isoformat())
    before = getattr(item, field)
    setattr(item, field, value)
    if field == "rubric":
        _let_go(item)
    if field == "rubric" and item.status == SUBMITTED and missing(item):
        raise Refused("submitting.rubric_needs_more", id=item.id)
    changed(session, item, field, now, by, before=_plain(before), after=_plain(value))


def _let_go(item: Item) -> None:
    """What was said for another rubric, and no longer has a meaning."""
    if not rubrics.is_live(item.rubric):
        item.live_at, item.live_url = None, ""
    if not rubrics.with_citizen(item.rubric):
        item.consent = None
    if item.urgent:
        item.urgent, item.week = False, ""


_CHOSEN = ("rubric", "consent", "live_at", "public", "hashtags", "regional_programme", "objective")


def _plain(value: Any) -> Any:
    """A value as the audit keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


def assign(session: Session, item: Item, opd_id: int | None, now: datetime, provincial: str = "") -> None:
    """Makes a draft that of another OPD (None: of the province). Raises Refused where its author may not
    write for it. A week that was chosen is asked for again: it may be taken there."""
    require_editable(item, None)
    if not authors.may_write(session, item.author, opd_id, provincial):
        raise Refused("roles.may_not")
    if opd_id != item.opd_id:
        item.opd_id, item.week, item.updated_at = opd_id, item.week if item.urgent else "", now
    session.flush()
    session.expire(item, ["opd"])


def illustrate(
    session: Session, item: Item, media: files.Media | None, now: datetime, by: Person | None = None
) -> None:
    """Gives a draft its picture or video in the place of all it had, or says that it is text alone.

    Raises Refused for a file that could not be shown, or is too large to be kept.
    """
    require_editable(item, by)
    if media is not None:
        fields.check_file(media)
    before = item.media_id
    item.media, item.no_media = media, media is None
    variants.hang(session, item.id, [])
    session.flush()
    changed(session, item, "media", now, by, before=before, after=item.media_id)


def changed(
    session: Session,
    item: Item,
    field: str,
    now: datetime,
    by: Person | None = None,
    *,
    before: Any = "",
    after: Any = "",
) -> None:
    """Notes that a field was changed. What an editor changes is another text than the one that was sent:
    it is in the audit, and whoever was shown the old one cannot decide on it."""
    item.updated_at = now
    if item.status == SUBMITTED and by is not None and before != after:
        item.edits += 1
        reviews.touched(session, item, by, now)
        audit.record(
            session,
            now,
            "amend",
            "item",
            item.id,
            by=by.id,
            before=item.status,
            after=item.status,
            field=field,
            was=before,
            version=item.version,
        )
    session.flush()


def plan(session: Session, item: Item, week: str, now: datetime, by: Person | None = None) -> None:
    """Chooses the week of a draft. Raises Refused when the week has an item already."""
    require_editable(item, by)
    if item.urgent:
        raise Refused("menu.old_button")  # it waits for no week
    taken = planned(session, item.opd_id, week)
    if taken and taken.id != item.replaces_id:
        raise Refused("submitting.week_taken", week=week, id=taken.id, title=taken.title)
    before, item.week = item.week, week
    changed(session, item, "week", now, by, before=before, after=week)


def planned(session: Session, opd_id: int | None, week: str) -> Item | None:
    """The approved or released item of an OPD (None: provincial) for a week."""
    same = Item.opd_id.is_(None) if opd_id is None else Item.opd_id == opd_id
    return session.scalar(
        select(Item).where(same, Item.week == week, Item.status.in_(PLANNED), Item.urgent.is_(False))
    )


def steps(item: Item) -> list[str]:
    """The fields that this item needs, in the order in which they are asked: a rubric that shows a citizen
    asks for the consent, one that announces a broadcast for its time and address."""
    left_out = set()
    if not rubrics.with_citizen(item.rubric):
        left_out.add("consent")
    if not rubrics.is_live(item.rubric):
        left_out |= {"live_at", "live_url"}
    if item.urgent:
        left_out.add("week")
    return [name for name in fields.FIELDS if name not in left_out]


def missing(item: Item) -> list[str]:
    """The fields that a draft still lacks, in the order in which they are asked.

    A file that could not be used is as good as none, whichever of an album it is. What has left the hands of
    those who write it can lack nothing else.
    """
    if item.status not in (*OPEN_TO_AUTHOR, SUBMITTED):
        return [] if _illustrated(item) else ["media"]
    there = {"media": _illustrated(item), "consent": item.consent is not None}
    return [name for name in steps(item) if not there.get(name, getattr(item, name, ""))]


def _illustrated(item: Item) -> bool:
    if item.media is None:
        return item.no_media
    session = object_session(item)
    hung = session is not None and variants.has_failed(session, item.id)
    return item.media.status != files.FAILED and not hung


def require_editable(item: Item, by: Person | None) -> None:
    """Raises Refused when an item can no longer be changed by its author, or (`by`) by this editor."""
    edited = item.status == SUBMITTED and by is not None and by.id != item.author_id
    if item.status not in OPEN_TO_AUTHOR and not edited:
        raise Refused("submitting.frozen", id=item.id)


def readiness(session: Session, week: str) -> tuple[int, list[Opd]]:
    """How many OPD have a planned item for a week, and those that have none."""
    have = select(Item.opd_id).where(
        Item.week == week, Item.status.in_(PLANNED), Item.opd_id.is_not(None), Item.urgent.is_(False)
    )
    lacking = session.scalars(select(Opd).where(Opd.id.not_in(have)).order_by(Opd.name))
    return session.scalar(select(func.count()).select_from(have.subquery())) or 0, list(lacking)


def params(session: Session, item_id: int) -> dict[str, Any]:
    """The fields of an item as parameters of a text. `caption` is what is posted, its hashtags below it."""
    item = session.get_one(Item, item_id)
    live = rubrics.is_live(item.rubric)
    return {
        "id": item.id,
        "title": item.title,
        "what": item.what,
        "why": item.why,
        "caption": tags.below(item.caption, item.hashtags),
        "hashtags": item.hashtags,
        "source_url": item.source_url,
        "live_at": item.live_at.isoformat() if live and item.live_at else "",
        "live_url": item.live_url if live else "",
        "week": item.week,
        "opd": item.opd.name if item.opd else "",
        "version": item.version,
        "live": {"text": "live.when", "params": {"at": item.live_at.isoformat()}} if item.live_at else "",
    }


def pictures(session: Session, item: Item) -> list[int]:
    """The ids of the files of an item's album, the first one first; none where it has no album, without
    those that could not be fetched."""
    further = variants.album(session, item.id)
    if item.media_id is None or not further:
        return []
    unusable = select(files.Media.id).where(
        files.Media.id.in_([item.media_id, *further]), files.Media.status == files.FAILED
    )
    lost = set(session.scalars(unusable))
    return [number for number in (item.media_id, *further) if number not in lost]
