"""The pages of our PDFs as pictures, to be compared: drawn from what stands in the file, by Pillow.

It knows just the operators that our papers are made of (ISO 32000-1, Annex A) and raises ValueError for any
other, so that nothing is left out unseen. Letters are those of the house's typeface.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

from bot.reports import drawing
from tests.bot.reports.test_poster import streams

SCALE = 1.5  # pixels to a point: the smallest letters are about ten pixels tall
_TOKEN = re.compile(rb"\((?:\\.|[^\\)])*\)|[^\s()]+", re.DOTALL)
_ESCAPES = {b"r": b"\r", b"n": b"\n"}
_BOX = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")
_IMAGE = re.compile(
    rb"<<((?:(?!>>\nstream).)*/Subtype /Image(?:(?!>>\nstream).)*)>>\nstream\n(.*?)\nendstream", re.DOTALL
)


@dataclass
class _Pen:
    fill: tuple[int, ...] = (0, 0, 0)
    stroke: tuple[int, ...] = (0, 0, 0)
    width: float = 1.0
    font: int = 1
    size: float = 0.0
    frame: tuple[float, ...] = ()
    place: tuple[float, ...] = ()
    path: list[tuple[str, tuple[float, ...]]] = field(default_factory=list)


def pages(pdf: bytes) -> list[Image.Image]:
    """A picture of each page, first to last."""
    box = _BOX.search(pdf)
    if box is None:
        raise ValueError("no page")
    size = round(float(box[1]) * SCALE), round(float(box[2]) * SCALE)
    tables = [
        {int(code, 16): chr(int(char, 16)) for code, char in re.findall(rb"<(\w{4})> <(\w{4})>", stream)}
        for stream in streams(pdf)
        if b"beginbfchar" in stream
    ]
    contents = [stream for stream in streams(pdf) if b" Tj" in stream]
    pictures = [_picture(*match.groups()) for match in _IMAGE.finditer(pdf)]
    return [_Page(size, tables, pictures).drawn(content) for content in contents]


def _picture(about: bytes, data: bytes) -> Image.Image:
    """A picture of three colours without loss, as the papers have the chart."""
    wide, tall = (int(re.findall(rb"/%s (\d+)" % name, about)[0]) for name in (b"Width", b"Height"))
    rows = zlib.decompress(data)
    if b"/Predictor 15" not in about or len(rows) != tall * (wide * 3 + 1):
        raise ValueError(about)
    head = b"IHDR" + wide.to_bytes(4) + tall.to_bytes(4) + bytes((8, 2, 0, 0, 0))
    chunks = (head, b"IDAT" + data, b"IEND")
    file = b"".join((len(chunk) - 4).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4) for chunk in chunks)
    return Image.open(io.BytesIO(b"\x89PNG\r\n\x1a\n" + file)).convert("RGB")


class _Page:
    """One page while it is drawn."""

    def __init__(
        self, size: tuple[int, int], tables: list[dict[int, str]], pictures: list[Image.Image]
    ) -> None:
        self.picture = Image.new("RGB", size, "white")
        self.draw = ImageDraw.Draw(self.picture)
        self.tables, self.pictures = tables, pictures
        self.pen, self.kept = _Pen(), list[_Pen]()

    def drawn(self, content: bytes) -> Image.Image:
        for operator, values in _operations(content):
            self._do(operator, values)
        return self.picture

    def _do(self, operator: str, values: list[bytes]) -> None:
        pen = self.pen
        match operator, values:
            case "q", _:
                self.kept.append(_Pen(**{**vars(pen), "path": []}))
            case "Q", _:
                self.pen = self.kept.pop()
            case (("BT" | "ET" | "J"), _):
                pass
            case "w", _:
                pen.width = float(values[0])
            case (("g" | "rg"), _):
                pen.fill = _colour(values)
            case (("G" | "RG"), _):
                pen.stroke = _colour(values)
            case "Tf", _:
                pen.font, pen.size = int(values[0].removeprefix(b"/F")), float(values[1])
            case "Td", _:
                pen.place = tuple(map(float, values))
            case "cm", _:
                pen.frame = tuple(map(float, values))
            case (("re" | "m" | "l"), _):
                pen.path.append((operator, tuple(map(float, values))))
            case (("f" | "S"), _):
                self._path(filled=operator == "f")
            case "Tj", _:
                self._text(values[0])
            case "Do", _:
                self._image(int(values[0].removeprefix(b"/I")))
            case _:
                raise ValueError(f"{operator} is drawn by none of our papers yet")

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x * SCALE, self.picture.height - y * SCALE

    def _path(self, *, filled: bool) -> None:
        pen, width = self.pen, max(1, round(self.pen.width * SCALE))
        points = [self._at(*values) for operator, values in pen.path if operator != "re"]
        if points:
            self.draw.line(points, pen.stroke, width)
        for operator, values in pen.path:
            if operator == "re":
                x, y, wide, tall = values
                (left, right), (top, bottom) = (
                    sorted(pair) for pair in zip(self._at(x, y), self._at(x + wide, y + tall), strict=True)
                )
                edges = (left, top, max(left, right - 1), max(top, bottom - 1))
                if filled:
                    self.draw.rectangle(edges, pen.fill)
                else:
                    self.draw.rectangle(edges, None, pen.stroke, width)
        pen.path.clear()

    def _text(self, written: bytes) -> None:
        pen = self.pen
        codes = re.sub(rb"\\(.)", lambda one: _ESCAPES.get(one[1], one[1]), written[1:-1], flags=re.DOTALL)
        table = self.tables[pen.font - 1]
        text = "".join(table[codes[n] * 256 + codes[n + 1]] for n in range(0, len(codes), 2))
        file, basic = drawing.font_file(bold=pen.font == 2), ImageFont.Layout.BASIC  # the same everywhere
        font = ImageFont.truetype(file, pen.size * SCALE, layout_engine=basic)
        self.draw.text(self._at(*pen.place), text, pen.fill, font, anchor="ls")

    def _image(self, number: int) -> None:
        wide, _, _, tall, x, y = self.pen.frame
        size = round(wide * SCALE), round(tall * SCALE)
        left, top = self._at(x, y + tall)
        shown = self.pictures[number - 1].resize(size, Image.Resampling.LANCZOS)
        self.picture.paste(shown, (round(left), round(top)))


def _operations(content: bytes) -> Iterator[tuple[str, list[bytes]]]:
    values = list[bytes]()
    for token in _TOKEN.findall(content):
        if token[:1] in b"(/-.0123456789":
            values.append(token)
        else:
            yield token.decode(), values
            values = []


def _colour(values: list[bytes]) -> tuple[int, ...]:
    parts = [round(float(value) * 255) for value in values]
    return tuple(parts if len(parts) == 3 else parts * 3)
