"""The same upload? Copies of uploads, and the honest proofs of colleagues that look most like them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import ground
from bench.proofs.parts import Shelf, likened, percent, print_of, scene_of, within
from bench.screenshots import carriers, sets
from bench.screenshots.sets import PLATFORMS
from bot.vision import copies, fingerprints
from bot.vision.copies import Likeness


@dataclass(frozen=True)
class Pair:
    """Two pictures on one platform: a copy by `kind`, two honest people's ("colleague"), or the same
    screen with another percent of the battery ("one digit")."""

    platform: str
    kind: str
    share: float  # of tiles that changed
    comparison: copies.Comparison
    seconds: float

    @property
    def accused(self) -> bool:
        """Whether a look-up finds the other and the comparison calls it the same."""
        return self.share <= fingerprints.MOST_CHANGED and self.comparison.likeness is Likeness.SAME


def paired(seed: str, number: int) -> list[Pair]:
    """An item's uploads on every platform, against their copies and against colleagues' proofs."""
    shelf, made = Shelf(), []
    try:
        for twins in sets.twins(seed, [number]):
            models = shelf.references(twins.item)
            first, known = scene_of(twins.first.data), print_of(models, twins.first.data)[0]
            others = [(one, one.kind) for one in twins.copies]
            others += [(one, "colleague") for one in twins.colleagues] + [(twins.nearest, "one digit")]
            for other, kind in others:
                # The one that comes later is looked at; the earlier one is found.
                later, scene = print_of(models, other.data), scene_of(other.data)
                share = float(fingerprints.alike(later[0], fingerprints.stacked([known.tiles]))[0])
                began = time.process_time()
                comparison = likened(later, scene, known, first)
                seconds = time.process_time() - began
                made.append(Pair(twins.first.platform, kind, share, comparison, seconds))
    finally:
        shelf.close()
    return made


def show(pairs: Sequence[Pair]) -> None:
    """The tables."""
    rows: list[list[object]] = []
    for platform in [*PLATFORMS, "all"]:
        some = [pair for pair in pairs if platform in (pair.platform, "all")]
        recalls = [percent(pair.accused for pair in some if pair.kind == kind) for kind in carriers.COPIES]
        copied = [pair.accused for pair in some if pair.kind in carriers.COPIES]
        alike = [pair.accused for pair in some if pair.kind == "colleague"]
        rows.append([platform, len(copied), *within(copied), *recalls, len(alike), *within(alike)])
    head = ["platform", "copies", "found %", "95%", *carriers.COPIES, "honest pairs", "accused %", "95%"]
    ground.report("The same upload? Recall by kind of copy, and look-alike honest pairs", head, rows)
    rows = []
    for kind in (*carriers.COPIES, "colleague", "one digit"):
        some = [pair for pair in pairs if pair.kind == kind]
        worst = [pair.comparison.worst for pair in some]
        rows.append(
            [
                kind,
                len(some),
                *(ground.percentile(worst, part) for part in (0, 0.01, 0.5, 0.99, 1)),
                percent(pair.share <= fingerprints.MOST_CHANGED for pair in some),
                percent(pair.comparison.likeness is Likeness.SAME for pair in some),
                *ground.milliseconds([pair.seconds for pair in some], 0.5),
            ]
        )
    head = ["kind", "pairs", "worst min", "p1", "p50", "p99", "max", "candidate %", "same %", "CPU ms p50"]
    ground.report("Worst block (grey levels beyond noise), and what each step says", head, rows)
