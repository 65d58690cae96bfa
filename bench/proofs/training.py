"""What thresholds the train set asks for."""

import itertools
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from bench import ground
from bench.proofs.judging import Judged


def show(everything: Sequence[Judged]) -> None:
    """For still items: the thresholds that accept most honest pictures at so many wrong ones."""
    stills = [one for one in everything if one.item != "film" and one.kind != "the item itself"]
    values = np.array(
        [(one.found.found.share, one.found.found.visible, one.found.found.weakest) for one in stills]
    )
    good = np.array([one.kind == "honest" for one in stills])
    best: dict[int, tuple[float, tuple[float, ...]]] = {}
    for least in itertools.product(
        (0.7, 0.75, 0.8, 0.85, 0.9, 0.95), (0.4, 0.5, 0.6), (0.0, 0.25, 0.4, 0.55)
    ):
        passed = np.all(values >= least, axis=1)
        wrong, right = int(passed[~good].sum()), float(passed[good].mean())
        best[wrong] = max(best.get(wrong, (0.0, ())), (right, least))
    rows = [
        [wrong, 100 * wrong / (~good).sum(), 100 * best[wrong][0], *best[wrong][1]]
        for wrong in sorted(best)[:8]
    ]
    head = ["wrong accepted", "%", "honest %", "share", "visible", "weakest"]
    ground.report(f"Train: {good.sum()} honest, {(~good).sum()} wrong pictures of stills", head, rows)
    films = defaultdict(list)
    for one in everything:
        if one.item == "film" and one.kind != "the item itself":
            films[one.kind == "honest"].append((one.found.found.share, one.found.found.visible))
    rows = [
        [
            "honest" if kind else "wrong",
            len(some),
            *(
                float(np.percentile(np.array(some), part, axis=0)[column])
                for column in (0, 1)
                for part in (5, 50, 100)
            ),
        ]
        for kind, some in films.items()
    ]
    ground.report(
        "Train: films", ["films", "pictures", "share p5", "p50", "max", "visible p5", "p50", "max"], rows
    )
