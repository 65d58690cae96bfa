"""Reads the code for the sentences that it says: which keys, with which parameters.

A key is the first argument of `say`, `edit`, `toast`, `Refused`, `Post`, `Button`, `Line`, `render`,
`label`, `fits` (the third of `tell`), or the value of `text=` and of `"text":` beside other things.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[3]
HOLE, GROUP = "[a-z0-9_]+", "([a-z0-9_]*)"
ROOMS = ("handlers", "models", "scheduler", "bot")
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_NO_PARAMS = {
    "buttons",
    "keyboard",
    "media",
    "report",
    "item",
    "limit",
    "zone",
    "markup",
    "language",
    "replacing",
}
_COMMON_NAMES = {"label", "edit", "render", "fits"}  # a column has a label, too


@dataclass(frozen=True)
class Call:
    """Where the key stands in a call, and where its parameters do: keywords, or a mapping at `params`."""

    key: int
    params: int | None = None


CALLS = {
    "say": Call(0),
    "edit": Call(0),
    "toast": Call(0),
    "tell": Call(2),
    "Refused": Call(0),
    "_label": Call(0),
    "Post": Call(0, 1),
    "Line": Call(0, 1),
    "render": Call(0, 1),
    "label": Call(0, 1),
    "fits": Call(0, 1),
    "Button": Call(0, 2),
}


@dataclass
class Use:
    """One place that says something. `given` are the parameters named there; `complete`: no others."""

    place: str
    call: str
    keys: list[str]
    given: set[str] = field(default_factory=set)
    complete: bool = True
    with_file: bool = False
    with_item: bool = False


@dataclass
class Code:
    """All uses, every string constant, and the patterns of strings that are put together."""

    uses: list[Use]
    constants: set[str]
    patterns: set[str]

    def says(self, key: str) -> bool:
        """Whether a key stands in the code, or is put together there of words that do: a pattern alone that
        has but its first word would keep all texts of a file alive."""
        return key in self.constants or any(
            found is not None and all(map(self._is_word, found.groups()))
            for found in (pattern.fullmatch(key) for pattern in self._patterns)
        )

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        beginning = re.compile(r"[a-z][a-z0-9_]*\\?\.")
        return [re.compile(one.replace(HOLE, GROUP)) for one in self.patterns if beginning.match(one)]

    @cached_property
    def _parts(self) -> list[re.Pattern[str]]:
        """Patterns of words that are no keys by themselves: "column_" and a name."""
        words = re.compile("[a-z0-9_]*[a-z][a-z0-9_]*")
        plain = (one for one in self.patterns if words.fullmatch(one.replace(HOLE, "")))
        return [re.compile(one.replace(HOLE, GROUP)) for one in plain]

    def _is_word(self, value: str) -> bool:
        """Whether the code has a word: as it stands, or as two that it has."""
        if value in ("", "_") or value.isdigit() or value in self.constants:
            return True
        for part in self._parts:
            found = part.fullmatch(value)
            if found and value not in found.groups() and all(map(self._is_word, found.groups())):
                return True
        cuts = [at for at in range(1, len(value)) if "_" in value[at - 1 : at + 1]]
        return any(
            any(head.isdigit() or head in self.constants for head in (value[:at], value[:at].rstrip("_")))
            and self._is_word(value[at:])
            for at in cuts
        )

    def said(self) -> Iterator[tuple[Use, str]]:
        for use in self.uses:
            for key in use.keys:
                yield use, key


@cache
def code() -> Code:
    """What the rooms of the program say (simulator and demo speak for people, not for us)."""
    found = Code([], set(), set())
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if not {"simulator", "demo"} & set(path.parts):
                read(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)), found)
    return found


def read(source: str, name: str, found: Code) -> None:
    """Adds what one file says."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.constants.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            found.patterns.add(_pattern(node))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            found.patterns.update(re.escape(text) + ".*" for text in _strings(node.left))
        elif isinstance(node, ast.Call):
            found.uses.extend(_call(node, name))
        elif isinstance(node, ast.Dict):
            found.uses.extend(_mapping(node, name))


def _pattern(node: ast.JoinedStr) -> str:
    parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else HOLE for p in node.values)
    return "".join(parts)


def _strings(node: ast.expr | None) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _strings(node.body) + _strings(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in _strings(value)]
    return []


def _call(node: ast.Call, name: str) -> Iterator[Use]:
    function = node.func
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    place = f"{name}:{node.lineno}"
    shape = CALLS.get(called)
    if shape is None:
        keys = [text for text in _strings(keywords.get("text")) if KEY.fullmatch(text)]
        if keys:
            yield Use(place, called, keys, complete=False)
        return
    at = node.args[shape.key] if len(node.args) > shape.key else keywords.get("text")
    keys = _strings(at)
    if called in _COMMON_NAMES:
        keys = [key for key in keys if KEY.fullmatch(key)]
    if not keys:
        return
    use = Use(place, called, keys)
    use.with_file = bool({"media", "report"} & set(keywords))
    # The card and the caption of a release get their item from the row, not from the post.
    use.with_item = "item" in keywords or called == "Post"
    if shape.params is None:
        use.given = {arg for arg in keywords if arg} - _NO_PARAMS
        use.complete = None not in keywords
    else:
        given = node.args[shape.params] if len(node.args) > shape.params else keywords.get("params")
        _given(given, use)
        use.complete = use.complete and None not in keywords
    yield use


def _given(node: ast.expr | None, use: Use) -> None:
    """The names in a literal mapping; of any other expression nothing is known."""
    if node is None:
        return
    if not isinstance(node, ast.Dict):
        use.complete = False
        return
    for key in node.keys:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            use.given.add(key.value)
        else:
            use.complete = False


def _mapping(node: ast.Dict, name: str) -> Iterator[Use]:
    entries = {
        key.value: value
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    keys = [text for text in _strings(entries.get("text")) if KEY.fullmatch(text)]
    if keys:
        use = Use(f"{name}:{node.lineno}", '"text":', keys)
        _given(entries.get("params"), use)
        yield use


def item_fields() -> set[str]:
    """The fields that an item adds to the parameters: the keys of what `content.params` returns."""
    tree = ast.parse((ROOT / "models/content/content.py").read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    names = {
        key.value
        for node in ast.walk(functions["params"])
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    assert names, "content.params returns no literal mapping any more"
    return {str(name) for name in names}
