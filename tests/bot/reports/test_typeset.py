"""How every PDF begins and ends."""

from datetime import UTC, datetime

from fpdf.fonts import TTFFont

from bot.reports import typeset

MADE = datetime(2026, 11, 25, tzinfo=UTC)


def test_a_finished_paper_leaves_no_typeface_open() -> None:
    pdf = typeset.begun("Surat", MADE)
    pdf.add_page()
    pdf.set_font(typeset.FONT, "B", 12)
    pdf.cell(text="Halo")
    open_files = [font.ttfont.reader.file for font in pdf.fonts.values() if isinstance(font, TTFFont)]
    assert len(open_files) == 2
    assert not any(file.closed for file in open_files)
    data = typeset.finished(pdf)
    assert data.startswith(b"%PDF-")
    assert all(file.closed for file in open_files)
