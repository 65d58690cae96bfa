"""How long a caption is on each channel where it is going to be posted, and its hashtags."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from models.content import fields

X_LENGTH = 280
X_LINK = 23  # of any address, however long: X puts its own in its place
# Code points that weigh one on X; every other weighs two.
_X_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
INSTAGRAM_HASHTAGS = 30
# In UTF-16 units, the strictest way that the phones' applications count. For TikTok it is the documented
# one (https://developers.tiktok.com/doc/content-posting-api-reference-direct-post).
LENGTHS = {"instagram": 2200, "whatsapp": 700, "tiktok": 2200}

# An address with its scheme, or a bare one that the channels link as well. A bare name has to end in
# a domain that is usual here: after "selesai.Besok" there is nothing to be linked.
_DOMAINS = "id|com|org|net|info|gov|edu|io|co|me|tv|ly|gl|be|app|news"
_LINK = re.compile(
    rf"(?<![\w@.#])(?:https?://[^\s/?#]+(?:[/?#]\S*)?|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_DOMAINS})"
    r"(?![\w@-]|\.\w)(?:[/?#]\S*)?)",
    re.IGNORECASE,
)
_AFTER_A_LINK = ".,:;!?'\"”’)]}>…*_"
_BASE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_ONE = f"{_BASE}(?:[\U0001f3fb-\U0001f3ff]\ufe0f?|\ufe0f)?"
# A flag of two letters, a key ("1️⃣"), a flag of a region, or pictures joined into one.
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|[0-9#*]\ufe0f?\u20e3"
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
    f"|{_ONE}(?:\u200d{_ONE})+"
    "|[\u00a9\u00ae]\ufe0f"
    f"|(?![\u00a9\u00ae]){_ONE}"
)
_HASHTAG = re.compile(r"(?<![\w&/])[#＃](\w+)")


@dataclass(frozen=True, slots=True)
class Excess:
    """A caption is too long for `channel`: `length` where `most` is allowed, as that channel counts."""

    channel: str
    length: int
    most: int


def links(text: str) -> Iterator[tuple[int, int]]:
    """Where the addresses of a text begin and end; what closes the sentence is no part of them."""
    for found in _LINK.finditer(text):
        yield found.start(), found.start() + len(found[0].rstrip(_AFTER_A_LINK))


def without_links(text: str) -> str:
    """The text with its addresses taken out: nobody reads what they are made of."""
    for start, end in reversed(list(links(text))):
        text = f"{text[:start]} {text[end:]}"
    return text


def x_length(text: str) -> int:
    """How much a text weighs on X, of `X_LENGTH`: an address 23, an emoji 2 however it is made, letters 1,
    in the composed form of Unicode (https://docs.x.com/fundamentals/counting-characters)."""
    text = unicodedata.normalize("NFC", text)
    weight = position = 0
    for start, end in links(text):
        weight += _x_words(text[position:start]) + X_LINK
        position = end
    return weight + _x_words(text[position:])


def _x_words(text: str) -> int:
    rest, emoji = _EMOJI.subn("", text)
    return 2 * emoji + sum(1 if any(a <= ord(char) <= b for a, b in _X_LIGHT) else 2 for char in rest)


def excesses(text: str) -> list[Excess]:
    """The channels for which a text is too long."""
    found = [Excess("x", x_length(text), X_LENGTH)]
    composed = fields.length(unicodedata.normalize("NFC", text))
    found += [Excess(channel, composed, most) for channel, most in LENGTHS.items()]
    return [one for one in found if one.length > one.most]


def hashtags(text: str) -> list[str]:
    """The hashtags of a text with their "#", as written and as often as written.

    A mark in front of digits alone is a number ("#1"), and one inside an address leads to a place there.
    """
    tags: list[str] = _HASHTAG.findall(without_links(unicodedata.normalize("NFC", text)))
    return [f"#{tag}" for tag in tags if not tag.isdecimal()]


# The channels for which an item may have a text of its own, and the most that each takes. Facebook:
# https://developers.facebook.com/docs/graph-api/reference/page/feed; YouTube's description is counted in
# bytes, https://developers.google.com/youtube/v3/docs/videos; Threads counts the bytes of emoji,
# https://developers.facebook.com/docs/threads/overview.
CHANNELS = {
    "instagram": LENGTHS["instagram"],
    "facebook": 63_206,
    "tiktok": LENGTHS["tiktok"],
    "x": X_LENGTH,
    "whatsapp": LENGTHS["whatsapp"],
    "youtube": 5000,
    "threads": 500,
}


def length_on(channel: str, text: str) -> int:
    """How long a text is on one of `CHANNELS`, as that channel counts."""
    if channel == "x":
        return x_length(text)
    composed = unicodedata.normalize("NFC", text)
    if channel == "youtube":
        return len(composed.encode())
    if channel == "threads":
        return len(_EMOJI.sub("", composed)) + sum(len(one[0].encode()) for one in _EMOJI.finditer(composed))
    return fields.length(composed)
