"""A text with buttons → messages that WhatsApp takes, none of its words lost.

A message with buttons is a Content resource of Twilio, whose words are all variables, so that a few
shapes serve for everything (https://www.twilio.com/docs/content/twilioquick-reply and
…/twiliolist-picker). In a session they need no approval. Lengths are in UTF-16 units, the strictest way
in which anybody counts.

A variable may not be empty (https://www.twilio.com/docs/api/errors/21656). That none may have a line break is
WhatsApp's rule for approved templates; that page says it of every body. Where Twilio refuses one in a
session, the lines go out as a text of their own, and the last of them with the buttons (`one_line`); where
it refuses that as well, the buttons become numbered lines (`Part.plain`).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels import OutgoingButton
from bot.texts import shortening
from bot.texts.markup import utf16_units

BODY, RICH_BODY, CAPTION = 1600, 1024, 1024
TITLE, ITEM, DESCRIPTION, ACTION = 20, 24, 72, 200
BUTTONS, ITEMS = 3, 10
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"(\d+)[.)]?\s+")


@dataclass(frozen=True, slots=True)
class Words:
    """What a list of WhatsApp needs beside the words of its message: the label of the button that opens
    it (20 units at most), and a body for a message that has no words of its own."""

    choose: str
    please: str


@dataclass(frozen=True, slots=True)
class Part:
    """One message: `body`, or a Content resource of the shape `shape` with its `variables`, and `plain`, what
    says the same without one. `lines` tells that a variable has several."""

    body: str = ""
    shape: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    plain: str = ""

    @property
    def lines(self) -> bool:
        return "\n" in self.variables.get("1", "")


def parts(
    text: str,
    buttons: Sequence[Sequence[OutgoingButton]],
    shapes: Collection[str],
    words: Words,
    *,
    one_line: bool = False,
) -> list[Part]:
    """The messages for a text with its buttons, in order; `shapes` are those that Twilio has for us. With
    `one_line` no more than one line stands above buttons: the others go before.

    Up to 3 buttons are a quick reply, up to 10 a list. Where that shape is not there, a label or an
    action is too long, or two are the same, the buttons are numbered lines of the text: a number is
    understood as well (`handlers/pressing.py`). A button that opens a page is a line with its address.
    """
    offered = [button for row in buttons for button in row]
    pages = [f"{button.label}: {button.url}" for button in offered if button.url]
    choices = [button for button in offered if button.action and not button.url]
    text = _below(text, pages)
    if not choices:
        return [Part(body) for body in split(text, BODY)]
    shape = next((one for one in shapes_for(choices) if one in shapes), "")
    if not shape:
        return [Part(body) for body in split(_below(text, numbered(choices)), BODY)]
    *before, body = split(_tidy(text), RICH_BODY) or [words.please]
    if one_line and "\n" in body:
        above, _, body = body.rpartition("\n")
        before.append(above.rstrip())
    variables = _variables(shape, body, choices, words)
    plain = _below(body, numbered(choices))
    return [*(Part(said) for said in before), Part(shape=shape, variables=variables, plain=plain)]


def shapes_for(choices: Sequence[OutgoingButton]) -> list[str]:
    """The shapes that take these buttons whole, the best one first: "buttons-1" to -3, "list-1-plain" to
    -10-plain, or "list-1" to -10, whose lines have descriptions; [] where none does."""
    labels = [_line(button.label) for button in choices]
    actions = {button.action for button in choices}
    alike = len(set(labels)) < len(labels) or len(actions) < len(labels)
    if alike or not all(labels) or any(utf16_units(action) > ACTION for action in actions):
        return []
    longest, number = max(map(utf16_units, labels)), len(labels)
    if number <= BUTTONS and longest <= TITLE:
        return [f"buttons-{number}"]
    if number > ITEMS or longest > DESCRIPTION:
        return []
    # A description may not be empty: where no label needs one, lists without are nicer.
    return [*([f"list-{number}-plain"] if longest <= ITEM else []), f"list-{number}"]


SHAPES = (
    *(f"buttons-{number}" for number in range(1, BUTTONS + 1)),
    *(f"list-{number}" for number in range(1, ITEMS + 1)),
    *(f"list-{number}-plain" for number in range(1, ITEMS + 1)),
)


def types(shape: str) -> dict[str, Any]:
    """The `types` of the Content resource that has this shape: what has to be created once at Twilio.

    The variable 1 is the body, in a list 2 its button; then come title and id of each button, or item,
    id and, but for a plain list, description of each line.
    """
    kind, number, *plain = shape.split("-")
    each = 2 if plain or kind == "buttons" else 3
    first = 2 if kind == "buttons" else 3

    def slots(index: int) -> list[str]:
        return [f"{{{{{first + each * index + place}}}}}" for place in range(each)]

    if kind == "buttons":
        pairs = map(slots, range(int(number)))
        actions = [{"type": "QUICK_REPLY", "title": title, "id": name} for title, name in pairs]
        return {"twilio/quick-reply": {"body": "{{1}}", "actions": actions}}
    names = ("item", "id", "description")
    items = [dict(zip(names, slots(index), strict=False)) for index in range(int(number))]
    return {"twilio/list-picker": {"body": "{{1}}", "button": "{{2}}", "items": items}}


def numbered(choices: Sequence[OutgoingButton]) -> list[str]:
    """The buttons as lines of a text, each with the number that may be typed for it."""
    return [
        f"{number}. {_unnumbered(_line(button.label), number)}"
        for number, button in enumerate(choices, start=1)
    ]


def split(text: str, limit: int) -> list[str]:
    """A text in pieces of at most `limit` units; nothing but spaces and line breaks at the cuts is lost.

    Cuts between paragraphs where it can, else between lines, else words, and inside a word only where
    that alone is too long.
    """
    pieces = []
    rest = text.strip()
    while utf16_units(rest) > limit:
        end = _cut(rest, limit)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*pieces, rest] if rest else pieces


def fits(text: str, limit: int) -> bool:
    """Whether a text has at most `limit` units."""
    return utf16_units(text) <= limit


def variable(text: str) -> str:
    """A text as the value of a variable: one line, never empty."""
    return _line(text) or "–"


def _cut(text: str, limit: int) -> int:
    most = _within(text, limit)
    for mark in ("\n\n", "\n", " "):
        # One piece should not be a mere crumb for the sake of a nicer cut.
        if (at := text.rfind(mark, most // 3, most + 1)) > 0:
            return at
    while most > 1 and shortening.joined(text, most):
        most -= 1
    return most


def _within(text: str, limit: int) -> int:
    """How many characters of a longer text have at most `limit` units."""
    units = 0
    for index, char in enumerate(text):
        units += 2 if ord(char) > 0xFFFF else 1
        if units > limit:
            return max(1, index)
    return len(text)


def _tidy(text: str) -> str:
    """A text as it can stand above buttons: no tabs, and no more than one space in a row."""
    return "\n".join(_line(line) for line in text.strip().splitlines())


def _variables(shape: str, body: str, choices: Sequence[OutgoingButton], words: Words) -> dict[str, str]:
    values = [body]
    if not shape.startswith("buttons"):
        values.append(words.choose)
    for button in choices:
        label = _line(button.label)
        values += [label if shape.startswith("buttons") else shortening.cut(label, ITEM), button.action]
        if len(shape.split("-")) == 2 and not shape.startswith("buttons"):
            values.append(label)
    return {str(number): value for number, value in enumerate(values, start=1)}


def _below(text: str, lines: Sequence[str]) -> str:
    return "\n\n".join(part for part in (text.strip(), "\n".join(lines)) if part)


def _line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _unnumbered(label: str, number: int) -> str:
    """A label that begins with its own number already, without it."""
    found = _NUMBER.match(label)
    return label[found.end() :] if found and found[1] == str(number) else label
