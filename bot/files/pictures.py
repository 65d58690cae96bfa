"""Pictures of strangers: whether they can be decoded, how large they are, and nothing about where
they were taken."""

import io
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}
MAX_PIXELS = 64_000_000  # 192 MB once decoded
_BEGINNINGS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}
# A picture with a corrupt note about itself is still a picture, and its sender gets no say in our log.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
# Where Pillow puts what cameras and editors write into a picture.
_METADATA = ("exif", "xmp", "comment", "photoshop", "Raw profile type exif", "XML:com.adobe.xmp")


class Refused(Exception):  # noqa: N818 (says what it means to its reader)
    """A file that is not kept; `key` is the catalogue's sentence about it, with its parameters."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


@dataclass(frozen=True, slots=True)
class Picture:
    """A sound picture without metadata; width and height in pixels, as it is seen upright."""

    data: bytes
    mime: str
    width: int
    height: int


def type_of(head: bytes) -> str:
    """The MIME type of the picture that begins like this, "" when it is none of ours."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for start, mime in _BEGINNINGS.items() if head.startswith(start)), "")


def cleaned(data: bytes) -> Picture | None:
    """The picture in `data`, or None when it is none of ours (JPEG, PNG, WebP, GIF).

    It is only written anew where it carries metadata; then it is turned as its metadata say, because
    that hint goes as well. Raises Refused for one that is damaged or too big.
    """
    if not type_of(data):
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused("media.too_many_pixels")
            image.load()  # to the last line: a truncated picture looks sound until then
            if _tells(image):
                return _without_metadata(image)
            return Picture(data, _mime(image), image.width, image.height)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("media.too_many_pixels") from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, MemoryError) as error:
        raise Refused("media.damaged") from error


def _mime(image: Image.Image) -> str:
    # An MPO is a JPEG with more pictures behind the first.
    return "image/jpeg" if image.format == "MPO" else Image.MIME[image.format or ""]


def _tells(image: Image.Image) -> bool:
    """Whether the picture carries more than the picture."""
    texts = getattr(image, "text", None)  # PNG
    return bool(
        image.format == "MPO"
        or image.getexif()
        or texts
        or any(image.info.get(name) for name in _METADATA if image.format != "GIF")
    )


def _without_metadata(image: Image.Image) -> Picture:
    mime = _mime(image)
    turned = ImageOps.exif_transpose(image)
    colours = image.info.get("icc_profile")  # without it the colours of a phone's picture go pale
    for name in set(turned.info) - {"transparency", "duration", "loop"}:
        del turned.info[name]
    # Pillow must not find the old metadata in the object that it writes.
    turned.getexif().clear()
    options: dict[str, Any] = {"icc_profile": colours} if colours else {}
    if mime == "image/jpeg":
        if turned.mode not in {"L", "RGB", "CMYK"}:
            turned = turned.convert("RGB")
        options |= {"quality": 92, "optimize": True}
    elif mime == "image/webp":
        options |= {"quality": 92, "save_all": getattr(image, "is_animated", False)}
    file = io.BytesIO()
    turned.save(file, format=ENDINGS[mime].replace("jpg", "jpeg"), **options)
    return Picture(file.getvalue(), mime, turned.width, turned.height)
