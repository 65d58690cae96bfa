"""A certificate on a page that an office printer does well: A4 across, a plain double frame, one large name,
and a code by which anybody can ask whether it is genuine."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, cast

from fpdf import FPDF

from bot.reports import drawing, qr, typeset
from bot.reports.typeset import FONT
from bot.texts import rendering
from handlers import channels
from models.recognition import certificates
from models.recognition.certificates import Certificate

_WIDTH, _HEIGHT, _MARGIN = 297.0, 210.0, 30.0  # millimetres, A4 across
_ROOM = _WIDTH - 2 * _MARGIN
_CODE = 40.0  # with its white border
_CODE_LEFT, _CODE_TOP = 229.0, 142.0
_CHECK_LEFT = 138.0
_NAME_TOP, _NAME_HEIGHT = 82.0, 27.0
_INK, _BLUE, _GOLD, _GREY = (27, 27, 27), (11, 79, 138), (176, 132, 32), (80, 80, 80)


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on a certificate: `line` below the name (an agency, a title), `code` as it is printed, `at`
    the day on which it was confirmed in local time, `whatsapp` our number there (digits; "" for none)."""

    province: str
    name: str
    line: str
    category: str
    month: str
    number: str
    code: str
    link: str
    bot_name: str
    at: date
    whatsapp: str = ""


def of(found: Certificate, bot_name: str, zone: tzinfo, whatsapp: str = "") -> bytes:
    """The page of a certificate, its day in the local time of `zone`."""
    words = Words(
        province=found.province,
        name=found.name,
        line=f"“{found.detail}”" if found.detail else found.agency,
        category=rendering.label(f"award.category_{found.category}", {}),
        month=found.month,
        number=found.number,
        code=certificates.written(found.code),
        link=certificates.link(bot_name, found.code),
        bot_name=bot_name,
        at=found.at.astimezone(zone).date(),
        whatsapp=whatsapp,
    )
    return pdf(words, found.at)


def pdf(words: Words, made: datetime) -> bytes:
    """The page (PDF); the same input gives the same bytes. `made` is when it was confirmed.

    A long name is set smaller until it fits. The code is drawn as vectors and reads at any size.
    """
    title = f"{_label('certificate.paper_title')} {words.number}"
    with typeset.paper(title, made, "landscape") as page:
        page.add_page()
        _frame(page)
        _head(page, words)
        _winner(page, words)
        _foot(page, words)
        return typeset.data(page)


def _frame(page: FPDF) -> None:
    page.set_draw_color(*_BLUE)
    page.set_line_width(1.6)
    page.rect(8, 8, _WIDTH - 16, _HEIGHT - 16)
    page.set_draw_color(*_GOLD)
    page.set_line_width(0.5)
    page.rect(11, 11, _WIDTH - 22, _HEIGHT - 22)


def _head(page: FPDF, words: Words) -> None:
    _line(page, 20, _label("certificate.paper_by", province=words.province), 12, color=_GREY)
    _line(page, 29, _label("certificate.paper_title").upper(), 38, bold=True, color=_BLUE)
    _line(page, 49, _label("certificate.paper_number", number=words.number), 12, color=_GREY)
    page.set_draw_color(*_GOLD)
    page.set_line_width(0.7)
    page.line(_WIDTH / 2 - 30, 60, _WIDTH / 2 + 30, 60)
    _line(page, 67, _label("certificate.paper_given"), 14)


def _winner(page: FPDF, words: Words) -> None:
    name = drawing.legible(words.name, bold=True)
    size, lines = _fitted(page, name)
    leading = size * 0.42
    top = _NAME_TOP + (_NAME_HEIGHT - leading * len(lines)) / 2 - 4
    page.set_text_color(*_INK)
    page.set_font(FONT, "B", size)
    for number, line in enumerate(lines):
        page.set_xy(_MARGIN, top + number * leading)
        page.cell(_ROOM, leading, line, align="C")
    _line(page, 107, drawing.legible(words.line), 14, color=_GREY)
    _line(page, 118, _label("certificate.paper_as"), 14)
    award = _label("certificate.paper_award", category=words.category, month=words.month)
    _line(page, 127, award, 20, bold=True, color=_BLUE)


def _fitted(page: FPDF, name: str) -> tuple[float, list[str]]:
    """The largest size in points at which a name fits its field, and its lines."""
    for size in range(34, 9, -1):
        page.set_font(FONT, "B", size)
        lines = cast(list[str], page.multi_cell(_ROOM, text=name, dry_run=True, output="LINES"))
        if len(lines) * size * 0.42 <= _NAME_HEIGHT and (len(lines) == 1 or size <= 26):
            return size, lines
    return size, lines[: int(_NAME_HEIGHT / (size * 0.42))]


def _foot(page: FPDF, words: Words) -> None:
    """Room for a signature on the left, the code on the right, and how to check without a camera."""
    page.set_text_color(*_INK)
    page.set_font(FONT, "", 12)
    page.set_xy(_MARGIN, 148)
    page.cell(95, 6, _label("certificate.paper_signed", at=words.at.isoformat()))
    page.set_draw_color(*_INK)
    page.set_line_width(0.3)
    page.line(_MARGIN, 181, _MARGIN + 75, 181)
    qr.draw(page, words.link, _CODE_LEFT, _CODE_TOP, _CODE)
    page.set_text_color(*_GREY)
    page.set_font(FONT, "", 9.5)
    page.set_xy(_CHECK_LEFT, 153)
    room = _CODE_LEFT - _CHECK_LEFT - 3
    where = channels.where(words.bot_name, words.whatsapp)
    page.multi_cell(room, 5, _label("certificate.paper_check", where=where), align="R")
    page.set_text_color(*_INK)
    page.set_font(FONT, "B", 12)
    page.set_xy(_CHECK_LEFT, page.get_y() + 3)
    page.cell(room, 6, _label("certificate.paper_code", code=words.code), align="R")


def _line(
    page: FPDF, top: float, text: str, size: float, *, bold: bool = False, color: tuple[int, int, int] = _INK
) -> None:
    """One line in the middle, set smaller where it would not fit."""
    style = "B" if bold else ""
    page.set_text_color(*color)
    page.set_font(FONT, style, size)
    wide = page.get_string_width(text)
    if wide > _ROOM:
        page.set_font(FONT, style, size * _ROOM / wide)
    page.set_xy(_MARGIN, top)
    page.cell(_ROOM, size * 0.45, text, align="C")


def _label(key: str, **params: Any) -> str:
    return rendering.label(key, params)
