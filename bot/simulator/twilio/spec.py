"""Which operations, parameters and content fields Twilio's API has, from `spec.json`.

The table was cut from Twilio's published OpenAPI documents (repository twilio/twilio-oai, release 2.6.7 of
14 April 2026: twilio_api_v2010.json and twilio_content_v1.json); what the library has since then stands here
by name. `python -m bot.simulator.twilio.spec SOURCE FILE…` cuts it anew and prints it. Twilio ignores unknown
parameters silently; we refuse them.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("spec.json")
_PATHS = ("/Messages", "/v1/Content", "/v1/LegacyContent")
# In the library (9.13), not yet in the documents of April 2026.
_NEWER: Mapping[str, tuple[str, ...]] = {"CreateMessage": ("MessageIntent",)}
_NEWER_FIELDS: Mapping[str, Mapping[str, str]] = {
    "ContentApprovalRequest": {"send_ttl_seconds": "integer", "bid_amount": "integer"},
    "cardAction": {"digitable_line": "string"},
}
_JSON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}

Shape = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """`parameters` are the query's or the form's; `body` names the schema of a JSON body, empty for none."""

    name: str
    method: str
    path: str
    parameters: frozenset[str]
    required: tuple[str, ...]
    body: str


def _load() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    for schema, names in _NEWER_FIELDS.items():
        newer = {name: {"type": kind, "required": False} for name, kind in names.items()}
        table["schemas"][schema].update(newer)
    return table


_TABLE = _load()
SCHEMAS: Mapping[str, Shape] = _TABLE["schemas"]
OPERATIONS: Mapping[str, Operation] = {
    name: Operation(
        name,
        one["method"].upper(),
        one["path"],
        frozenset(one["parameters"]) | frozenset(_NEWER.get(name, ())),
        tuple(parameter for parameter, shape in one["parameters"].items() if shape["required"]),
        one["body"],
    )
    for name, one in _TABLE["operations"].items()
}


def fit(schema: str, value: Any, at: str = "") -> dict[str, Any]:
    """The object without its nulls, if it fits a schema of the table. Raises ValueError saying what does not.

    `at` names the place for the complaint. Objects of free keys (variables) keep their keys.
    """
    where = f"{at}." if at else ""
    if not isinstance(value, dict):
        raise ValueError(f"{at or 'body'} must be an object")  # noqa: TRY004 - one error for all refusals
    given = {name: item for name, item in value.items() if item is not None}
    fields = SCHEMAS[schema]
    if unknown := given.keys() - fields.keys():
        raise ValueError(f"unknown field {where}{min(unknown)}")
    for name, shape in fields.items():
        if name in given:
            given[name] = _fit_one(shape, given[name], where + name)
        elif shape["required"]:
            raise ValueError(f"{where}{name} is required")
    return given


def _fit_one(shape: Shape, value: Any, at: str) -> Any:
    kind: str = shape["type"]
    if not _is_a(kind, value):
        raise ValueError(f"{at} must be of type {kind}")
    if shape.get("enum") and value not in shape["enum"]:
        raise ValueError(f"{at} must be one of {', '.join(shape['enum'])}")
    if shape.get("schema"):
        return fit(shape["schema"], value, at)
    if kind == "array":
        items = shape["items"]
        if items in SCHEMAS:
            return [fit(items, one, f"{at}[{number}]") for number, one in enumerate(value)]
        return [_fit_one({"type": items}, one, f"{at}[{number}]") for number, one in enumerate(value)]
    if kind == "object" and not all(isinstance(one, str) for one in value.values()):
        raise ValueError(f"{at} must have strings as values")
    return value


def _is_a(kind: str, value: Any) -> bool:
    return isinstance(value, _JSON_TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def trim(documents: Iterable[Mapping[str, Any]], source: str) -> dict[str, Any]:
    """The table of some OpenAPI documents: names, types and what is required; no prose."""
    table: dict[str, Any] = {"source": source, "operations": {}, "schemas": {}}
    for document in documents:
        schemas = document["components"]["schemas"]
        for path, verbs in document["paths"].items():
            if any(part in path for part in _PATHS):
                for verb in ("get", "post", "put", "delete"):
                    if verb in verbs:
                        _cut(table, schemas, path, verb, verbs[verb])
    return table


def _cut(table: dict[str, Any], schemas: Shape, path: str, verb: str, one: Shape) -> None:
    parameters = {
        given["name"]: {"type": given["schema"]["type"], "required": bool(given.get("required"))}
        for given in one.get("parameters", ())
        if given["in"] == "query"
    }
    body = ""
    for kind, content in one.get("requestBody", {}).get("content", {}).items():
        if kind == "application/json":
            body = content["schema"]["$ref"].rpartition("/")[2]
            _keep(table, schemas, body)
        else:
            needed = content["schema"].get("required", ())
            for name, shape in content["schema"]["properties"].items():
                parameters[name] = {**_shape(table, schemas, shape), "required": name in needed}
    table["operations"][one["operationId"]] = {
        "method": verb,
        "path": path,
        "parameters": parameters,
        "body": body,
    }


def _keep(table: dict[str, Any], schemas: Shape, name: str) -> None:
    if name not in table["schemas"]:
        kept: dict[str, Any] = {}
        table["schemas"][name] = kept
        needed = schemas[name].get("required", ())
        for field, shape in schemas[name].get("properties", {}).items():
            kept[field] = {**_shape(table, schemas, shape), "required": field in needed}


def _shape(table: dict[str, Any], schemas: Shape, shape: Shape) -> dict[str, Any]:
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        if schemas[name].get("properties"):
            _keep(table, schemas, name)
            return {"type": "object", "schema": name}
        return _shape(table, schemas, schemas[name])
    found: dict[str, Any] = {"type": shape["type"]}
    if "enum" in shape:
        found["enum"] = shape["enum"]
    if shape["type"] == "array":
        inner = shape["items"]
        if "$ref" in inner:
            found["items"] = inner["$ref"].rpartition("/")[2]
            _keep(table, schemas, found["items"])
        else:
            found["items"] = inner["type"]
    return found


def written(table: Mapping[str, Any]) -> str:
    """The table as JSON, one operation and one schema a line."""
    blocks = [f' "source": {json.dumps(table["source"])}']
    for name in ("operations", "schemas"):
        lines = (f"  {json.dumps(key)}: {json.dumps(one)}" for key, one in sorted(table[name].items()))
        blocks.append(f' "{name}": {{\n' + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


if __name__ == "__main__":
    read = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[2:]]
    sys.stdout.write(written(trim(read, sys.argv[1])))
