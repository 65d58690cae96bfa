"""Does a screenshot show the item that was sent?

First points that look alike are found and one scale and shift that explains them (or the place where the
whole fits best: `patterns`); then, with the item laid over the screenshot, blocks are compared (`agreement`).
Only the second tells an item from its siblings; of those that are known the one that agrees best is meant.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np

from bot.vision import agreement, features, patterns
from bot.vision.agreement import Agreement
from bot.vision.features import Features, Matrix, Points
from bot.vision.pixels import Grey, decoded, scaled

SCENE_SIDE = 1280  # longer side of a screenshot as Telegram sends photos; more is reduced to it
MODEL_SIDE = 640  # of the item, about as large as it is on a screenshot
# Longer side in which points are sought, how many, and how many of the item's are compared. The first look
# finds nearly all; more pixels alone would only spread the points over what surrounds the item.
LOOKS = ((800, 2000, 1000), (1280, 4000, 2000))
FEW_MATCHES = 60  # with fewer, and no good agreement, the second look is worth its time
RANKING_POINTS, RANKING_SCENE = 200, 1000  # the strongest of each reference and of the screenshot
MOST_COMPARED = 3  # of many references: those on whose place most points agree
SMALL = 0.6  # where the item is that much smaller than the model, half the model is compared

# Chosen on the train set of bench.proofs (`--train`): the mildest that let at most 0.25% of the wrong pass.
LEAST_SHARE = 0.85
LEAST_WEAKEST = 0.25
LEAST_VISIBLE = 0.50
# A film's screenshot lies between two reference frames; subtitles and whatever moved do not agree.
LEAST_SHARE_OF_FILM = 0.35
LEAST_VISIBLE_OF_FILM = 0.40
LEAST_SHARE_OF_FILM_BY_PATTERN = 0.50  # no points speak for it: one soft photograph fits another a little
# The item sent back as it is: it fills the picture and nothing lies over it.
ITSELF_FILLS, ITSELF_SHARE, ITSELF_VISIBLE = 0.96, 0.98, 0.93


class Verdict(StrEnum):
    SHOWN = "shown"
    PARTLY = "partly"  # something of it is there: another item of the template, or too much is covered
    ABSENT = "absent"
    ITSELF = "itself"  # the item, but no screenshot around it
    UNREADABLE = "unreadable"  # no picture, damaged, too small or too large


PASSING = (Verdict.SHOWN, Verdict.ITSELF)


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


NOTHING = Showing(Verdict.ABSENT)


def reference(data: bytes) -> Reference | None:
    """An item's picture made ready; None when it can't be read."""
    grey = decoded(data, MODEL_SIDE)
    return None if grey is None else prepared(grey)


def prepared(grey: Grey, *, moving: bool = False) -> Reference | None:
    """A picture at `MODEL_SIDE` (or a frame of a film: `moving`) made ready; None when it is too narrow."""
    half = scaled(grey, max(grey.shape) // 2)
    if half is None:
        return None
    return Reference(grey, half, features.described(grey, LOOKS[-1][2]), moving)


class Scene:
    """A screenshot decoded at `SCENE_SIDE`; its points are sought once at each size, for whatever items it is
    compared with."""

    def __init__(self, grey: Grey) -> None:
        self.grey = grey
        self._points: dict[int, Features] = {}

    def points(self, side: int, most: int) -> Features:
        """In pixels of the picture, sought where its longer side is `side`."""
        if side not in self._points:
            small = scaled(self.grey, side)
            none = Features(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
            self._points[side] = none if small is None else features.described(small, most)
        return self._points[side]


def shows(references: Sequence[Reference], data: bytes) -> Showing:
    """Whether the picture in `data` shows one of an item's pictures. Never raises for what a file holds."""
    scene = decoded(data, SCENE_SIDE)
    return Showing(Verdict.UNREADABLE) if scene is None else shown(references, scene)


def shown(references: Sequence[Reference], scene: Grey) -> Showing:
    """As `shows`, for a picture decoded at `SCENE_SIDE`."""
    return told(references, [], scene)[0]


def told(
    references: Sequence[Reference], rivals: Sequence[Reference], scene: Grey
) -> tuple[Showing, Showing]:
    """What a picture shows of an item in the light of its rivals (`preferred`), and what of these.

    A rival that is as well to be seen as the item is found in the same look, or lies at the same place.
    """
    seen = Scene(scene)
    own, look = _sought(references, seen)
    # Where the item is not to be seen, one look tells a person what it is instead.
    rival = _rival(rivals, seen, look if own.verdict in PASSING else LOOKS[0])
    if own.verdict in PASSING:
        rival = max([rival, *_instead(references, rivals, scene, own)], key=_weight)
    return preferred(own, [rival]), rival


def _agreeing(found: Agreement) -> float:
    return found.share * found.visible


