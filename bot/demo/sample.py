"""The roster of the sample province: the same people for the same seed, as files and as phones.

A few share a phone, a few have none, a few have blocked the bot: what a real list is like. Most have
Telegram, four of ten WhatsApp alone, a few both; the PPID teams and the officials are on Telegram.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.demo import names
from bot.demo.agencies import AGENCIES, sized

SEED = 48
FIRST_CHAT = 500_001  # a private chat's id is the user's id
JOINED_SHARE = 0.9
LIVE, LATER = 200, 3  # of the full roster of 15,000: those who join during the week
BLOCKED_KNOWN, BLOCKED_SILENT = 100, 50
FAMILIES = 60
FULL = 15_000
TELEGRAM, WHATSAPP = "telegram", "whatsapp"
CHANNELS = (TELEGRAM, WHATSAPP)
WHATSAPP_ONLY, BOTH = 0.40, 0.03  # of those who have a phone in the play

# How somebody stands at the beginning of the week.
JOINED, KNOWN, SILENT = "joined", "blocked, and the bot knows", "blocked, and it does not know"
JOINS_LIVE, JOINS_LATER, AWAY = "joins this week", "joins in mid-week", "has not joined"
REACHED = (JOINED, JOINS_LIVE, JOINS_LATER)


@dataclass(frozen=True, slots=True)
class Civil:
    """A made-up civil servant. `chat` is the Telegram id of their phone, and their number in the play;
    `stands` one of the above, `channels` what they have, the one that is written to first."""

    number: int
    nip: str
    name: str
    opd: str
    phone: str
    position: str
    stands: str
    channels: tuple[str, ...] = (TELEGRAM,)

    @property
    def chat(self) -> int:
        return FIRST_CHAT + self.number

    @property
    def channel(self) -> str:
        """Where they are written to."""
        return self.channels[0]

    def address(self, channel: str) -> str:
        """As the program knows their phone on a channel."""
        return str(self.chat) if channel == TELEGRAM else self.phone

    def user(self) -> dict[str, Any]:
        """As the simulator makes a user of it."""
        first, _, last = self.name.partition(" ")
        return {"id": self.chat, "first_name": first, "last_name": last, "phone": self.phone}


@dataclass(frozen=True)
class Sample:
    """The whole province; `people` are in the order of the roster file."""

    people: Sequence[Civil]

    @cached_property
    def by_chat(self) -> dict[int, Civil]:
        return {person.chat: person for person in self.people}

    @cached_property
    def by_nip(self) -> dict[str, Civil]:
        return {person.nip: person for person in self.people}

    @cached_property
    def by_address(self) -> dict[tuple[str, str], Civil]:
        """Everybody who has a phone in the play, by channel and address."""
        return {
            (channel, person.address(channel)): person
            for person in self.people
            if person.stands != AWAY
            for channel in person.channels
        }

    @cached_property
    def by_opd(self) -> dict[str, list[Civil]]:
        found: defaultdict[str, list[Civil]] = defaultdict(list)
        for person in self.people:
            found[person.opd].append(person)
        return dict(found)

    def standing(self, *stands: str) -> list[Civil]:
        return [person for person in self.people if person.stands in stands]

    def chats(self, channel: str) -> set[int]:
        """Whoever is written to on a channel."""
        return {person.chat for person in self.people if person.channel == channel}

    def team(self, opd: str) -> list[Civil]:
        """The PPID team of an OPD: three people who have joined, the creator first."""
        return [person for person in self.by_opd[opd] if person.stands == JOINED][:3]

    @property
    def colleagues(self) -> list[Civil]:
        """The editors of all teams, and the quality control: those who read before a controller does."""
        return [*(self.team(opd)[1] for opd in sorted(self.by_opd) if len(self.team(opd)) > 1), self.tag]

    @property
    def controllers(self) -> list[Civil]:
        """Two, so that four eyes can see an item that one of them wrote; apart from any PPID team."""
        return [self._spare("BAPPEDA"), self._spare("DISKOMINFO")]

    @property
    def admin(self) -> Civil:
        return self._spare("BKD")

    @property
    def tag(self) -> Civil:
        return self._spare("DISDIK")

    @property
    def leader(self) -> Civil:
        return self._spare("INSPEKTORAT")

    def _spare(self, opd: str) -> Civil:
        """The last of an OPD: in no team, unless the OPD is tiny."""
        return [person for person in self.by_opd[opd] if person.stands == JOINED][-1]


def make(people: int = FULL, seed: int = SEED) -> Sample:
    """A province of so many people. Raises ValueError where they are too few for 43 OPD."""
    sizes = sized(people)
    registry, dice = names.Registry(seed), random.Random(seed)
    made: list[Civil] = []
    for agency in AGENCIES:
        for _ in range(sizes[agency.code]):
            one = registry.person()
            made.append(Civil(len(made), one.nip, one.name, agency.code, one.phone, agency.job, JOINED))
    _stand(made, dice)
    _share_phones(made, dice)
    _deal_channels(made, random.Random(seed))  # dice of its own: the people stay the same
    return Sample(made)


def _stand(made: list[Civil], dice: random.Random) -> None:
    """Decides who has joined. The first of an OPD (its team) and the last (officials) always have."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for person in made:
        numbers[person.opd].append(person.number)
    kept = {number for of in numbers.values() for number in (*of[:3], *of[-2:])}
    free = [person.number for person in made if person.number not in kept]
    dice.shuffle(free)
    scale = len(made) / FULL
    away = max(0, round(len(made) * (1 - JOINED_SHARE)) - _scaled(LIVE, scale) - _scaled(LATER, scale))
    for stands, so_many in (
        (JOINS_LIVE, _scaled(LIVE, scale)),
        (JOINS_LATER, _scaled(LATER, scale)),
        (KNOWN, _scaled(BLOCKED_KNOWN, scale)),
        (SILENT, _scaled(BLOCKED_SILENT, scale)),
        (AWAY, away),
    ):
        chosen, free = free[:so_many], free[so_many:]
        for number in chosen:
            made[number] = replace(made[number], stands=stands)


