"""Small pictures for those who save data: at most 30 KB, made once for each file of an item.

Of a film it is a frame of the beginning. Everything blocks: call it in a thread.
"""

import io
from pathlib import Path

import av
from PIL import Image, ImageOps

from bot.files import fitting

MOST_BYTES = 30_000
_SIDES = (480, 360, 240)  # pixels of the longer side, tried in this order
_QUALITIES = (70, 55, 40)
_FRAMES = 30  # a film often begins black: the brightest of the first frames is taken


def of(path: Path, mime: str) -> bytes | None:
    """A JPEG of at most `MOST_BYTES` that stands for a file; None for what is neither picture nor film."""
    try:
        if mime.startswith("image/"):
            with Image.open(path, formats=("JPEG", "PNG", "WEBP", "GIF")) as image:
                image.draft("RGB", (2 * _SIDES[0], 2 * _SIDES[0]))  # a JPEG is decoded small: quicker by far
                return _small(ImageOps.exif_transpose(image))
        if mime.startswith("video/"):
            frame = _frame(path)
            return _small(frame) if frame else None
    except (av.FFmpegError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        return None  # it was measured and taken: whoever saves data gets the words alone
    return None


def _small(image: Image.Image) -> bytes | None:
    picture = fitting.opaque(image)
    for side in _SIDES:
        scaled = picture.copy()
        scaled.thumbnail((side, side))
        for quality in _QUALITIES:
            file = io.BytesIO()
            scaled.save(file, "JPEG", quality=quality, optimize=True)
            if file.tell() <= MOST_BYTES:
                return file.getvalue()
    return None


def _frame(path: Path) -> Image.Image | None:
    """A frame of a film's beginning, upright."""
    best, light = None, -1.0
    with path.open("rb") as file, av.open(file, "r", metadata_errors="replace") as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number >= _FRAMES:
                break
            if number % 10 and best is not None:
                continue
            image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
            image = image.rotate(frame.rotation, expand=True)
            grey = image.convert("L").resize((8, 8)).tobytes()
            if sum(grey) / len(grey) > light:
                best, light = image, sum(grey) / len(grey)
    return best
