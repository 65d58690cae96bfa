"""Files that people sent us or that we send: pictures, videos, documents.

A file starts as something a channel keeps for us (`remote`), is fetched into our own store by a
loop of its own (`stored`), and is sent again by the id that a channel gave it (`FileCopy`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base

REMOTE, STORED, FAILED = "remote", "stored", "failed"


class Media(Base):
    """`kind` is photo, video, animation or document; `size` in bytes, `duration` in seconds.

    `key` is the place in our own store. `notify` is the inbox address to tell once it is there.
    """

    __tablename__ = "media"
    __table_args__ = (
        Index(
            "ix_media_remote",
            "due_at",
            **base.only("status = 'remote'"),
        ),
        Index("ix_media_sha256", "sha256"),
        Index("ix_media_key", "key", **base.only("key <> ''")),
        Index("ix_media_over", "id", **base.only("status = 'over'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    mime: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    duration: Mapped[int] = mapped_column(default=0)
    codec: Mapped[str] = mapped_column(default="")  # these two as `measures.Measured` has them
    sound: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=REMOTE)
    key: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")  # item, small, proof, roster, report
    small_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))  # for those who save data
    notify: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch: where from, and what for."""

    media_id: int
    channel: str
    remote_id: str
    purpose: str


class FileCopy(Base):
    """The id under which a channel knows a file: what makes a second upload unnecessary."""

    __tablename__ = "file_copy"
    __table_args__ = (UniqueConstraint("media_id", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"))
    channel: Mapped[str]
    remote_id: Mapped[str]
    unique_id: Mapped[str] = mapped_column(default="", index=True)


def register(
    session: Session,
    now: datetime,
    channel: str,
    *,
    remote_id: str,
    unique_id: str,
    kind: str,
    purpose: str,
    mime: str = "",
    name: str = "",
    size: int = 0,
    width: int = 0,
    height: int = 0,
    duration: int = 0,
    notify: str = "",
) -> Media:
    """Notes a file that a channel keeps for us; it is fetched soon. Sizes in bytes, pixels, seconds."""
    media = Media(
        kind=kind,
        mime=mime,
        name=name[:200],
        size=size,
        width=width,
        height=height,
        duration=duration,
        status=REMOTE,
        purpose=purpose,
        notify=notify,
        due_at=now,
        created_at=now,
    )
    session.add(media)
    session.flush()
    session.add(FileCopy(media_id=media.id, channel=channel, remote_id=remote_id, unique_id=unique_id))
    base.wake(session, "media")
    return media


def add(
    session: Session,
    now: datetime,
    *,
    kind: str,
    key: str,
    sha256: str,
    mime: str,
    size: int,
    purpose: str,
    name: str = "",
    width: int = 0,
    height: int = 0,
) -> Media:
    """Notes a file that is in our store already (a chart, a sample picture)."""
    media = Media(
        kind=kind,
        key=key,
        sha256=sha256,
        mime=mime,
        size=size,
        width=width,
        height=height,
        name=name,
        purpose=purpose,
        status=STORED,
        due_at=now,
        created_at=now,
    )
    session.add(media)
    session.flush()
    return media


def copy_of(session: Session, media_id: int, channel: str) -> str:
    """The channel's id of a file, "" where it has none yet."""
    return (
        session.scalar(
            select(FileCopy.remote_id).where(FileCopy.media_id == media_id, FileCopy.channel == channel)
        )
        or ""
    )


def keep_copy(session: Session, media_id: int, channel: str, remote_id: str) -> None:
    """Remembers the id that a channel gave to an uploaded file; the newest wins."""
    statement = base.insert(session, FileCopy).values(
        media_id=media_id, channel=channel, remote_id=remote_id, unique_id=""
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["media_id", "channel"], set_={"remote_id": statement.excluded.remote_id}
        )
    )


def to_fetch(session: Session, now: datetime, limit: int, lease: timedelta) -> list[Wanted]:
    """Takes files to fetch; nobody else gets them during the lease.

    Fetching twice does no harm: the store is content-addressed.
    """
    chosen = (
        select(Media.id)
        .where(Media.status == REMOTE, Media.due_at <= now)
        .order_by(Media.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(chosen))
    if not ids:
        return []
    session.execute(
        update(Media)
        .where(Media.id.in_(ids))
        .values(due_at=now + lease)
        .execution_options(synchronize_session=False)
    )
    rows = session.execute(
        select(FileCopy.media_id, FileCopy.channel, FileCopy.remote_id, Media.purpose)
        .join(Media, Media.id == FileCopy.media_id)
        .where(FileCopy.media_id.in_(ids))
    )
    return [Wanted(*row) for row in rows]


def stored(
    session: Session,
    media_id: int,
    *,
    key: str,
    sha256: str,
    size: int,
    mime: str,
    width: int = 0,
    height: int = 0,
    duration: int = 0,
    codec: str = "",
    sound: str = "",
) -> Media:
    """A fetched file is in our store now, with what was measured of it; 0 leaves what the channel said."""
    media = session.get_one(Media, media_id)
    media.status, media.key, media.sha256, media.size, media.mime = STORED, key, sha256, size, mime
    media.width, media.height = width or media.width, height or media.height
    media.duration, media.codec, media.sound = duration or media.duration, codec, sound
    media.error = ""
    if media.purpose == "proof":
        base.wake(session, "evidence")
    return media


def shrink(
    session: Session,
    media: Media,
    now: datetime,
    *,
    key: str,
    sha256: str,
    size: int,
    width: int,
    height: int,
) -> Media:
    """Notes the small picture (a JPEG in the store) that stands for a file where data are saved; once."""
    if media.small_id is not None:
        return session.get_one(Media, media.small_id)
    small = add(
        session,
        now,
        kind="photo",
        key=key,
        sha256=sha256,
        mime="image/jpeg",
        size=size,
        purpose="small",
        width=width,
        height=height,
    )
    media.small_id = small.id
    return small


def not_fetched(
    session: Session, media_id: int, now: datetime, error: str, *, final: bool, backoff: timedelta
) -> bool:
    """A fetch failed; True when it was given up."""
    media = session.get_one(Media, media_id)
    media.attempts += 1
    media.error = error[:1000]
    if final or media.attempts >= 8:
        media.status = FAILED
        return True
    media.due_at = now + backoff * 2 ** (media.attempts - 1)
    return False


def use_as(media: Media, purpose: str, now: datetime) -> None:
    """Gives a file another purpose. One that was refused under the rules of the old one is fetched again;
    nobody is told about it."""
    media.purpose, media.notify = purpose, ""
    if media.status == FAILED:
        media.status, media.attempts, media.error, media.due_at = REMOTE, 0, "", now


def next_due(session: Session) -> datetime | None:
    """When the next file may be fetched; None when none waits."""
    return session.scalar(select(func.min(Media.due_at)).where(Media.status == REMOTE))
