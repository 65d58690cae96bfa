"""Content templates as text: variables, limits of WhatsApp, and the rules by which WhatsApp approves.

Sources: Twilio's pages on twilio/text, quick-reply, list-picker, media and card, and "Using Variables with
Content Templates"; Meta's guidelines for templates on what a button's label may hold.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from bot.simulator.twilio.store import Button, Content, Shown

PLAYED = ("twilio/card", "twilio/list-picker", "twilio/quick-reply", "twilio/media", "twilio/text")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
MOST_TEXT = 1600
MOST_BODY = 1024  # characters of a body with buttons or media, and of any approved template
MOST_ITEMS = 10
MOST_BUTTONS = 10
SESSION_BUTTONS = 3  # quick replies where nothing was approved
MOST_VARIABLES = 100
TITLE, ITEM, DESCRIPTION, MENU, IDENTIFIER, SUBTITLE = 20, 24, 72, 20, 200, 60
NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
# What a value of an approved template may not have (Meta, error 132012 and its like).
ROUGH = re.compile(r"[\n\t]| {5}")
_KEY = re.compile(r"\w{1,16}", re.ASCII)
_PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_EDGE = ".,;:!?…\"')]}* _~`\n\r\t"  # what may stand behind a variable without making it less of an end
_FORBIDDEN_IN_LABELS = "*_~`\n\r\t"


def strings(value: Any) -> Iterator[str]:
    """Every string in a content's types, deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def places(value: Any) -> dict[str, None]:
    """The names of all variables in order of appearance. Raises ValueError for a malformed one."""
    found: dict[str, None] = {}
    for text in strings(value):
        for name in _PLACE.findall(text):
            if not _KEY.fullmatch(name.strip()):
                raise ValueError(f"variable {{{{{name}}}}} is not well formed")
            found[name.strip()] = None
        if text.count("{{") != text.count("}}") or len(_PLACE.findall(text)) != text.count("{{"):
            raise ValueError("a variable's braces are not well formed")
    return found


def fill(value: Any, values: Mapping[str, str]) -> Any:
    """The same structure with its variables replaced; what has no value stays as it is."""
    if isinstance(value, str):
        return _PLACE.sub(lambda match: values.get(match[1].strip(), match[0]), value)
    if isinstance(value, Mapping):
        return {name: fill(one, values) for name, one in value.items()}
    return [fill(one, values) for one in value] if isinstance(value, list) else value


def shown(types: Mapping[str, Mapping[str, Any]]) -> Shown:
    """The richest of the types that WhatsApp shows ("Content Types Overview"), already filled in."""
    kind = next(kind for kind in PLAYED if kind in types)
    body = types[kind]
    words = body.get("body") or "\n".join(filter(None, (body.get("title"), body.get("subtitle"))))
    actions = [one for one in body.get("actions") or () if one.get("type", "QUICK_REPLY") == "QUICK_REPLY"]
    return Shown(
        kind,
        str(words),
        tuple(body.get("media") or ()),
        tuple(Button(one.get("id") or one["title"], one["title"]) for one in actions),
        tuple(Button(one["id"], one["item"], one.get("description", "")) for one in body.get("items") or ()),
        str(body.get("button") or ""),
    )


def too_much(one: Shown) -> str:
    """Which limit of WhatsApp the filled-in content breaks, empty for none."""
    most = MOST_TEXT if one.type == "twilio/text" else MOST_BODY
    if not one.body.strip() and not one.media:
        return "the body is empty"
    if len(one.body) > most:
        return f"the body has {len(one.body)} characters of {most}"
    if len(one.menu) > MENU:
        return f"the list's button has {len(one.menu)} characters of {MENU}"
    for buttons, length in ((one.buttons, TITLE), (one.items, ITEM)):
        for button in buttons:
            if not button.title.strip() or len(button.title) > length:
                return f"label {button.title!r} has {len(button.title)} characters of 1 to {length}"
            if len(button.id) > IDENTIFIER or len(button.description) > DESCRIPTION:
                return f"{button.title!r}: its id or description is too long"
        if len({button.id for button in buttons}) < len(buttons):
            return "two buttons have the same id"
        if buttons is one.buttons and len({button.title for button in buttons}) < len(buttons):
            return "two buttons have the same label"
    return ""


