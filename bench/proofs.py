"""Whether screenshots prove what they should: does the picture show the item, was it sent before.

    python -m bench.proofs              # figures of the test set
    python -m bench.proofs --train      # what thresholds the train set asks for
    python -m bench.proofs --quick      # a small run

Screenshots come from `bench.screenshots`. The thresholds in bot/vision/ were chosen with `--train`, whose
seeds share no agency, item or person with those of the test.
"""

import argparse
import itertools
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from bench import ground
from bench.screenshots import carriers, sets
from bench.screenshots.items import Item
from bench.screenshots.sets import PLATFORMS, Shot
from bot.vision import copies, fingerprints, pixels, showing
from bot.vision.copies import Likeness
from bot.vision.features import Points
from bot.vision.fingerprints import Fingerprint
from bot.vision.showing import Reference, Showing, Verdict

CLUSTERS = (350, 5_000, 15_000)  # people who share one item: an agency, a large one, the province


def references(item: Item) -> list[Reference]:
    """An item's pictures as they are stored: JPEG of good quality."""
    made = []
    for picture in item.references:
        file = BytesIO()
        picture.save(file, "JPEG", quality=92)
        made.append(showing.reference(file.getvalue(), moving=item.kind == "film"))
    return [one for one in made if one is not None]


@dataclass(frozen=True)
class Judged:
    """A picture, what it should be, and what was said of it in how many seconds of processor time."""

    platform: str
    kind: str
    item: str
    said: Showing
    seconds: float


def judged(seed: str, count: int) -> Iterator[Judged]:
    """What the program says of the honest and the wrong pictures of so many items."""
    for lot in sets.lots(seed, count):
        models = references(lot.item)
        for shot in (*lot.honest, *lot.wrong):
            began = time.process_time()
            said = showing.shows(models, shot.data)
            yield Judged(shot.platform, shot.kind, lot.item.kind, said, time.process_time() - began)


def _accepted(some: Iterable[Judged]) -> float:
    """Percent that are accepted without a person; nan of none."""
    verdicts = [one.said.verdict is Verdict.SHOWN for one in some]
    return 100 * sum(verdicts) / len(verdicts) if verdicts else float("nan")


def show_showing(everything: Sequence[Judged]) -> None:
    honest = [one for one in everything if one.kind == "honest"]
    wrong = [one for one in everything if one.kind != "honest"]
    rows: list[list[object]] = []
    for platform in PLATFORMS:
        good = [one for one in honest if one.platform == platform]
        bad = [one for one in wrong if one.platform == platform]
        rows.append([platform, len(good), _accepted(good), len(bad), _accepted(bad)])
    rest = [one for one in wrong if not one.platform]
    rows.append(["no post at all", 0, float("nan"), len(rest), _accepted(rest)])
    rows.append(["all", len(honest), _accepted(honest), len(wrong), _accepted(wrong)])
    ground.report(
        "Does it show the item? Test set", ["platform", "honest", "accepted %", "wrong", "accepted %"], rows
    )

    kinds = sorted({one.item for one in honest})
    rows = [[f"honest: {kind}", *_line(one for one in honest if one.item == kind)] for kind in kinds]
    names = sorted({one.kind for one in wrong})
    rows += [[f"wrong: {name}", *_line(one for one in wrong if one.kind == name)] for name in names]
    head = ["what", "pictures", "accepted %", "partly %", "absent %", "itself %", "CPU ms p50", "p95"]
    ground.report("The same by kind", head, rows)


def _line(some: Iterable[Judged]) -> list[object]:
    chosen = list(some)
    parts = [
        100 * sum(one.said.verdict is verdict for one in chosen) / len(chosen)
        for verdict in (Verdict.SHOWN, Verdict.PARTLY, Verdict.ABSENT, Verdict.ITSELF)
    ]
    return [len(chosen), *parts, *ground.milliseconds([one.seconds for one in chosen], 0.5, 0.95)]


# -- the same upload ---------------------------------------------------------------------------


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


def print_of(models: Sequence[Reference], data: bytes) -> tuple[Fingerprint, Points | None]:
    """The fingerprint of a proof, and the corners of the item in it if it is found."""
    scene = pixels.decoded(data, showing.SCENE_SIDE)
    assert scene is not None, "the generator makes readable pictures"
    said = showing.shown(models, scene)
    if said.placing is None:
        return fingerprints.fingerprint(scene), None
    model = models[said.reference]
    height, width = model.grey.shape
    corners = showing.corners(model, said.placing)
    return fingerprints.fingerprint(scene, said.placing, (width, height)), corners


