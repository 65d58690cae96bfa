"""A sheet measured in pixels from its upper left corner, on matplotlib's own canvas without pyplot.

pyplot keeps global state and is not for threads; a sheet is nobody's but its maker's.
"""

import io
from functools import cache
from importlib import resources
from typing import Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

# Dark blue and light orange differ in brightness as well as in hue: they stay apart in grey and for
# colour-blind eyes. Every text colour has a contrast of 7:1 or more on white.
INK, MUTED = "#1b1b1b", "#505050"
GOOD, LOW = "#0b4f8a", "#e08a1a"
TRACK, RULE = "#e6e6e6", "#b8b8b8"
RANGE = "#b9cde0"  # between those: what may be
WIDTH = 1080
LEFT = 60  # the margins of a picture
RIGHT = WIDTH - LEFT
ROOM = RIGHT - LEFT
_DPI = 100
_ELLIPSIS = "…"

with resources.as_file(resources.files("bot.reports") / "house.mplstyle") as _style:
    # Once and not per picture: a context would change global settings under another thread's hands.
    mpl.rcParams.update(mpl.rc_params_from_file(_style, use_default_template=False))


@cache
def _glyphs(*, bold: bool) -> frozenset[int]:
    return frozenset(_font(bold=bold).get_charmap())


def font_file(*, bold: bool = False) -> str:
    """Path of the house's typeface: it comes with matplotlib, and its licence lets it be embedded."""
    return findfont(FontProperties(weight="bold" if bold else "normal"))


def _font(*, bold: bool) -> FT2Font:
    return get_font(font_file(bold=bold))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in pixels of a text `size` pixels high."""
    font = _font(bold=bold)
    font.set_size(size * 72 / _DPI, _DPI)
    font.set_text(text)
    width: float = font.get_width_height()[0] / 64
    return width


def legible(text: str, *, bold: bool = False) -> str:
    """The text on one line, without the characters that the font lacks."""
    known = _glyphs(bold=bold)
    return " ".join("".join(char for char in text if ord(char) in known or char.isspace()).split())


def fitted(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The legible text, cut with an ellipsis to `room` pixels."""
    text = legible(text, bold=bold)
    if text_width(text, size, bold=bold) <= room:
        return text
    while text and text_width(text + _ELLIPSIS, size, bold=bold) > room:
        text = text[:-1].rstrip(" ,.-–")
    return text + _ELLIPSIS


class Sheet:
    """A white page, WIDTH pixels wide and `height` high."""

    def __init__(self, height: int) -> None:
        self.height = height
        self.figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI)
        FigureCanvasAgg(self.figure)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        color: str = INK,
        bold: bool = False,
        align: Literal["left", "center", "right"] = "left",
        halo: bool = False,
    ) -> None:
        """Writes on the base line `y`; `size` is the height of the letters' box in pixels. A halo of white
        keeps it legible across lines."""
        self.figure.add_artist(
            Text(
                x,
                self.height - y,
                text,
                transform=IdentityTransform(),
                color=color,
                fontsize=size * 72 / _DPI,
                fontweight="bold" if bold else "normal",
                horizontalalignment=align,
                verticalalignment="baseline",
                path_effects=[withStroke(linewidth=6, foreground="white")] if halo else [],
            )
        )

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """A filled rectangle with its upper left corner at (x, y)."""
        self.figure.add_artist(
            Rectangle(
                (x, self.height - y - height), width, height, facecolor=color, transform=IdentityTransform()
            )
        )

    def line(
        self, xs: list[float], ys: list[float], color: str, width: float = 2, *, dashed: bool = False
    ) -> None:
        """A line through points, `width` pixels thick."""
        flipped = [self.height - y for y in ys]
        pattern = (0.0, (4.0, 3.0)) if dashed else (0.0, ())
        self.figure.add_artist(
            Line2D(
                xs,
                flipped,
                color=color,
                linewidth=width * 72 / _DPI,
                linestyle=pattern,
                transform=IdentityTransform(),
            )
        )

    def area(self, xs: list[float], ys: list[float], color: str) -> None:
        """A filled shape with these corners."""
        corners = [(x, self.height - y) for x, y in zip(xs, ys, strict=True)]
        self.figure.add_artist(Polygon(corners, facecolor=color, transform=IdentityTransform()))

    def dot(self, x: float, y: float, radius: float, color: str) -> None:
        self.figure.add_artist(
            Circle((x, self.height - y), radius, facecolor=color, transform=IdentityTransform())
        )

    def png(self) -> bytes:
        """The picture; the same drawing gives the same bytes."""
        target = io.BytesIO()
        self.figure.savefig(target, format="png", dpi=_DPI, metadata={"Software": None})
        return target.getvalue()


def title(sheet: Sheet, top: float, text: str) -> None:
    """The head of a panel that begins at `top`: a rule, and what it is about."""
    sheet.line([LEFT, RIGHT], [top + 18, top + 18], RULE)
    sheet.text(LEFT, top + 62, text, 32, bold=True)
