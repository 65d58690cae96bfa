"""Formatting: HTML to entities and back."""

from typing import Any

import pytest

from bot.simulator.entities import formatted, from_entities, to_html
from bot.simulator.wire import Refusal

CASES: list[tuple[str, str, list[tuple[str, int, int]]]] = [
    ("halo", "halo", []),
    ("  <b>halo</b> \n", "halo", [("bold", 0, 4)]),
    ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    ("😀<b>x</b>", "😀x", [("bold", 2, 1)]),
    ("&lt;b&gt; &amp; &quot;&#39;&#x1F600;", "<b> & \"'😀", []),
    ("a & b &copy", "a & b &copy", []),
    ("<strong>a</strong><em>b</em><ins>c</ins><del>d</del>", "abcd",
     [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)]),
    ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', "xy",
     [("spoiler", 0, 1), ("spoiler", 1, 1)]),
    ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
    ("<a href='https://a.id/?x=1&amp;y=2'>x</a>", "x", [("text_link", 0, 1)]),
    ("<a href='bukan tautan'>x</a>", "x", []),
    ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1)]),
    ("<code>/menu</code>", "/menu", [("code", 0, 5)]),
    ("/start abc", "/start abc", [("bot_command", 0, 6)]),
    ("lihat https://a.id/b. #Jambi @ppid_jambi", "lihat https://a.id/b. #Jambi @ppid_jambi",
     [("url", 6, 14), ("hashtag", 22, 6), ("mention", 29, 11)]),
    ("a/b 1/2 surel a@b.id", "a/b 1/2 surel a@b.id", [("email", 14, 6)]),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text", "entities"), CASES)
def test_html_becomes_text_and_entities(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    got, found = formatted(html, "HTML")
    assert (got, [(one["type"], one["offset"], one["length"]) for one in found]) == (text, entities)


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href=x y", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ('<a ="x">z</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("<tg-emoji emoji-id='x'>y</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("&#0;", 'Invalid HTML entity "&#0;" at byte offset 0'),
    ],
)
def test_what_telegram_cannot_parse_is_refused(html: str, complaint: str) -> None:
    with pytest.raises(Refusal) as refusal:
        formatted(html, "html")
    assert refusal.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_plain_text_keeps_its_signs() -> None:
    assert formatted("1 < 2 & <b>", "") == ("1 < 2 & <b>", ())


def test_ready_made_entities_are_cut_with_the_text() -> None:
    text, found = from_entities(" ab  ", [{"type": "bold", "offset": 1, "length": 4}])
    assert (text, [dict(one) for one in found]) == ("ab", [{"type": "bold", "offset": 0, "length": 2}])


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<b>a<i>b</i></b> &lt;", "<b>a</b><b><i>b</i></b> &lt;"),
        ("😀<u>😀</u>", "😀<u>😀</u>"),
        ('<a href="https://a.id/?q=&quot;">x</a>', '<a href="https://a.id/?q=&quot;" rel="noopener">x</a>'),
        ("t.me/x", '<a href="https://t.me/x" rel="noopener">t.me/x</a>'),
    ],
)
def test_entities_become_safe_html_again(html: str, shown: str) -> None:
    assert to_html(*formatted(html, "HTML")) == shown


def test_hostile_text_cannot_leave_its_place() -> None:
    entities: list[dict[str, Any]] = [{"type": "text_link", "offset": 0, "length": 3, "url": '"><script>'}]
    assert "<script" not in to_html("<x>", entities)
