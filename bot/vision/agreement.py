"""How much of one picture is to be seen at its place in another: block by block, after aligning them.

Normalised cross-correlation does not mind brightness, contrast or a dimmed screen, but two lines of different
text hardly correlate: that is what tells an agency's poster from the next one on the same template.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.vision.features import Matrix
from bot.vision.pixels import Grey

WINDOW = 17  # pixels of the model, about two letters of running text
STEP = 8  # pixels from one block to the next
TEXTURE = 6.0  # grey levels of deviation below which a block shows nothing that could agree
AGREES = 0.6  # correlation of a block; other text stays below 0.4 nearly always
MOST_TRIMMED = (0.20, 0.25)  # of height and width at each edge: what feeds crop and stories zoom away
_LEAST_IN_EDGE = 0.35  # an edge of which less agrees is cropped or covered
_NEIGHBOURHOOD = (0.16, 0.30)  # of height and width: about three lines of a poster's text
_CORE = (0.15, 0.80, 0.15, 0.75)  # top, bottom, left, right: apps draw their own signs around it
_LEAST_BLOCKS = 20

Blocks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the model's blocks that show something: `visible` is the share that lies inside what is to be seen,
    `share` how much of that agrees, `weakest` the share in the neighbourhood of the core that agrees least.
    `whole` is the share of all."""

    visible: float
    share: float
    weakest: float
    whole: float


NONE = Agreement(0.0, 0.0, 0.0, 0.0)


def measured(model: Grey, scene: Grey, placing: Matrix) -> Agreement:
    """How the model agrees with the scene where `placing` puts it."""
    height, width = model.shape
    shrinks = np.hypot(placing[0, 0], placing[1, 0]) > 1
    inverse = cv2.WARP_INVERSE_MAP | (cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    seen = cv2.warpAffine(scene, placing, (width, height), flags=inverse, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(
        np.full(scene.shape, 255, np.uint8),
        placing,
        (width, height),
        flags=cv2.WARP_INVERSE_MAP | cv2.INTER_NEAREST,
    )
    likeness, texture = _correlation(model, np.asarray(seen, np.uint8))
    grid = np.s_[STEP:-STEP:STEP, STEP:-STEP:STEP]
    telling = texture[grid] > TEXTURE
    there = telling & (inside[grid] > 0)
    agreeing = there & (likeness[grid] > AGREES)
    if there.sum() < _LEAST_BLOCKS:
        return NONE
    frame = _trimmed(agreeing, there)
    if there[frame].sum() < _LEAST_BLOCKS:
        return NONE
    return Agreement(
        visible=float(there[frame].sum() / telling.sum()),
        share=float(agreeing[frame].sum() / there[frame].sum()),
        weakest=_weakest(agreeing[frame], there[frame]),
        whole=float(agreeing.sum() / telling.sum()),
    )


def _correlation(model: Grey, seen: Grey) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Correlation around every pixel, and the model's deviation there in grey levels."""
    # A little blur takes away what JPEG added, and half a pixel of error in the alignment.
    a = cv2.GaussianBlur(model, (0, 0), 1.2).astype(np.float32)
    b = cv2.GaussianBlur(seen, (0, 0), 0.8).astype(np.float32)
    size = (WINDOW, WINDOW)
    mean_a, mean_b = cv2.blur(a, size), cv2.blur(b, size)
    var_a = np.maximum(cv2.blur(a * a, size) - mean_a * mean_a, 0)
    var_b = np.maximum(cv2.blur(b * b, size) - mean_b * mean_b, 0)
    together = cv2.blur(a * b, size) - mean_a * mean_b
    return np.asarray(together / np.sqrt((var_a + 4) * (var_b + 4)), np.float32), np.sqrt(var_a).astype(
        np.float32
    )


def _trimmed(agreeing: Blocks, there: Blocks) -> tuple[slice, slice]:
    """The frame that is left when edges are taken off where nearly nothing agrees."""
    top, bottom = _edges(agreeing, there, MOST_TRIMMED[0])
    left, right = _edges(agreeing[top:bottom].T, there[top:bottom].T, MOST_TRIMMED[1])
    return slice(top, bottom), slice(left, right)


def _edges(agreeing: Blocks, there: Blocks, most: float) -> tuple[int, int]:
    """First and last row to keep, three at a time."""
    rows = len(agreeing)
    limit = int(rows * most)

    def fails(first: int) -> bool:
        known = there[first : first + 3].sum()
        return bool(known < 3 or agreeing[first : first + 3].sum() < _LEAST_IN_EDGE * known)

    top, bottom = 0, rows
    while top < limit and fails(top):
        top += 1
    while rows - bottom < limit and fails(bottom - 3):
        bottom -= 1
    return top, bottom


def _weakest(agreeing: Blocks, there: Blocks) -> float:
    """The share that agrees in the neighbourhood of the core where it is smallest; 1 where the core is
    empty."""
    height, width = there.shape
    size = max(3, int(width * _NEIGHBOURHOOD[1])), max(3, int(height * _NEIGHBOURHOOD[0]))

    def summed(blocks: Blocks) -> NDArray[np.float32]:
        flat = blocks.astype(np.float32)
        return cv2.boxFilter(flat, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT).astype(
            np.float32
        )

    known = summed(there)
    core = np.s_[
        int(height * _CORE[0]) : int(height * _CORE[1]) + 1, int(width * _CORE[2]) : int(width * _CORE[3]) + 1
    ]
    enough = known[core] >= 0.3 * size[0] * size[1]
    if not enough.any():
        return 1.0
    return float((summed(agreeing)[core] / np.maximum(known[core], 1))[enough].min())
