"""A4 paper for office printers: millimetres from the upper left corner, the house's typeface, texts that
never leave their room."""

import io
from typing import Literal, cast

from fpdf import FPDF
from PIL import Image

from bot.reports import drawing
from bot.reports.typeset import FONT

WIDTH, HEIGHT = 210.0, 297.0
MARGIN = 14.0
ROOM = WIDTH - 2 * MARGIN
BOTTOM = HEIGHT - 12.0  # where the foot of a page begins to be out of reach of many printers
_LEADING = 0.46  # millimetres of line for a point of letter
Align = Literal["L", "C", "R"]


class Pages:
    """A document (of `typeset.paper`) that grows page by page. Sizes of letters are in points."""

    def __init__(self, pdf: FPDF) -> None:
        self.pdf = pdf

    def turn(self) -> None:
        """Begins the next page."""
        self.pdf.add_page()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        room: float = ROOM,
        align: Align = "L",
        color: str = drawing.INK,
    ) -> None:
        """One line whose letters begin at `y`, cut with an ellipsis to `room`."""
        self._pen(size, color, bold=bold)
        self.pdf.set_xy(x, y)
        self.pdf.cell(room, size * _LEADING, self._fitted(text, room, bold=bold), align=align)

    def _pen(self, size: float, color: str, *, bold: bool) -> None:
        self.pdf.c_margin = 0
        self.pdf.set_font(FONT, "B" if bold else "", size)
        self.pdf.set_text_color(color)

    def _fitted(self, text: str, room: float, *, bold: bool) -> str:
        text = drawing.legible(text, bold=bold)
        if self.pdf.get_string_width(text) <= room:
            return text
        while text and self.pdf.get_string_width(text + "…") > room:
            text = text[:-1].rstrip(" ,.-–")
        return text + "…"

    def lines(self, text: str, size: float, room: float, *, bold: bool = False, most: int = 0) -> list[str]:
        """The text broken to `room`; at most so many lines, the last one cut."""
        self._pen(size, drawing.INK, bold=bold)
        written = drawing.legible(text, bold=bold)
        found = cast(list[str], self.pdf.multi_cell(room, text=written, dry_run=True, output="LINES"))
        if most and len(found) > most:
            rest = " ".join(found[most - 1 :])
            found = [*found[: most - 1], self._fitted(rest, room, bold=bold)]
        return found

    def block(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        room: float,
        *,
        bold: bool = False,
        color: str = drawing.INK,
        most: int = 0,
    ) -> float:
        """Several lines from `y` on; where they end."""
        for line in self.lines(text, size, room, bold=bold, most=most):
            self.text(x, y, line, size, bold=bold, room=room + 1, color=color)
            y += size * _LEADING
        return y

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        self.pdf.set_fill_color(color)
        self.pdf.rect(x, y, width, height, style="F")

    def rule(self, y: float, *, x: float = MARGIN, room: float = ROOM, color: str = drawing.RULE) -> None:
        """A thin line across."""
        self.box(x, y, room, 0.25, color)

    def picture(self, png: bytes, x: float, y: float, width: float) -> float:
        """A picture from (x, y) on; where it ends."""
        with Image.open(io.BytesIO(png)) as picture:
            opaque = picture.convert("RGB")  # an alpha channel would be kept as a second picture
            self.pdf.image(opaque, x, y, width)
            return y + width * opaque.height / opaque.width
