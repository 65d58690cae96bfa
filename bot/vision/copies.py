"""Are two pictures the same upload, recompressed, scaled, cropped or shown in a gallery?

The pictures are laid over each other and compared pixel by pixel. A copy differs a little everywhere; two
honest screenshots agree nearly everywhere and differ wholly in a few small places: a digit of the clock, a
name, a number of likes. So it is the place that differs most that counts, not the mean.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.vision import features, pixels
from bot.vision.features import Matrix, Points
from bot.vision.pixels import Grey, scaled

COMPARED_SIDE = 1280
_SEARCH_SIDE, _POINTS = 800, 1500
BLOCK = 8  # pixels: half a digit of a clock
BLUR = 0.8  # pixels of deviation, against what JPEG and scaling leave along edges
NOISE = 8.0  # grey levels that they add where nothing is
SLACK = 0.35  # of the contrast within one pixel around: what a third of a pixel's shift explains
LEAST_EVIDENCE, _STROKE = 800, 24.0  # pixels that are strokes: a clock has some 200; grey levels
TOP = 4  # the part of a picture that is compared first: a quarter
LEAST_OVERLAP = 0.35  # of the smaller picture
_TRACKED, _MOST_SHIFT = 500, 8.0  # corners that refine an alignment, and how far it may be off in pixels

# Chosen on the train set of bench.proofs: copies stay below 0.3; of two screens that differ in nothing but
# one digit of the battery (the least by which two people differ) the faintest gave 1.6.
SAME_BELOW = 1.0


class Likeness(StrEnum):
    SAME = "same"  # one upload
    DIFFERENT = "different"
    UNTOLD = "untold"  # equal, but in nothing that would tell two people apart
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`worst`: the mean by which the worst block differs beyond noise, in grey levels (inf: not alignable);
    `overlap`: the part of the smaller picture that both show; `x`, `y`: where in the first picture, in
    pixels at `COMPARED_SIDE`, the worst block lies (for marking it to a person)."""

    likeness: Likeness
    worst: float = float("inf")
    overlap: float = 0.0
    x: int = 0
    y: int = 0


def same_upload(one: bytes, other: bytes, item: Points | None = None) -> Comparison:
    """Compares two files. Never raises for what they hold.

    `item`: the corners of the item in the first (`showing.corners`). What lies within them is the same for
    everybody: where two pictures share nothing else, they are UNTOLD, not SAME.
    """
    a, b = pixels.decoded(one, COMPARED_SIDE), pixels.decoded(other, COMPARED_SIDE)
    return Comparison(Likeness.UNREADABLE) if a is None or b is None else compared(a, b, item)


def compared(a: Grey, b: Grey, item: Points | None = None, *, search: bool = True) -> Comparison:
    """As `same_upload`, for two decoded pictures. Without `search` two of one shape are laid over each other
    as they are, in a tenth of the time: one that was cropped to the other's very shape is not recognised."""
    best = Comparison(Likeness.DIFFERENT)
    plain = _scaling(a, b)
    if plain is not None:
        if not search:  # clock, name and place stand at the top: most honest pairs are told apart there
            top = _differing(a[: len(a) // TOP], b[: len(b) // TOP], plain, None, refine=False)
            if top.likeness is Likeness.DIFFERENT:
                return top
        best = _differing(a, b, plain, item, refine=False)
        if not search:
            return best
    if best.likeness is not Likeness.SAME and (matrix := _aligning(a, b)) is not None:
        best = min(best, _differing(a, b, matrix, item, refine=True), key=lambda found: found.worst)
    return best


def _scaling(a: Grey, b: Grey) -> Matrix | None:
    """From a to b where both have one shape: the usual case, for which nothing need be searched."""
    x, y = b.shape[1] / a.shape[1], b.shape[0] / a.shape[0]
    if abs(x / y - 1) > 0.006:
        return None
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2]])


def _aligning(a: Grey, b: Grey) -> Matrix | None:
    """From a to b, by points that look alike."""
    small_a, small_b = scaled(a, _SEARCH_SIDE), scaled(b, _SEARCH_SIDE)
    if small_a is None or small_b is None:
        return None
    found = features.aligned(
        *features.matched(features.described(small_a, _POINTS), features.described(small_b, _POINTS))
    )
    if found is None:
        return None
    to_small, from_small = max(small_a.shape) / max(a.shape), max(b.shape) / max(small_b.shape)
    matrix = found[0].copy()
    matrix[:, :2] *= to_small * from_small
    matrix[:, 2] *= from_small
    return matrix


