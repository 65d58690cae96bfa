"""What a person posts: the words of an item as they are this person's, for everybody or for one channel."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.content import captions, tags, variants
from models.content.content import Item

X = "x"
# Where a text may have to be another one, in the order in which they are offered.
CHANNELS = ("whatsapp", "instagram", "facebook", "tiktok", X, "youtube")


@dataclass(frozen=True, slots=True)
class Posting:
    """One text as it is posted, and the channels that it is for."""

    text: str
    channels: tuple[str, ...]


def texts(session: Session, item: Item) -> list[str]:
    """The texts of an item that take turns from person to person, with its hashtags."""
    return [tags.below(text, item.hashtags) for text in variants.rotation(session, item.id, item.caption)]


def of_channels(session: Session, item: Item, person_id: int | None, signature: str) -> list[Posting]:
    """What a person posts on each channel, with `signature` as the last line: each differing text once.

    A channel without a text of its own gets the text that is this person's.
    """
    own = {row.channel: row.text for row in variants.of(session, item.id) if row.channel}
    mine = variants.turn(variants.rotation(session, item.id, item.caption), person_id, item.id)
    found: dict[str, list[str]] = {}
    for channel in dict.fromkeys((*CHANNELS, *own)):
        text = own.get(channel, mine)
        full = _signed(tags.below(text, item.hashtags), signature)
        if channel == X:
            full = for_x(text, item.hashtags, item.source_url, signature)
        found.setdefault(full, []).append(channel)
    return [Posting(text, tuple(channels)) for text, channels in found.items()]


def for_x(text: str, hashtags: str, link: str, signature: str) -> str:
    """A text as it fits on X: whole where it can be, else without the added hashtags, else cut at the end
    of a word, with the source link kept."""
    for whole in (tags.below(text, hashtags), text):
        if captions.x_length(_signed(whole, signature)) <= captions.X_LENGTH:
            return _signed(whole, signature)
    words = [end for end in range(len(text)) if text[end].isspace()]
    for end in reversed(words):
        kept = text[:end].rstrip(" \t\n.,;:!?-–")
        linked = kept if not link or link in kept else f"{kept}…\n{link}"
        short = _signed(linked if linked != kept else f"{kept}…", signature)
        if captions.x_length(short) <= captions.X_LENGTH:
            return short
    return _signed(link, signature)  # one word without an end, longer than all that there is room for


def _signed(text: str, signature: str) -> str:
    return f"{text}\n\n{signature}" if signature else text
