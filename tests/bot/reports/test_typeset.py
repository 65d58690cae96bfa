"""How every PDF begins and ends."""

from datetime import UTC, datetime
from typing import BinaryIO

import pytest
from fpdf import FPDF
from fpdf.fonts import TTFFont

from bot.reports import typeset

MADE = datetime(2026, 11, 25, tzinfo=UTC)


def typefaces(pdf: FPDF) -> list[BinaryIO]:
    return [font.ttfont.reader.file for font in pdf.fonts.values() if isinstance(font, TTFFont)]


def test_a_paper_leaves_no_typeface_open() -> None:
    with typeset.paper("Surat", MADE) as pdf:
        pdf.add_page()
        pdf.set_font(typeset.FONT, "B", 12)
        pdf.cell(text="Halo")
        files = typefaces(pdf)
        assert len(files) == 2
        assert not any(file.closed for file in files)
        assert typeset.data(pdf).startswith(b"%PDF-")
    assert all(file.closed for file in files)


def test_nor_does_one_that_could_not_be_finished() -> None:
    files = []
    with pytest.raises(KeyError), typeset.paper("Surat", MADE) as pdf:
        files = typefaces(pdf)
        raise KeyError("a figure that is not there")
    assert len(files) == 2
    assert all(file.closed for file in files)
