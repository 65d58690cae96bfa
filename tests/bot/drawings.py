"""Small pictures that show how they are turned, and what cameras write into them."""

import io

from PIL import Image, ImageDraw


def drawing(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right: one sees how it is turned."""
    image = Image.new("RGB", (width, height), "blue")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2 - 1, height), fill="red")
    return image


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format=form, **options)
    return file.getvalue()


def with_place(form: str, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "S"
    return encoded(drawing(), form, exif=exif)
