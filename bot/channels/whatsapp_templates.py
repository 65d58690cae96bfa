"""The templates that WhatsApp has to approve, as the file beside this one defines them: openers. The shapes
of messages with buttons, which nobody approves, are those of `whatsapp_content`.

    templates = load("Jambi")
    templates["konten"].filled({"nama": "Siti R."})   # {"1": "Siti R."}
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from models.whatsapp import templates

FILE = Path(__file__).with_suffix(".yaml")
OPEN = "window.open"  # what the button of an opener sends (handlers/releasing/opening.py)


@dataclass(frozen=True, slots=True)
class Definition:
    """One template. `buttons` are (title, id). `variables` names {{1}}, {{2}} … in their order, with what a
    reviewer sees there (`samples`) and what stands there where nothing is given (`empty`)."""

    name: str
    language: str
    category: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()
    variables: tuple[str, ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict)
    empty: Mapping[str, str] = field(default_factory=dict)

    def types(self) -> dict[str, dict[str, Any]]:
        """Its content, as the Content API takes it (twilio.com/docs/content/content-types-overview)."""
        actions = [{"type": "QUICK_REPLY", "title": title, "id": id_} for title, id_ in self.buttons]
        return {"twilio/quick-reply": {"body": self.body, "actions": actions}}

    def numbered(self) -> dict[str, str]:
        """The samples by the numbers of their variables, which go along when a template is made."""
        return {str(nth): self.samples[name] for nth, name in enumerate(self.variables, start=1)}

    def filled(self, params: Mapping[str, Any]) -> dict[str, str]:
        """ContentVariables: its parameters by number. WhatsApp refuses an empty one, and one with a line
        break. Raises ValueError for a parameter that it does not have."""
        if unknown := set(params) - set(self.variables):
            raise ValueError(f"the template {self.name} has no {', '.join(sorted(unknown))}")
        found = {}
        for nth, name in enumerate(self.variables, start=1):
            words = " ".join(str(params.get(name) or "").split())
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
        found = templates.problems(self.body, [title for title, _ in self.buttons])
        if set(self.samples) != set(self.variables):
            found.append("a variable has no sample")
        return [f"{self.name}: {problem}" for problem in found]


@cache
def load(province: str) -> Mapping[str, Definition]:
    """All templates by name, for a province ("Jambi"). Raises ValueError with everything that WhatsApp would
    refuse."""
    with FILE.open(encoding="utf-8") as opened:
        written = yaml.safe_load(opened)
    found = [*_openers(written, province)]
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
            given["body"].replace("{province}", province),
            buttons=((given["button"], OPEN),),
            variables=tuple(variables),
            samples={key: value["sample"] for key, value in variables.items()},
            empty={key: value["empty"] for key, value in variables.items()},
        )
