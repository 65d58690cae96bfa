"""Cutting a message to the limit of its channel before it is written, so that no mark is ever broken."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from bot.texts import markup
from bot.texts.markup import Markup, Span

ELLIPSIS = "…"
_JOINERS = "\u200d\ufe0f\ufe0e"


def shorten(spans: Sequence[Span], limit: int, channel: Markup) -> list[Span]:
    """The spans in at most `limit` UTF-16 units as the channel counts them; 0 is no limit.

    Parameters give way first, the longest before the shorter, addresses never in part; only when that
    is not enough the end of the message does.
    """
    kept = list(spans)
    if not limit:
        return kept
    for index in _by_length(kept):
        over = markup.width(kept, channel) - limit
        if over <= 0:
            return kept
        wanted = markup.utf16_units(kept[index].text) - over
        kept[index] = replace(kept[index], text=cut(kept[index].text, max(wanted, 1)))
    while kept and (over := markup.width(kept, channel) - limit) > 0:
        wanted = markup.utf16_units(kept[-1].text) - over
        if wanted < 1 and len(kept) > 1:
            kept.pop()
        else:
            kept[-1] = replace(kept[-1], text=cut(kept[-1].text, max(wanted, 0)))
            if not kept[-1].text:
                kept.pop()
    return kept


def cut(text: str, units: int) -> str:
    """`text` in at most `units` UTF-16 units, ended by "…" where something is missing.

    Cuts at the end of a word where one is near, and never inside a character that is made of several.
    """
    if markup.utf16_units(text) <= units:
        return text
    if units < 1:
        return ""
    room = units - 1
    end = 0
    for char in text:
        room -= 2 if ord(char) > 0xFFFF else 1
        if room < 0:
            break
        end += 1
    while end and joined(text, end):
        end -= 1
    space = text.rfind(" ", max(end - 20, 0), end)
    if end < len(text) and not text[end].isspace() and space > 0:
        end = space
    return text[:end].rstrip() + ELLIPSIS


def _by_length(spans: Sequence[Span]) -> list[int]:
    """The parameters that may be cut, the longest first."""
    able = [n for n, span in enumerate(spans) if span.given and not span.text.startswith("http")]
    return sorted(able, key=lambda n: len(spans[n].text), reverse=True)


def joined(text: str, end: int) -> bool:
    """Whether the characters on both sides of `end` are one for the eye: an accent, a joined emoji."""
    after = text[end]
    return text[end - 1] == "\u200d" or after in _JOINERS or bool(unicodedata.combining(after))
