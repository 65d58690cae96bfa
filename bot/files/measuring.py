"""Measures the file of an item: what it really is, whatever its name and its sender say.

Nothing here decodes more than the beginning of a film. Files come from strangers: what is read of
them, for how long, and how large a frame may be is bounded. Everything blocks: call it in a thread.
"""

import dataclasses
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import av
from av.stream import Disposition
from PIL import Image

from bot.files import media, papers, pictures
from bot.files.media import Store, Stored
from models.content import measures
from models.content.measures import Measured

_HEAD = 64 * 1024  # bytes that tell what a file is
_SECONDS = 10.0  # for one film; the largest takes a tenth of a second
_MOST_PIXELS = 4096 * 2304  # of a film's frame (4K), some 50 MB with what a decoder keeps beside it
_FIRST_PACKETS = 100  # among which there has to be a frame that can be decoded
_COMPLETE = 0.8  # of its length is there; players round, and the last second may be sound alone
# The brands of the boxes that films, and pictures in the manner of films, begin with.
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"})
_FORMATS = {"video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "matroska"}


class Unusable(pictures.Refused):
    """A file that no item can have; `key` is the catalogue's sentence about it."""


def keep(store: Store, path: Path, now: datetime) -> tuple[Stored, Measured]:
    """Measures a file for an item and keeps it.

    Raises Unusable for one that no item can have, and pictures.Refused for one that the store does not
    take; OSError when the store cannot be reached.
    """
    _check_size(path, store.max_bytes)
    with path.open("rb") as file:
        mime = media.type_of(file.read(_HEAD))
    measured = measure(path, mime)
    if reason := measures.refusal(measured):
        raise Unusable(reason)
    kept = store.put(path, now)
    if kept.width and kept.height:  # upright, and after what the camera wrote has gone
        measured = dataclasses.replace(measured, width=kept.width, height=kept.height, size=kept.size)
    return kept, measured


def measure(path: Path, mime: str) -> Measured:
    """The facts about a file whose content shows the type `mime`.

    Raises Unusable when it cannot be read, or is nothing that an item can have. A picture is not
    decoded: the store does that before it keeps one.
    """
    _check_size(path, media.MAX_BYTES)
    if mime in pictures.ENDINGS:
        return _picture(path, mime)
    if mime in _FORMATS:
        return _film(path, mime)
    if mime == "application/pdf":
        papers.check(path)
        return Measured(measures.PAPER, mime, path.stat().st_size)
    with path.open("rb") as file:
        raise Unusable(_strange(file.read(_HEAD)))


def _check_size(path: Path, most: int) -> None:
    size = path.stat().st_size
    if size == 0:
        raise Unusable("measuring.empty")
    if size > most:
        raise Unusable("measuring.too_large")


def _strange(head: bytes) -> str:
    """The sentence about a file that is neither picture nor film nor PDF."""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return "measuring.heic"
    if b"<svg" in head.lower():
        return "measuring.drawing"
    if not any(head):
        return "measuring.empty"
    return "measuring.strange"


# -- pictures --------------------------------------------------------------------------------------


def _picture(path: Path, mime: str) -> Measured:
    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP", "GIF")) as image:
            width, height = image.size
            if width * height > pictures.MAX_PIXELS:
                raise Unusable("measuring.too_many_pixels")
            # Behind the first picture of a phone's JPEG there may be a small one of itself (MPO).
            moving = mime != "image/jpeg" and bool(getattr(image, "is_animated", False))
            codec = "cmyk" if image.mode == "CMYK" else ""
            return Measured(
                measures.PICTURE,
                mime,
                path.stat().st_size,
                width,
                height,
                codec=codec,
                animated=moving,
            )
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable("measuring.too_many_pixels") from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as error:
        raise Unusable("measuring.damaged") from error


# -- films -----------------------------------------------------------------------------------------


class _Reader:
    """A film's bytes for the decoder: no path and no address that a film could make it follow."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._until = time.monotonic() + _SECONDS

    def read(self, size: int = -1) -> bytes:
        self.check()
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()

    def check(self) -> None:
        """Raises TimeoutError when the time is over."""
        if time.monotonic() > self._until:
            raise TimeoutError("a film took too long to be measured")


def _film(path: Path, mime: str) -> Measured:
    reader = _Reader(path)
    try:
        with av.open(reader, format=_FORMATS[mime], metadata_errors="replace") as container:
            return _measured(container, reader, Measured(measures.FILM, mime, path.stat().st_size))
    except (av.FFmpegError, OSError, ValueError, EOFError, OverflowError) as error:
        raise Unusable("measuring.film_damaged") from error
    finally:
        reader.close()


def _measured(container: Any, reader: _Reader, so_far: Measured) -> Measured:
    films = [
        stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic
    ]
    if not films:
        raise Unusable("measuring.no_picture")  # sound alone, with or without a cover
    stream = films[0]
    context = stream.codec_context
    if context.width * context.height > _MOST_PIXELS:
        raise Unusable("measuring.film_too_many_pixels")
    # The header may lie: then the decoder refuses the frame before it takes memory for it.
    context.options = {"max_pixels": str(_MOST_PIXELS)}
    context.thread_count = 1
    frame, end = _walk(container, stream, reader)
    declared = float(container.duration or 0) / av.time_base
    if frame is None or end <= 0:
        raise Unusable("measuring.film_damaged")
    if end < _COMPLETE * declared:
        raise Unusable("measuring.film_cut")
    width, height = frame.width, frame.height
    if frame.rotation % 180:  # phones film lying down and note how they were held
        width, height = height, width
    sounds = container.streams.audio
    return dataclasses.replace(
        so_far,
        width=width,
        height=height,
        duration=max(end, declared),
        codec=context.name,
        sound=sounds[0].codec_context.name if sounds else "",
    )


def _walk(container: Any, stream: Any, reader: _Reader) -> tuple[Any, float]:
    """The first frame, decoded, and where the last packet of the picture ends, in seconds.

    Packets are only read on, not decoded: that shows how much of a film is really there.
    """
    frame, end, start = None, 0, None
    for number, packet in enumerate(_packets(container, stream, reader)):
        if frame is None and number < _FIRST_PACKETS:
            frame = next(iter(packet.decode()), None)
        if packet.pts is not None:
            start = packet.pts if start is None else min(start, packet.pts)
            end = max(end, packet.pts + (packet.duration or 0) - start)
    return frame, float(end * stream.time_base)


def _packets(container: Any, stream: Any, reader: _Reader) -> Iterator[Any]:
    try:
        for packet in container.demux(stream):
            reader.check()
            yield packet
    except (EOFError, av.InvalidDataError):
        return  # the rest is not there; what there is will tell whether it is enough
