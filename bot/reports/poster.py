"""The paper for the wall of an agency: who it is for, a code to scan, three steps to join.

Black on white only, because that is what office printers do well.
"""

from datetime import UTC, datetime
from typing import cast
from urllib.parse import parse_qs, urlsplit

from fpdf import FPDF

from bot.reports import drawing, qr, typeset
from bot.reports.typeset import FONT
from bot.texts import rendering

_WIDTH, _MARGIN = 210.0, 18.0  # millimetres, A4
_ROOM = _WIDTH - 2 * _MARGIN
_FRAME = 102.0  # around the code and its white border
_SMALL_FRAME = 82.0  # of two codes, side by side
_NAME_TOP, _NAME_HEIGHT = 55.0, 34.0
_FRAME_TOP = 93.0
_STEPS_TOP = 220.0
_MADE = datetime(2026, 1, 1, tzinfo=UTC)  # of this layout: a paper has no clock


def opd_poster(opd_name: str, telegram_link: str, whatsapp_link: str = "") -> bytes:
    """An A4 page (PDF) that invites the people of an agency; the same input gives the same bytes.

    A long name is set smaller until it fits. The code is drawn as vectors and reads at any size. With a
    `whatsapp_link` ("https://wa.me/62811…?text=…") there are two of them, Telegram's first.
    """
    with typeset.paper(_label("poster.title"), _MADE) as pdf:
        pdf.add_page()
        _head(pdf, drawing.legible(opd_name, bold=True))
        _ways(pdf, telegram_link, whatsapp_link)
        for number in (1, 2, 3):
            _step(pdf, number, "_both" if whatsapp_link and number < 3 else "")
        pdf.set_xy(_MARGIN, 273)
        pdf.set_font(FONT, "", 10)
        pdf.multi_cell(_ROOM, 4.8, _label("poster.promise"), align="C")
        return typeset.data(pdf)


def _ways(pdf: FPDF, telegram_link: str, whatsapp_link: str) -> None:
    if whatsapp_link:
        _two_codes(pdf, telegram_link, whatsapp_link)
    else:
        _code(pdf, telegram_link, (_WIDTH - _FRAME) / 2, _FRAME)
        _address(pdf, telegram_link)


def _head(pdf: FPDF, name: str) -> None:
    pdf.set_fill_color(0)
    pdf.set_text_color(255)
    pdf.rect(0, 0, _WIDTH, 28, style="F")
    _centered(pdf, 6.5, _label("poster.title"), 34, bold=True)
    pdf.set_text_color(0)
    _centered(pdf, 33, _label("poster.invitation"), 18)
    _centered(pdf, 46, _label("poster.for_opd"), 14)
    size, lines = _set_name(pdf, name)
    leading = size * 0.42
    top = _NAME_TOP + (_NAME_HEIGHT - leading * len(lines)) / 2
    pdf.set_font(FONT, "B", size)
    for number, line in enumerate(lines):
        pdf.set_xy(_MARGIN, top + number * leading)
        pdf.cell(_ROOM, leading, line, align="C")


def _set_name(pdf: FPDF, name: str) -> tuple[float, list[str]]:
    """The largest size in points at which the name fits its field, and its lines."""
    for size in range(32, 7, -1):
        pdf.set_font(FONT, "B", size)
        lines = cast(list[str], pdf.multi_cell(_ROOM, text=name, dry_run=True, output="LINES"))
        if len(lines) * size * 0.42 <= _NAME_HEIGHT and (len(lines) <= 3 or size <= 16):
            return size, lines
    return size, lines[: int(_NAME_HEIGHT / (size * 0.42))]


def _code(pdf: FPDF, link: str, left: float, side: float) -> None:
    pdf.set_line_width(1.2)
    pdf.rect(left, _FRAME_TOP, side, side, round_corners=True, corner_radius=4)
    qr.draw(pdf, link, left, _FRAME_TOP, side)


def _two_codes(pdf: FPDF, telegram_link: str, whatsapp_link: str) -> None:
    """Each with its channel below it, and the way for who has no camera."""
    shown = urlsplit(whatsapp_link)
    said = parse_qs(shown.query)["text"][0]
    ways = (
        (telegram_link, "telegram", {"link": telegram_link.removeprefix("https://")}),
        (whatsapp_link, "whatsapp", {"words": said, "number": f"+{shown.path[1:]}"}),
    )
    for nth, (link, channel, params) in enumerate(ways):
        left = _MARGIN + nth * (_ROOM - _SMALL_FRAME)
        _code(pdf, link, left, _SMALL_FRAME)
        _centered(pdf, 178.5, _label(f"poster.by_{channel}"), 20, bold=True, left=left, room=_SMALL_FRAME)
        for line, size in ((1, 10.5), (2, 12)):
            text = rendering.label(f"poster.by_{channel}_{line}", params)
            top = 184 + 6.5 * line
            _centered(pdf, top, text, size, bold=line == 2, left=left, room=_SMALL_FRAME)


def _address(pdf: FPDF, link: str) -> None:
    _centered(pdf, 199, _label("poster.by_hand"), 11)
    shown = link.removeprefix("https://")
    _centered(pdf, 205.5, shown, 15, bold=True)


def _step(pdf: FPDF, number: int, which: str = "") -> None:
    width = _ROOM / 3
    left = _MARGIN + (number - 1) * width
    center = left + width / 2
    pdf.set_fill_color(0)
    pdf.circle(center, _STEPS_TOP + 9, 9, style="F")
    pdf.set_text_color(255)
    pdf.set_font(FONT, "B", 26)
    pdf.set_xy(left, _STEPS_TOP + 2)
    pdf.cell(width, 14, str(number), align="C")
    pdf.set_text_color(0)
    pdf.set_font(FONT, "B", 16)
    pdf.set_xy(left, _STEPS_TOP + 20)
    pdf.cell(width, 9, _label(f"poster.step_{number}{which}"), align="C")
    pdf.set_font(FONT, "", 12)
    pdf.set_xy(left + 2, _STEPS_TOP + 30)
    pdf.multi_cell(width - 4, 5.8, _label(f"poster.step_{number}_how{which}"), align="C")


def _centered(
    pdf: FPDF,
    top: float,
    text: str,
    size: float,
    *,
    bold: bool = False,
    left: float = _MARGIN,
    room: float = _ROOM,
) -> None:
    """One line in the middle, set smaller where it would not fit."""
    style = "B" if bold else ""
    pdf.set_font(FONT, style, size)
    wide = pdf.get_string_width(text)
    if wide > room - 4:
        pdf.set_font(FONT, style, size * (room - 4) / wide)
    pdf.set_xy(left, top)
    pdf.cell(room, size * 0.45, text, align="C")


def _label(key: str) -> str:
    return rendering.label(key, {})
