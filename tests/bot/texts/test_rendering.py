"""A sentence in the words of a channel, whatever a person wrote into it."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts import catalogue, markup, rendering, shortening
from bot.texts.markup import Markup
from bot.texts.rendering import Renderer, TextError

TEXTS = {
    "hello": "Halo *{name}*!",
    "card": "*{title}*\n_{what}_\n? Sumber: {link}\n\n```\n{caption}\n? {tags:list}\n```\n[Buka]({link})",
    "list": "Daftar {n:number}:\n{lines}",
    "line": "– {name} *{share:percent}*",
    "around": "Awal {caption} akhir: tekan _Ya_.",
    "long": "a" * 30 + " *" + "b" * 30 + "* c",
    "mixed": "*tebal `kode` _miring_*",
    "units.week": "minggu {range}",
    "units.points": "{value} poin",
}
MARKUPS: tuple[Markup, ...] = ("html", "whatsapp", "plain")
# Marks, tags, braces and characters of two units more often than chance would give them.
NASTY = st.lists(
    st.sampled_from([*"*_~`<>&\"'{}[]()\\ \n?a1😀é", "</b>", "<i>", "{name}", "```", "https://x.id/_a_"])
).map("".join)
PERSON = st.one_of(NASTY, st.text())


OURS = Renderer(catalogue.Catalogue(Locale.parse("id"), TEXTS, {}))


def render(key: str, params: Mapping[str, Any], channel: Markup, limit: int | None = 0) -> str:
    return OURS.render(key, params, channel, limit)


class Telegram(HTMLParser):
    """Reads HTML as Telegram does: the text, the tags in order, and nothing else is allowed."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert tag in ("b", "i", "code", "pre", "a")
        assert not {"code", "pre"} & set(self.open)
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


CARD = {
    "title": "Pasar murah",
    "what": "Beras\n dan minyak ",
    "link": "https://x.id/a_b",
    "caption": "Ayo!",
    "tags": ["#jambi"],
}


def test_a_card_in_telegram_html() -> None:
    assert render("card", CARD, "html") == (
        "<b>Pasar murah</b>\n<i>Beras\n dan minyak </i>\nSumber: https://x.id/a_b\n\n"
        '<pre>Ayo!\n#jambi</pre>\n<a href="https://x.id/a_b">Buka</a>'
    )


def test_a_card_in_whatsapp_marks_marks_every_line_and_leaves_the_caption_bare() -> None:
    assert render("card", CARD, "whatsapp") == (
        "*Pasar murah*\n_Beras_\n _dan minyak_ \nSumber: https://x.id/a_b\n\n"
        "Ayo!\n#jambi\nBuka (https://x.id/a_b)"
    )


def test_a_card_in_plain_text() -> None:
    assert render("card", CARD, "plain") == (
        "Pasar murah\nBeras\n dan minyak \nSumber: https://x.id/a_b\n\nAyo!\n#jambi\nBuka (https://x.id/a_b)"
    )


def test_an_empty_optional_line_leaves_no_trace() -> None:
    sent = render("card", {"title": "T", "what": "W", "caption": "C", "link": "", "tags": None}, "html")
    assert sent == "<b>T</b>\n<i>W</i>\n\n<pre>C</pre>\nBuka"


def test_code_stands_alone_because_telegram_nests_nothing_in_it() -> None:
    assert render("mixed", {}, "html") == "<b>tebal </b><code>kode</code><b> <i>miring</i></b>"
    assert render("mixed", {}, "whatsapp") == "*tebal* ```kode``` *_miring_*"


def test_an_address_that_is_none_becomes_text_and_no_link() -> None:
    sent = render("card", CARD | {"link": "javascript:alert(1)"}, "html")
    assert "<a" not in sent
    assert sent.endswith("Buka (javascript:alert(1))")


def test_a_list_of_sentences_is_one_line_each() -> None:
    lines = [
        {"text": "line", "params": {"name": name, "share": share}}
        for name, share in (("<A>", 0.5), ("B", 0.125))
    ]
    assert render("list", {"n": 1361, "lines": lines}, "html") == (
        "Daftar 1.361:\n– &lt;A&gt; <b>50%</b>\n– B <b>12,5%</b>"
    )
    assert render("list", {"n": 1, "lines": lines[0]}, "plain") == "Daftar 1:\n– <A> 50%"
    assert render("list", {"n": 2, "lines": ["satu", lines[1]]}, "plain") == "Daftar 2:\nsatu\n– B 12,5%"


def test_a_sentence_inside_bold_is_marked_once() -> None:
    assert (
        render("hello", {"name": {"text": "hello", "params": {"name": "x"}}}, "html")
        == "Halo <b>Halo x!</b>!"
    )
    assert (
        render("hello", {"name": {"text": "hello", "params": {"name": "x"}}}, "whatsapp") == "Halo *Halo x!*!"
    )


