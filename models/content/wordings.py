"""Writing the further texts of an item: variants for everybody, and a text of its own for one channel."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.content import captions, drafts, fields, variants
from models.content.content import Item
from models.people.people import Person
from models.refused import Refused

MOST = 10  # texts that take turns, the item's caption among them
ENOUGH = 3  # from here on not everybody posts the same words
ONE_MESSAGE = 3800  # a text goes out as one message with a line below it, in UTF-16 units


def count(session: Session, item: Item) -> int:
    """How many texts take turns, the item's own caption included."""
    return len(variants.rotation(session, item.id, item.caption))


def add(session: Session, item: Item, written: str, now: datetime, by: Person | None = None) -> int:
    """Adds a text that takes turns with the caption; how many there are now.

    Raises Refused for one that is too short or long, is there already, or is one too many.
    """
    drafts.require_editable(item, by)
    there = variants.rotation(session, item.id, item.caption)
    if len(there) >= MOST:
        raise Refused("completing.variants_full", most=MOST)
    new = fields.text("caption", written)
    if _same(new) in (_same(text) for text in there):
        raise Refused("completing.variant_same")
    _write(session, item, "", [*there[1:], new], now, by)
    return len(there) + 1


def drop(session: Session, item: Item, channel: str, now: datetime, by: Person | None = None) -> None:
    """Throws the further texts of a channel ("" for all) away."""
    drafts.require_editable(item, by)
    _write(session, item, channel, [], now, by)


def write(
    session: Session,
    item: Item,
    channel: str,
    written: str,
    now: datetime,
    by: Person | None = None,
    signature: str = "",
) -> None:
    """Makes this the item's text for one of `captions.CHANNELS`; `signature` is posted below it.

    Raises Refused when it is too short, or longer than that channel takes, as that channel counts.
    """
    drafts.require_editable(item, by)
    if channel not in captions.CHANNELS:
        raise Refused("menu.old_button")
    text = fields.paragraphs(written)
    least = fields.LIMITS["caption"][0]
    if fields.length(text) < least:
        raise Refused("submitting.too_short", least=least, length=fields.length(text))
    posted = f"{text}\n\n{signature}" if signature else text
    length, most = captions.length_on(channel, posted), captions.CHANNELS[channel]
    if length > most:
        name = {"text": f"checks.channel_{channel}"}
        raise Refused("completing.channel_too_long", channel=name, length=length, most=most)
    if fields.length(text) > ONE_MESSAGE:
        raise Refused("submitting.too_long", most=ONE_MESSAGE, length=fields.length(text))
    _write(session, item, channel, [text], now, by)


def for_channel(session: Session, item: Item, channel: str) -> str:
    """The item's own text for a channel, "" where it has none."""
    found = [row.text for row in variants.of(session, item.id) if row.channel == channel]
    return found[0] if found else ""


def channels(session: Session, item: Item) -> list[str]:
    """The channels for which an item has a text of its own, in the usual order."""
    there = {row.channel for row in variants.of(session, item.id)}
    return [channel for channel in captions.CHANNELS if channel in there]


def _write(
    session: Session, item: Item, channel: str, texts: Sequence[str], now: datetime, by: Person | None
) -> None:
    before = [row.text for row in variants.of(session, item.id) if row.channel == channel]
    variants.write(session, item.id, channel, texts)
    field = f"caption_{channel}" if channel else "variants"
    drafts.changed(session, item, field, now, by, before=before, after=list(texts))


def _same(text: str) -> str:
    return " ".join(text.casefold().split())