def _weight(one: Showing) -> float:
    return _agreeing(one.found)


def _sought(references: Sequence[Reference], scene: Scene) -> tuple[Showing, tuple[int, int, int]]:
    """The reference that agrees best, and the look that was needed. Between the looks for points comes one
    for whole patterns, which costs half of the second."""
    best = NOTHING
    for look in LOOKS:
        side, most, of_model = look
        points = scene.points(side, most)
        places = _ranked(references, points) if len(references) > MOST_COMPARED else range(len(references))
        found = _best(references, list(places)[:MOST_COMPARED], scene, points, side, of_model)
        best = max(found, best, key=_weight)
        if best.verdict in PASSING or best.matches >= FEW_MATCHES:
            return best, look
        if look == LOOKS[0]:
            best = _patterned(references, scene.grey, best)
            if best.verdict in PASSING:
                return best, look
    return best, LOOKS[-1]


def _rival(rivals: Sequence[Reference], scene: Scene, look: tuple[int, int, int]) -> Showing:
    """The rival on whose place most points agree, if there is one."""
    side, most, of_model = look
    points = scene.points(side, most)
    likely = [number for number, agreeing in _ranked(rivals, points).items() if agreeing][:1]
    return _best(rivals, likely, scene, points, side, of_model)


def _best(
    references: Sequence[Reference],
    numbers: Iterable[int],
    scene: Scene,
    points: Features,
    side: int,
    of_model: int,
) -> Showing:
    """Of some references the one that agrees best where its points lie."""
    best = NOTHING
    scale = max(1.0, max(scene.grey.shape) / side)
    for number in numbers:
        place = features.aligned(*features.matched(references[number].points.strongest(of_model), points))
        if place is None:
            continue
        found = _placed(references[number], number, scene.grey, place[0] * scale, place[1])
        if best.placing is None or _weight(found) > _weight(best):
            best = found
    return best


def _patterned(references: Sequence[Reference], scene: Grey, best: Showing) -> Showing:
    """A last look, by whole patterns instead of points."""
    for number in patterns.likely([one.grey for one in references], scene, MOST_COMPARED):
        placing = patterns.located(references[number].grey, scene)
        if placing is not None:
            found = _placed(references[number], number, scene, placing)
            best = max(best, found, key=_weight)
    return best


def _instead(
    references: Sequence[Reference], rivals: Sequence[Reference], scene: Grey, own: Showing
) -> Iterator[Showing]:
    """The rival of the item's shape that agrees best at its place: templates put them there."""
    if own.placing is None or references[own.reference].moving:
        return
    shape = references[own.reference].grey.shape
    likely = [number for number, one in enumerate(rivals) if one.grey.shape == shape and not one.moving]
    if likely:
        weights = [_agreeing(_halved(rivals[number], scene, own.placing)) for number in likely]
        number = likely[int(np.argmax(weights))]
        yield _placed(rivals[number], number, scene, own.placing)


def _placed(model: Reference, number: int, scene: Grey, placing: Matrix, matches: int = 0) -> Showing:
    found = _agreement(model, scene, placing)
    return Showing(_verdict(model, found, scene, placing, matches), number, found, placing, matches)


def _ranked(references: Sequence[Reference], points: Features) -> dict[int, int]:
    """The references, those first on whose place most of the strongest points agree, and how many do.

    Points that only look alike say little: any text has the letters of any other.
    """
    few, ranks = points.strongest(RANKING_SCENE), []
    for number, one in enumerate(references):
        pairs = features.matched(one.points.strongest(RANKING_POINTS), few)
        place = features.aligned(*pairs)
        ranks.append((-place[1] if place else 0, -len(pairs[0]), number))
    return {number: -agreeing for agreeing, _, number in sorted(ranks)}


def _agreement(model: Reference, scene: Grey, placing: Matrix) -> Agreement:
    if np.hypot(placing[0, 0], placing[1, 0]) >= SMALL:
        return agreement.measured(model.grey, scene, placing)
    return _halved(model, scene, placing)


def _halved(model: Reference, scene: Grey, placing: Matrix) -> Agreement:
    """By half the model: for where it is small, and to see quickly how much."""
    doubled = placing.copy()
    doubled[:, 0] *= model.grey.shape[1] / model.half.shape[1]
    doubled[:, 1] *= model.grey.shape[0] / model.half.shape[0]
    return agreement.measured(model.half, scene, doubled)


def _verdict(model: Reference, found: Agreement, scene: Grey, placing: Matrix, matches: int) -> Verdict:
    if model.moving:
        least = LEAST_SHARE_OF_FILM if matches else LEAST_SHARE_OF_FILM_BY_PATTERN
        good = found.share >= least and found.visible >= LEAST_VISIBLE_OF_FILM
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
    if own.verdict in PASSING and any(_weight(rival) > _weight(own) for rival in rivals):
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
