"""Does it show the item? Honest and wrong pictures of items, and what the program says of them."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench import ground
from bench.proofs.parts import Shelf, percent, scene_of, within
from bench.screenshots import sets
from bench.screenshots.sets import PLATFORMS
from bot.vision import showing
from bot.vision.showing import Showing, Verdict
from models.shares import findings


@dataclass(frozen=True)
class Judged:
    """A picture, what it should be, what the program saw in it in how many seconds of processor time, what it
    `found` of the item, and of a picture that shows another what it would find if it did not know that
    other (`alone`)."""

    platform: str
    kind: str
    item: str
    seen: str  # see models.shares.findings
    seconds: float
    found: Showing
    alone: Showing | None

    @property
    def accepted(self) -> bool:
        """Without a person."""
        return self.seen == findings.SHOWS


def judged(seed: str, number: int) -> list[Judged]:
    """What the program says of the honest and the wrong pictures of an item."""
    shelf, made = Shelf(), []
    try:
        lot = next(sets.lots(seed, [number]))
        item_id, files = shelf.put(lot.item)
        others = dict(shelf.put(other) for other in lot.others.values())
        references = shelf.looker.references(item_id, files)
        for one in others.items():
            shelf.looker.references(*one)
        for shot in (*lot.honest, *lot.wrong):
            began = time.process_time()
            looked = shelf.looker.look(shot.data, item_id, files, others)
            seconds = time.process_time() - began
            known = shot.kind in lot.others  # anything else shows no item
            alone = showing.shown(references, scene_of(shot.data)) if known else None
            seen = looked.seen[0].kind
            made.append(Judged(shot.platform, shot.kind, lot.item.kind, seen, seconds, looked.found, alone))
    finally:
        shelf.close()
    return made


def show(everything: Sequence[Judged]) -> None:
    """The tables."""
    honest = [one for one in everything if one.kind == "honest"]
    wrong = [one for one in everything if one.kind != "honest"]
    rows: list[list[object]] = []
    for platform in [*PLATFORMS, "", "all"]:
        good, bad = (
            [one.accepted for one in some if platform in (one.platform, "all")] for some in (honest, wrong)
        )
        rows.append([platform or "no post at all", len(good), *within(good), len(bad), *within(bad)])
    head = ["platform", "honest", "accepted %", "95%", "wrong", "accepted %", "95%"]
    ground.report("Does it show the item?", head, rows)
    kinds = sorted({one.item for one in honest})
    rows = [[f"honest: {kind}", *_line(one for one in honest if one.item == kind)] for kind in kinds]
    names = sorted({one.kind for one in wrong})
    rows += [[f"wrong: {name}", *_line(one for one in wrong if one.kind == name)] for name in names]
    rows += [["honest", *_line(honest)], ["wrong", *_line(wrong)]]
    head = ["what", "pictures", "accepted %", "95%", "other unknown %", "bare %", "CPU ms p50", "p95"]
    ground.report("The same by kind; and what is accepted where no other item is known", head, rows)


def _line(some: Iterable[Judged]) -> list[object]:
    chosen = list(some)
    return [
        len(chosen),
        *within(one.accepted for one in chosen),
        percent(one.alone.verdict is Verdict.SHOWN for one in chosen if one.alone),
        percent(one.seen == findings.BARE for one in chosen),
        *ground.milliseconds([one.seconds for one in chosen], 0.5, 0.95),
    ]
