"""The store of files: proofs, pictures and films of content, papers that we made.

A file is kept under the hash of its content, so that the same file is kept once and a crash leaves
either all of it or nothing. A folder of this machine by default, S3 and the like by their address;
one code for all. Everything here blocks: call it in a thread.
"""

import contextlib
import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
import puremagic
from obstore.store import LocalStore, from_url

from bot.files import pictures
from bot.files.pictures import Refused

__all__ = ["Refused", "Store", "Stored"]

MAX_BYTES = 50_000_000
_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{2,5}")
_COPIES = 32  # local copies of remote files that are kept at a time
# Whoever waits for a file tries again later; better that than a thread that is stuck for minutes.
_RETRIES: Any = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=30),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=2), "base": 2},
}
_CHUNK = 4 * 1024 * 1024

# What we keep by its own name; whatever else it is, it is only bytes to us, and never served as more.
_ENDINGS = {
    **pictures.ENDINGS,
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_UNKNOWN = "application/octet-stream"
# Brands of MP4 (https://mp4ra.org/registered-types/brands): of cameras, editors and web sites.
_MP4 = frozenset(
    {b"isom", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VP", b"MSNV", b"dash", b"mmp4"}
    | {f"iso{number}".encode() for number in range(2, 10)}
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept file. `sha256` (hex) is that of the file as it arrived, which says whether somebody sent
    the same one before; `size` in bytes and `width`, `height` in pixels (pictures only) are those of
    what is kept."""

    key: str
    sha256: str
    size: int
    mime: str
    width: int | None
    height: int | None
    at: datetime


class Store:
    """A store at `url`: `file://data/media`, `s3://bucket/prefix`, or whatever else obstore knows.

    Keys and secrets of S3 come from the usual AWS_… variables. At most `at_once` pictures are decoded
    at the same time (each may take 200 MB of memory). Every method raises OSError or obstore's own
    errors when the store cannot be reached.
    """

    def __init__(self, url: str, *, max_bytes: int = MAX_BYTES, at_once: int = 2) -> None:
        self.max_bytes = max_bytes
        self._decoding = threading.BoundedSemaphore(at_once)
        self._folder: Path | None = None
        self._copies: tempfile.TemporaryDirectory[str] | None = None
        self._copying = threading.Lock()
        self._store: Any
        if url.startswith("file://"):
            parts = urlsplit(url)
            self._folder = Path(unquote(parts.netloc + parts.path)).resolve()
            self._folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(self._folder)
        else:
            self._store = from_url(url, retry_config=_RETRIES)

    def put(self, source: Path | bytes, now: datetime) -> Stored:
        """Keeps a file; the same again changes nothing. A picture loses its metadata (place, camera).

        The type is taken from the content. Raises Refused for an empty or too large file, and for a
        picture that is damaged or too big to be decoded.
        """
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size == 0:
            raise Refused("media.empty")
        if size > self.max_bytes:
            raise Refused("media.too_large", size=size, most=self.max_bytes)
        data = source if isinstance(source, bytes) else source.read_bytes()
        arrived = hashlib.sha256(data).hexdigest()
        with self._decoding:
            picture = pictures.cleaned(data)
        if picture:
            data, mime = picture.data, picture.mime
        else:
            mime = _type(data)
        key = _key(data, mime)
        self._keep(key, data)
        width, height = (picture.width, picture.height) if picture else (None, None)
        return Stored(key, arrived, len(data), mime, width, height, now)

    def get(self, key: str) -> bytes:
        """The whole file. Raises FileNotFoundError when it is not (or no longer) there."""
        return bytes(obstore.get(self._store, _checked(key)).bytes())

    def stream(self, key: str) -> Iterator[bytes]:
        """The file in pieces of a few MB. Raises FileNotFoundError."""
        found = obstore.get(self._store, _checked(key))
        for piece in found.stream(min_chunk_size=_CHUNK):
            yield bytes(piece)

    def size(self, key: str) -> int | None:
        """Bytes of the file, or None where there is none."""
        try:
            return int(obstore.head(self._store, _checked(key))["size"])
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Removes the file; one that is gone already is no error."""
        with contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, _checked(key))

    def local_path(self, key: str) -> Path:
        """Where the file can be read on this machine: its own place, or a copy that `close` removes.

        A copy may be replaced after some thirty others: open it soon. Raises FileNotFoundError.
        """
        if self._folder:
            path = self._folder / _checked(key)
            path.stat()
            return path
        with self._copying:
            self._copies = self._copies or tempfile.TemporaryDirectory(prefix="satu-pesan-media-")
            folder = Path(self._copies.name)
            path = folder / _checked(key).replace("/", "")
            if not path.exists():
                part = path.with_suffix(".part")
                with part.open("wb") as file:
                    for piece in self.stream(key):
                        file.write(piece)
                part.replace(path)
                by_age = sorted(folder.iterdir(), key=lambda copy: copy.stat().st_mtime_ns)
                for old in by_age[:-_COPIES]:
                    old.unlink()
            return path

    def close(self) -> None:
        """Removes local copies; the store may be used again afterwards."""
        with self._copying:
            if self._copies:
                self._copies.cleanup()
                self._copies = None

    def _keep(self, key: str, data: bytes) -> None:
        if self.size(key) == len(data):
            return
        obstore.put(self._store, key, data)  # into a file of another name, which then takes this one
        if self._folder:
            # The row that will point here must not outlive a power cut that the file does not.
            _flush(self._folder / key)
            _flush((self._folder / key).parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        if not path.is_dir():  # some systems cannot flush a folder
            raise
    finally:
        os.close(handle)


def type_of(head: bytes) -> str:
    """The MIME type that a file's beginning shows; application/octet-stream where it says nothing to us."""
    return pictures.type_of(head) or _type(head)


def _type(data: bytes) -> str:
    """The MIME type that the content shows, among those that mean something to us but pictures."""
    head = data[:4096]
    if head[4:8] == b"ftyp" and head[8:12] in _MP4:
        return "video/mp4"
    try:
        found = {str(match.mime_type) for match in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        found = set()
    known = [mime for mime in _ENDINGS if mime in found and mime not in pictures.ENDINGS]
    return known[0] if known else _UNKNOWN


def _key(data: bytes, mime: str) -> str:
    digest = hashlib.sha256(data).hexdigest()
    return f"{digest[:2]}/{digest}.{_ENDINGS.get(mime, 'bin')}"


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no key of the store")
    return key
