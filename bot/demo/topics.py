"""What the OPD of the sample province tell people in the week that is played. All figures are made up."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.demo.agencies import AGENCIES, Agency

HASHTAGS = "#JambiMantap #SatuASNSatuPesan"
SOURCE = "https://jambiprov.go.id/contoh"


@dataclass(frozen=True, slots=True)
class Topic:
    """An item in the making: `figure` and `unit` are what the picture shows largest."""

    code: str
    title: str
    figure: str
    unit: str
    what: str
    why: str
    caption: str
    source: str


_NAMES = {agency.code: agency.name for agency in AGENCIES}
LIVE = ("PUPR", "DINKES", "DISDIK", "BAPPEDA", "DISKOMINFO")  # those that go through the chat


def _topic(code: str, words: dict[str, str]) -> Topic:
    caption = f"{words['what']} {words['why']}\n\n{HASHTAGS}"
    return Topic(code=code, caption=caption, source=f"{SOURCE}/{code.lower()}", **words)


_WRITTEN = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
PROVINCIAL = _topic("PROV", _WRITTEN.pop("PROV"))
TOPICS: dict[str, Topic] = {code: _topic(code, words) for code, words in _WRITTEN.items()}


def name(topic: Topic) -> str:
    """Whose item it is, as people read it."""
    return _NAMES.get(topic.code, "Pemerintah Provinsi Jambi")


def without() -> list[Agency]:
    """The OPD that have no item of their own and get the provincial one."""
    return [agency for agency in AGENCIES if agency.code not in TOPICS]
