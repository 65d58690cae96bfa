"""Does a screenshot show the item that was sent?

First points that look alike are found and one scale and shift that explains them; then, with the item laid
over the screenshot, blocks are compared (`agreement`). Only the second tells an item from its siblings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np

from bot.vision import agreement, features
from bot.vision.agreement import Agreement
from bot.vision.features import Features, Matrix, Points
from bot.vision.pixels import Grey, decoded, scaled

SCENE_SIDE = 1280  # longer side of a screenshot as Telegram sends photos; more is reduced to it
MODEL_SIDE = 640  # of the item, about as large as it is on a screenshot
# Longer side in which points are sought, how many, and how many of the item's are compared. The first look
# finds nearly all; more pixels alone would only spread the points over what surrounds the item.
LOOKS = ((800, 2000, 1000), (1280, 4000, 2000))
FEW_MATCHES = 60  # with fewer, and no good agreement, the second look is worth its time
RANKING_POINTS = 250
MOST_COMPARED = 3  # of many references: those that share most points
SMALL = 0.6  # where the item is that much smaller than the model, half the model is compared

# Chosen on the train set of bench.proofs (`--train`): the mildest that let at most 0.25% of the wrong pass.
LEAST_SHARE = 0.85
LEAST_WEAKEST = 0.25
LEAST_VISIBLE = 0.50
# A film's screenshot lies between two reference frames; subtitles and whatever moved do not agree.
LEAST_SHARE_OF_FILM = 0.35
LEAST_VISIBLE_OF_FILM = 0.40
# The item sent back as it is: it fills the picture and nothing lies over it.
ITSELF_FILLS, ITSELF_SHARE, ITSELF_VISIBLE = 0.96, 0.98, 0.93


class Verdict(StrEnum):
    SHOWN = "shown"
    PARTLY = "partly"  # something of it is there: another item of the template, or too much is covered
    ABSENT = "absent"
    ITSELF = "itself"  # the item, but no screenshot around it
    UNREADABLE = "unreadable"  # no picture, damaged, too small or too large


@dataclass(frozen=True, slots=True)
class Reference:
    """One picture of an item, ready for comparing: made once, 0.5 MB. `moving`: a frame of a film."""

    grey: Grey
    half: Grey
    points: Features
    moving: bool


@dataclass(frozen=True, slots=True)
class Showing:
    """What was found. `reference` says in which of the pictures (-1: in none), `found` how much of it;
    `placing` takes a pixel of the item at `MODEL_SIDE` to the screenshot at `SCENE_SIDE`; `matches` points
    agreed on it."""

    verdict: Verdict
    reference: int = -1
    found: Agreement = agreement.NONE
    placing: Matrix | None = None
    matches: int = 0


def reference(data: bytes, *, moving: bool = False) -> Reference | None:
    """An item's picture (or a frame of its film: `moving`) made ready; None when it can't be read."""
    grey = decoded(data, MODEL_SIDE)
    half = None if grey is None else scaled(grey, max(grey.shape) // 2)
    if grey is None or half is None:
        return None
    return Reference(grey, half, features.described(grey, LOOKS[-1][2]), moving)


def shows(references: Sequence[Reference], data: bytes) -> Showing:
    """Whether the picture in `data` shows one of an item's pictures. Never raises for what a file holds."""
    scene = decoded(data, SCENE_SIDE)
    return Showing(Verdict.UNREADABLE) if scene is None else shown(references, scene)


def shown(references: Sequence[Reference], scene: Grey) -> Showing:
    """As `shows`, for a picture decoded at `SCENE_SIDE`."""
    best = Showing(Verdict.ABSENT)
    for side, most, of_model in LOOKS:
        found = _look(references, scene, side, most, of_model)
        if found.found.share * found.found.visible >= best.found.share * best.found.visible:
            best = found
        if best.verdict in (Verdict.SHOWN, Verdict.ITSELF) or best.matches >= FEW_MATCHES:
            break
    return best


