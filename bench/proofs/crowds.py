"""Is a copy found among all who shared the same item? Honest crowds of one item, and copies of some."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from bench import ground
from bench.proofs.parts import Shelf, likened, percent, print_of, scene_of, within
from bench.screenshots import carriers, phones, sets
from bench.screenshots.items import Item
from bench.screenshots.sets import Shot
from bot.vision import fingerprints, looking
from bot.vision.copies import Likeness
from bot.vision.features import Points
from bot.vision.fingerprints import Fingerprint
from bot.vision.showing import Reference

SIZES = (350, 1_000, 5_000, 15_000)  # who share one item: an agency, several, the province
MORE = 10  # what is compared if three are not enough
COPIED = 40  # uploads of each crowd that somebody else sends again


class Crowd:
    """An item's honest proofs with their fingerprints."""

    def __init__(self, shelf: Shelf, item: Item, shots: Iterable[Shot]) -> None:
        self.models: list[Reference] = shelf.references(item)
        self.shots = list(shots)
        self.looked: list[tuple[Fingerprint, Points | None]] = [
            print_of(self.models, shot.data) for shot in self.shots
        ]
        self.tiles = fingerprints.stacked([one.tiles for one, _ in self.looked])


@dataclass(frozen=True)
class Sought:
    """A copy by `kind`; `ranks`: how many of crowds of so many come before its upload (-1: it is no
    candidate); `same`: the comparison recognises it; `seconds` of each look-up."""

    kind: str
    ranks: dict[int, int]
    same: bool
    seconds: dict[int, float]


def crowded(seed: str, kind: str, people: int) -> Crowd:
    """An item of a kind and those who shared it."""
    shelf = Shelf()
    try:
        return Crowd(shelf, *sets.crowd(seed, people, kind))
    finally:
        shelf.close()


def sought(seed: str, crowd: Crowd) -> Iterator[Sought]:
    """Copies of some uploads, looked for among all, and among the first so many."""
    sizes = [size for size in SIZES if size < len(crowd.shots)] + [len(crowd.shots)]
    step = max(1, sizes[0] // COPIED)
    for number in range(0, sizes[0], step):
        rng = Random(f"{seed} copy {number}")
        for kind in carriers.COPIES:
            data = carriers.copy(rng, crowd.shots[number].data, kind, phones.person(rng))
            looked = print_of(crowd.models, data)
            ranks, seconds = {}, {}
            for size in sizes:
                began = time.process_time()
                found = fingerprints.candidates(looked[0], crowd.tiles[:size])
                seconds[size] = time.process_time() - began
                ranks[size] = found.index(number) if number in found else -1
            yield Sought(kind, ranks, _same(looked, data, crowd, number), seconds)


def accused(crowd: Crowd) -> int:
    """How many honest people are told to have sent what somebody sent before them."""
    count = 0
    for number, looked in enumerate(crowd.looked):
        found = fingerprints.candidates(looked[0], crowd.tiles[:number])[: looking.MOST_COMPARED]
        count += any(_same(looked, crowd.shots[number].data, crowd, other) for other in found)
    return count


def _same(looked: tuple[Fingerprint, Points | None], data: bytes, crowd: Crowd, number: int) -> bool:
    """Whether a picture is called the same upload as that of a number."""
    other = crowd.looked[number][0], scene_of(crowd.shots[number].data)
    return likened(looked, scene_of(data), *other).likeness is Likeness.SAME


def show(seed: str, people: int) -> None:
    """The tables."""
    rows: list[list[object]] = []
    for kind in ("poster", "photo"):
        crowd = crowded(seed, kind, people)
        ground.say(f"{people:,} people shared a {kind}")
        some = list(sought(seed, crowd))
        many = accused(crowd)
        for size in some[0].ranks:
            ranks = [one.ranks[size] for one in some]
            first = [0 <= rank < looking.MOST_COMPARED for rank in ranks]
            both = [one.same and hit for one, hit in zip(some, first, strict=True)]
            each = [
                percent(hit for one, hit in zip(some, both, strict=True) if one.kind == copy)
                for copy in carriers.COPIES
            ]
            rows.append(
                [
                    kind,
                    f"{size:,}",
                    len(some),
                    percent(rank >= 0 for rank in ranks),
                    *within(first),
                    percent(0 <= rank < MORE for rank in ranks),
                    *within(both),
                    *each,
                    1000 * ground.median([one.seconds[size] for one in some]),
                    f"{many} of {people:,}" if size == people else "",
                ]
            )
    head = ["item", "crowd", "copies", "candidate %", f"among {looking.MOST_COMPARED} %", "95%"]
    head += [f"among {MORE} %", "recognised %", "95%", *carriers.COPIES, "ms", "honest accused"]
    ground.report("Copies among all who shared one item", head, rows)
