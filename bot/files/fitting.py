"""Copies of pictures that WhatsApp does not take as they are: too many bytes, WebP, GIF, colours of printers.

A JPEG that looks the same on a phone. Blocks: call it in a thread, or in a process aside.
"""

import io

from PIL import Image, ImageOps

MOST_BYTES = 4_500_000  # WhatsApp takes 5 MB; a little is for whatever counts otherwise
_SIDES = (2560, 1920, 1280)  # pixels of the longer side, tried in this order
_QUALITIES = (90, 80, 65)


def of(data: bytes) -> bytes:
    """A JPEG of at most `MOST_BYTES` that stands for a picture. Raises ValueError where none can be made."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as image:
            # One of many pixels is decoded smaller: quicker by far.
            image.draft("RGB", (_SIDES[0], _SIDES[0]))
            picture = opaque(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, OSError, SyntaxError, EOFError) as error:
        raise ValueError("a picture that cannot be read") from error
    for side in _SIDES:
        picture.thumbnail((side, side))
        for quality in _QUALITIES:
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=quality, optimize=True)
            if file.tell() <= MOST_BYTES:
                return file.getvalue()
    raise ValueError("a picture that cannot be made smaller")


def opaque(image: Image.Image) -> Image.Image:
    """On white: a JPEG has no transparency."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image.convert("RGB")
