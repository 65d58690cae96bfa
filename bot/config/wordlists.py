"""Reads the lists of words that an operator may edit, and says what is wrong in them."""

from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from bot.config import config_file, settings_problems
from bot.config.settings_problems import Problem
from bot.config.settings_sources import Origin
from models.content.wordlists import Campaign, Jargon, Wordlists

PROJECT = Path(__file__).parents[2]
_List = TypeVar("_List", bound=BaseModel)


class WordlistError(ValueError):
    """The lists cannot be used; `problems` has each fault with its file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Paths(Protocol):
    """Where the lists are: `bot.config.settings.Content`."""

    @property
    def campaign_words(self) -> str: ...

    @property
    def jargon_words(self) -> str: ...


def load(paths: Paths) -> Wordlists:
    """The lists at the paths of the settings, relative ones from the project's folder.

    Raises WordlistError with every fault in all of them.
    """
    problems: list[Problem] = []
    campaign = _read(Campaign, "campaign_words", paths.campaign_words, problems)
    jargon = _read(Jargon, "jargon_words", paths.jargon_words, problems)
    if problems:
        raise WordlistError(problems)
    return Wordlists(campaign, jargon)


def _read(model: type[_List], setting: str, path: str, problems: list[Problem]) -> _List:
    """One list; the model's empty one when it is faulty, with the faults added to `problems`."""
    file = PROJECT / path
    if not file.is_file():
        problems.append(Problem(f"content.{setting}", "", repr(path), f"the path of a file ({file} is none)"))
        return model()
    written = config_file.read(file)
    faults = [
        Problem("", f"{path} line {line}" if line else path, "", sentence) for line, sentence in written.wrong
    ]
    values = {name: held for name, held in written.values.items() if held is not None}
    try:
        found = model.model_validate(values)
    except ValidationError as error:
        written.name = path
        faults += settings_problems.explained(error, model, Origin(written, {}).of)
        found = model()
    problems += faults
    return found
