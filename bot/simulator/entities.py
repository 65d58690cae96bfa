"""Telegram's formatting: text and entities, what clients mark by themselves, and back to HTML.

Offsets and lengths are in UTF-16 units (Bot API, MessageEntity).
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from bot.simulator.html_parser import TYPES, parse_html, units
from bot.simulator.wire import bad

Entity = Mapping[str, Any]
Formatted = tuple[str, tuple[Entity, ...]]

_KNOWN = frozenset(TYPES.values()) | {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number",
    "expandable_blockquote", "text_mention",
}  # fmt: skip
_AUTO = re.compile(
    r"(?P<url>(?:https?://|www\.|t\.me/)[^\s<>\"]+)"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}\b)"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
    r"|(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@lru_cache(maxsize=4096)
def formatted(text: str, parse_mode: str) -> Formatted:
    """Text and entities as Telegram stores them, links and commands marked, outer blanks cut.

    Cached, since a broadcast says the same thing to thousands. Raises Refusal(400) "can't parse entities".
    """
    mode = parse_mode.lower()
    found: list[dict[str, Any]] = []
    if mode == "html":
        text, found = parse_html(text)
    elif mode in {"markdown", "markdownv2"}:
        raise bad(f"parse_mode {parse_mode} not played by this simulator")
    elif mode not in {"", "none"}:
        raise bad("unsupported parse_mode")
    return _finish(text, found)


def from_entities(text: str, given: Sequence[Any]) -> Formatted:
    """The same for entities that came ready-made. Raises Refusal(400) when one does not fit the text."""
    length, found = units(text), []
    for entity in given:
        if not isinstance(entity, dict):
            raise bad("can't parse MessageEntity: expected an Object")
        offset, size = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(size, int) or offset < 0 or size < 0:
            raise bad("can't parse MessageEntity: can't find field offset or length")
        if entity.get("type") not in _KNOWN:
            raise bad("can't parse MessageEntity: unsupported entity type")
        if offset > length:
            raise bad(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + size > length:
            raise bad(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset "
                f"{offset + size}"
            )
        found.append(dict(entity))
    return _finish(text, found)


def _finish(text: str, found: list[dict[str, Any]]) -> Formatted:
    text = _CONTROL.sub(lambda match: "" if match[0] == "\r" else " ", text).rstrip()
    first = min((entity["offset"] for entity in found), default=len(text))
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    text, end = text[lead:], units(text) - lead
    kept = []
    for entity in found:
        offset = entity["offset"] - lead
        length = min(entity["length"], end - offset)
        if length > 0:
            kept.append({**entity, "offset": offset, "length": length})
    kept.extend(_automatic(text, kept))
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, tuple(kept)


def _automatic(text: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not ("/" in text or "#" in text or "@" in text or "www." in text):
        return []
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in found
        if entity["type"] in {"code", "pre", "text_link", "url", "text_mention", "bot_command", "mention"}
    ]
    marked = []
    for match in _AUTO.finditer(text):
        value = match[0].rstrip(".,;:!?)'") if match.lastgroup == "url" else match[0]
        start, length = units(text[: match.start()]), units(value)
        if not any(start < end and begin < start + length for begin, end in taken):
            marked.append({"offset": start, "length": length, "type": match.lastgroup})
    return marked


_HTML = {
    "bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "expandable_blockquote": "blockquote",
}  # fmt: skip


def to_html(text: str, entities: Sequence[Entity]) -> str:
    """The text as HTML that is safe to show: each stretch wrapped in the tags that cover it."""
    if not entities:
        return escape(text, quote=False)
    raw = text.encode("utf-16-le")
    cuts = {0, len(raw) // 2}
    for entity in entities:
        cuts.update((entity["offset"], entity["offset"] + entity["length"]))
    points, pieces = sorted(cuts), []
    for begin, end in itertools.pairwise(points):
        piece = raw[begin * 2 : end * 2].decode("utf-16-le", "replace")
        html = escape(piece, quote=False)
        for entity in reversed(entities):
            if entity["offset"] <= begin and end <= entity["offset"] + entity["length"]:
                html = _wrap(entity, html, raw)
        pieces.append(html)
    return "".join(pieces)


def _wrap(entity: Entity, html: str, raw: bytes) -> str:
    kind = entity["type"]
    if tag := _HTML.get(kind):
        return f"<{tag}>{html}</{tag}>"
    if kind in {"text_link", "url", "email"}:
        begin = entity["offset"] * 2
        url = entity.get("url") or raw[begin : begin + entity["length"] * 2].decode("utf-16-le")
        if kind == "email":
            url = f"mailto:{url}"
        elif not re.match(r"\w+:", url):
            url = f"https://{url}"
        return f'<a href="{escape(url)}" rel="noopener">{html}</a>'
    return f'<span class="{escape(kind)}">{html}</span>'
