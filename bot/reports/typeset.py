"""Every PDF of the house begins and ends here: the typeface, no clock, no break of its own."""

from datetime import datetime
from typing import Literal

from fpdf import FPDF
from fpdf.fonts import TTFFont

from bot.reports import drawing

FONT = "house"


def begun(title: str, made: datetime, orientation: Literal["portrait", "landscape"] = "portrait") -> FPDF:
    """An A4 document in millimetres without a page yet. `made` is the date that it bears: a paper has no
    clock, and the same input gives the same bytes."""
    pdf = FPDF(orientation=orientation, format="A4", unit="mm")
    pdf.set_creation_date(made)
    pdf.set_auto_page_break(False)
    pdf.set_title(title)
    pdf.set_lang("id")
    pdf.add_font(FONT, "", drawing.font_file())
    pdf.add_font(FONT, "B", drawing.font_file(bold=True))
    return pdf


def finished(pdf: FPDF) -> bytes:
    """The file. The typefaces are closed, which the library leaves to the garbage collector: a program that
    makes hundreds of papers would have as many files open."""
    data = bytes(pdf.output())
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.close()
    return data