def check(types: Mapping[str, Mapping[str, Any]], variables: Mapping[str, str]) -> None:
    """What the Content API refuses at creation. Raises ValueError."""
    names = places(types)
    if len(names) > MOST_VARIABLES or len(variables) > MOST_VARIABLES:
        raise ValueError(f"at most {MOST_VARIABLES} variables")
    for name, value in variables.items():
        if not _KEY.fullmatch(name):
            raise ValueError(f"variable {name!r} is not well formed")
        if len(value) > MOST_TEXT:
            raise ValueError(f"the sample of variable {name} has more than {MOST_TEXT} characters")
    short = {name: str(number) for number, name in enumerate(names)}  # lengths are the sender's business
    for kind, body in types.items():
        _check_counts(kind, body)
        if wrong := too_much(shown({kind: fill(body, short)})):
            raise ValueError(f"{kind}: {wrong}")


def _check_counts(kind: str, body: Mapping[str, Any]) -> None:
    if kind == "twilio/list-picker" and not 1 <= len(body["items"]) <= MOST_ITEMS:
        raise ValueError(f"{kind}: 1 to {MOST_ITEMS} items")
    if kind == "twilio/quick-reply" and not 1 <= len(body["actions"]) <= MOST_BUTTONS:
        raise ValueError(f"{kind}: 1 to {MOST_BUTTONS} actions")
    if kind == "twilio/media" and len(body["media"]) != 1:
        raise ValueError(f"{kind}: exactly one media")
    if kind == "twilio/card":
        if not body.get("title") or not any(body.get(name) for name in ("subtitle", "media", "actions")):
            raise ValueError(f"{kind}: a title and at least one more field")
        if len(body.get("subtitle", "")) > SUBTITLE:
            raise ValueError(f"{kind}: the subtitle has more than {SUBTITLE} characters")


def submittable(content: Content) -> str:
    """Why WhatsApp does not even take it for approval, empty for nothing."""
    if "twilio/list-picker" in content.types:
        return "twilio/list-picker is not supported for approval on WhatsApp"
    return ""


def problem(content: Content) -> str:
    """Why WhatsApp rejects a submitted template, empty where it approves."""
    names = list(places(content.types))
    numbers = sorted(int(name) for name in names if name.isdigit())
    if numbers != list(range(1, len(numbers) + 1)):
        return "INVALID_FORMAT: variables must be numbered from 1 without gaps"
    if missing := [name for name in names if not content.variables.get(name)]:
        return f"INVALID_FORMAT: variable {missing[0]} has no sample"
    if not LANGUAGE.fullmatch(content.language):
        return f"INVALID_FORMAT: unknown language {content.language}"
    for body in content.types.values():
        for field in ("body", "title", "subtitle"):
            if found := _words_problem(str(body.get(field) or "")):
                return f"INVALID_FORMAT: {found}"
        for action in body.get("actions") or ():
            if found := _label_problem(action["title"]):
                return f"INVALID_FORMAT: {found}"
    found = too_much(shown(fill(content.types, content.variables)))
    filled = shown(fill(content.types, content.variables))
    if not found and len(filled.body) > MOST_BODY:
        found = f"the body has {len(filled.body)} characters of {MOST_BODY}"
    return f"INVALID_FORMAT: {found}" if found else ""


def _words_problem(text: str) -> str:
    if "{{" not in text:
        return "four line breaks in a row" if "\n\n\n\n" in text else ""
    bare = text.strip(_EDGE.replace("}", ""))
    if bare.startswith("{{") or bare.endswith("}}"):
        return "a variable stands at the beginning or at the end"
    if re.search(r"\}\}[^\w{]*\{\{", text):
        return "two variables stand side by side"
    words = [word for word in _PLACE.sub(" ", text).split() if any(map(str.isalnum, word))]
    count = len(_PLACE.findall(text))
    if len(words) < 2 * count + 1:
        return f"{count} variables need {2 * count + 1} words, there are {len(words)}"
    return ""


def _label_problem(label: str) -> str:
    if "{{" in label:
        return f"button {label!r} has a variable"
    if any(mark in label for mark in _FORBIDDEN_IN_LABELS):
        return f"button {label!r} has a line break or formatting"
    if any(unicodedata.category(mark) in {"So", "Sk", "Cs"} for mark in label):
        return f"button {label!r} has an emoji"
    return ""
