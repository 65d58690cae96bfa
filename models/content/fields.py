"""What an item consists of, and what may stand in each field."""

import re
from urllib.parse import urlsplit

from models.messages import files
from models.refused import Refused

# In the order in which they are asked. Which of them an item needs depends on its rubric: drafts.steps.
FIELDS = (
    "rubric",
    "title",
    "what",
    "why",
    "caption",
    "media",
    "consent",
    "live_at",
    "live_url",
    "source_url",
    "week",
    "public",
)
# What an item may have as well; offered at the preview, never asked on the way there.
EXTRAS = ("variants", "hashtags", "regional_programme", "objective", "channels")

# Lengths in UTF-16 units, as Telegram counts them: a card with its picture has to fit into 1,024.
LIMITS = {
    "title": (5, 100),
    "what": (20, 350),
    "why": (20, 350),
    "caption": (20, 900),
    "source_url": (10, 300),
    "live_url": (10, 300),
}
REASON = (5, 500)  # of a return
_PARAGRAPHS = ("what", "why", "caption")
_ADDRESSES = ("source_url", "live_url")

FILE_BYTES = 20 * 1024 * 1024  # what a bot can fetch (https://core.telegram.org/bots/api#getfile)
_DOCUMENTS = ("image/", "video/", "application/pdf")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n")


def length(value: str) -> int:
    """How long a text is for Telegram, in UTF-16 units: most emoji count two."""
    return len(value) + sum(char > "\uffff" for char in value)


def text(field: str, written: str) -> str:
    """What stands in a text field when somebody wrote this.

    Raises Refused when it is too short, too long, or no address where one is asked for.
    """
    value = paragraphs(written) if field in _PARAGRAPHS else " ".join(written.split())
    if field in _ADDRESSES:
        value = address(value)
    least, most = LIMITS[field]
    if length(value) < least:
        raise Refused("submitting.too_short", least=least, length=length(value))
    if length(value) > most:
        raise Refused("submitting.too_long", most=most, length=length(value))
    return value


def paragraphs(written: str) -> str:
    """A text of several lines without blanks around it, and never two blank lines together."""
    return _BLANK_LINES.sub("\n\n", written.strip())


def address(written: str) -> str:
    """The one web address in what somebody wrote; "https://" is added where it was left out.

    Raises Refused when there is none, or more than one.
    """
    words = {word if "://" in word else f"https://{word}" for word in written.split()}
    addresses = [word for word in words if _is_address(word)]
    if len(addresses) != 1:
        raise Refused("submitting.source_wrong")
    return addresses[0]


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "@" not in parts.netloc and bool(_HOST.fullmatch(host))


def check_file(media: files.Media) -> None:
    """Raises Refused for a file that could not be shown with an item, or is too large to be kept."""
    if media.kind == "document" and not media.mime.startswith(_DOCUMENTS):
        raise Refused("submitting.media_wrong")
    if media.size > FILE_BYTES:
        raise Refused("submitting.media_large", size=media.size, most=FILE_BYTES)
