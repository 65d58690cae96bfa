"""The grammar of one catalogue text: optional lines, parameters, light markup.

A text is read into a flat row of pieces, each with the styles that it stands in. Parameters are put
in after this, so nothing that a person wrote is ever read as markup.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

SLOT = re.compile(r"\{([a-z_][a-z0-9_]*)(?::([a-z]+))?\}")
_LINK = re.compile(r"\[[^\[\]\n]+\]\(([^()\s]+)\)")
_OPTIONAL = re.compile(r"^\? ", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")
_ESCAPABLE = "*_`[?\\"
_EMPHASIS = {"*": "bold", "_": "italic"}


class TemplateError(ValueError):
    """A catalogue text that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Style:
    """bold, italic, mono, block, or link with its `url`."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Literal `text`, or the parameter `slot` written in `form` ("" is: as it is)."""

    text: str = ""
    slot: str = ""
    form: str = ""
    styles: tuple[Style, ...] = ()


def slots(source: str) -> dict[str, set[str]]:
    """Every parameter of a text, with the formats that it is written in."""
    found: dict[str, set[str]] = {}
    for match in SLOT.finditer(source.replace("{{", "").replace("}}", "")):
        found.setdefault(match[1], set()).add(match[2] or "")
    return found


def optional_slots(source: str) -> set[str]:
    """The parameters that stand on optional lines only, and so need not be given."""
    lines = source.split("\n")
    required = slots("\n".join(line for line in lines if not line.startswith("? ")))
    return set(slots(source)) - set(required)


def without_empty_lines(source: str, empty: frozenset[str]) -> str:
    """The text without the optional lines whose parameters are all in `empty`.

    Optional lines that stay lose their mark. The blank lines around a dropped line become one.
    """
    if not _OPTIONAL.search(source):
        return source
    kept = []
    for line in source.split("\n"):
        if not line.startswith("? "):
            kept.append(line)
        elif not (names := slots(line)) or set(names) - empty:
            kept.append(line[2:])
    return _BLANK_LINES.sub("\n\n", "\n".join(kept)).strip("\n")


def check(source: str, formats: frozenset[str]) -> None:
    """Raises TemplateError where a text cannot be read, whatever lines are left out of it."""
    optional = [line for line in source.split("\n") if line.startswith("? ")]
    for line in optional:
        if not slots(line):
            raise TemplateError(f"an optional line needs a parameter: {line!r}")
        pieces(without_empty_lines(source, frozenset(slots(line))))
    pieces(without_empty_lines(source, frozenset()))
    pieces(without_empty_lines(source, frozenset(slots(source))))
    for name, used in slots(source).items():
        for form in sorted(used - formats - {""}):
            raise TemplateError(f"{{{name}:{form}}} has no such format")


@lru_cache(maxsize=4096)
def pieces(source: str) -> tuple[Piece, ...]:
    """The text in pieces. Raises TemplateError for a mark that is never closed and the like."""
    return _Reader(source).read()


class _Reader:
    """One pass over one text, with the styles that are open at this point."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.open: list[Style] = []
        self.literal: list[str] = []
        self.found: list[Piece] = []

    def read(self) -> tuple[Piece, ...]:
        while self.position < len(self.source):
            self._step()
        if self.open:
            raise TemplateError(f"{self.open[-1].name} is opened and never closed")
        self._flush()
        return tuple(self.found)

    def _step(self) -> None:
        rest = self.source[self.position : self.position + 3]
        char = rest[0]
        inside = self.open[-1].name if self.open else ""
        if char == "\\" and rest[1:2] in _ESCAPABLE and rest[1:2]:
            self._take(rest[1], 2)
        elif rest[:2] in ("{{", "}}"):
            self._take(char, 2)
        elif char in "{}":
            self._slot()
        elif rest == "```" and inside != "mono":
            self._block(closing=inside == "block")
        elif inside == "block":
            self._take(char, 1)
        elif char == "`":
            self._toggle("mono", 1)
        elif inside == "mono":
            self._take(char, 1)
        elif char in _EMPHASIS:
            self._emphasis(char)
        elif char == "[" and (link := _LINK.match(self.source, self.position)):
            self._flush()
            self.open.append(Style("link", link[1]))
            self.position += 1
        elif char == "]" and inside == "link":
            self._toggle("link", len(self.open[-1].url) + 3)
        else:
            self._take(char, 1)

    def _take(self, text: str, width: int) -> None:
        self.literal.append(text)
        self.position += width

    def _flush(self) -> None:
        if self.literal:
            self.found.append(Piece(text="".join(self.literal), styles=tuple(self.open)))
            self.literal = []

    def _slot(self) -> None:
        match = SLOT.match(self.source, self.position)
        if match is None:
            near = self.source[self.position : self.position + 20].split("\n")[0]
            raise TemplateError(f"not a parameter: {near!r}; write {{{{ or }}}} for a brace")
        self._flush()
        self.found.append(Piece(slot=match[1], form=match[2] or "", styles=tuple(self.open)))
        self.position = match.end()

    def _toggle(self, name: str, width: int) -> None:
        self._flush()
        if self.open and self.open[-1].name == name:
            self.open.pop()
        else:
            self.open.append(Style(name))
        self.position += width

    def _block(self, *, closing: bool) -> None:
        # The line breaks just inside the marks belong to the marks, not to what is copied.
        if closing and self.literal and self.literal[-1] == "\n":
            self.literal.pop()
        self._toggle("block", 3)
        if not closing and self.source[self.position : self.position + 1] == "\n":
            self.position += 1

    def _emphasis(self, char: str) -> None:
        name = _EMPHASIS[char]
        before = self.source[self.position - 1 : self.position]
        after = self.source[self.position + 1 : self.position + 2]
        is_open = any(style.name == name for style in self.open)
        closes = is_open and not before.isspace() and not after.isalnum()
        opens = not is_open and not before.isalnum() and bool(after) and not after.isspace()
        if closes and self.open[-1].name != name:
            raise TemplateError(f"{self.open[-1].name} is opened inside {name} and closed after it")
        if closes or opens:
            self._toggle(name, 1)
        elif (before.isalnum() and after.isalnum()) or (before.isspace() and after.isspace()):
            self._take(char, 1)  # kode_opd, 3 * 4
        else:
            raise TemplateError(f"{char!r} marks nothing here; write \\{char} for the character")
