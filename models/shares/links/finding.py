"""Addresses in the middle of a text: with a scheme, or bare where the host is of a platform that we know."""

import re
from collections.abc import Iterable, Iterator

from models.shares.links import address, apps

# What an address is made of: ASCII, and letters of other scripts; a picture or a closing quote ends it.
# What nobody sees belongs to it when it goes on afterwards.
_VISIBLE = r"[!#-;=?-~]"
_CHAR = rf"(?:{_VISIBLE}|[^\W\x00-\x7f]|[{address.UNSEEN}](?={_VISIBLE}))"
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_ONLY_SCHEME = re.compile(r"https?(?::/*|%3a%2f%2f)?", re.IGNORECASE)
_VALUE = re.compile(r"[?&#;][\w.\[\]-]*=\Z")  # right before an address that is the value of a parameter
_NAME = 40  # characters: no such parameter has a longer name


def finder(domains: Iterable[str]) -> re.Pattern[str]:
    """What looks for addresses, those of `domains` even without a scheme."""
    known = "|".join(re.escape(domain) for domain in domains)
    return re.compile(
        rf"(?:https?(?:://|%3a%2f%2f)|(?<![\w.])(?:{apps.BEGINNING})){_CHAR}+"
        rf"|(?<![^\W_])(?<![@.-])(?:www\.{_CHAR}+|(?:[a-z0-9-]+\.)*(?:{known})/{_CHAR}*)",
        re.IGNORECASE,
    )


def addresses(pattern: re.Pattern[str], text: str) -> list[str]:
    """Parts of the text, in order and each once."""
    found: dict[str, None] = {}
    for match in pattern.finditer(text):
        underscores = address.marks(text[: match.start()]).count("_")
        for piece in _pieces(match[0]):
            written = address.trimmed(piece, underscores)
            underscores = 0
            if written and not _ONLY_SCHEME.fullmatch(written):
                found[written] = None
    return list(found)


def _pieces(text: str) -> Iterator[str]:
    """Addresses pasted one right behind the other. One that is the value of a parameter is not cut off."""
    begin = 0
    for scheme in _SCHEME.finditer(text):
        at = scheme.start()
        if at > begin and not _VALUE.search(text, max(begin, at - _NAME), at):
            yield text[begin:at]
            begin = at
    yield text[begin:]
