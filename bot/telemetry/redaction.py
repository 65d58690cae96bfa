"""Takes out of a log what must never stand in one: tokens, passwords, phone numbers, NIPs.

A log is mailed, pasted into tickets and kept for years. So this errs on the side of taking out too
much: a long number that merely looks like a phone is lost, a phone is not.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

_GAP = r"[ .()\-\u00a0]{0,2}"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        # a bot's token, alone or as the path of a Bot API address
        (r"(?<![a-z0-9])(bot)?\d{3,}(?::|%3A)[\w-]{16,}", "[token]"),
        (r"/bot\d+(?::|%3A)[^/\s\"']+", "/bot[token]"),
        # scheme://user:password@host; greedy, because a password may hold @ and / itself
        (r"([a-z0-9+.-]{1,20}://[^\s:/@\"']{0,100}):[^\s\"']{1,300}@", r"\1:[password]@"),
        (r"\b(basic|bearer)\s+[\w+/=.~-]{6,}", r"\1 [secret]"),
        (
            r"((?:token|secret|passw(?:or)?d|pwd|api[_-]?key|signature|authorization)[\"']?\s{0,3}[:=]\s{0,3}[\"']?)"
            r"(?!\[|(?:basic|bearer)\b)[^\s\"'&,;)}\]]+",
            r"\1[secret]",
        ),
        # 18 digits are a NIP, 16 a NIK; spaces, dots and dashes are how people write them
        (rf"(?<!\d)\d(?:{_GAP}\d){{17}}(?!\d)", "[nip]"),
        (rf"(?<!\d)\d(?:{_GAP}\d){{15}}(?!\d)", "[nik]"),
        # Indonesian mobile numbers: +62 8…, 62 8…, 0062 8…, 08…
        (rf"(?<!\d)(?:\+|00)?(?:62|0){_GAP}8\d(?:{_GAP}\d){{6,11}}(?!\d)", "[phone]"),
        # the zero that a spreadsheet dropped; ten digits stay, they may be a Telegram id
        (r"(?<![\d-])8[1-9]\d{9,10}(?!\d)", "[phone]"),
        (rf"\+[1-9]\d?(?:{_GAP}\d){{8,13}}(?!\d)", "[phone]"),
    )
)
_PRIVATE_KEYS = re.compile(
    r"token|secret|passw|pwd|authori[sz]ation|cookie|api_?key|phone|telepon|\bhp\b|no_hp|nip|\bnik\b",
    re.IGNORECASE,
)
_SHORTEST_SECRET = 5  # a shorter one would black out half of every log
_HARMLESS = re.compile(r"[A-Za-z_.-]*")  # most values: a name, a word
_DEEPEST = 6
_LONGEST = 20_000  # characters of one text; every pattern above has to stay linear up to here

Redact = Callable[[Any], Any]


def redactor(secrets: Collection[str] = ()) -> Redact:
    """A function that gives any value back without private things; `secrets` are taken out literally.

    Texts stay texts, numbers numbers where nothing was found in them, mappings and lists keep their
    shape; everything else becomes its (redacted) repr.
    """
    spellings = {
        spelling
        for secret in secrets
        if len(secret) >= _SHORTEST_SECRET
        for spelling in (secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1])
    }
    known = None
    if spellings:
        known = re.compile("|".join(re.escape(text) for text in sorted(spellings, key=len, reverse=True)))

    def in_text(text: str) -> str:
        if len(text) > _LONGEST:
            cut = len(text) - _LONGEST
            text = f"{text[: _LONGEST // 2]} […{cut} characters left out…] {text[-_LONGEST // 2 :]}"
        if known:
            text = known.sub("[secret]", text)
        if _HARMLESS.fullmatch(text):
            return text
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def in_value(value: Any, depth: int = 0) -> Any:
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, int):
            if abs(value) < 1_000_000_000:
                return value
            return value if in_text(str(value)) == str(value) else in_text(str(value))  # 15000 stays a number
        if depth < _DEEPEST and isinstance(value, Mapping):
            return {in_text(_text(name)): private(name, held, depth + 1) for name, held in value.items()}
        if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
            return [in_value(held, depth + 1) for held in value]
        return in_text(_text(value))

    def private(name: Any, value: Any, depth: int) -> Any:
        if isinstance(name, str) and _PRIVATE_KEYS.search(name) and not isinstance(value, bool | None):
            return "[private]" if value != "" else ""
        return in_value(value, depth)

    return in_value


def _text(value: Any) -> str:
    """What a log would show of `value`; an object that cannot even be printed does not stop the log."""
    if isinstance(value, str):
        return value
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    try:
        if isinstance(value, bytes | bytearray | memoryview):
            return bytes(value).decode("utf-8", "backslashreplace")
        return repr(value)
    except Exception:
        return f"<{type(value).__name__} that cannot be printed>"
