"""Two pictures side by side: both are there, at one height, and whatever is missing is said."""

import io

import pytest
from PIL import Image

from bot.reports import pairs

TITLES = ("Konten kita", "Bukti ini")


def jpeg(colour: str, size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


def made(left: bytes | None, right: bytes | None) -> Image.Image:
    return Image.open(io.BytesIO(pairs.side_by_side(left, right, TITLES, "Tidak ada gambar"))).convert("RGB")


def colours(image: Image.Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of the middle of the left and of the right picture."""
    found = [image.getpixel((x, image.height // 2)) for x in (100, image.width - 100)]
    return tuple(tuple(int(part) // 100 for part in one) for one in found if isinstance(one, tuple))  # type: ignore[return-value]


@pytest.mark.parametrize("size", [(1080, 2400), (1280, 720), (64, 64), (3000, 3000)])
def test_both_pictures_are_seen_whatever_their_shape(size: tuple[int, int]) -> None:
    image = made(jpeg("red", (1080, 1350)), jpeg("blue", size))
    assert image.height == pairs.HEIGHT + 56
    assert image.width <= 2 * pairs.WIDEST + 12
    left, right = colours(image)
    assert left == (2, 0, 0)
    assert right == (0, 0, 2)


@pytest.mark.parametrize("broken", [None, b"", b"\xff\xd8\xff broken"])
def test_where_one_is_missing_the_other_is_seen_all_the_same(broken: bytes | None) -> None:
    image = made(broken, jpeg("blue", (1080, 2400)))
    left, right = colours(image)
    assert left == (2, 2, 2)
    assert right == (0, 0, 2)
