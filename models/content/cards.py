"""The messages that bring an item: its card with buttons, the words to copy, and what is special about some.

Most items have the same card. One with an album, with a live stream, or that is urgent has its own, and
somebody who saves data gets a small picture, with the whole on request.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.content.content import Item
from models.content.variants import Picture
from models.messages.files import FAILED, Media
from models.messages.post import Button, Post

CARD, CAPTION, ALBUM = "card", "caption", "album"
PARTS = (ALBUM, CARD, CAPTION)  # in the order in which they are sent
FILM = "video"


@dataclass(frozen=True, slots=True)
class Traits:
    """What makes a card. `size` is that of all its files in bytes, 0 for text alone; `small` the id of the
    small picture that stands for them."""

    item_id: int
    size: int = 0
    heavy: bool = False
    film: bool = False
    small: int | None = None
    album: bool = False
    live: bool = False
    live_url: str = ""
    urgent: bool = False

    @property
    def usual(self) -> bool:
        """Whether the card is like all others, as long as nobody saves data."""
        return not (self.album or self.live or self.urgent)


def of(session: Session, item_ids: Iterable[int | None]) -> list[Traits]:
    """What makes the cards of these items, by id."""
    ids = [number for number in item_ids if number is not None]
    further = {
        number: (size or 0, pictures)
        for number, size, pictures in session.execute(
            select(Picture.item_id, func.sum(Media.size), func.count())
            .join(Media, Media.id == Picture.media_id)
            .where(Picture.item_id.in_(ids), Media.status != FAILED)
            .group_by(Picture.item_id)
        )
    }
    rows = session.execute(
        select(
            Item.id,
            Item.live_at,
            Item.live_url,
            Item.urgent,
            Media.id,
            Media.kind,
            Media.size,
            Media.small_id,
        )
        .outerjoin(Media, Media.id == Item.media_id)
        .where(Item.id.in_(ids))
        .order_by(Item.id)
    )
    return [
        Traits(
            number,
            size=(size or 0) + (further.get(number, (0, 0))[0] if media_id else 0),
            heavy=media_id is not None,
            film=kind == FILM,
            small=small_id,
            album=media_id is not None and number in further,
            live=live_at is not None,
            live_url=live_url,
            urgent=urgent,
        )
        for number, live_at, live_url, urgent, media_id, kind, size, small_id in rows
    ]


def album_sizes(session: Session, item_ids: Iterable[int | None]) -> dict[int, int]:
    """How many pictures each of these items that has an album sends."""
    rows = session.execute(
        select(Picture.item_id, func.count() + 1)
        .join(Item, Item.id == Picture.item_id)
        .where(Picture.item_id.in_([number for number in item_ids if number]), Item.media_id.is_not(None))
        .group_by(Picture.item_id)
    )
    return {item_id: number for item_id, number in rows}


def body(traits: Traits | None, province: str, *, saver: bool = False) -> dict[str, Any]:
    """The card as the outbox keeps it, of an item with these traits, or (None) of any usual one."""
    made = {**card(traits, saver=saver).body(), "params": {"province": province}}
    if traits is None or not (saver or traits.album):
        made["with_media"] = True
    elif saver and traits.small is not None:
        made["media"] = traits.small
    return made


def card(traits: Traits | None = None, *, saver: bool = False) -> Post:
    """The card of an item: the item's fields and `province` are its parameters."""
    # The newest item is meant unless the button says which one: an urgent one may come in between.
    about = f":{traits.item_id}" if traits and traits.urgent else ""
    rows = [
        [Button("sharing.button_shared", f"share.done{about}")],
        [Button("sharing.button_channels", f"share.channels{about}")],
        [Button("sharing.button_other_opd", "content.others"), Button("sharing.button_saver", "saver")],
    ]
    if traits and traits.live and traits.live_url:
        rows.insert(0, [Button("live.button_watch", url=traits.live_url)])
    if traits and saver and traits.heavy:
        rows.insert(-1, [whole(traits)])
    return Post(text(live=bool(traits and traits.live)), buttons=rows)


def text(*, live: bool) -> str:
    """The key of a card's words."""
    return "sharing.card_live" if live else "sharing.card"


def whole(traits: Traits) -> Button:
    """The button by which somebody who saves data asks for everything, with its size."""
    label = "sharing.button_film" if traits.film and not traits.album else "sharing.button_picture"
    if not traits.size:
        return Button("sharing.button_media", f"share.media:{traits.item_id}")
    return Button(label, f"share.media:{traits.item_id}", {"size": traits.size})


def caption(province: str) -> Post:
    """The words to copy, as a message of their own."""
    return Post("sharing.caption", params={"province": province})
