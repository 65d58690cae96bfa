"""The weekly item of an OPD: what is shared. How it is written is in drafts.py, its way in states.py and
models/editorial/moves.py."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, event, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import base
from models.base import Base
from models.content import rubrics, tags, variants
from models.content.states import DRAFT, PLANNED
from models.messages import files
from models.people.people import Opd, Person


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


def planned(session: Session, opd_id: int | None, week: str) -> Item | None:
    """The approved or released item of an OPD (None: provincial) for a week."""
    same = Item.opd_id.is_(None) if opd_id is None else Item.opd_id == opd_id
    return session.scalar(
        select(Item).where(same, Item.week == week, Item.status.in_(PLANNED), Item.urgent.is_(False))
    )


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
