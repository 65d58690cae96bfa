"""YouTube: videos, shorts and streams (one kind: any of them opens with watch?v=), posts and clips."""

import re

from models.shares.links.address import Address, fits
from models.shares.links.link import Link

DOMAINS = ("youtube.com", "youtu.be", "youtube-nocookie.com", "youtubekids.com")

_BASE = "https://www.youtube.com"
# Eleven characters; what some apps put behind them with a second "?", "&" or "/" is no part of them.
_VIDEO = re.compile(r"([\w-]{11})(?:[?&/].*)?", re.ASCII | re.DOTALL)
_KINDS = ("shorts", "live", "embed", "v", "e", "watch", "video")
_NO_VIDEOS = ("videoseries", "live_stream")  # embedded, and eleven letters long


def read(address: Address) -> Link | None:
    """The video, post or clip; None for everything else."""
    if address.under("youtu.be"):
        return _video(next((part for part in address.parts if part not in ("shorts", "live")), ""))
    kind, code = [*address.parts, "", ""][:2]
    if address.parts == ("watch",):
        return _video(address.query.get("v", ""))
    if kind in ("post", "clip"):
        return _named(kind, code)
    if address.parts and address.parts[-1] in ("community", "posts"):
        return _named("post", address.query.get("lb", ""))
    if kind == "embed" and code in _NO_VIDEOS:
        return None
    return _video(code) if kind in _KINDS else None


def _named(kind: str, code: str) -> Link | None:
    return Link("youtube", f"{_BASE}/{kind}/{code}", code) if fits(r"[\w-]{20,60}", code) else None


def _video(code: str) -> Link | None:
    found = _VIDEO.fullmatch(code)
    return Link("youtube", f"{_BASE}/watch?v={found[1]}", found[1]) if found else None
