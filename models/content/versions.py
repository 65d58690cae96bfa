"""Frozen versions of an item: what exactly was submitted each time, and what an editor made of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.content import variants

if TYPE_CHECKING:
    from models.content.content import Item

# What a version consists of, as far as it stands in the item's own row.
COLUMNS = (
    "title",
    "what",
    "why",
    "caption",
    "hashtags",
    "source_url",
    "week",
    "rubric",
    "regional_programme",
    "objective",
    "consent",
    "live_url",
    "media_id",
)


class Version(Base):
    """`edits` is 0 for what was submitted, more for what left the hands of an editor."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "version", "edits"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    version: Mapped[int]
    edits: Mapped[int]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


def body(session: Session, item: "Item") -> dict[str, Any]:
    """All that an item consists of, as values for JSON."""
    values = {name: getattr(item, name) for name in COLUMNS}
    return {
        **values,
        "live_at": item.live_at.isoformat() if item.live_at else None,
        "captions": [[row.channel, row.text] for row in variants.of(session, item.id)],
        "album": variants.album(session, item.id),
    }


def keep(session: Session, item: "Item", now: datetime) -> None:
    """Freezes the present version, once."""
    session.flush()
    same = select(Version.id).where(
        Version.item_id == item.id, Version.version == item.version, Version.edits == item.edits
    )
    if session.scalar(same) is None:
        session.add(
            Version(
                item_id=item.id,
                version=item.version,
                edits=item.edits,
                body=body(session, item),
                at=now,
            )
        )


def of(session: Session, item: "Item") -> Sequence[Version]:
    """The frozen versions of an item, the oldest first."""
    return session.scalars(
        select(Version).where(Version.item_id == item.id).order_by(Version.version, Version.edits)
    ).all()


def before(session: Session, item: "Item") -> Version | None:
    """The newest frozen version that is older than the present one. For the first version of an item that
    takes the place of another it is the one that was approved there."""
    own = select(Version).where(Version.item_id == item.id, Version.version < item.version)
    found = session.scalar(own.order_by(Version.version.desc(), Version.edits.desc()).limit(1))
    if found is not None or item.replaces_id is None:
        return found
    old = select(Version).where(Version.item_id == item.replaces_id)
    return session.scalar(old.order_by(Version.version.desc(), Version.edits.desc()).limit(1))


def submitted(session: Session, item: "Item") -> Version | None:
    """The present version as its author sent it."""
    return session.scalar(
        select(Version).where(Version.item_id == item.id, Version.version == item.version, Version.edits == 0)
    )


def changes(session: Session, item: "Item", since: Version | None) -> list[str]:
    """The names of the fields in which an item as it stands differs from a frozen version."""
    if since is None:
        return []
    return [name for name, value in body(session, item).items() if since.body.get(name) != value]


def differences(old: Version, new: Version) -> list[str]:
    """The names of the fields in which two versions differ."""
    return [name for name in new.body if old.body.get(name) != new.body[name]]
