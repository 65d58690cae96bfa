"""Instagram: posts, reels, stories and highlights."""

import re
from base64 import urlsafe_b64decode

from models.shares.links.address import Address, fits
from models.shares.links.link import Link

DOMAINS = ("instagram.com", "instagr.am", "ig.me")

_BASE = "https://www.instagram.com"
_KINDS = ("p", "reel", "reels", "tv")
_KEY = 28  # characters that follow the code in links to posts of private accounts
_NUMBER = r"\d{5,25}"
_NO_USERS = ("archive", "highlights", "direct")


def read(address: Address) -> Link | None:
    """The post, reel, story or highlight; None for everything else."""
    if not address.under("instagram.com", "instagr.am"):
        return None
    match address.parts:
        case ("share", "p" | "reel" | "s" as kind, token, *_) if fits(r"[\w-]{5,40}", token):
            return Link(
                "instagram_feed" if kind != "s" else "instagram_story", f"{_BASE}/share/{kind}/{token}"
            )
        case ("share", token) if fits(r"[\w-]{8,40}", token):
            return Link("instagram_feed", f"{_BASE}/share/{token}")
        case ("stories", "highlights", number, *_) if fits(_NUMBER, number):
            return _highlight(address, number)
        case ("stories", user, number, *_) if fits(r"[\w.]{1,30}", user) and user.lower() not in _NO_USERS:
            story = _story(number)
            return (
                Link("instagram_story", f"{_BASE}/stories/{user.lower()}/{story}", story) if story else None
            )
        case ("s", token, *_):
            return _highlight(address, _decoded(token))
    return _post(address.parts)


def code_of(part: str) -> str:
    """The code of a post, also of Threads, which shares Instagram's; "" for what is none."""
    code = part[:-_KEY] if len(part) > _KEY else part
    return code if fits(r"[\w-]{5,12}", code) and fits(r"[\w-]+", part) else ""


def _post(parts: tuple[str, ...]) -> Link | None:
    # A post and a reel have one and the same code, with or without their author in front.
    rest = parts if parts[:1] and parts[0] in _KINDS else parts[1:]
    if len(rest) < 2 or rest[0] not in _KINDS or rest[1] == "audio":
        return None
    code = code_of(rest[1])
    return Link("instagram_feed", f"{_BASE}/p/{code}", code) if code else None


def _story(number: str) -> str:
    """The number of a story, of which some links also tell the owner: 3412345678901234567_5012345678."""
    story = number.partition("_")[0]
    return story if fits(rf"{_NUMBER}(?:_\d+)?", number) else ""


def _highlight(address: Address, number: str) -> Link | None:
    """A highlight, or the one story in it that the link names."""
    if not number:
        return None
    url = f"{_BASE}/stories/highlights/{number}"
    if story := _story(address.query.get("story_media_id", "")):
        return Link("instagram_story", f"{url}?story_media_id={story}", story)
    return Link("instagram_story", url, f"highlight:{number}")


def _decoded(token: str) -> str:
    """The number of a highlight that the app has written as base64 of "highlight:17912345678901234"."""
    if not fits(r"[\w=-]{8,80}", token):
        return ""
    try:
        text = urlsafe_b64decode(token.rstrip("=") + "=" * (-len(token.rstrip("=")) % 4)).decode("ascii")
    except ValueError:
        return ""
    found = re.fullmatch(rf"highlight:({_NUMBER})", text, re.ASCII)
    return found[1] if found else ""
