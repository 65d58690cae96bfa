"""A code to scan, on paper: of level Q, which still reads with a quarter of it torn or behind a pin."""

import itertools

import segno
from fpdf import FPDF

_QUIET = 4  # modules of white around a code, ISO/IEC 18004


def draw(pdf: FPDF, link: str, left: float, top: float, side: float) -> None:
    """The code of a link on a page, as vectors that read at any size: in a square of `side` millimetres, its
    white border included."""
    matrix = segno.make(link, micro=False, error="q", boost_error=False).matrix
    module = side / (len(matrix) + 2 * _QUIET)
    left, top = left + _QUIET * module, top + _QUIET * module
    pdf.set_fill_color(0)
    for y, row in enumerate(matrix):
        x = 0
        for dark, run in itertools.groupby(row):
            width = len(list(run))
            if dark:
                # A hair higher than a module: viewers show a white line between rows that only touch.
                pdf.rect(left + x * module, top + y * module, width * module, module + 0.03, style="F")
            x += width
