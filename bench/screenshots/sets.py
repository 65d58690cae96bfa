"""Train and test: items with honest proofs, wrong pictures, copies, and crowds who shared one item.

Everything follows from a seed; the seeds of train and test never meet, nor do their agencies.
"""

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random

from PIL import Image

from bench.screenshots import carriers, chats, feeds, items, phones, stories, strangers
from bench.screenshots.items import Item
from bench.screenshots.phones import Person

PLATFORMS: dict[str, Callable[[Person, Image.Image], Image.Image]] = {
    "WhatsApp story": stories.whatsapp,
    "WhatsApp group": chats.whatsapp,
    "Instagram feed": feeds.instagram,
    "Instagram story": stories.instagram,
    "Facebook": feeds.facebook,
    "TikTok": stories.tiktok,
    "X": feeds.x,
    "YouTube": feeds.youtube,
}
# Of a week's shares: what people use most comes first.
_WEIGHTS = (45, 20, 6, 10, 10, 4, 3, 2)


@dataclass(frozen=True)
class Shot:
    """A picture as it reached us; `kind` says what is wrong with it, or that it is "honest"."""

    platform: str
    kind: str
    data: bytes
    who: Person


@dataclass(frozen=True)
class Lot:
    """An item with the proofs and the wrong pictures that came for it, and the others (four of the agency,
    one of another) that the program knows: a wrong picture of a `kind` of theirs shows that one."""

    item: Item
    others: dict[str, Item]
    honest: tuple[Shot, ...]
    wrong: tuple[Shot, ...]


def shot(who: Person, platform: str, picture: Image.Image, kind: str = "honest") -> Shot:
    """What `who` sends after sharing a picture on a platform."""
    image = PLATFORMS[platform](who, picture)
    return Shot(platform, kind, carriers.sent(phones.later(who, "sends").habits, image), who)


def lots(seed: str, numbers: Iterable[int]) -> Iterator[Lot]:
    """The items of these numbers, each with an honest proof a platform and a wrong picture of every kind (of
    siblings two)."""
    for number in numbers:
        rng = Random(f"{seed} lot {number}")
        design = items.template(rng)
        item = items.item(rng, design, items.KINDS[number % len(items.KINDS)])
        good = [shot(phones.person(rng), platform, item.seen(rng)) for platform in PLATFORMS]
        others = _others(rng, design, item)
        yield Lot(item, others, tuple(good), tuple(_wrong(rng, item, others)))


def _others(rng: Random, design: items.Template, item: Item) -> dict[str, Item]:
    """The last four items of the agency, and one of another."""
    posters = items.siblings(rng, design, item.numbers)
    if item.kind != "poster":  # no poster shares anything with it but the template
        posters = {
            f"sibling {number}": next(iter(items.siblings(rng, design, item.numbers).values()))
            for number in range(3)
        }
    found = {name: items.still("poster", picture) for name, picture in posters.items()}
    found["earlier week"] = items.item(rng, design, rng.choice(items.KINDS))
    found["other agency"] = items.item(rng, items.template(rng), rng.choice(items.KINDS))
    return found


def _wrong(rng: Random, item: Item, others: dict[str, Item]) -> Iterator[Shot]:
    for kind, other in others.items():
        if kind in ("earlier week", "other agency") or item.kind == "poster":
            for _ in range(2 if kind.startswith("sibling") else 1):
                yield shot(phones.person(rng), rng.choice(list(PLATFORMS)), other.seen(rng), kind)
    for kind in strangers.KINDS:
        who = phones.person(rng)
        yield Shot("", kind, carriers.sent(rng, strangers.picture(rng, kind, who)), who)
    yield Shot("", "the item itself", carriers.sent(rng, item.seen(rng)), phones.person(rng))


@dataclass(frozen=True)
class Twins:
    """One upload, its copies by kind, and the honest proofs of colleagues which look most like it; `nearest`
    differs from the first in one percent of the battery, the least that a screen can show."""

    item: Item
    first: Shot
    copies: tuple[Shot, ...]
    colleagues: tuple[Shot, ...]
    nearest: Shot


def twins(seed: str, numbers: Iterable[int]) -> Iterator[Twins]:
    """Uploads of these items on every platform. A colleague has the same item and platform; most have the
    same phone set up alike and shared within three minutes."""
    for number in numbers:
        rng = Random(f"{seed} twins {number}")
        item = items.item(rng, items.template(rng), items.KINDS[number % len(items.KINDS)])
        for platform in PLATFORMS:
            picture, who = item.seen(rng), phones.person(rng)
            later = replace(who, battery=who.battery - 1, habits=copy.copy(who.habits))
            first, nearest = shot(who, platform, picture), shot(later, platform, picture)
            copies = [
                Shot(platform, kind, carriers.copy(rng, first.data, kind, phones.person(rng)), who)
                for kind in carriers.COPIES
            ]
            others = [phones.colleague(rng, who, 3), phones.colleague(rng, who, 3), phones.person(rng)]
            colleagues = tuple(shot(one, platform, picture) for one in others)
            yield Twins(item, first, tuple(copies), colleagues, nearest)


def crowd(seed: str, people: int, kind: str = "poster") -> tuple[Item, Iterator[Shot]]:
    """An item and one proof each of so many people, on the platforms that people use, all in one evening.

    Screens are as high as what Telegram leaves of them: a crowd is large, and a larger one shows no more.
    """
    rng = Random(f"{seed} crowd {kind}")
    item = items.item(rng, items.template(rng), kind)

    def proofs() -> Iterator[Shot]:
        for number in range(people):
            dice = Random(f"{seed} crowd {kind} {number}")
            who = phones.person(dice)
            who = replace(who, phone=phones.lower(who.phone, carriers.TELEGRAM_SIDE))
            platform = dice.choices(list(PLATFORMS), _WEIGHTS)[0]
            yield shot(who, platform, item.seen(dice), "honest")

    return item, proofs()
