"""Pages that only pass on to an address in their query, as copying inside the apps often gives."""

from models.shares.links import address
from models.shares.links.address import Address

DEEPEST = 2  # one wrapped into another happens; more is made by hand

# Host or domain, path ("" for any), the parameters that hold the address.
_WRAPPERS = (
    ("l.instagram.com", "", ("u",)),
    ("l.facebook.com", "", ("u",)),
    ("lm.facebook.com", "", ("u",)),
    ("l.messenger.com", "", ("u",)),
    ("l.threads.com", "", ("u",)),
    ("l.threads.net", "", ("u",)),
    ("l.wl.co", "", ("u",)),  # WhatsApp's
    ("facebook.com", "l.php", ("u",)),
    ("facebook.com", "flx/warn", ("u",)),
    ("facebook.com", "plugins/post.php", ("href",)),
    ("facebook.com", "plugins/video.php", ("href",)),
    ("tiktok.com", "link/v2", ("target",)),
    ("youtube.com", "redirect", ("q",)),
    ("youtube.com", "attribution_link", ("u",)),
    ("consent.youtube.com", "", ("continue",)),
    ("google.com", "url", ("q", "url")),
    ("google.co.id", "url", ("q", "url")),
)


def opened(written: str) -> Address | None:
    """The address that is meant in the end, out of its wrappers; None for what is no address."""
    found = address.read(written)
    for _ in range(DEEPEST):
        inner = _inner(found) if found else ""
        if not inner:
            break
        found = address.read(inner)
    return found


def _inner(outer: Address) -> str:
    for domain, path, names in _WRAPPERS:
        if outer.under(domain) and path in ("", outer.path):
            for name in names:
                if value := outer.query.get(name, ""):
                    return f"https://{outer.host}{value}" if value.startswith("/") else value
    return ""