def paired(seed: str, count: int) -> Iterator[Pair]:
    """The uploads of so many items on every platform, against their copies and against colleagues' proofs."""
    for twins in sets.twins(seed, count):
        models = references(twins.item)
        first, corners = print_of(models, twins.first.data)
        others = [(one, one.kind) for one in twins.copies]
        others += [(one, "colleague") for one in twins.colleagues] + [(twins.nearest, "one digit")]
        for other, kind in others:
            tiles = fingerprints.stacked([print_of(models, other.data)[0].tiles])
            share = float(fingerprints.alike(first, tiles)[0])
            began = time.process_time()
            comparison = copies.same_upload(twins.first.data, other.data, corners)
            yield Pair(twins.first.platform, kind, share, comparison, time.process_time() - began)


def show_pairs(pairs: Sequence[Pair]) -> None:
    rows: list[list[object]] = []
    for platform in [*PLATFORMS, "all"]:
        some = [pair for pair in pairs if platform in (pair.platform, "all")]
        recalls = [_percent(pair.accused for pair in some if pair.kind == kind) for kind in carriers.COPIES]
        alike = [pair for pair in some if pair.kind == "colleague"]
        copied = [pair for pair in some if pair.kind in carriers.COPIES]
        found, accused = (_percent(pair.accused for pair in kind) for kind in (copied, alike))
        rows.append([platform, len(copied), found, *recalls, len(alike), accused])
    head = ["platform", "copies", "found %", *carriers.COPIES, "honest pairs", "accused %"]
    ground.report(
        "The same upload? Test set: recall by kind of copy, and look-alike honest pairs", head, rows
    )
    rows = []
    for kind in (*carriers.COPIES, "colleague", "one digit"):
        some = [pair for pair in pairs if pair.kind == kind]
        worst, shares = [pair.comparison.worst for pair in some], [pair.share for pair in some]
        rows.append(
            [
                kind,
                len(some),
                *(ground.percentile(worst, part) for part in (0, 0.01, 0.5, 0.99, 1)),
                _percent(share <= fingerprints.MOST_CHANGED for share in shares),
                _percent(pair.comparison.likeness is Likeness.SAME for pair in some),
                *ground.milliseconds([pair.seconds for pair in some], 0.5),
            ]
        )
    head = ["kind", "pairs", "worst min", "p1", "p50", "p99", "max", "candidate %", "same %", "CPU ms p50"]
    ground.report("Worst block (grey levels beyond noise), and what each step says", head, rows)


def _percent(some: Iterable[bool]) -> float:
    flags = list(some)
    return 100 * sum(flags) / len(flags) if flags else float("nan")


def show_crowd(seed: str, people: int) -> None:
    """How many candidates a look-up gives among those who shared one item, and who of them is accused."""
    rows = []
    for kind in ("poster", "photo"):
        item, proofs = sets.crowd(seed, people, kind)
        models = references(item)
        shots = list(proofs)
        looked = [print_of(models, shot.data) for shot in shots]
        prints = [one for one, _ in looked]
        tiles = fingerprints.stacked([one.tiles for one in prints])
        near, seconds, found = 0, [], []
        for number, one in enumerate(prints):
            near += sum(fingerprints.distance(one.whole, other.whole) <= 6 for other in prints[number + 1 :])
            began = time.perf_counter()
            some = fingerprints.candidates(one, tiles)
            seconds.append(time.perf_counter() - began)
            found += [(number, other) for other in some if other > number]
        accused = sum(_same(shots[a], shots[b], looked[a][1]) for a, b in found)
        pairs = people * (people - 1) / 2
        each = len(found) / pairs
        rows.append(
            [kind, people, int(pairs), 100 * near / pairs, 100 * each]
            + [each * size for size in CLUSTERS]
            + [accused, 1e6 * min(seconds) / people]
        )
    head = ["item", "people", "pairs", "whole hash ≤ 6 %", "candidates %"]
    head += [f"in {size:,}" for size in CLUSTERS] + ["accused", "µs/row"]
    ground.report("One item's honest crowd: candidates of a look-up", head, rows)


def _same(one: Shot, other: Shot, corners: Points | None) -> bool:
    return copies.same_upload(one.data, other.data, corners).likeness is Likeness.SAME


