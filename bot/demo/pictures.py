"""Pictures of the sample: an infographic for each item, and screenshots as people send them.

Drawn here, so that no licence and no real person is in them. Every picture says that it is a sample.
"""

import colorsys
import io
import random
import zlib
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from bot.demo import topics
from bot.demo.topics import Topic
from bot.reports import drawing

SIDE = 1080
LABEL = "CONTOH: angka dan gambar untuk peragaan"
Color = tuple[int, int, int]


@cache
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(drawing.font_file(bold=bold), size)


def infographic(topic: Topic) -> bytes:
    """The picture of an item as JPEG, 1,080 pixels square; no two OPD have the same colours."""
    places = [*topics.TOPICS, topics.PROVINCIAL.code]
    hue = places.index(topic.code) * 0.618034 % 1  # neighbours in the list are far apart in colour
    dark, light = _color(hue, 0.72, 0.42), _color(hue + 0.06, 0.35, 0.96)
    picture = Image.new("RGB", (SIDE, SIDE), light)
    pen = ImageDraw.Draw(picture)
    _pattern(pen, topic.code, hue)
    pen.rectangle((0, 0, SIDE, 150), fill=dark)
    pen.text(
        (60, 75), _fitted(topics.name(topic), 40, SIDE - 120), "white", _font(40, bold=True), anchor="lm"
    )
    top = 210
    for line in _wrapped(topic.title, 68, SIDE - 120):
        pen.text((60, top), line, dark, _font(68, bold=True))
        top += 84
    pen.rounded_rectangle((60, 520, SIDE - 60, 850), 40, fill="white")
    size = next(size for size in (190, 160, 130, 100, 80) if _width(topic.figure, size) < SIDE - 220)
    pen.text((SIDE / 2, 650), topic.figure, dark, _font(size, bold=True), anchor="mm")
    pen.text((SIDE / 2, 790), topic.unit, "#333333", _font(42), anchor="mm")
    pen.text((60, 925), topics.HASHTAGS, dark, _font(36, bold=True), anchor="lm")
    pen.rectangle((0, SIDE - 84, SIDE, SIDE), fill=dark)
    pen.text((SIDE / 2, SIDE - 42), LABEL, "white", _font(28), anchor="mm")
    return _jpeg(picture)


def screenshot(number: int, topic: Topic | None = None) -> bytes:
    """A phone's screen with a shared post on it, as JPEG; another number, another person's screen. Without a
    topic it is one of the sample's."""
    dice = random.Random(number)
    hue = dice.random()
    picture = Image.new("RGB", (720, 1280), _color(hue, 0.06, 0.98))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 720, 96), fill=_color(hue, 0.6, 0.4))
    pen.text(
        (32, 48), f"{dice.randint(6, 20):02d}.{dice.randint(0, 59):02d}", "white", _font(30), anchor="lm"
    )
    pen.text((688, 48), f"{dice.randint(9, 100)}%", "white", _font(30), anchor="rm")
    pen.ellipse((32, 130, 112, 210), fill=_color(hue + 0.5, 0.5, 0.7))
    pen.text((136, 170), f"asn.{number}", "#222222", _font(32, bold=True), anchor="lm")
    topic = topic or list(topics.TOPICS.values())[number % len(topics.TOPICS)]
    picture.paste(_shared(topic), (32, 240))
    pen.text((32, 940), f"{dice.randint(3, 180)} suka", "#222222", _font(30), anchor="lm")
    pen.text((32, 1000), _fitted(topic.title, 28, 656), "#222222", _font(28), anchor="lm")
    pen.text((360, 1240), LABEL, "#777777", _font(22), anchor="mm")
    return _jpeg(picture)


@cache
def _shared(topic: Topic) -> Image.Image:
    with Image.open(io.BytesIO(infographic(topic))) as whole:
        return whole.resize((656, 656))


def _pattern(pen: ImageDraw.ImageDraw, code: str, hue: float) -> None:
    """Bars of the OPD's own, so that pictures differ in more than their words."""
    dice = random.Random(zlib.crc32(code.encode()))
    for nth in range(9):
        height = dice.randint(40, 260)
        left = 60 + nth * 108
        pen.rectangle((left, 990 - height, left + 84, 990), fill=_color(hue + 0.06, 0.22, 0.9))


def _color(hue: float, saturation: float, value: float) -> Color:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _width(text: str, size: int) -> float:
    return _font(size, bold=True).getlength(text)


def _wrapped(text: str, size: int, room: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and _width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _fitted(text: str, size: int, room: int) -> str:
    while _width(text, size) > room:
        text = text[:-2].rstrip() + "…"
    return text


def _jpeg(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=85)
    return target.getvalue()
