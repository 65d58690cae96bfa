"""Copies of pictures for WhatsApp: JPEG, small enough, and alike."""

import io
import os

import pytest
from PIL import Image

from bot.files import fitting


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """The hardest picture to make small: nothing in it is like its neighbour."""
    bands = len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, (width, height), os.urandom(width * height * bands))


@pytest.mark.parametrize(
    ("picture", "form", "side"),
    [
        (noise(1500, 1200), "PNG", 1500),
        (noise(4000, 3000), "JPEG", 2560),
        (noise(1200, 1080, "RGBA"), "PNG", 1200),
        (noise(1200, 1080, "CMYK"), "JPEG", 1200),
        (Image.new("RGB", (1200, 1080), "green"), "WEBP", 1200),
        (noise(600, 500, "P"), "GIF", 600),
    ],
    ids=["heavy", "huge", "transparent", "cmyk", "webp", "gif"],
)
def test_a_copy_is_a_jpeg_that_whatsapp_takes(picture: Image.Image, form: str, side: int) -> None:
    file = io.BytesIO()
    picture.save(file, form, quality=100)
    made = fitting.of(file.getvalue())
    assert len(made) <= fitting.MOST_BYTES < 5 * 1024 * 1024
    with Image.open(io.BytesIO(made)) as copy:
        assert (copy.format, copy.mode) == ("JPEG", "RGB")
        assert max(copy.size) <= side
        assert copy.width / copy.height == pytest.approx(picture.width / picture.height, rel=0.02)


def test_what_cannot_be_read_has_no_copy() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        fitting.of(b"\x89PNG\r\n\x1a\n nothing of the kind")
