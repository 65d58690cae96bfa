"""Stored files and their ids. Bytes lie in a folder; an id says by itself which file and which use it is.

Telegram gives every upload ids of its own: `file_id` (to send again, per bot and per type) and
`file_unique_id`. Here both are made of (file, size, use) and a keyed hash, so nothing has to be kept per
message, and an invented id is recognised.
"""

import base64
import hashlib
import itertools
import mimetypes
import secrets
import struct
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from bot.simulator import mp4
from bot.simulator.wire import bad

PHOTO_BYTES = 10 * 1024 * 1024  # Bot API: "Sending files"
DOWNLOAD_BYTES = 20 * 1024 * 1024  # Bot API: getFile
_SIDES = (90, 320, 1280)  # longest sides of the copies of a photo, in pixels
_PREFIX = {"photo": "AgACAgUAAxkBAAI", "video": "BAACAgUAAxkBAAI", "document": "BQACAgUAAxkBAAI"}
_TYPES = {"photo": "Photo", "video": "Video", "document": "Document"}
_EXTENSION = {"photo": ".jpg", "video": ".mp4"}
_BODY = struct.Struct(">IBI")
_MAC = 40
Image.MAX_IMAGE_PIXELS = 120_000_000


@dataclass(frozen=True, slots=True)
class Copy:
    """One stored size of a file: pixels, bytes, and where it lies."""

    path: Path
    size: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """`copies` has one entry, or for a photo several, smallest first. `duration` is in seconds."""

    number: int
    kind: str
    name: str
    mime: str
    copies: tuple[Copy, ...]
    duration: int = 0

    @property
    def best(self) -> Copy:
        return self.copies[-1]

    @property
    def key(self) -> str:
        return f"f{self.number}"


@dataclass(frozen=True, slots=True)
class Media:
    """One use of a file: an upload of the same bytes by somebody else is another use, with other ids."""

    file: File
    use: int


@dataclass(slots=True)
class Files:
    """`folder` must exist. Adding decodes pictures: call it in a thread."""

    folder: Path
    _files: dict[int, File] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _uses: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def add(
        self, kind: str, data: bytes, name: str, mime: str, shape: tuple[int, int, int] = (0, 0, 0)
    ) -> File:
        """Stores bytes as photo, video or document. Raises Refusal(400) for what is no picture or too big.

        `shape` is (width, height, duration) where the sender says so; a video's own header wins over nothing.
        """
        if not data:
            raise bad("file must be non-empty")
        number = next(self._numbers)
        if kind == "photo":
            copies = self._photo(number, data)
            stored = File(number, kind, name, "image/jpeg", copies)
        else:
            width, height, duration = shape if any(shape) or kind != "video" else mp4.shape(data)
            path = self.folder / f"{number}{_EXTENSION.get(kind, '')}"
            path.write_bytes(data)
            mime = _mime(kind, name, mime)
            stored = File(number, kind, name, mime, (Copy(path, len(data), width, height),), duration)
        self._files[number] = stored
        return stored

    def use(self, stored: File) -> Media:
        """A new use of a stored file: new ids, no copying."""
        return Media(stored, next(self._uses))

    def find(self, key: str) -> File | None:
        """By `File.key`."""
        return self._files.get(int(key[1:])) if key[:1] == "f" and key[1:].isdigit() else None

    def ids(self, media: Media, index: int) -> tuple[str, str]:
        """file_id and file_unique_id of one size of a use."""
        body = _BODY.pack(media.file.number, index, media.use)
        mac = hashlib.blake2b(body, digest_size=_MAC, key=self._secret).digest()
        file_id = _PREFIX[media.file.kind] + base64.urlsafe_b64encode(body + mac).decode().rstrip("=")
        return file_id, "AQAD" + base64.urlsafe_b64encode(body + mac[:3]).decode().rstrip("=")

    def by_id(self, file_id: str) -> tuple[Media, int] | None:
        """The use and the size that a file_id names; None for an id we never gave."""
        kind = next((kind for kind, prefix in _PREFIX.items() if file_id.startswith(prefix)), "")
        if not kind:
            return None
        code = file_id[len(_PREFIX[kind]) :]
        try:
            raw = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
        except ValueError:
            return None
        body, mac = raw[: _BODY.size], raw[_BODY.size :]
        known = hashlib.blake2b(body, digest_size=_MAC, key=self._secret).digest()
        if len(body) != _BODY.size or not secrets.compare_digest(mac, known):
            return None
        number, index, use = _BODY.unpack(body)
        stored = self._files.get(number)
        if stored is None or stored.kind != kind or index >= len(stored.copies):
            return None
        return Media(stored, use), index

    def resend(self, file_id: str, kind: str) -> Media:
        """The media of a file_id, to be sent as `kind`. Raises Refusal(400): unknown id, another type."""
        found = self.by_id(file_id)
        if found is None:
            raise bad("wrong file identifier/HTTP URL specified")
        media, _ = found
        if media.file.kind != kind:
            raise bad(f"can't use file of type {_TYPES[media.file.kind]} as {_TYPES[kind]}")
        return media

    def _photo(self, number: int, data: bytes) -> tuple[Copy, ...]:
        if len(data) > PHOTO_BYTES:
            raise bad(
                f"file of size {len(data)} bytes is too big for a photo; the maximum size is "
                f"{PHOTO_BYTES} bytes"
            )
        try:
            with Image.open(BytesIO(data)) as opened:
                width, height = opened.size
                _check_dimensions(width, height)
                opened.draft("RGB", (_SIDES[-1], _SIDES[-1]))
                upright = ImageOps.exif_transpose(opened)
                picture = _without_alpha(upright)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            raise bad("IMAGE_PROCESS_FAILED") from None
        longest = max(picture.size)
        sides = [side for side in _SIDES if side < longest] + [min(longest, _SIDES[-1])]
        return tuple(self._copy(number, picture, side) for side in dict.fromkeys(sides))

    def _copy(self, number: int, picture: Image.Image, side: int) -> Copy:
        scaled = picture.copy()
        scaled.thumbnail((side, side))
        buffer = BytesIO()
        scaled.save(buffer, "JPEG", quality=87)  # a fresh file: no EXIF, no profile
        path = self.folder / f"{number}_{side}.jpg"
        path.write_bytes(buffer.getbuffer())
        return Copy(path, buffer.tell(), *scaled.size)


def _check_dimensions(width: int, height: int) -> None:
    """Bot API, sendPhoto: sum of the sides at most 10,000, their ratio at most 20."""
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")


def _without_alpha(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _mime(kind: str, name: str, given: str) -> str:
    if given and given != "application/octet-stream":
        return given
    guessed = mimetypes.guess_type(name)[0]
    return guessed or ("video/mp4" if kind == "video" else given or "application/octet-stream")
