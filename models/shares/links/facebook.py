"""Facebook: posts of people, pages and groups, photos, videos and reels, stories, and its short links.

Videos, reels and live videos are one kind: /watch/?v= opens any of them. Names of people, pages and groups
are the same in capitals; codes are not.
"""

import re

from models.shares.links.address import Address, fits
from models.shares.links.link import Link

DOMAINS = ("facebook.com", "fb.com", "fb.watch", "fb.me", "messenger.com", "m.me")

_BASE = "https://www.facebook.com"
_NUMBER = r"\d{5,25}"
_POST = rf"{_NUMBER}|pfbid\w{{5,200}}"
_NAME = r"[\w.-]{1,80}"
_NO_SHARES = ("g", "e")  # of a group, of an event

# Path, and what it comes to.
_PATHS = tuple(
    (re.compile(pattern, re.ASCII), normal)
    for pattern, normal in (
        (
            rf"groups/(?P<name>{_NAME})/(?:posts|permalink)/(?P<post>{_POST})(?:/.*)?",
            "/groups/{name}/posts/{post}",
        ),
        (rf"(?P<name>{_NUMBER})_(?P<post>{_NUMBER})", "/{name}/posts/{post}"),
        (rf"(?:reel|reels|video)/(?P<post>{_NUMBER})(?:/.*)?", "/watch/?v={post}"),
        (rf"[^/]+/(?:videos|reels?)/(?:[^/]+/)?(?P<post>{_NUMBER})", "/watch/?v={post}"),
        (rf"(?:photo|photos)/(?P<post>{_NUMBER})", "/photo/?fbid={post}"),
        (rf"[^/]+/photos/(?:[^/]+/)?(?P<post>{_NUMBER})", "/photo/?fbid={post}"),
        (rf"stories/(?P<name>{_NUMBER})/(?P<post>[\w-]{{5,120}})=*(?:/.*)?", "/stories/{name}/{post}"),
        (
            rf"(?P<name>{_NAME})/(?:posts|activity)/(?:[^/]+/)?(?P<post>{_POST})(?::\d+)?",
            "/{name}/posts/{post}",
        ),
    )
)


def read(address: Address) -> Link | None:
    """The post, photo, video or story; None for everything else."""
    if address.under("fb.watch"):
        return _watch(address.parts)
    if not address.under("facebook.com", "fb.com"):
        return None
    return _short(address.parts) or _by_query(address) or _by_path(address.path)


def _watch(parts: tuple[str, ...]) -> Link | None:
    match parts:
        case ("v", code, *_) if fits(r"[\w-]{5,40}", code):
            return Link("facebook", f"https://fb.watch/v/{code}")
        case (code, *_) if fits(r"[\w-]{5,40}", code):
            return Link("facebook", f"https://fb.watch/{code}")
    return None


def _short(parts: tuple[str, ...]) -> Link | None:
    """What the app's "copy link" makes: it tells the kind at the most."""
    match parts:
        case ("share", kind, code, *_) if (
            fits("[a-z]", kind) and kind not in _NO_SHARES and fits(r"[\w-]{5,40}", code)
        ):
            return Link("facebook", f"{_BASE}/share/{kind}/{code}")
        case ("share", code) if fits(r"[\w-]{8,40}", code):
            return Link("facebook", f"{_BASE}/share/{code}")
    return None


def _by_query(address: Address) -> Link | None:
    query, page = address.query, address.path.removesuffix(".php")
    owner, story = query.get("id", ""), query.get("story_fbid", "")
    if page in ("story", "permalink") and fits(_POST, story) and fits(r"\d{3,25}", owner):
        return _link(f"/{owner}/posts/{story}", story)
    if page in ("photo", "photos", "photo/view") and fits(_NUMBER, query.get("fbid", "")):
        return _link(f"/photo/?fbid={query['fbid']}", query["fbid"])
    if page in ("watch", "watch/live", "video", "video/embed"):
        video = query.get("v") or query.get("video_id", "")
        return _link(f"/watch/?v={video}", video) if fits(_NUMBER, video) else None
    if page == "media/set" and fits(r"[a-z]{1,4}\.[\w.-]{5,80}", query.get("set", "")):
        return _link(f"/media/set/?set={query['set']}", query["set"])
    if address.parts[:1] == ("groups",) and len(address.parts) == 2 and fits(_NAME, address.parts[1]):
        post = query.get("multi_permalinks", "").partition(",")[0]
        if not post and query.get("view") == "permalink":
            post = owner
        if fits(_POST, post):
            return _link(f"/groups/{address.parts[1].lower()}/posts/{post}", post)
    return None


def _by_path(path: str) -> Link | None:
    for pattern, normal in _PATHS:
        if found := pattern.fullmatch(path):
            named = found.groupdict()
            return _link(normal.format(name=named.get("name", "").lower(), post=named["post"]), named["post"])
    return None


def _link(path: str, post: str) -> Link:
    return Link("facebook", _BASE + path, post)
