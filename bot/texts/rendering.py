"""From a key and parameters to the words of one channel.

A parameter is a value; a sentence of its own, `{"text": key, "params": {…}}`; or a list of either,
written one below the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.texts import catalogue, formats, shortening, template
from bot.texts import markup as marks
from bot.texts.markup import Markup, Span
from bot.texts.template import Piece, Style

ZONE = "Asia/Jakarta"
TELEGRAM_TEXT = 4096
TELEGRAM_CAPTION = 1024
WHATSAPP_TEXT = 1600  # Twilio's limit for Body; WhatsApp itself takes 4,096
_LIMITS: Mapping[Markup, int] = {"html": TELEGRAM_TEXT, "whatsapp": WHATSAPP_TEXT, "plain": 0}


class TextError(ValueError):
    """A text cannot be written: unknown key, a missing parameter, or a value that its format refuses."""


def render(
    key: str,
    params: Mapping[str, Any],
    *,
    markup: Markup,
    zone: str = ZONE,
    limit: int | None = None,
    language: str = "id",
) -> str:
    """The sentence `key` in the markup of a channel, instants shown in `zone`.

    `limit` is in UTF-16 units as the channel counts them (default: that of a text message; 0 is none;
    a caption on Telegram has TELEGRAM_CAPTION). What does not fit is cut with an ellipsis, the longest
    parameter first, so that the sentence around it, which says what to do, stays whole.
    Raises TextError.
    """
    return _renderer(language, zone).render(key, params, markup, limit)


def signature(province: str) -> str:
    """The line below every caption that is shared, which counts where a channel has a limit."""
    return render("sharing.caption", {"caption": "", "province": province}, markup="plain").strip()


def label(key: str, params: Mapping[str, Any], *, zone: str = ZONE, language: str = "id") -> str:
    """A sentence as plain text on one line: for a button, a toast, a chart. Raises TextError."""
    return " ".join(_renderer(language, zone).render(key, params, "plain").split())


def known_label(key: str, params: Mapping[str, Any], *, zone: str = ZONE, language: str = "id") -> str:
    """As `label`; "" for what cannot be written, as a button of an older catalogue."""
    try:
        return label(key, params, zone=zone, language=language)
    except TextError:
        return ""


def fits(
    key: str,
    params: Mapping[str, Any],
    limit: int,
    *,
    markup: Markup,
    zone: str = ZONE,
    language: str = "id",
) -> bool:
    """Whether the whole sentence is at most `limit` UTF-16 units long, as the channel counts.

    Raises TextError.
    """
    return marks.width(_renderer(language, zone).spans(key, params), markup) <= limit


@cache
def _renderer(language: str, zone: str) -> "Renderer":
    return Renderer(catalogue.current(language), zone)


class Renderer:
    """One catalogue, and the zone that its instants are shown in."""

    def __init__(self, texts: catalogue.Catalogue, zone: str = ZONE) -> None:
        self.texts = texts.texts
        words = {key: text for key, text in self.texts.items() if key.startswith("units.")}
        self.context = formats.Context(texts.locale, ZoneInfo(zone), words)

    def render(self, key: str, params: Mapping[str, Any], markup: Markup, limit: int | None = None) -> str:
        """As the function `render`."""
        allowed = _LIMITS[markup] if limit is None else limit
        return marks.write(shortening.shorten(self.spans(key, params), allowed, markup), markup)

    def spans(self, key: str, params: Mapping[str, Any]) -> list[Span]:
        """The sentence in styled runs, before it is written for a channel. Raises TextError."""
        source = self.texts.get(key)
        if source is None:
            raise TextError(f"there is no text {key}")
        needed = template.slots(source)
        empty = frozenset(name for name in needed if _is_empty(params.get(name)))
        missing = set(needed) - set(params) - template.optional_slots(source)
        if missing:
            raise TextError(f"{key} needs {', '.join(sorted(missing))}")
        try:
            return list(self._sentence(template.without_empty_lines(source, empty), params))
        except (ValueError, TypeError, ArithmeticError, LookupError) as error:
            raise error if isinstance(error, TextError) else TextError(f"{key}: {error}") from error

    def _sentence(self, source: str, params: Mapping[str, Any]) -> Iterator[Span]:
        for piece in template.pieces(source):
            styles = tuple(self._addressed(style, params) for style in piece.styles)
            if not piece.slot:
                yield Span(piece.text, styles)
                continue
            for span in self._parameter(params.get(piece.slot), piece):
                yield Span(span.text, styles + span.styles, span.given)

    def _parameter(self, value: Any, piece: Piece) -> Iterator[Span]:
        if _is_empty(value):
            yield Span("–" if piece.form else "")
        elif isinstance(value, Mapping):
            yield from self.spans(str(value["text"]), value.get("params") or {})
        elif isinstance(value, Sequence) and not isinstance(value, str) and piece.form != "list":
            for number, part in enumerate(value):
                if number:
                    yield Span("\n")
                yield from self._parameter(part, piece)
        elif piece.form:
            yield Span(marks.clean(formats.write(value, piece.form, self.context)))
        else:
            yield Span(marks.clean(formats.plain(value, self.context)), given=True)

    def _addressed(self, style: Style, params: Mapping[str, Any]) -> Style:
        """A link whose address has parameters, with the values put in."""
        if "{" not in style.url:
            return style
        filled = template.SLOT.sub(
            lambda slot: formats.plain(params.get(slot[1]) or "", self.context), style.url
        )
        return Style(style.name, marks.clean("".join(filled.split())))


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, tuple)) and not value)