@pytest.mark.parametrize(
    ("key", "params", "message"),
    [
        ("tidak.ada", {}, "no text tidak.ada"),
        ("hello", {}, "hello needs name"),
        ("hello", {"name": True}, "hello: a truth value"),
        ("hello", {"name": {"params": {}}}, "hello: 'text'"),
        ("line", {"name": "x", "share": "banyak"}, "line: "),
        ("list", {"n": 1, "lines": [{"text": "line", "params": {}}]}, "line needs name, share"),
    ],
)
def test_a_text_that_cannot_be_written_is_refused_with_its_key(key: str, params: Any, message: str) -> None:
    with pytest.raises(TextError, match=re.escape(message)):
        render(key, params, "html")


def test_nothing_known_of_a_formatted_value_is_a_dash() -> None:
    assert render("line", {"name": "x", "share": None}, "plain") == "– x –"


@settings(deadline=None)
@given(PERSON)
def test_what_a_person_writes_opens_and_closes_nothing_in_telegram(written: str) -> None:
    sent = Telegram(render("hello", {"name": written}, "html"))
    clean = markup.clean(written)
    assert sent.text == f"Halo {clean}!"
    assert sent.tags == (["b"] if clean else [])


@settings(deadline=None)
@given(PERSON)
def test_an_address_given_by_a_person_cannot_leave_its_attribute(written: str) -> None:
    sent = Telegram(render("card", CARD | {"link": written}, "html"))
    assert sent.tags in (["b", "i", "pre"], ["b", "i", "pre", "a"])


@settings(deadline=None)
@given(PERSON)
def test_what_a_person_writes_is_no_mark_in_whatsapp(written: str) -> None:
    sent = render("around", {"caption": written}, "whatsapp")
    middle = sent.removeprefix("Awal ").removesuffix(" akhir: tekan _Ya_.")
    assert not set("*~`") & set(middle)
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", middle)
    assert not re.search(r"^\s*>", sent, re.MULTILINE)


@settings(deadline=None)
@given(PERSON)
def test_bold_in_whatsapp_is_closed_on_every_line(written: str) -> None:
    sent = render("hello", {"name": written}, "whatsapp")
    assert all(line.count("*") in (0, 2) for line in sent.split("\n"))
    assert not re.search(r"\*[^\S\n]*\*", sent)


def test_account_names_hashtags_and_addresses_survive_whatsapp() -> None:
    written = "#satu_asn @dinas_kesehatan https://instagram.com/p/Ab_-c_/?x=1"
    assert render("around", {"caption": written}, "whatsapp") == (
        "Awal #satu_asn @dinas_kesehatan https://instagram.com/p/Ab%5F-c%5F/?x=1 akhir: tekan _Ya_."
    )


@settings(deadline=None)
@given(PERSON, st.integers(1, 200), st.sampled_from(MARKUPS))
def test_a_message_is_never_longer_than_its_limit_and_never_broken(
    written: str, limit: int, channel: Markup
) -> None:
    sent = render("card", CARD | {"caption": written * 5}, channel, limit)
    shown = Telegram(sent).text if channel == "html" else sent
    assert markup.utf16_units(shown) <= limit
    shown.encode("utf-16")


def test_the_parameter_gives_way_and_the_sentence_around_it_stays() -> None:
    sent = render("around", {"caption": "kata " * 400}, "html", 100)
    assert sent.startswith("Awal kata kata")
    assert sent.endswith("kata… akhir: tekan <i>Ya</i>.")
    assert 75 < len(Telegram(sent).text) <= 100


def test_a_text_too_long_by_itself_loses_its_end() -> None:
    assert render("long", {}, "html", 45) == "a" * 30 + " <b>" + "b" * 13 + "…</b>"


@pytest.mark.parametrize(("channel", "limit"), [("html", 4096), ("whatsapp", 1600)])
def test_the_default_limit_is_that_of_a_text_message(channel: Markup, limit: int) -> None:
    sent = render("around", {"caption": "é" * 9000}, channel, None)
    assert markup.utf16_units(Telegram(sent).text if channel == "html" else sent) == limit
    assert len(render("around", {"caption": "é" * 9000}, "plain", None)) > 9000


def test_fits_says_whether_anything_would_be_cut() -> None:
    params = {"range": "😀" * 10}
    assert rendering.fits("units.week", params, len("minggu ") + 20, markup="html")
    assert not rendering.fits("units.week", params, len("minggu ") + 19, markup="html")


def test_whatsapp_counts_the_marks_along() -> None:
    spans = OURS.spans("around", {"caption": "x"})
    assert markup.width(spans, "whatsapp") == markup.width(spans, "html") + 2


@pytest.mark.parametrize("whole", ["👩‍👧", "e\u0301"])
def test_a_cut_does_not_split_what_the_eye_sees_as_one(whole: str) -> None:
    for units in range(1, 12):
        kept = shortening.cut(whole * 4, units).removesuffix("…")
        assert kept == whole * (len(kept) // len(whole))


def test_a_label_is_one_plain_line() -> None:
    assert rendering.label("units.week", {"range": "4 –\n 11 "}) == "minggu 4 – 11"


def test_the_shipped_catalogue_loads() -> None:
    assert catalogue.load(Path(catalogue.__file__).parent / "id").texts["button.back"] == "Kembali"
