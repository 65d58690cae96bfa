"""Every sentence of a language, read from its folder and checked before anybody needs one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from babel import Locale

from bot.texts import formats, template

FOLDER = Path(__file__).parent
_KEY = re.compile(r"[a-z0-9_]+")
_FORMATS = frozenset(formats.FORMATS)
# The parser in C, where PyYAML was built with it: every start of the program reads all sentences.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CatalogueError(ValueError):
    """The catalogue cannot be used; the message has a line `file:line: what is wrong` for each fault."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language by dotted key, and where each was found (`joining.yaml:12`)."""

    locale: Locale
    texts: Mapping[str, str]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    text: str
    place: str


def current(language: str = "id") -> Catalogue:
    """The catalogue that ships with the program, read once. Raises CatalogueError."""
    return _shipped(language)  # so that it is the same one whether the language is named or not


@cache
def _shipped(language: str) -> Catalogue:
    return load(FOLDER / language)


def load(folder: Path) -> Catalogue:
    """Reads all `*.yaml` of a folder whose name is the language (`id`).

    Raises CatalogueError with every fault found: a key twice, a text that is none, a parameter or a
    mark that cannot be read.
    """
    faults: list[str] = []
    texts: dict[str, str] = {}
    places: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        for entry in _entries(path, faults):
            if entry.key in texts:
                faults.append(f"{entry.place}: {entry.key} is already in {places[entry.key]}")
                continue
            try:
                template.check(entry.text, _FORMATS)
            except template.TemplateError as error:
                faults.append(f"{entry.place}: {entry.key}: {error}")
            texts[entry.key] = entry.text
            places[entry.key] = entry.place
    for key in texts:
        parents = [key[: dot.start()] for dot in re.finditer(r"\.", key)]
        faults += [f"{places[up]}: {up} is a text, and {key} is below it" for up in parents if up in texts]
    if not texts:
        faults.append(f"{folder}: no texts")
    if faults:
        raise CatalogueError("\n".join(faults))
    return Catalogue(Locale.parse(folder.name), texts, places)


def _entries(path: Path, faults: list[str]) -> Iterator[_Entry]:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        faults.append(f"{path.name}:{line}: {error.problem or 'not YAML'}")
        return
    if root is not None:
        yield from _walk(root, "", path.name, faults)


def _walk(node: yaml.Node, key: str, name: str, faults: list[str]) -> Iterator[_Entry]:
    place = f"{name}:{node.start_mark.line + 1}"
    if isinstance(node, yaml.ScalarNode) and key and node.tag == "tag:yaml.org,2002:str":
        # A block scalar ends in a line break that nobody wants to send.
        yield _Entry(key, node.value.rstrip("\n"), place)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key_node, value in node.value:
            # The written form counts: YAML takes `yes` and `no` for truth values, we for names.
            part = str(key_node.value)
            where = f"{name}:{key_node.start_mark.line + 1}"
            full = f"{key}.{part}" if key else part
            if not _KEY.fullmatch(part):
                faults.append(f"{where}: {part!r} is no name of a-z, 0-9 and _")
            elif part in seen and isinstance(value, yaml.MappingNode):
                faults.append(f"{where}: the block {full} is here twice")
            else:
                seen.add(part)
                yield from _walk(value, full, name, faults)
    else:
        kind = node.tag.rsplit(":", 1)[-1]
        faults.append(f"{place}: {key or 'the file'} is no text ({kind}); put it in quotes")
