"""Says what is wrong with a setting, in words that name the key, its place and what would be right."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from rapidfuzz import process

from bot.config.config_file import Key

Where = Callable[[Key], str]  # the place of a key: "config.yaml line 12"; "" where it was not written
_EXPECTED = {
    "extra_forbidden": "there is no such setting",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": 'text; put it between quotes ("…")',
    "tuple_type": "a list, written [a, b]",
    "missing": "is missing",
    "model_type": "a section: lines `key: value`, indented below it",
    "model_attributes_type": "a section: lines `key: value`, indented below it",
    "literal_error": "one of {expected}",
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than_equal": "{le} or less",
    "less_than": "less than {lt}",
    "too_long": "{max_length} entries at the most",
    "string_too_short": "something; it is empty",
    "string_too_long": "{max_length} characters at the most",
}
_DATE = "a date, written 2026-12-25"
_SECRET_NAMES = ("token", "secret", "password", "key")


@dataclass(frozen=True, slots=True)
class Problem:
    """`key` is dotted ("telegram.mode"), `where` its place, `value` what stands there (never a secret),
    `right` what would be right."""

    key: str
    where: str
    value: str
    right: str

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where and self.key else self.where
        given = f" is {self.value}; it should be {self.right}" if self.value else f": {self.right}"
        return f"{self.key}{place}{given}"


def explained(error: ValidationError, model: type[BaseModel], where: Where) -> list[Problem]:
    """One problem for each mistake that pydantic found."""
    return [problem for detail in error.errors(include_url=False) for problem in _one(detail, model, where)]


def _one(detail: Any, model: type[BaseModel], where: Where) -> Iterator[Problem]:
    key = tuple(str(part) for part in detail["loc"] if not isinstance(part, int) and part != "[key]")
    context = detail.get("ctx", {})
    if detail["type"] == "contradiction":
        for name, sentence in context["wrong"]:
            yield Problem(".".join((*key, name)), where((*key, name)), "", sentence)
        return
    dotted, place = ".".join(key), where(key)
    if detail["type"] == "extra_forbidden":
        yield Problem(dotted, place, "", f"there is no such setting{_suggestion(model, key)}")
        return
    yield Problem(dotted, place, _shown(key, detail["input"], model), _right(detail, context))


def _right(detail: Any, context: dict[str, Any]) -> str:
    kind: str = detail["type"]
    if kind == "impossible":
        return str(context["expected"])
    if kind.startswith("date"):
        return _DATE
    return _EXPECTED.get(kind, str(detail["msg"])).format(**context)


def _shown(key: tuple[str, ...], value: Any, model: type[BaseModel]) -> str:
    plain_address = "://" in str(value) and "@" not in str(value)
    if _is_secret(key, model) and not plain_address:
        return "not shown here (it is a secret)"
    if value is None or value == "":
        return "empty"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _is_secret(key: tuple[str, ...], model: type[BaseModel]) -> bool:
    field = None
    for name in key:
        field = model.model_fields.get(name)
        if field is None:
            return any(word in name for word in _SECRET_NAMES)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            model = field.annotation
    return field is not None and SecretStr in (field.annotation, *get_args(field.annotation))


def _suggestion(model: type[BaseModel], key: tuple[str, ...]) -> str:
    """The nearest key of the same section, or the section where this key really lives."""
    root = model
    for name in key[:-1]:
        annotation = model.model_fields[name].annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    nearest = process.extractOne(key[-1], list(model.model_fields), score_cutoff=70)
    if nearest:
        return f"; did you mean {nearest[0]}?"
    for section, field in root.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and key[-1] in inner.model_fields:
            return f"; {key[-1]} belongs into the section {section}"
    return f"; here are possible: {', '.join(model.model_fields)}"
