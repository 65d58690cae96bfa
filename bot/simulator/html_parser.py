"""Telegram's HTML → text and entities (Bot API, "HTML style"), refusing what its own parser refuses.

One rule is ours: a named character that Telegram does not know (`&nbsp;`) is refused, where Telegram would
show it literally.
"""

import re
from typing import Any

from bot.simulator.wire import bad

TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_MARK = re.compile("[<&]")
_CHARACTER = re.compile(r"&(?:#(?:x([0-9a-fA-F]+)|([0-9]+))|([A-Za-z][A-Za-z0-9]*));?")
_NAME_END = re.compile(r"[\s>]")
_ATTRIBUTE = re.compile(r"[^\s=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_LINK = re.compile(r"(?:https?|tg|ton)://\S+|mailto:\S+|[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?", re.IGNORECASE)


def units(text: str) -> int:
    """Length in UTF-16 units, which is how Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _refusal(text: str, index: int, complaint: str, tail: str = "") -> Exception:
    offset = len(text[:index].encode())
    return bad(f"can't parse entities: {complaint} at byte offset {offset}{tail}")


def _character(text: str, index: int) -> tuple[str, int]:
    """The character that starts with & at `index`, and where the text goes on."""
    match = _CHARACTER.match(text, index)
    if match is None:
        return "&", index + 1
    if match[3]:
        if match[3] in _NAMED:
            return _NAMED[match[3]], match.end()
        if match[0].endswith(";"):
            raise _refusal(text, index, f'Unsupported HTML entity "{match[0]}"')
        return "&", index + 1
    code = int(match[1], 16) if match[1] else int(match[2])
    if not 0 < code < 0x10FFFF or 0xD800 <= code < 0xE000:
        raise _refusal(text, index, f'Invalid HTML entity "{match[0]}"')
    return chr(code), match.end()


def parse_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    pieces: list[str] = []
    stack: list[tuple[str, dict[str, str], int, int]] = []  # tag, attributes, UTF-16 offset, piece
    found: list[dict[str, Any]] = []
    index = offset = 0
    while match := _MARK.search(text, index):
        plain = text[index : match.start()]
        pieces.append(plain)
        offset += units(plain)
        index = match.start()
        if text[index] == "&":
            character, index = _character(text, index)
            pieces.append(character)
            offset += units(character)
        elif text[index + 1 : index + 2] == "/":
            index = _end_tag(text, index, stack)
            tag, attributes, begin, piece = stack.pop()
            if offset > begin:
                _close(found, tag, attributes, (begin, offset - begin), "".join(pieces[piece:]))
        else:
            tag, attributes, index = _start_tag(text, index)
            stack.append((tag, attributes, offset, len(pieces)))
    pieces.append(text[index:])
    if stack:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{stack[-1][0]}\"")
    for entity in found:
        if entity["type"] == "code":
            entity.pop("language", None)
    return "".join(pieces), found


def _start_tag(text: str, begin: int) -> tuple[str, dict[str, str], int]:
    end = _NAME_END.search(text, begin + 1)
    if end is None:
        raise _refusal(text, begin, "Unclosed start tag")
    tag = text[begin + 1 : end.start()].lower()
    if tag not in TYPES:
        raise _refusal(text, begin, f'Unsupported start tag "{tag}"')
    attributes: dict[str, str] = {}
    index = end.start()
    while True:
        index = _skip_blanks(text, index)
        if text[index : index + 1] == ">":
            break
        index = _attribute(text, index, begin, tag, attributes)
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _refusal(text, begin, 'Tag "span" must have class "tg-spoiler"')
    return tag, attributes, index + 1


def _attribute(text: str, index: int, begin: int, tag: str, attributes: dict[str, str]) -> int:
    match = _ATTRIBUTE.match(text, index)
    name = match[0] if match else ""
    if not name:
        if index >= len(text):
            raise _refusal(text, begin, f'Unclosed start tag "{tag}"')
        raise _refusal(text, begin, f'Empty attribute name in the tag "{tag}"')
    index = _skip_blanks(text, index + len(name))
    if text[index : index + 1] != "=":
        if index >= len(text):
            raise _refusal(text, begin, f'Unclosed start tag "{tag}"')
        attributes[name] = "1"
        return index
    index = _skip_blanks(text, index + 1)
    quote = text[index : index + 1]
    if quote not in {'"', "'"}:
        token = _TOKEN.match(text, index)
        value = token[0] if token else ""
        after = text[index + len(value) : index + len(value) + 1]
        if after and not after.isspace() and after != ">":
            raise _refusal(text, index, "Unexpected end of name token")
        attributes[name], index = value.lower(), index + len(value)
    else:
        close = text.find(quote, index + 1)
        if close < 0:
            raise _refusal(text, begin, "Unclosed start tag")
        attributes[name], index = _decode(text[index + 1 : close]), close + 1
    if index >= len(text):
        raise _refusal(text, begin, "Unclosed start tag")
    return index


def _decode(value: str) -> str:
    pieces, index = [], 0
    while (mark := value.find("&", index)) >= 0:
        pieces.append(value[index:mark])
        character, index = _character(value, mark)
        pieces.append(character)
    return "".join([*pieces, value[index:]])


def _skip_blanks(text: str, index: int) -> int:
    while index < len(text) and text[index].isspace():
        index += 1
    return index


def _end_tag(text: str, begin: int, stack: list[tuple[str, dict[str, str], int, int]]) -> int:
    if not stack:
        raise _refusal(text, begin, "Unexpected end tag")
    end = _NAME_END.search(text, begin)
    index = _skip_blanks(text, end.start()) if end else len(text)
    if text[index : index + 1] != ">":
        raise _refusal(text, begin, "Unclosed end tag")
    tag = text[begin + 2 : end.start() if end else index]
    expected = stack[-1][0]
    if tag and tag != expected:
        raise _refusal(text, begin, "Unmatched end tag", f', expected "</{expected}>", found "</{tag}>"')
    return index + 1


def _close(
    found: list[dict[str, Any]], tag: str, attributes: dict[str, str], span: tuple[int, int], inner: str
) -> None:
    entity: dict[str, Any] = {"offset": span[0], "length": span[1], "type": TYPES[tag]}
    last = found[-1] if found else None
    same = last is not None and (last["offset"], last["length"]) == span
    if tag == "a":
        url = attributes.get("href") or inner
        if not _LINK.fullmatch(url):
            return  # Telegram drops a link that is none and keeps its text
        if not re.match(r"\w+:", url) or "." in url.partition(":")[0]:
            url = f"http://{url}"
        entity["url"] = url
    elif tag == "code":
        language = attributes.get("class", "").removeprefix("language-")
        language = language if attributes.get("class", "").startswith("language-") else ""
        if same and last is not None and last["type"] == "pre" and language:
            last["language"] = language
            return
        if language:
            entity["language"] = language
    elif tag == "pre" and same and last is not None and last["type"] == "code" and last.get("language"):
        last["type"] = "pre"
        return
    elif tag == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    elif tag == "tg-emoji":
        if not attributes.get("emoji-id", "").isdigit():
            raise bad("can't parse entities: Invalid custom emoji identifier specified")
        entity["custom_emoji_id"] = attributes["emoji-id"]
    elif tag == "tg-time":
        unix = attributes.get("unix", "")
        if not unix.isdigit() or int(unix) == 0:
            return
        entity.update(unix_time=int(unix), date_time_format=attributes.get("format", ""))
    found.append(entity)
