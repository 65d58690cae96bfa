"""Files of strangers become grey pixels or nothing, never an exception."""

import io

import numpy as np
import pytest
from PIL import Image

from bot.vision import pixels, showing
from bot.vision.showing import Verdict
from tests.bot.vision import shots


def _slope() -> Image.Image:
    """Dark at the left, light at the right, wider than high."""
    return Image.fromarray(np.tile(np.linspace(0, 255, 300).astype(np.uint8), (200, 1)))


def test_a_picture_that_lies_on_its_side_is_turned_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    grey = pixels.decoded(shots.file(_slope(), "JPEG", exif=exif), 640)
    assert grey is not None
    assert grey.shape == (300, 200)
    assert grey[10].mean() < 20 < 230 < grey[-10].mean()


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "1", "I;16"])
def test_every_mode_of_png_is_read(mode: str) -> None:
    slope = _slope()
    if mode == "I;16":
        image = Image.fromarray(np.asarray(slope).astype(np.uint16) * 257)
    else:
        image = slope.convert("RGBA" if mode in {"LA", "RGBA"} else "RGB").convert(mode)
    grey = pixels.decoded(shots.file(image), 640)
    assert grey is not None
    assert grey.shape == (200, 300)
    assert grey[:, :20].mean() < 30
    assert grey[:, -20:].mean() > 225


def test_cmyk_is_read() -> None:
    grey = pixels.decoded(shots.file(_slope().convert("CMYK"), "JPEG"), 640)
    assert grey is not None
    assert grey[:, :20].mean() < 40 < 215 < grey[:, -20:].mean()


def test_transparent_parts_are_white() -> None:
    grey = pixels.decoded(shots.file(Image.new("RGBA", (100, 100), (0, 0, 0, 0))), 640)
    assert grey is not None
    assert grey.min() == 255


def test_of_an_animation_the_first_frame_counts() -> None:
    file = io.BytesIO()
    frames = [Image.new("L", (100, 100), 250)]
    Image.new("L", (100, 100), 10).save(file, "GIF", save_all=True, append_images=frames)
    grey = pixels.decoded(file.getvalue(), 640)
    assert grey is not None
    assert grey.max() < 30


def _bomb() -> bytes:
    """A small file of 100 million pixels."""
    return shots.file(Image.new("1", (10_000, 10_000)))


@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, shots.file(_slope(), "JPEG")[:1500],
     shots.file(Image.new("L", (1, 1))), shots.file(Image.new("L", (3000, 20))), _bomb()],
    ids=["empty", "text", "broken PNG", "truncated JPEG", "1×1", "a line", "bomb"],
)  # fmt: skip
def test_what_is_no_picture_is_unreadable(data: bytes) -> None:
    assert pixels.decoded(data, 640) is None
    assert showing.reference(data) is None
    assert showing.shows([shots.reference()], data).verdict is Verdict.UNREADABLE


def test_a_large_picture_comes_back_small() -> None:
    grey = pixels.decoded(shots.file(_slope().resize((4000, 3000)), "JPEG"), 1280)
    assert grey is not None
    assert grey.shape == (960, 1280)