def _scaled(full: int, scale: float) -> int:
    return max(3, round(full * scale))


def _share_phones(made: list[Civil], dice: random.Random) -> None:
    """Some who join live share the phone of a colleague who has not joined; some others have none."""
    live = [person for person in made if person.stands == JOINS_LIVE]
    away = [person for person in made if person.stands == AWAY]
    dice.shuffle(away)
    pairs = min(_scaled(FAMILIES, len(made) / FULL) // 3, len(away) // 3)
    for person, relative in zip(live[:pairs], away, strict=False):
        made[relative.number] = replace(relative, phone=person.phone)
    for person in away[pairs : pairs + len(away) // 10]:
        made[person.number] = replace(person, phone="")


def _deal_channels(made: list[Civil], dice: random.Random) -> None:
    """Decides who is on WhatsApp: of each standing its part, since whoever joins, or has blocked us, does so
    on either channel. Teams and officials stay on Telegram, where the other played people are."""
    sample = Sample(made)
    officials = [*sample.controllers, sample.admin, sample.tag, sample.leader]
    kept = {person.number for code in sample.by_opd for person in sample.team(code)}
    kept |= {person.number for person in officials}
    for stands in (JOINS_LIVE, JOINS_LATER, KNOWN, SILENT, JOINED):
        free = [one.number for one in sample.standing(stands) if one.number not in kept]
        dice.shuffle(free)
        # Among those who have joined, also the part of those who were kept.
        everybody = len(sample.standing(stands))
        alone, both = round(everybody * WHATSAPP_ONLY), round(everybody * BOTH) if stands == JOINED else 0
        for number in free[:alone]:
            made[number] = replace(made[number], channels=(WHATSAPP,))
        for number in free[alone : alone + both]:
            made[number] = replace(made[number], channels=CHANNELS)


def write(sample: Sample, folder: Path) -> None:
    """Writes opd.csv, roster.csv and roster-salah.csv (with lines that an import refuses) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    _csv(folder / "opd.csv", ("kode", "nama"), ((agency.code, agency.name) for agency in AGENCIES))
    head = ("nip", "nama", "kode_opd", "hp", "jabatan")
    rows = [_row(person) for person in sample.people]
    _csv(folder / "roster.csv", head, rows)
    _csv(folder / "roster-salah.csv", head, _spoiled(rows[:20]))


def _row(person: Civil) -> tuple[str, ...]:
    """As offices write it: NIP with blanks here, phones with dashes there."""
    nip, phone = person.nip, person.phone
    if person.number % 7 == 0:
        nip = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
    if phone:
        local = "0" + phone[3:]
        phone = (local, f"{local[:4]}-{local[4:8]}-{local[8:]}", phone, phone[1:])[person.number % 4]
    return nip, person.name, person.opd, phone, person.position


def _spoiled(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The first lines of the roster, some of them wrong in a way of their own."""
    spoiled = list(rows)
    spoiled[3] = ("1987 0231 200901 1 001", *spoiled[3][1:])
    spoiled[6] = ("12345", *spoiled[6][1:])
    spoiled[9] = (*spoiled[9][:2], "DINASX", *spoiled[9][3:])
    spoiled[12] = (*spoiled[12][:3], "0812", spoiled[12][4])
    spoiled[15] = (spoiled[15][0], "", *spoiled[15][2:])
    return [*spoiled, spoiled[0]]


def _csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
