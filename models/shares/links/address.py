"""An address as people hand it on, read into what there is to judge.

Read as a browser reads it (WHATWG URL): a backslash is a slash, what stands before "@" is no host.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

MOST = 4096  # characters: a message has no more. A longer address is refused, never cut: that changes ids.

# Nobody sees them, and copying brings them along: marks of direction and width, control characters.
UNSEEN = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe0f\ufeff"
_UNSEEN = re.compile(f"[{UNSEEN}\x00-\x1f\x7f]")
_BEFORE = "([{<*_~`|\"'“‘«"
# "_" and "-" are missing here: codes of Instagram and YouTube end in them.
_AFTER = ".,;:!?)]}([{>*~`|'\"…»”’"
# Also written twice, with one slash or without the colon.
_SCHEME = re.compile(r"(?:https?(?::/*|//)|//)+", re.IGNORECASE)
_ENCODED = re.compile(r"https?%3a", re.IGNORECASE)
_PORTS = (None, 80, 443)


@dataclass(frozen=True, slots=True)
class Address:
    """What is left to judge of an address: its host in small letters without a dot at the end, its path in
    parts without empty ones, and the first value of everything in its query."""

    host: str
    parts: tuple[str, ...]
    query: Mapping[str, str]

    @property
    def path(self) -> str:
        return "/".join(self.parts)

    def under(self, *domains: str) -> bool:
        """Whether the host is one of these domains, or below one."""
        return any(self.host == domain or self.host.endswith(f".{domain}") for domain in domains)


def read(written: str) -> Address | None:
    """The address; None for what is none."""
    text = plain(written)
    if len(text) > MOST:
        return None
    if _ENCODED.match(text):
        text = unquote(text)
    text = text.replace("\\", "/").replace("&amp;", "&")
    if scheme := _SCHEME.match(text):
        text = text[scheme.end() :]
    try:
        split = urlsplit(f"https://{text}")
        if split.port not in _PORTS:
            return None
        # A "?" that was encoded with the path begins the query all the same.
        path, _, asked = unquote(split.path).partition("?")
        query = {name: values[0] for name, values in parse_qs(f"{asked}&{split.query}").items()}
    except ValueError:
        return None
    parts = tuple(part for part in path.split("/") if part)
    return Address((split.hostname or "").rstrip("."), parts, query)


def plain(written: str) -> str:
    """The text without what nobody sees, and without the marks and brackets around it."""
    text = _UNSEEN.sub("", written).strip()
    bare = text.lstrip(_BEFORE)
    return trimmed(bare, text[: len(text) - len(bare)].count("_"))


def marks(before: str) -> str:
    """The marks and brackets at the end of what stands before an address."""
    return before[len(before.rstrip(_BEFORE)) :]


def trimmed(text: str, underscores: int) -> str:
    """The text without what follows an address in a sentence. An underscore at the end may belong to it:
    only as many are taken away as stand before it."""
    end = len(text)
    while end:
        if text[end - 1] == "_" and underscores:
            underscores -= 1
        elif text[end - 1] not in _AFTER:
            break
        end -= 1
    return text[:end]


def readable(host: str) -> str:
    """The host as computers write it: a foreign letter that looks like ours becomes visible ("xn--…")."""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def fits(pattern: str, part: str) -> bool:
    """Whether a pattern, of ASCII letters and digits, describes the whole of a part."""
    return re.fullmatch(pattern, part, re.ASCII) is not None
