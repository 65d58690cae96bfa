"""Short-lived links to files of our own store, for a channel that fetches them itself, and for people where
the channel does not take a file.

A link names a file and the moment at which it is over, and is signed (HMAC-SHA256): whoever has one sees
this file until then, and no other. The key is derived from the account's token at the channel, so that
there is no further secret to keep; a new token ends every link.
"""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

VALID = timedelta(hours=1)
PATH = "/media"
_TOKEN = re.compile(r"([1-9][0-9]{0,17})\.([1-9][0-9]{0,11})\.([A-Za-z0-9_-]{43})")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_CHARACTERS = 80


class Links:
    """Makes and checks links below `public_url` (no slash at its end)."""

    def __init__(self, secret: str, public_url: str) -> None:
        self._key = hmac.digest(secret.encode(), b"satu-pesan: links to media, 1", "sha256")
        self._base = public_url + PATH

    def make(self, media_id: int, name: str, now: datetime, valid: timedelta = VALID) -> str:
        """The address of the file `media_id`, good from `now` (aware) for so long. `name` is what the
        receiver sees; no part of the check."""
        until = int((now + valid).timestamp())
        return f"{self._base}/{media_id}.{until}.{self._signed(media_id, until)}/{_shown(name)}"

    def check(self, token: str, now: datetime) -> int | None:
        """The file that a token names; None where it is forged or over at `now` (aware)."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            return None
        media_id, until = int(found[1]), int(found[2])
        if not hmac.compare_digest(self._signed(media_id, until), found[3]):
            return None
        return media_id if now < datetime.fromtimestamp(until, UTC) else None

    def _signed(self, media_id: int, until: int) -> str:
        digest = hmac.digest(self._key, f"{media_id}.{until}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _shown(name: str) -> str:
    """A file's name as the last part of an address: its ending kept, nothing in it that anybody reads as
    a path."""
    plain = _UNSAFE.sub("-", name).strip(".-") or "file"
    return quote(plain[-_NAME_CHARACTERS:].lstrip(".-") or "file")
