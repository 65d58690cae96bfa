"""From styled spans to what a channel reads: Telegram's HTML, WhatsApp's marks, plain text.

Telegram: https://core.telegram.org/bots/api#html-style. `&`, `<`, `>` and quotes are escaped, so text
cannot open or close a tag.

WhatsApp has no escape. What would act as a mark is replaced by a character that looks like it and means
nothing: `*` ∗, `~` ∼, a backtick ˋ, `_` ˍ (only where it is not inside a word, so that account
names and hashtags stay themselves), `>` at the start of a line ›. In an address the same characters
are percent-encoded instead: it must still open. Zero-width characters were not chosen, because nothing
says that WhatsApp minds them, and they are copied along unseen. A block has no marks on WhatsApp: there
they would be copied together with the text.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from bot.texts.template import Style

Markup = Literal["html", "whatsapp", "plain"]

_TAGS = {"bold": "b", "italic": "i", "mono": "code", "block": "pre"}
_MARKS = {"bold": "*", "italic": "_", "mono": "```"}
_ADDRESS = re.compile(r"https?://\S+")
_LINKABLE = re.compile(r"(?:https?|tg|mailto):\S+")
_LOOKALIKES = {"*": "∗", "~": "∼", "`": "ˋ", "_": "ˍ"}
_ALONE = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])")
_QUOTE = re.compile(r"^(\s*)>", re.MULTILINE)
_LINE = re.compile(r"^([^\S\n]*)(\S(?:.*\S)?)([^\S\n]*)$", re.MULTILINE)
# No use in a message: control characters, half a surrogate pair, and the marks that turn writing around.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one set of styles. `given` is true for a parameter: it may be shortened."""

    text: str
    styles: tuple[Style, ...] = ()
    given: bool = False


def clean(text: str) -> str:
    """Text of a person without what could not be shown or would turn the line around."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def write(spans: Sequence[Span], markup: Markup) -> str:
    """The spans in the words of a channel."""
    escape, wrap = _WRITERS[markup]
    flat = [(_effective(span.styles), span.text) for span in spans if span.text]
    return _nested(flat, 0, escape, wrap)


def utf16_units(text: str) -> int:
    """Length as Telegram counts it: a character beyond the basic plane (most emoji) is two."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def width(spans: Sequence[Span], markup: Markup) -> int:
    """What a message weighs against the limit of its channel, in UTF-16 units.

    Telegram counts after it has read the tags; WhatsApp counts the marks along.
    """
    if markup == "html":
        return sum(utf16_units(_shown(span)) for span in spans)
    return utf16_units(write(spans, markup))


def _shown(span: Span) -> str:
    links = [style.url for style in span.styles if style.name == "link"]
    if links and not _LINKABLE.fullmatch(links[0]):
        return f"{span.text} ({links[0]})"
    return span.text


def _effective(styles: tuple[Style, ...]) -> tuple[Style, ...]:
    """No style twice; and what is code is code only (Telegram nests nothing in it, nor it in anything)."""
    for style in styles:
        if style.name in ("mono", "block"):
            return (style,)
    seen: dict[str, Style] = {}
    for style in styles:
        seen.setdefault(style.name, style)
    return tuple(seen.values())


def _nested(
    spans: Sequence[tuple[tuple[Style, ...], str]],
    depth: int,
    escape: Callable[[str], str],
    wrap: Callable[[str, Style], str],
) -> str:
    def style_here(span: tuple[tuple[Style, ...], str]) -> Style | None:
        return span[0][depth] if depth < len(span[0]) else None

    def parts() -> Iterator[str]:
        for style, run in groupby(spans, key=style_here):
            if style is None:
                # Escaped as one: a mark must not hide on the border of two spans.
                yield escape("".join(text for _, text in run))
            else:
                yield wrap(_nested(list(run), depth + 1, escape, wrap), style)

    return "".join(parts())


def _html_escape(text: str) -> str:
    return html.escape(text, quote=True)


def _html_wrap(inner: str, style: Style) -> str:
    if style.name != "link":
        tag = _TAGS[style.name]
        return f"<{tag}>{inner}</{tag}>"
    if _LINKABLE.fullmatch(style.url):
        return f'<a href="{_html_escape(style.url)}">{inner}</a>'
    return f"{inner} ({_html_escape(style.url)})" if style.url else inner


def _whatsapp_escape(text: str) -> str:
    written = []
    position = 0
    for match in _ADDRESS.finditer(text):
        written.append(_neutral(text[position : match.start()]))
        written.append(_ALONE.sub(lambda mark: f"%{ord(mark[0]):02X}", match[0]))
        position = match.end()
    written.append(_neutral(text[position:]))
    return "".join(written)


def _neutral(text: str) -> str:
    return _QUOTE.sub(r"\1›", _ALONE.sub(lambda mark: _LOOKALIKES[mark[0]], text))


def _whatsapp_wrap(inner: str, style: Style) -> str:
    if style.name == "link":
        return _with_address(inner, _whatsapp_escape(style.url))
    if style.name == "block":
        return inner
    # A mark holds for one line only, and must touch the word that it marks.
    mark = _MARKS[style.name]
    return _LINE.sub(lambda line: f"{line[1]}{mark}{line[2]}{mark}{line[3]}", inner)


def _plain_wrap(inner: str, style: Style) -> str:
    return _with_address(inner, style.url) if style.name == "link" else inner


def _with_address(inner: str, url: str) -> str:
    return f"{inner} ({url})" if url and url != inner else inner


_WRITERS: dict[str, tuple[Callable[[str], str], Callable[[str, Style], str]]] = {
    "html": (_html_escape, _html_wrap),
    "whatsapp": (_whatsapp_escape, _whatsapp_wrap),
    "plain": (str, _plain_wrap),
}
