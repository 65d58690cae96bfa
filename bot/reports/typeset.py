"""Every PDF of the house begins and ends here: the typeface, no clock, no break of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal

from fpdf import FPDF
from fpdf.fonts import TTFFont

from bot.reports import drawing

FONT = "house"


@contextmanager
def paper(
    title: str, made: datetime, orientation: Literal["portrait", "landscape"] = "portrait"
) -> Iterator[FPDF]:
    """An A4 document in millimetres without a page yet. `made` is the date that it bears: a paper has no
    clock, and the same input gives the same bytes (`data`).

    Its typefaces are closed at the end, also of one that could not be finished. The library leaves that to
    the garbage collector: a program that makes hundreds of papers would have as many files open.
    """
    pdf = FPDF(orientation=orientation, format="A4", unit="mm")
    try:
        pdf.set_creation_date(made)
        pdf.set_auto_page_break(False)
        pdf.set_title(title)
        pdf.set_lang("id")
        pdf.add_font(FONT, "", drawing.font_file())
        pdf.add_font(FONT, "B", drawing.font_file(bold=True))
        yield pdf
    finally:
        for font in pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


def data(pdf: FPDF) -> bytes:
    """The file of a document that is still open."""
    return bytes(pdf.output())
