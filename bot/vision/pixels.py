"""From the bytes of a stranger's file to grey pixels of a bounded size."""

import io
import warnings

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Grey = NDArray[np.uint8]  # height × width

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# After a JPEG's own reduction; a tablet's screenshot has 4 million, a long one (scrolling) some 12 million.
MAX_DECODED = 16_000_000  # 0.1 GB at the most while it is decoded
LEAST_SIDE = 64  # pixels; nothing can be recognised on less


def decoded(data: bytes, side: int) -> Grey | None:
    """The picture in grey, upright, its longer side at most `side` pixels; None where there is none.

    Of an animation it is the first frame; transparent parts are white. Never raises: what is damaged,
    too large (`MAX_DECODED`), too small (`LEAST_SIDE`) or no picture is None, and goes to a person.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a note in a file that is corrupt, a size near the limit
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                # libjpeg scales by 1/2, 1/4, 1/8 while it decodes: a camera's picture costs a quarter.
                image.draft("L", (side, side))
                if image.width * image.height > MAX_DECODED:
                    return None
                return scaled(np.asarray(ImageOps.exif_transpose(_grey(image))), side)
    except Exception:  # decoders of strangers' files raise anything
        return None


def _grey(image: Image.Image) -> Image.Image:
    """In mode L, its EXIF kept for turning it upright."""
    if image.mode == "L":
        return image
    exif = image.getexif()
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits and more: the upper eight
        values = np.asarray(image).astype(np.float32)
        grey = Image.fromarray(
            (values / (257.0 if values.max() > 255 else 1.0)).clip(0, 255).astype(np.uint8)
        )
    elif image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        grey = Image.new("L", layer.size, 255)
        grey.paste(layer.convert("L"), mask=layer.getchannel("A"))
    else:
        grey = image.convert("L")
    grey.getexif().update(exif)
    return grey


def scaled(grey: Grey, side: int) -> Grey | None:
    """Reduced until the longer side is at most `side` pixels; None where too little is left."""
    height, width = grey.shape
    factor = min(1.0, side / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    if min(size) < LEAST_SIDE:
        return None
    if factor == 1.0:
        return np.ascontiguousarray(grey)
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