# -- cost, thresholds, command line --------------------------------------------------------------


def show_cost(seed: str) -> None:
    """Milliseconds of one core, the best of several runs; memory of a process of its own."""
    lot = next(sets.lots(seed, 1))
    models = references(lot.item)
    sent = next(
        shot.data for shot in lot.honest if max(Image.open(BytesIO(shot.data)).size) == carriers.TELEGRAM_SIDE
    )
    camera = BytesIO()
    carriers.opened(sent).resize((3000, 4000)).save(camera, "JPEG", quality=95)
    scene = pixels.decoded(sent, showing.SCENE_SIDE)
    assert scene is not None
    placing = showing.shown(models, scene).placing
    acts = {
        "decode, 576 × 1,280": lambda: pixels.decoded(sent, showing.SCENE_SIDE),
        "decode, 12 megapixels": lambda: pixels.decoded(camera.getvalue(), showing.SCENE_SIDE),
        "shows the item": lambda: showing.shown(models, scene),
        "shows nothing of it": lambda: showing.shown(models, np.roll(scene[::-1, ::-1].T, 97, 0)),
        "fingerprint": lambda: fingerprints.fingerprint(scene, placing, (512, 640)),
        "same upload, same shape": lambda: copies.compared(scene, scene),
        "same upload, to align": lambda: copies.compared(scene, np.ascontiguousarray(scene[60:])),
        "reference (once an item)": lambda: showing.reference(sent),
    }
    rows = [[name, 1000 * min(_timed(act) for _ in range(9))] for name, act in acts.items()]
    ground.report("Cost of one picture on one core", ["act", "CPU ms"], rows)
    run = subprocess.run(
        [sys.executable, "-m", "bench.proofs", "--memory"], capture_output=True, text=True, check=True
    )
    print(run.stdout)


def _timed(act: object) -> float:
    began = time.process_time()
    act()  # type: ignore[operator]
    return time.process_time() - began


def show_memory() -> None:
    """The most that one large picture takes above a process that has only imported things."""
    if not Path("/proc/self/clear_refs").exists():
        print("  memory is only measured on Linux")
        return
    noise = np.random.default_rng(1).integers(0, 255, (600, 400), np.uint8)
    files = {}
    for name, size in {"JPEG, 12 MP": (3000, 4000), "PNG, 15 MP": (3000, 5000)}.items():
        file = BytesIO()
        Image.fromarray(noise).resize(size).convert("RGB").save(file, name.split(",")[0])
        files[name] = file.getvalue()
    model = showing.reference(files["JPEG, 12 MP"])
    assert model is not None
    for name, data in files.items():
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before = _memory("VmRSS")
        showing.shows([model], data)
        print(f"  {name}: {(_memory('VmHWM') - before) / 1024:.0f} MB above {before / 1024:.0f} MB")


def _memory(name: str) -> int:
    """A line of the kernel's account of this process, in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def show_training(everything: Sequence[Judged], pairs: Sequence[Pair]) -> None:
    """For still items: the thresholds that accept most honest pictures at so many wrong ones."""
    stills = [one for one in everything if one.item != "film" and one.kind != "the item itself"]
    values = np.array(
        [(one.said.found.share, one.said.found.visible, one.said.found.weakest) for one in stills]
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
            films[one.kind == "honest"].append((one.said.found.share, one.said.found.visible))
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
    show_pairs(pairs)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--items", type=int, default=42, help="items, each shared once on eight platforms")
    options.add_argument("--twins", type=int, default=14, help="items whose uploads are copied")
    options.add_argument("--people", type=int, default=200, help="people who share one item")
    options.add_argument("--seed", default="", help="other pictures")
    options.add_argument("--train", action="store_true", help="thresholds from the train set")
    options.add_argument("--quick", action="store_true", help="a fifth of everything")
    options.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.memory:
        return show_memory()
    part = 5 if chosen.quick else 1
    seed = f"{'train' if chosen.train else 'test'}{chosen.seed}"
    ground.say(f"pictures of {chosen.items // part} items")
    everything = list(judged(seed, chosen.items // part))
    ground.say(f"copies and colleagues of {chosen.twins // part} items on every platform")
    pairs = list(paired(seed, chosen.twins // part))
    if chosen.train:
        return show_training(everything, pairs)
    show_showing(everything)
    show_pairs(pairs)
    show_crowd(seed, chosen.people // part)
    return show_cost(seed)


if __name__ == "__main__":
    main()
