"""TikTok: videos and series of photos. Its number alone names a post: TikTok corrects the author's name in an
address, and whether it is a video or photos."""

from models.shares.links.address import Address, fits
from models.shares.links.link import Link

DOMAINS = ("tiktok.com", "tiktokv.com")

_NUMBER = r"\d{8,25}"
_CODE = r"[\w-]{5,20}"
_SHORT_HOSTS = ("vt.tiktok.com", "vm.tiktok.com")


def read(address: Address) -> Link | None:
    """The video or series of photos; None for everything else."""
    if address.host in _SHORT_HOSTS:
        code = address.parts[0] if address.parts else ""
        return Link("tiktok", f"https://{address.host}/{code}") if fits(_CODE, code) else None
    match address.parts:
        case ("t", code, *_) if fits(_CODE, code):
            host = "lite.tiktok.com" if address.host == "lite.tiktok.com" else "www.tiktok.com"
            return Link("tiktok", f"https://{host}/t/{code}")
        case (user, "video" | "photo" | "story", number, *_) if fits(r"@[\w.-]{0,40}", user):
            return _post(number)
        case ("v", page, *_):
            return _post(page.removesuffix(".html"))
        case (
            ("share", "video" | "photo", number, *_)
            | ("embed", "v2" | "v3", number, *_)
            | ("player", "v1", number, *_)
            | ("i18n" | "h5", "share", "video", number, *_)
        ):
            return _post(number.removesuffix(".html"))
        case ("embed" | "video" | "photo", number):
            return _post(number)
        case ("foryou" | "explore",) if "item_id" in address.query:
            return _post(address.query["item_id"])
    return None


def _post(number: str) -> Link | None:
    return (
        Link("tiktok", f"https://www.tiktok.com/@_/video/{number}", number) if fits(_NUMBER, number) else None
    )
