"""Links to posts: which platform they belong to, and one form for all ways of writing the same link.

Nothing is ever requested: a link is judged by its shape alone. A short link (vt.tiktok.com, fb.watch,
facebook.com/share) stays a short link, since only its platform knows where it leads.

`find` takes the addresses out of a text, `recognise` tells which post one leads to. Each platform has a
module of its own: `DOMAINS` are all that belong to it, `read` names the post, or says that it is none.
"""

from collections.abc import Callable

from models.refused import Refused
from models.shares.links import (
    address,
    apps,
    facebook,
    finding,
    instagram,
    pages,
    threads,
    tiktok,
    whatsapp,
    wrappers,
    x,
    youtube,
)
from models.shares.links.address import Address
from models.shares.links.link import Link

__all__ = ["Link", "find", "recognise"]

_PLATFORMS: tuple[tuple[str, tuple[str, ...], Callable[[Address], Link | None]], ...] = (
    ("instagram", instagram.DOMAINS, instagram.read),
    ("facebook", facebook.DOMAINS, facebook.read),
    ("tiktok", tiktok.DOMAINS, tiktok.read),
    ("x", x.DOMAINS, x.read),
    ("youtube", youtube.DOMAINS, youtube.read),
    ("threads", threads.DOMAINS, threads.read),
    ("whatsapp", whatsapp.DOMAINS, whatsapp.read),
)
_FINDER = finding.finder(domain for _, domains, _ in _PLATFORMS for domain in domains)
_SHOWN = 60  # characters of what cannot be read at all, as the refusal repeats them


def find(text: str) -> list[str]:
    """The addresses in a text, in order and each once, without the punctuation and marks around them."""
    return finding.addresses(_FINDER, text)


def recognise(written: str) -> Link:
    """The post that an address leads to. Recognising the result again gives the same.

    Raises Refused for what is no post of a platform that we know: a profile, a login page, another
    site. The refusal carries an example of what is one, and what the address leads to instead.
    """
    if platform := apps.platform(written):
        raise _no_post(platform, "app")
    opened = wrappers.opened(written)
    if opened is None:
        raise Refused("sharing.link_foreign", host=address.plain(written)[:_SHOWN])
    for platform, domains, read in _PLATFORMS:
        if opened.under(*domains):
            link = read(opened)
            if link is None:
                raise _no_post(platform, pages.kind(opened))
            return link
    raise Refused("sharing.link_foreign", host=address.readable(opened.host)[:_SHOWN] or written[:_SHOWN])


def _no_post(platform: str, page: str) -> Refused:
    return Refused(
        "sharing.link_no_post",
        page={"text": f"sharing.page_{page}"},
        example={"text": f"sharing.example_{platform}"},
    )
