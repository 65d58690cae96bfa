"""PDFs of strangers: whether anybody can open one, and whether it does things by itself.

No parser of the whole format, on purpose: what is looked for are names, in the open and in packed
lists of objects, and a reader that follows nothing cannot be led astray.
"""

import re
import zlib
from pathlib import Path

from bot.files.pictures import Refused

_MOST_UNPACKED = 20_000_000  # bytes of packed lists; beyond that it hides something
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
# What makes a reader act when a paper is opened (ISO 32000-1, 12.6.4: action types).
_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia|XFA)\b")
_LOCKED = re.compile(rb"/Encrypt\b")
_PAGE = re.compile(rb"/Type\s*/Page\b")


def check(path: Path) -> None:
    """Raises Refused for a PDF that is damaged, empty, locked, or acts by itself."""
    data = path.read_bytes()
    names = _names(data)
    if _LOCKED.search(names):
        raise Refused("measuring.paper_locked")
    if _ACTS.search(names):
        raise Refused("measuring.paper_acts")
    if not _PAGE.search(names) or b"%%EOF" not in data[-2048:]:
        raise Refused("measuring.paper_damaged")


def _names(data: bytes) -> bytes:
    """Everything outside of streams, and the packed lists of objects; names without their escapes."""
    parts, left, end = [], _MOST_UNPACKED, 0
    while (begins := data.find(b"stream", end)) >= 0 and (ends := data.find(b"endstream", begins)) >= 0:
        before = data[end:begins]
        parts.append(before)
        if b"/ObjStm" in _plain(before[-2000:]):
            parts.append(_unpacked(data[begins + len(b"stream") : ends].lstrip(b"\r\n"), left))
            left -= len(parts[-1])
        end = ends + len(b"endstream")
    parts.append(data[end:])
    return _plain(b"\n".join(parts))


def _unpacked(packed: bytes, most: int) -> bytes:
    """A list of objects. Raises Refused when it is damaged, or swells beyond `most` bytes."""
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(packed, max(most, 1))
    except zlib.error as error:
        raise Refused("measuring.paper_damaged") from error
    if unpacker.unconsumed_tail:
        raise Refused("measuring.paper_damaged")
    return plain


def _plain(names: bytes) -> bytes:
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), names)