def _differing(a: Grey, b: Grey, matrix: Matrix, item: Points | None, *, refine: bool) -> Comparison:
    """Lays the larger picture over the smaller: details that one never had are no difference."""
    smaller_b = np.hypot(matrix[0, 0], matrix[1, 0]) < 1
    frame, other = (b, a) if smaller_b else (a, b)
    onto = matrix if smaller_b else np.asarray(cv2.invertAffineTransform(matrix), np.float64)
    moved, inside = _laid(other, onto, frame)
    if refine and (better := _refined(frame, moved, inside, onto)) is not None:
        onto = better
        moved, inside = _laid(other, onto, frame)
    scale = float(np.hypot(onto[0, 0], onto[1, 0]))
    overlap = float(inside.sum()) / min(frame.size, other.size * scale**2)
    if overlap < LEAST_OVERLAP:
        return Comparison(Likeness.DIFFERENT, overlap=overlap)
    blocks = cv2.blur(np.where(inside > 0, _beyond(frame, moved), 0).astype(np.float32), (BLOCK, BLOCK))
    _, worst, _, place = cv2.minMaxLoc(blocks)
    likeness = Likeness.SAME if worst < SAME_BELOW else Likeness.DIFFERENT
    if likeness is Likeness.SAME and item is not None:
        inner = item @ onto[:, :2].T + onto[:, 2] if smaller_b else item
        if _evidence(frame, inside, inner) < LEAST_EVIDENCE:
            likeness = Likeness.UNTOLD
    if smaller_b:
        place = tuple(cv2.invertAffineTransform(onto) @ np.array([*place, 1.0]))
    return Comparison(likeness, float(worst), overlap, int(place[0]), int(place[1]))


def _evidence(frame: Grey, inside: NDArray[np.uint8], item: NDArray[np.floating]) -> int:
    """Pixels outside the item where both pictures show the same strokes."""
    outside = inside.copy()
    cv2.fillConvexPoly(outside, np.round(item).astype(np.int32), (0,))
    # The item's own rim is no evidence.
    outside = cv2.erode(outside, np.ones((9, 9), np.uint8)).astype(np.uint8)
    return int(((_contrast(frame.astype(np.float32)) > _STROKE) & (outside > 0)).sum())


def _laid(picture: Grey, onto: Matrix, frame: Grey) -> tuple[Grey, NDArray[np.uint8]]:
    """The larger picture as it lies in the frame of the smaller, and (1) where it surely covers that."""
    ratio = 1 / float(np.hypot(onto[0, 0], onto[1, 0]))
    # Reduced without a blur, thin strokes would come and go with the place of the pixels.
    smooth = cv2.GaussianBlur(picture, (0, 0), 0.45 * ratio) if ratio > 1.05 else picture
    size = (frame.shape[1], frame.shape[0])
    moved = cv2.warpAffine(smooth, onto, size, flags=cv2.INTER_LINEAR)
    covered = cv2.warpAffine(np.ones(picture.shape, np.uint8), onto, size, flags=cv2.INTER_NEAREST)
    covered[:2], covered[-2:], covered[:, :2], covered[:, -2:] = 0, 0, 0, 0
    return np.asarray(moved, np.uint8), np.asarray(cv2.erode(covered, np.ones((7, 7), np.uint8)), np.uint8)


def _refined(frame: Grey, moved: Grey, inside: NDArray[np.uint8], onto: Matrix) -> Matrix | None:
    """An alignment to a tenth of a pixel: corners of the frame are sought near by (Lucas-Kanade,
    pyramids)."""
    corners = cv2.goodFeaturesToTrack(frame, _TRACKED, 0.01, 8, mask=inside)
    if corners is None:
        return None
    tracked, status, _ = cv2.calcOpticalFlowPyrLK(
        frame, moved, corners, np.empty_like(corners), winSize=(15, 15)
    )
    kept = (status.ravel() > 0) & (np.abs(tracked - corners).reshape(-1, 2).max(axis=1) < _MOST_SHIFT)
    if kept.sum() < features.LEAST_INLIERS:
        return None
    cv2.setRNGSeed(1)
    mending, _ = cv2.estimateAffinePartial2D(
        tracked.reshape(-1, 2)[kept],
        corners.reshape(-1, 2)[kept],
        method=cv2.RANSAC,
        ransacReprojThreshold=0.7,
    )
    if mending is None:
        return None
    return np.asarray(np.vstack([mending, [0, 0, 1]]) @ np.vstack([onto, [0, 0, 1]]), np.float64)[:2]


def _beyond(a: Grey, b: Grey) -> NDArray[np.float32]:
    """By how many grey levels two aligned pictures differ at each pixel beyond noise and a small shift."""
    soft_a, soft_b = (cv2.GaussianBlur(one, (0, 0), BLUR).astype(np.float32) for one in (a, b))
    contrast = np.minimum(_contrast(soft_a), _contrast(soft_b))
    beyond = np.abs(soft_a - soft_b) - NOISE - SLACK * contrast
    return np.asarray(np.maximum(beyond, 0), np.float32)


def _contrast(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    around = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.dilate(grey, around) - cv2.erode(grey, around), np.float32)
