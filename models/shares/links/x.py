"""X, once Twitter. The author's name in an address is not looked at: the number alone names the post."""

from models.shares.links.address import Address, fits
from models.shares.links.link import Link

DOMAINS = ("x.com", "twitter.com")

_NUMBER = r"\d{5,25}"
_USER = r"@?\w{1,20}"


def read(address: Address) -> Link | None:
    """The post; None for everything else."""
    if address.host in ("pic.x.com", "pic.twitter.com"):
        code = address.parts[0] if address.parts else ""
        return Link("x", f"https://pic.x.com/{code}") if fits(r"\w{5,20}", code) else None
    match address.parts:
        case ("i", "web", "status", number, *_) if fits(_NUMBER, number):
            return _post(number)
        case ("i", "article", *_):  # numbered apart from the posts
            return None
        case (user, "status" | "statuses" | "article", number, *_) if fits(_USER, user) and fits(
            _NUMBER, number
        ):
            return _post(number)
    return None


def _post(number: str) -> Link:
    return Link("x", f"https://x.com/i/status/{number}", number)