def _look(references: Sequence[Reference], scene: Grey, side: int, most: int, of_model: int) -> Showing:
    """The reference that agrees best, found by points at one size."""
    small = scaled(scene, side)
    best = Showing(Verdict.ABSENT)
    if small is None:
        return best
    points = features.described(small, most)
    for number in _likely(references, points):
        place = features.aligned(*features.matched(references[number].points.strongest(of_model), points))
        if place is None:
            continue
        placing = place[0] * (max(scene.shape) / max(small.shape))
        found = _agreement(references[number], scene, placing)
        if best.placing is None or found.share * found.visible > best.found.share * best.found.visible:
            verdict = _verdict(references[number], found, scene, placing)
            best = Showing(verdict, number, found, placing, place[1])
    return best


def _likely(references: Sequence[Reference], points: Features) -> list[int]:
    """Those to compare: all of a few, of many the ones whose strongest points match most."""
    if len(references) <= MOST_COMPARED:
        return list(range(len(references)))
    counts = [-len(features.matched(one.points.strongest(RANKING_POINTS), points)[0]) for one in references]
    return sorted(np.argsort(counts, kind="stable")[:MOST_COMPARED].tolist())


def _agreement(model: Reference, scene: Grey, placing: Matrix) -> Agreement:
    if np.hypot(placing[0, 0], placing[1, 0]) >= SMALL:
        return agreement.measured(model.grey, scene, placing)
    factor = np.array(
        [[model.grey.shape[1] / model.half.shape[1]], [model.grey.shape[0] / model.half.shape[0]]]
    )
    doubled = placing.copy()
    doubled[:, 0] *= factor[0, 0]
    doubled[:, 1] *= factor[1, 0]
    return agreement.measured(model.half, scene, doubled)


def _verdict(model: Reference, found: Agreement, scene: Grey, placing: Matrix) -> Verdict:
    if model.moving:
        good = found.share >= LEAST_SHARE_OF_FILM and found.visible >= LEAST_VISIBLE_OF_FILM
    else:
        good = (
            found.share >= LEAST_SHARE and found.visible >= LEAST_VISIBLE and found.weakest >= LEAST_WEAKEST
        )
    if not good:
        return Verdict.PARTLY
    return Verdict.ITSELF if _bare(model, found, scene, placing) else Verdict.SHOWN


def _bare(model: Reference, found: Agreement, scene: Grey, placing: Matrix) -> bool:
    """Whether nothing is there but the item. A film's frames never agree wholly: there its shape must do."""
    if filled(model, scene, placing) < ITSELF_FILLS:
        return False
    if model.moving:
        shapes = [picture.shape[0] / picture.shape[1] for picture in (model.grey, scene)]
        return bool(abs(shapes[0] / shapes[1] - 1) < 0.02)
    return found.share >= ITSELF_SHARE and found.visible >= ITSELF_VISIBLE


def preferred(own: Showing, rivals: Iterable[Showing]) -> Showing:
    """What the screenshot shows of an item, in the light of what it shows of others.

    Posters of one template that share picture and text and differ in the headline alone can pass for each
    other where the headline is at an edge. An agency's earlier items are known: where one of them agrees
    better, `own` becomes PARTLY.
    """
    if own.verdict in (Verdict.SHOWN, Verdict.ITSELF):
        mine = own.found.share * own.found.visible
        if any(rival.found.share * rival.found.visible > mine for rival in rivals):
            return replace(own, verdict=Verdict.PARTLY)
    return own


def filled(model: Reference, scene: Grey, placing: Matrix) -> float:
    """The share of the screenshot that the item covers."""
    rows, columns = scene.shape
    screen = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    area, _ = cv2.intersectConvexConvex(corners(model, placing), screen)
    return float(area / (rows * columns))


def corners(model: Reference, placing: Matrix) -> Points:
    """Where the item's four corners lie in the screenshot, clockwise from the top left."""
    height, width = model.grey.shape
    own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    return np.asarray(own @ placing[:, :2].T + placing[:, 2], np.float32)
