"""More than one text and more than one picture of an item: variants, captions of a channel, albums."""

from collections.abc import Sequence

from sqlalchemy import ForeignKey, Text, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.messages.files import FAILED, Media


class Caption(Base):
    """A text besides the item's own caption: for one channel, or ("") the nth further variant for all."""

    __tablename__ = "item_caption"
    __table_args__ = (UniqueConstraint("item_id", "channel", "nth"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    channel: Mapped[str] = mapped_column(default="")
    nth: Mapped[int] = mapped_column(default=1)
    text: Mapped[str] = mapped_column(Text)


class Picture(Base):
    """A further picture or film of an album: the first one is the item's own media."""

    __tablename__ = "item_media"
    __table_args__ = (UniqueConstraint("item_id", "nth"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    nth: Mapped[int]
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"))

    media: Mapped[Media] = relationship()


def of(session: Session, item_id: int) -> Sequence[Caption]:
    """All further texts of an item, those for everybody first."""
    return session.scalars(
        select(Caption).where(Caption.item_id == item_id).order_by(Caption.channel, Caption.nth)
    ).all()


def write(session: Session, item_id: int, channel: str, texts: Sequence[str]) -> None:
    """Puts these texts in the place of those that there were for a channel ("" for all)."""
    session.execute(delete(Caption).where(Caption.item_id == item_id, Caption.channel == channel))
    session.add_all(
        Caption(item_id=item_id, channel=channel, nth=nth, text=text) for nth, text in enumerate(texts, 1)
    )
    session.flush()


def rotation(session: Session, item_id: int, caption: str) -> list[str]:
    """The texts that take turns from person to person: the item's caption and its variants."""
    return [caption, *(row.text for row in of(session, item_id) if not row.channel)]


def turn(texts: Sequence[str], person_id: int | None, item_id: int) -> str:
    """The text that is this person's: always the same one, and another one for the next person."""
    return texts[((person_id or 0) + item_id) % len(texts)]


def album(session: Session, item_id: int) -> list[int]:
    """The ids of the further files of an item, in order."""
    return list(
        session.scalars(select(Picture.media_id).where(Picture.item_id == item_id).order_by(Picture.nth))
    )


def hang(session: Session, item_id: int, media_ids: Sequence[int]) -> None:
    """Makes these files the further ones of an item's album, in this order."""
    session.execute(delete(Picture).where(Picture.item_id == item_id))
    session.add_all(
        Picture(item_id=item_id, nth=nth, media_id=media_id) for nth, media_id in enumerate(media_ids, 1)
    )
    session.flush()


def has_failed(session: Session, item_id: int) -> bool:
    """Whether a further file of an item turned out to be none that can be used."""
    found = select(Picture.id).join(Media, Media.id == Picture.media_id)
    return (
        session.scalar(found.where(Picture.item_id == item_id, Media.status == FAILED).limit(1)) is not None
    )
