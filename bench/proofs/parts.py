"""Shares of a whole with what chance leaves open, and items as the program keeps them."""

import math
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import numpy as np

from bench.screenshots.items import Item
from bot.files.media import Store
from bot.vision import copies, fingerprints, pixels, showing
from bot.vision.copies import Comparison
from bot.vision.features import Points
from bot.vision.fingerprints import Fingerprint
from bot.vision.looking import Files, Looker
from bot.vision.pixels import Grey
from bot.vision.showing import Reference

_Z = 1.96  # 95%


def interval(hits: int, of: int) -> tuple[float, float]:
    """Percent between which a share lies with 95% (Wilson 1927); 0 to 100 where nothing was seen."""
    if not of:
        return 0.0, 100.0
    share, turn = hits / of, _Z**2 / of
    middle = (share + turn / 2) / (1 + turn)
    half = _Z * math.sqrt(share * (1 - share) / of + turn / (4 * of)) / (1 + turn)
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def percent(flags: Iterable[bool]) -> float:
    """Of flags those that are set; nan of none."""
    some = list(flags)
    return 100 * sum(some) / len(some) if some else math.nan


def within(flags: Iterable[bool]) -> tuple[float, str]:
    """As `percent`, with its interval in words."""
    some = list(flags)
    low, high = interval(sum(some), len(some))
    return percent(some), f"{low:.2f}–{high:.2f}" if some else "–"


class Shelf:
    """A store of its own and the program's looker before it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="satu-pesan-proofs-")
        self.store = Store(Path(self._folder.name).as_uri())
        self.looker = Looker(self.store)
        self._numbers = count(1)

    def put(self, item: Item) -> tuple[int, Files]:
        """An item's number and files, as the program knows them."""
        kept = [self.store.put(data, datetime.now(UTC)) for data, _ in item.files()]
        return next(self._numbers), [(one.key, one.mime) for one in kept]

    def references(self, item: Item) -> list[Reference]:
        """What its screenshots are compared with."""
        return self.looker.references(*self.put(item))

    def close(self) -> None:
        self.store.close()
        self._folder.cleanup()


def scene_of(data: bytes) -> Grey:
    """A picture as it is looked at."""
    scene = pixels.decoded(data, showing.SCENE_SIDE)
    assert scene is not None, "the generator makes readable pictures"
    return scene


def print_of(models: Sequence[Reference], data: bytes) -> tuple[Fingerprint, Points | None]:
    """The fingerprint of a proof, and the corners of the item in it if it is found."""
    scene = scene_of(data)
    said = showing.shown(models, scene)
    if said.placing is None:
        return fingerprints.fingerprint(scene), None
    model = models[said.reference]
    height, width = model.grey.shape
    corners = showing.corners(model, said.placing)
    return fingerprints.fingerprint(scene, said.placing, (width, height)), np.asarray(corners, np.float32)


def likened(
    one: tuple[Fingerprint, Points | None], scene: Grey, other: Fingerprint, other_scene: Grey
) -> Comparison:
    """How the program compares a picture (its fingerprint and the item's corners) with a candidate."""
    search = bool(fingerprints.shifted(one[0], fingerprints.stacked([other.tiles]))[0])
    return copies.compared(scene, other_scene, one[1], search=search)
