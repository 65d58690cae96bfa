"""Brushes for the generator: fonts that come with Pillow and Matplotlib, textures, translucent layers."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import cast

import cv2
import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]
_FILES = {
    "sans": "DejaVuSans.ttf",
    "sansbold": "DejaVuSans-Bold.ttf",
    "serif": "DejaVuSerif-Bold.ttf",
    "stix": "STIXGeneralBol.ttf",
    "mono": "DejaVuSansMono-Bold.ttf",
}
HEADLINE_FACES = ("sansbold", "serif", "stix", "round")


@lru_cache(maxsize=1024)
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A font of `size` pixels; the face "round" is the one inside Pillow, nearest to those of phones."""
    size = max(6, size)
    if face == "round":
        return cast(ImageFont.FreeTypeFont, ImageFont.load_default(size))
    return ImageFont.truetype(Path(mpl.get_data_path()) / "fonts" / "ttf" / _FILES[face], size)


def wrapped(words: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines of at most `width` pixels."""
    lines, line = [], ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if line and face.getlength(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def colour(rng: Random, low: int = 0, high: int = 255) -> Colour:
    """Any colour with all parts between `low` and `high`."""
    return rng.randint(low, high), rng.randint(low, high), rng.randint(low, high)


def shaded(base: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above."""
    return cast(Colour, tuple(max(0, min(255, round(part * factor))) for part in base))


def gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """From one colour to another, downwards."""
    strip = Image.new("RGB", (1, 2))
    strip.putdata([top, bottom])
    return strip.resize(size, Image.Resampling.BILINEAR)


def texture(rng: Random, size: tuple[int, int], palette: Sequence[Colour]) -> Image.Image:
    """Clouds of several octaves in the colours of a palette: what grass, crowds and skies have in common."""
    dice = np.random.default_rng(rng.getrandbits(64))
    width, height = -(-size[0] // 2), -(-size[1] // 2)
    field = np.zeros((height, width), np.float32)
    for octave in range(2, 9):
        cells = (
            max(2, height * 2**octave // max(width, height)),
            max(2, width * 2**octave // max(width, height)),
        )
        layer = cv2.resize(dice.random(cells, np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        field += layer * 0.62**octave
    field = (field - field.min()) / (np.ptp(field) + 1e-6)
    stops = np.linspace(0, 1, len(palette))
    parts = [np.interp(field, stops, [entry[channel] for entry in palette]) for channel in range(3)]
    grain = dice.normal(0, 4, (height, width, 1))
    clouds = np.clip(np.stack(parts, -1) + grain, 0, 255).astype(np.uint8)
    return resized(Image.fromarray(clouds), size)


def photo(rng: Random, size: tuple[int, int]) -> Image.Image:
    """Something like a photograph: textured ground and sky, buildings, people as heads and shoulders."""
    width, height = size
    horizon = round(height * rng.uniform(0.3, 0.6))
    image = texture(rng, size, [colour(rng, 20, 120), colour(rng, 60, 180), colour(rng, 100, 230)])
    image.paste(gradient((width, horizon), colour(rng, 120, 255), colour(rng, 150, 255)))
    pen = ImageDraw.Draw(image)
    for _ in range(rng.randint(2, 7)):
        _building(rng, pen, width, horizon)
    for _ in range(rng.randint(2, 9)):
        _somebody(rng, pen, size, horizon)
    light = texture(rng, (width // 4, height // 4), [(70, 70, 70), (255, 255, 255)])
    image = Image.blend(image, resized(light, size), rng.uniform(0.08, 0.22))
    return Image.fromarray(cv2.GaussianBlur(np.asarray(image), (0, 0), rng.uniform(0.4, 1.4)))


def _building(rng: Random, pen: ImageDraw.ImageDraw, width: int, horizon: int) -> None:
    left, wide = rng.randint(-50, width), rng.randint(width // 12, width // 3)
    top, wall = horizon - rng.randint(30, max(31, horizon * 3 // 4)), colour(rng, 60, 220)
    pen.rectangle((left, top, left + wide, horizon + 20), wall)
    pane = max(8, wide // rng.randint(5, 9))
    for x in range(left + pane // 2, left + wide - pane // 2, pane):
        for y in range(top + pane // 2, horizon - pane // 2, pane):
            pen.rectangle((x, y, x + pane // 2, y + pane // 2), shaded(wall, rng.choice((0.5, 0.6, 1.4))))


def _somebody(rng: Random, pen: ImageDraw.ImageDraw, size: tuple[int, int], horizon: int) -> None:
    tall = rng.randint(size[1] // 8, size[1] // 2)
    x, feet = rng.randint(0, size[0]), rng.randint(horizon + 20, size[1] + tall // 2)
    head, coat, skin = (
        tall // 6,
        colour(rng),
        (rng.randint(120, 220), rng.randint(80, 160), rng.randint(60, 130)),
    )
    pen.rounded_rectangle((x - head, feet - tall + head, x + head, feet), head // 2, coat)
    pen.rectangle((x - head // 4, feet - tall + head, x + head // 4, feet - tall // 2), shaded(coat, 1.5))
    pen.ellipse((x - head // 2, feet - tall, x + head // 2, feet - tall + head + head // 4), skin)
    pen.pieslice(
        (x - head // 2, feet - tall, x + head // 2, feet - tall + head), 180, 360, colour(rng, 0, 90)
    )


def avatar(rng: Random | None, side: int) -> Image.Image:
    """The picture of a person or a group: a face or a monogram; without dice the grey figure of apps."""
    image = Image.new("RGB", (96, 96), colour(rng, 60, 220) if rng else (205, 210, 214))
    pen = ImageDraw.Draw(image)
    if rng is None:
        pen.ellipse((33, 20, 63, 50), "white")
        pen.ellipse((20, 58, 76, 130), "white")
    elif rng.random() < 0.3:
        pen.text((48, 48), rng.choice("ABDEFHIRSTUWYZ"), "white", font("round", 60), "mm")
    else:
        pen.ellipse((8, 55, 88, 140), colour(rng))
        pen.ellipse((28, 16, 68, 64), (rng.randint(120, 220), rng.randint(90, 160), rng.randint(60, 130)))
        pen.pieslice((26, 12, 70, 56), 180, 360, colour(rng, 0, 110))
    return image.resize((side, side), Image.Resampling.LANCZOS)


def rounded(size: tuple[int, int], radius: int) -> Image.Image:
    """A mask with round corners, radius in pixels."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, 255)
    return mask


def veil(image: Image.Image, box: Box, tone: Colour, alpha: float) -> None:
    """Lays a translucent colour over a part of the image; alpha from 0 to 1."""
    part = image.crop(box)
    image.paste(Image.blend(part, Image.new("RGB", part.size, tone), alpha), box[:2])


def resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Scaled as phones do it: averaged when it gets smaller, cubic when it gets larger."""
    smaller = size[0] < image.width
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return Image.fromarray(cv2.resize(np.asarray(image), size, interpolation=way))


def fitted(image: Image.Image, size: tuple[int, int], zoom: float = 1.0) -> Image.Image:
    """The image as large as it fits into `size`, times `zoom`."""
    scale = min(size[0] / image.width, size[1] / image.height) * zoom
    wanted = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return resized(image, wanted)


def covered(
    image: Image.Image, size: tuple[int, int], middle: tuple[float, float] = (0.5, 0.5)
) -> Image.Image:
    """The image scaled to cover `size` and cropped there; `middle` says which part stays (0 to 1)."""
    scale = max(size[0] / image.width, size[1] / image.height)
    wide, high = size[0] / scale, size[1] / scale
    left, top = max(0.0, image.width - wide) * middle[0], max(0.0, image.height - high) * middle[1]
    return resized(image.crop((round(left), round(top), round(left + wide), round(top + high))), size)
