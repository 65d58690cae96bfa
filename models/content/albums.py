"""The pictures and films of an item, as one row: the first is the item's own file, the others its album."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.content import drafts, fields, variants
from models.content.content import Item
from models.messages.files import Media
from models.people.people import Person
from models.refused import Refused

MOST = 10  # of one album, as Telegram sends it (https://core.telegram.org/bots/api#sendmediagroup)


def of(session: Session, item: Item) -> list[Media]:
    """All files of an item, in order."""
    first = [item.media] if item.media else []
    return [*first, *(session.get_one(Media, number) for number in variants.album(session, item.id))]


def require_room(session: Session, item: Item, kind: str) -> None:
    """Raises Refused when no further file of this kind can be added: an album has ten pictures and films at
    the most, and a document stands alone."""
    there = of(session, item)
    if there and "document" in (kind, *(one.kind for one in there)):
        raise Refused("picturing.document_alone")
    if len(there) >= MOST:
        raise Refused("picturing.full", most=MOST)


def add(session: Session, item: Item, media: Media, now: datetime, by: Person | None = None) -> int:
    """Adds a file to those of an item, as the last one; how many there are now.

    Raises Refused as `require_room`, or for a file that could not be shown.
    """
    if item.media is None:
        drafts.illustrate(session, item, media, now, by)
        return 1
    require_room(session, item, media.kind)
    drafts.require_editable(item, by)
    fields.check_file(media)
    hung = [*variants.album(session, item.id), media.id]
    variants.hang(session, item.id, hung)
    drafts.changed(session, item, "media", now, by, before=len(hung), after=len(hung) + 1)
    return len(hung) + 1


def take_out(session: Session, item: Item, media_id: int, now: datetime, by: Person | None = None) -> None:
    """Takes one file out; those behind it move up. The only one of an item stays out as well: nothing is
    left then, and the question for a picture is open again."""
    drafts.require_editable(item, by)
    before = [one.id for one in of(session, item)]
    left = [number for number in before if number != media_id]
    if left == before:
        return
    item.media = session.get_one(Media, left[0]) if left else None
    item.no_media = False
    variants.hang(session, item.id, left[1:])
    drafts.changed(session, item, "media", now, by, before=len(before), after=len(left))


def take_out_last(session: Session, item: Item, now: datetime, by: Person | None = None) -> int:
    """Takes the last file out; how many are left."""
    there = of(session, item)
    if there:
        take_out(session, item, there[-1].id, now, by)
    return max(0, len(there) - 1)


def with_file(session: Session, media_id: int, author: Person) -> tuple[Item, int] | None:
    """The own item of an author that a file belongs to, and the file's place in it, from 1; None once the
    file is no longer one of the item's."""
    hung = select(variants.Picture.item_id).where(variants.Picture.media_id == media_id)
    its = (Item.media_id == media_id) | Item.id.in_(hung)
    found = session.scalar(
        select(Item).where(Item.author_id == author.id, its).order_by(Item.id.desc()).limit(1)
    )
    if found is None:
        return None
    return found, [one.id for one in of(session, found)].index(media_id) + 1
