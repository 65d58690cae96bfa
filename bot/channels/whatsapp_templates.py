"""The templates of WhatsApp, as the file beside this one defines them: openers that have to be approved, and
the shapes of messages with buttons, which are sent in an open window only.

    templates = load("Jambi")
    templates["konten"].filled({"nama": "Siti R."})   # {"1": "Siti R."}
    templates[shape("buttons", 2)].types()            # what the Content API is given
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from models import templates
from models.templates import Template

FILE = Path(__file__).with_suffix(".yaml")
OPEN = "window.open"  # what the button of an opener sends (handlers/opening.py)
QUICK_REPLY, LIST_PICKER = "quick-reply", "list-picker"
SESSION = "session"  # the category of what nobody has to approve


@dataclass(frozen=True, slots=True)
class Definition:
    """One template. `buttons` are (title, id), `items` (words, id, description); `label` opens a list.
    `variables` names {{1}}, {{2}} … in their order, with what a reviewer sees there (`samples`) and what
    stands there where nothing is given (`empty`)."""

    name: str
    language: str
    category: str
    shape: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()
    items: tuple[tuple[str, str, str], ...] = ()
    label: str = ""
    variables: tuple[str, ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict)
    empty: Mapping[str, str] = field(default_factory=dict)

    @property
    def approval(self) -> bool:
        """Whether it has to be approved before it is sent."""
        return self.category != SESSION

    def types(self) -> dict[str, dict[str, Any]]:
        """Its content, as the Content API takes it (twilio.com/docs/content/content-types-overview)."""
        if self.shape == LIST_PICKER:
            items = [{"item": item, "id": id_, "description": about} for item, id_, about in self.items]
            return {"twilio/list-picker": {"body": self.body, "button": self.label, "items": items}}
        actions = [{"type": "QUICK_REPLY", "title": title, "id": id_} for title, id_ in self.buttons]
        return {"twilio/quick-reply": {"body": self.body, "actions": actions}}

    def numbered(self) -> dict[str, str]:
        """The samples by the numbers of their variables, which go along when a template is made."""
        return {str(nth): self.samples[name] for nth, name in enumerate(self.variables, start=1)}

    def filled(self, params: Mapping[str, Any]) -> dict[str, str]:
        """ContentVariables: its parameters by number. WhatsApp refuses an empty one, and a line break in one
        of a template that was approved. Raises ValueError for a parameter that it does not have."""
        if unknown := set(params) - set(self.variables):
            raise ValueError(f"the template {self.name} has no {', '.join(sorted(unknown))}")
        found = {}
        for nth, name in enumerate(self.variables, start=1):
            value = str(params.get(name) or "")
            words = " ".join(value.split()) if self.approval else value
            found[str(nth)] = words or self.empty.get(name, "-")
        return found

    @property
    def version(self) -> str:
        """The hash of its words: with other words it is another template."""
        words = {"types": self.types(), "samples": self.numbered(), "language": self.language}
        return templates.version(words)

    @property
    def friendly_name(self) -> str:
        """What it is called at the provider: the same words have the same name there."""
        return f"satu_pesan_{self.name.replace('-', '_')}_{self.version}"

    def problems(self) -> list[str]:
        """What WhatsApp would refuse about it."""
        titles = [title for title, _ in self.buttons] if self.approval else []
        found = templates.problems(self.body, titles, approval=self.approval)
        if self.approval and set(self.samples) != set(self.variables):
            found.append("a variable has no sample")
        return [f"{self.name}: {problem}" for problem in found]


def shape(kind: str, number: int) -> str:
    """The name of the shape with so many buttons ("buttons") or items ("list")."""
    return f"{kind}-{number}"


@cache
def load(province: str) -> Mapping[str, Definition]:
    """All templates by name, for a province ("Jambi"). Raises ValueError with everything that WhatsApp would
    refuse."""
    with FILE.open(encoding="utf-8") as opened:
        written = yaml.safe_load(opened)
    found = [*_openers(written, province), *_shapes(written)]
    if problems := [problem for one in found for problem in one.problems()]:
        raise ValueError("\n".join(problems))
    return {one.name: one for one in found}


def _openers(written: Mapping[str, Any], province: str) -> Iterator[Definition]:
    for name, given in written["openers"].items():
        variables = given.get("variables", {})
        yield Definition(
            name,
            written["language"],
            given["category"],
            QUICK_REPLY,
            given["body"].replace("{province}", province),
            buttons=((given["button"], OPEN),),
            variables=tuple(variables),
            samples={key: value["sample"] for key, value in variables.items()},
            empty={key: value["empty"] for key, value in variables.items()},
        )


def _shapes(written: Mapping[str, Any]) -> Iterator[Definition]:
    language = written["language"]
    for kind, given in written["session"].items():
        for number in range(1, given["most"] + 1):
            yield _shape(kind, given["shape"], number, language)


def _shape(kind: str, form: str, number: int, language: str) -> Definition:
    """Every word of it is a variable, numbered as they come."""
    names = ["body"] if form == QUICK_REPLY else ["body", "button"]
    each = ("title", "id") if form == QUICK_REPLY else ("item", "id", "description")
    names += [f"{part}{nth}" for nth in range(1, number + 1) for part in each]
    slot = {name: f"{{{{{nth}}}}}" for nth, name in enumerate(names, start=1)}
    rows = [tuple(slot[f"{part}{nth}"] for part in each) for nth in range(1, number + 1)]
    return Definition(
        shape(kind, number),
        language,
        SESSION,
        form,
        slot["body"],
        buttons=tuple((title, id_) for title, id_ in rows) if form == QUICK_REPLY else (),
        items=tuple((item, id_, about) for item, id_, about in rows) if form == LIST_PICKER else (),
        label=slot.get("button", ""),
        variables=tuple(names),
        samples={name: name for name in names},
    )


def register(session: Session, definitions: Mapping[str, Definition]) -> list[Template]:
    """The rows of all templates, as they are written now (`models/templates.py`)."""
    return [
        templates.register(session, one.name, one.language, one.category, one.version)
        for one in definitions.values()
    ]
