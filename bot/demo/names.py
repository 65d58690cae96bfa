"""Names, numbers and phones of people who do not exist."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

_PARTS: dict[str, str] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
MEN, WOMEN = _PARTS["men"].split(), _PARTS["women"].split()
MIDDLE, FAMILY = _PARTS["middle"].split(), _PARTS["family"].split()
_OLDEST, _YOUNGEST = date(1967, 1, 1), date(2001, 12, 31)


@dataclass(frozen=True, slots=True)
class Identity:
    """A name with a NIP (18 digits) and a phone number in E.164; all are made up."""

    name: str
    nip: str
    phone: str


class Registry:
    """Gives out people, none of whom shares a NIP or a phone with another. The same seed, the same people."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._nips: set[str] = set()
        self._phones: set[str] = set()

    def person(self) -> Identity:
        woman = self._random.random() < 0.54
        return Identity(self._name(woman), self._nip(woman), self._phone())

    def _name(self, woman: bool) -> str:
        parts = [self._random.choice(WOMEN if woman else MEN)]
        if self._random.random() < 0.35:
            parts.append(self._random.choice(MIDDLE))
        if self._random.random() < 0.9:
            parts.append(self._random.choice(FAMILY))
        return " ".join(dict.fromkeys(parts))

    def _nip(self, woman: bool) -> str:
        """Perka BKN 22/2007: birth, appointment (PPPK: year and a number that is no month), sex, serial."""
        while True:
            born = _OLDEST + timedelta(days=self._random.randrange((_YOUNGEST - _OLDEST).days))
            appointed = min(born.year + self._random.randint(22, 32), 2025)
            if self._random.random() < 0.22:
                middle = f"{max(appointed, 2021)}21"
            else:
                middle = f"{appointed}{self._random.randint(1, 12):02d}"
            nip = f"{born:%Y%m%d}{middle}{2 if woman else 1}{self._random.randint(1, 99):03d}"
            if nip not in self._nips:
                self._nips.add(nip)
                return nip

    def _phone(self) -> str:
        while True:
            phone = f"+62812{self._random.randint(10_000_000, 99_999_999)}"
            if phone not in self._phones:
                self._phones.add(phone)
                return phone
