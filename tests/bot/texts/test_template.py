"""What a catalogue text may be made of."""

import pytest

from bot.texts import template
from bot.texts.template import Piece, Style, TemplateError

BOLD, ITALIC, MONO, BLOCK = (Style(name) for name in ("bold", "italic", "mono", "block"))


def test_marks_become_styles() -> None:
    assert template.pieces("Halo *{name}*, _baca_ `kode` ```\nisi\n```") == (
        Piece("Halo "),
        Piece(slot="name", styles=(BOLD,)),
        Piece(", "),
        Piece("baca", styles=(ITALIC,)),
        Piece(" "),
        Piece("kode", styles=(MONO,)),
        Piece(" "),
        Piece("isi", styles=(BLOCK,)),
    )


def test_a_link_has_a_label_and_an_address_that_may_have_parameters() -> None:
    link = Style("link", "https://t.me/{bot}?start=x_y_z")
    assert template.pieces("Buka [*di sini*]({})".replace("{}", link.url)) == (
        Piece("Buka "),
        Piece("di sini", styles=(link, BOLD)),
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("kode_opd dan nama_opd", "kode_opd dan nama_opd"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        (r"\*bukan tebal\*", "*bukan tebal*"),
        ("{{nama}}", "{nama}"),
        ("tekan [Ya] atau [Tidak]", "tekan [Ya] atau [Tidak]"),
        (r"\? bukan pilihan", "? bukan pilihan"),
    ],
)
def test_what_only_looks_like_a_mark_stays_text(source: str, text: str) -> None:
    assert template.pieces(source) == (Piece(text),)


def test_marks_inside_a_block_are_text() -> None:
    assert template.pieces("```a *b* _c_ `d` {x}```") == (
        Piece("a *b* _c_ `d` ", styles=(BLOCK,)),
        Piece(slot="x", styles=(BLOCK,)),
    )


@pytest.mark.parametrize(
    "source",
    [
        "*tebal",
        "_miring",
        "`kode",
        "```blok",
        "*a _b* c_",
        "{Nama}",
        "{nama",
        "nama}",
        "{a b}",
        "{}",
        "[*a](http://x)",
    ],
)
def test_a_mark_left_open_or_a_bad_parameter_is_refused(source: str) -> None:
    with pytest.raises(TemplateError):
        template.check(source, frozenset())


def test_an_unknown_format_is_refused() -> None:
    template.check("{n:number}", frozenset({"number"}))
    with pytest.raises(TemplateError, match="n:angka"):
        template.check("{n:angka}", frozenset({"number"}))


def test_an_optional_line_must_have_a_parameter_and_close_its_marks() -> None:
    with pytest.raises(TemplateError, match="needs a parameter"):
        template.check("a\n? b", frozenset())
    with pytest.raises(TemplateError, match="marks nothing"):
        template.check("a\n? *{b}\nc*", frozenset())


@pytest.mark.parametrize(
    ("empty", "text"),
    [
        ((), "Judul\n\nA {a}\n\nB {b} {c}\nakhir"),
        (("a",), "Judul\n\nB {b} {c}\nakhir"),
        (("b",), "Judul\n\nA {a}\n\nB {b} {c}\nakhir"),
        (("a", "b", "c"), "Judul\n\nakhir"),
    ],
)
def test_an_optional_line_goes_when_all_of_its_parameters_are_empty(
    empty: tuple[str, ...], text: str
) -> None:
    source = "Judul\n\n? A {a}\n\n? B {b} {c}\nakhir"
    assert template.without_empty_lines(source, frozenset(empty)) == text


def test_parameters_and_their_formats_are_known() -> None:
    assert template.slots("{a} {b:number} {b:bar} {{c}}") == {"a": {""}, "b": {"number", "bar"}}
    assert template.optional_slots("{a}\n? {a} {b}") == {"b"}
