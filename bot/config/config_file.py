"""Reads a YAML file of settings into plain values that remember the line they stand on."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Key = tuple[str, ...]


class _Loader(yaml.SafeLoader):
    """YAML 1.2's few plain types. In 1.1 an unquoted 13:00 is the number 780 and `no` is false."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's name)


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?[0-9]+\.[0-9]+", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})$"), _first)


@dataclass(slots=True)
class ConfigFile:
    """`values` as nested plain values, `lines` the line of each key (list entries have their list's),
    `wrong` what the file itself does wrong, as (line, sentence)."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Key, int] = field(default_factory=dict)
    wrong: list[tuple[int, str]] = field(default_factory=list)

    def line(self, key: Key) -> int | None:
        """The line of `key`, or of the nearest key above it that is written in the file."""
        while key:
            if key in self.lines:
                return self.lines[key]
            key = key[:-1]
        return None


def read(path: Path) -> ConfigFile:
    """The file's settings. What cannot be read at all is reported in `wrong`, never raised."""
    found = ConfigFile(path.name)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        found.wrong.append((0, f"there is no file {path}; run this in the folder of the project"))
        return found
    except (OSError, UnicodeDecodeError) as error:
        found.wrong.append((0, f"{path} cannot be read: {error}"))
        return found
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if isinstance(root, yaml.MappingNode):
            found.values = _mapping(loader, root, (), found)
        elif root is not None:
            found.wrong.append((1, "the file must consist of `section:` lines with `key: value` lines below"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        found.wrong.append((mark.line + 1 if mark else 0, f"this is not YAML: {error.problem}"))
    except (yaml.YAMLError, RecursionError) as error:
        found.wrong.append((0, f"this is not YAML: {error}"))
    return found


def scalar(text: str) -> Any:
    """What `text` would be as a value in the file; the environment knows only text."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 (derived from SafeLoader)
    except yaml.YAMLError:
        return text


def _mapping(loader: _Loader, node: yaml.MappingNode, above: Key, found: ConfigFile) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        name = str(key_node.value)
        key = (*above, name)
        line = key_node.start_mark.line + 1
        if name in values:
            found.wrong.append((line, f"{'.'.join(key)} is set twice (first in line {found.lines[key]})"))
            continue
        found.lines[key] = line
        values[name] = _value(loader, value_node, key, found)
    return values


def _value(loader: _Loader, node: yaml.Node, key: Key, found: ConfigFile) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, key, found)
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, entry, key, found) for entry in node.value]
    return loader.construct_object(node, deep=True)
