"""Links to posts: which platform they belong to, and one form for all ways of writing the same link.

Nothing is ever requested: a link is judged by its shape alone. A short link (vt.tiktok.com, fb.watch,
facebook.com/share) stays a short link, since only its platform knows where it leads.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from models.refused import Refused

MOST = 2000  # characters of an address; the longest real ones have a few hundred


@dataclass(frozen=True, slots=True)
class Link:
    """A post: its platform (one of `proofs.PLATFORMS`), and its address in the normal form."""

    platform: str
    url: str


@dataclass(frozen=True, slots=True)
class _Address:
    """What is left to judge of an address: its path in parts without empty ones, and its query."""

    host: str
    parts: tuple[str, ...]
    query: Mapping[str, str]


_CODE = r"[A-Za-z0-9_-]"
_FOUND = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+"
    r"|(?<![\w@.-])(?:[a-z0-9-]+\.)*(?:instagram\.com|instagr\.am|facebook\.com|fb\.com|fb\.watch|tiktok\.com"
    r"|twitter\.com|x\.com|youtube\.com|youtu\.be|threads\.(?:net|com)|whatsapp\.com|wa\.me)/[^\s<>\"]*",
    re.IGNORECASE,
)
_AFTER = ".,;:!?)]}'\"…»”’*_~`"


def find(text: str) -> list[str]:
    """The addresses in a text, in order and each once, without the punctuation that ends a sentence."""
    found = (match[0].rstrip(_AFTER) for match in _FOUND.finditer(text))
    return list(dict.fromkeys(found))


def recognise(written: str) -> Link:
    """The post that an address leads to. Recognising the result again gives the same.

    Raises Refused for what is no post of a platform that we know: a profile, a login page, another
    site. The refusal carries an example of what is one.
    """
    address = _read(written)
    if address.host in _REDIRECTS and "u" in address.query:
        address = _read(address.query["u"])
    for platform, hosts, read in _PLATFORMS:
        if _base(address.host) in hosts:
            link = read(address)
            if link is None:
                raise Refused("sharing.link_no_post", example={"text": f"sharing.example_{platform}"})
            return link
    raise Refused("sharing.link_foreign", host=address.host or written[:60])


def _read(written: str) -> _Address:
    text = written.strip()[:MOST]
    if not re.match(r"https?://", text, re.IGNORECASE):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".").lower()
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    except ValueError:
        raise Refused("sharing.link_foreign", host=written[:60]) from None
    path = tuple(part for part in unquote(parts.path).split("/") if part)
    return _Address(host, path, query)


# Pages that only pass on to the address in `u`; links copied inside these apps look like this.
_REDIRECTS = frozenset({"l.instagram.com", "l.facebook.com", "lm.facebook.com", "l.threads.com"})
_SUBDOMAINS = re.compile(r"(?:www|m|mobile|mbasic|touch|web|music|[a-z]{2}-[a-z]{2})\.")


def _base(host: str) -> str:
    """The host without what only says which screen or language it is for."""
    return _SUBDOMAINS.sub("", host, count=1) if _SUBDOMAINS.match(host) else host


def _fits(pattern: str, part: str) -> bool:
    return re.fullmatch(pattern, part, re.ASCII) is not None


_POSTS = ("p", "reel", "reels", "tv")


def _instagram(address: _Address) -> Link | None:
    match address.parts:
        case ("share", kind, token) if kind in ("p", "reel") and _fits(_CODE + "{5,40}", token):
            return Link("instagram_feed", f"https://www.instagram.com/share/{kind}/{token}")
        case ("stories", "highlights", number, *_) if _fits(r"\d{5,25}", number):
            return Link("instagram_story", f"https://www.instagram.com/stories/highlights/{number}")
        case ("stories", user, number, *_) if _fits(r"[\w.]{1,30}", user) and _fits(r"\d{5,25}", number):
            return Link("instagram_story", f"https://www.instagram.com/stories/{user.lower()}/{number}")
        case ("s", token, *_) if _fits(r"[A-Za-z0-9_=-]{8,80}", token):
            return Link("instagram_story", f"https://www.instagram.com/s/{token}")
    # A post and a reel have one and the same code, with or without their author in front.
    parts = address.parts if address.parts[:1] and address.parts[0] in _POSTS else address.parts[1:]
    if len(parts) > 1 and parts[0] in _POSTS and parts[1] != "audio" and _fits(_CODE + "{5,40}", parts[1]):
        return Link("instagram_feed", f"https://www.instagram.com/p/{parts[1]}")
    return None


def _facebook(address: _Address) -> Link | None:
    base = "https://www.facebook.com"
    if address.host == "fb.watch":
        code = address.parts[0] if address.parts else ""
        return Link("facebook", f"https://fb.watch/{code}") if _fits(_CODE + "{5,40}", code) else None
    path = _facebook_by_query(address) or _facebook_by_path(address.parts)
    return Link("facebook", base + path) if path else None


def _facebook_by_query(address: _Address) -> str:
    query, page = address.query, "/".join(address.parts).removesuffix(".php")
    story, owner = query.get("story_fbid", ""), query.get("id", "")
    if page in ("story", "permalink") and _fits(r"\w{5,200}", story) and _fits(r"\d{3,25}", owner):
        return f"/{owner}/posts/{story}"
    if page == "photo" and _fits(r"\d{5,25}", query.get("fbid", "")):
        return f"/photo/?fbid={query['fbid']}"
    if page in ("watch", "watch/live", "video") and _fits(r"\d{5,25}", query.get("v", "")):
        return f"/watch/?v={query['v']}"
    if page == "media/set" and _fits(r"(?:a|pcb)\.\d{5,25}", query.get("set", "")):
        return f"/media/set/?set={query['set']}"
    return ""


_NUMBER = r"\d{5,25}"
_FACEBOOK_PATHS = tuple(
    (re.compile(pattern, re.ASCII), normal)
    for pattern, normal in (
        (r"share/([pvr])/([\w-]{5,40})", "/share/{0}/{1}"),
        (r"share/([\w-]{8,40})", "/share/{0}"),
        (rf"reel/({_NUMBER})", "/reel/{0}"),
        (rf"stories/({_NUMBER})/([\w=-]{{5,120}})", "/stories/{0}/{1}"),
        (
            rf"groups/([\w.]{{1,80}})/(?:posts|permalink)/({_NUMBER}|pfbid\w{{5,200}})",
            "/groups/{0}/posts/{1}",
        ),
        (rf"([\w.-]{{1,80}})/posts/(?:[^/]+/)?({_NUMBER}|pfbid\w{{5,200}})", "/{0}/posts/{1}"),
        (rf"[^/]+/videos/(?:[^/]+/)?({_NUMBER})", "/watch/?v={0}"),
        (rf"[^/]+/photos/(?:[^/]+/)?({_NUMBER})", "/photo/?fbid={0}"),
    )
)


def _facebook_by_path(parts: tuple[str, ...]) -> str:
    path = "/".join(parts)
    for pattern, normal in _FACEBOOK_PATHS:
        if found := pattern.fullmatch(path):
            owner, *rest = found.groups()
            # Names of pages and groups are the same in capitals; codes are not.
            return normal.format(owner.lower() if rest else owner, *rest)
    return ""


def _tiktok(address: _Address) -> Link | None:
    if address.host in ("vt.tiktok.com", "vm.tiktok.com"):
        code = address.parts[0] if address.parts else ""
        return Link("tiktok", f"https://{address.host}/{code}") if _fits(r"\w{5,20}", code) else None
    match address.parts:
        case (user, "video" | "photo" as kind, number, *_) if _fits(r"@[\w.]{0,40}", user) and _fits(
            r"\d{8,25}", number
        ):
            return Link("tiktok", f"https://www.tiktok.com/{user.lower()}/{kind}/{number}")
        case ("t", code, *_) if _fits(r"\w{5,20}", code):
            return Link("tiktok", f"https://www.tiktok.com/t/{code}")
        case ("v", page, *_) if _fits(r"\d{8,25}(?:\.html)?", page):
            return Link("tiktok", f"https://m.tiktok.com/v/{page.removesuffix('.html')}.html")
    return None


def _x(address: _Address) -> Link | None:
    match address.parts:
        # The author's name in the address is not looked at by X: the number alone names the post.
        case (_, "status" | "statuses", number, *_) | ("i", "web", "status", number, *_) if _fits(
            r"\d{5,25}", number
        ):
            return Link("x", f"https://x.com/i/status/{number}")
    return None


def _youtube(address: _Address) -> Link | None:
    parts = address.parts
    if parts[:1] == ("post",) and len(parts) > 1 and _fits(_CODE + "{20,60}", parts[1]):
        return Link("youtube", f"https://www.youtube.com/post/{parts[1]}")
    code = ""
    if address.host == "youtu.be":
        code = parts[0] if parts else ""
    elif parts == ("watch",):
        code = address.query.get("v", "")
    elif len(parts) > 1 and parts[0] in ("shorts", "live", "embed", "v"):
        code = parts[1]
    return Link("youtube", f"https://www.youtube.com/watch?v={code}") if _fits(_CODE + "{11}", code) else None


def _threads(address: _Address) -> Link | None:
    match address.parts:
        case (user, "post", code, *_) if _fits(r"@[\w.]{1,40}", user) and _fits(_CODE + "{5,40}", code):
            return Link("other", f"https://www.threads.com/{user.lower()}/post/{code}")
        case ("t", code, *_) if _fits(_CODE + "{5,40}", code):
            return Link("other", f"https://www.threads.com/t/{code}")
    return None


def _whatsapp(address: _Address) -> Link | None:
    match address.parts:
        case ("channel", channel, number, *_) if _fits(r"\w{10,40}", channel) and _fits(r"\d{1,12}", number):
            return Link("other", f"https://www.whatsapp.com/channel/{channel}/{number}")
    return None


_PLATFORMS: tuple[tuple[str, frozenset[str], Callable[[_Address], Link | None]], ...] = (
    ("instagram", frozenset({"instagram.com", "instagr.am"}), _instagram),
    ("facebook", frozenset({"facebook.com", "fb.com", "fb.watch"}), _facebook),
    ("tiktok", frozenset({"tiktok.com", "vt.tiktok.com", "vm.tiktok.com"}), _tiktok),
    ("x", frozenset({"x.com", "twitter.com"}), _x),
    ("youtube", frozenset({"youtube.com", "youtu.be", "youtube-nocookie.com"}), _youtube),
    ("threads", frozenset({"threads.net", "threads.com"}), _threads),
    ("whatsapp", frozenset({"whatsapp.com", "wa.me", "chat.whatsapp.com"}), _whatsapp),
)
