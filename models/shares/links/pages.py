"""What an address of a platform leads to when it is no post, so that the refusal can say it."""

from models.shares.links.address import Address

_LOGIN = {"login", "login.php", "accounts", "signup", "checkpoint", "recover", "logout", "oauth", "reg"}
_HOME = {"home", "home.php", "feed", "foryou", "following", "index.php"}
_SEARCH = {"search", "explore", "hashtag", "results", "tag", "tags", "discover", "trending", "popular"}
_GROUP = {"groups", "invite", "communities"}
_PROFILE = {"profile.php", "people", "pages", "channel", "c", "user"}
# Where a name alone is an account; elsewhere it begins with "@".
_NAMED = ("instagram.com", "instagr.am", "facebook.com", "fb.com", "x.com", "twitter.com", "wa.me")
_NO_NAMES = set(
    "direct events gaming i inbox intent live marketplace media messages notifications p photo photos"
    " reel reels s send settings share sharer stories t tv upload video videos watch".split()
)


def kind(address: Address) -> str:
    """home, login, search, group, profile or other. A guess: it chooses the words, nothing else."""
    parts = [part.lower() for part in address.parts]
    if not parts:
        return "group" if address.host == "chat.whatsapp.com" else "home"
    first, alone = parts[0], len(parts) == 1
    if first in _LOGIN or parts[:2] == ["i", "flow"]:
        return "login"
    if first in _HOME:
        return "home"
    if first in _SEARCH:
        return "search"
    if _group(address, parts):
        return "group"
    if first.startswith("@") or first in _PROFILE or (first == "p" and address.under("facebook.com")):
        return "profile"
    named = alone and address.under(*_NAMED) and first not in _NO_NAMES and not first.endswith(".php")
    return "profile" if named else "other"


def _group(address: Address, parts: list[str]) -> bool:
    inside = parts[:2] in (["share", "g"], ["i", "communities"])
    return inside or parts[0] in _GROUP or address.host == "chat.whatsapp.com"
