"""Threads. /t/ and a post's code open it whoever wrote it."""

from models.shares.links import instagram
from models.shares.links.address import Address, fits
from models.shares.links.link import Link

DOMAINS = ("threads.com", "threads.net")


def read(address: Address) -> Link | None:
    """The post; None for everything else."""
    match address.parts:
        case (user, "post", part, *_) if fits(r"@[\w.]{1,40}", user):
            code = instagram.code_of(part)
        case ("t", part, *_):
            code = instagram.code_of(part)
        case _:
            return None
    return Link("threads", f"https://www.threads.com/t/{code}", code) if code else None
