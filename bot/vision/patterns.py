"""Finds an item where points find nothing: a soft photograph, rows of windows, a small one on a large page.

The middle of the item is laid over the reduced screenshot at every place and size (normalised correlation);
where it fits best, corners of the item are followed to their exact places (Lucas-Kanade).
"""

from collections.abc import Sequence

import cv2
import numpy as np

from bot.vision import features
from bot.vision.features import Matrix
from bot.vision.pixels import Grey, scaled

_SIDE, _ROUGH_SIDE = 320, 160  # longer side of the screenshot
_CORE = (0.22, 0.78, 0.15, 0.85)  # top, bottom, left, right: what every app leaves of an item
_WIDTHS = (0.40, 1.35)  # of the item, in widths of the screenshot
_STEP, _ROUGH_STEP = 1.07, 1.16  # from one size to the next
_LEAST = 0.55  # correlation; elsewhere the best place seldom has more
_CORNERS, _WINDOW = 300, (21, 21)
_REPROJECTION = 2.5  # pixels of the model


def likely(models: Sequence[Grey], scene: Grey, most: int) -> list[int]:
    """Of many pictures those that fit somewhere best, at first sight."""
    small = scaled(scene, _ROUGH_SIDE)
    if small is None or len(models) <= most:
        return list(range(len(models)))
    scores = [-_fitting(model, small, _ROUGH_STEP)[0] for model in models]
    return sorted(np.argsort(scores, kind="stable")[:most].tolist())


def located(model: Grey, scene: Grey) -> Matrix | None:
    """Where the model lies in the scene; None where it does not seem to be there."""
    small = scaled(scene, _SIDE)
    if small is None:
        return None
    score, (x, y), scale = _fitting(model, small, _STEP)
    if score < _LEAST:
        return None
    larger = max(scene.shape) / max(small.shape)
    left, top = _CORE[2] * model.shape[1], _CORE[0] * model.shape[0]
    rough = larger * np.array([[scale, 0, x - scale * left], [0, scale, y - scale * top]])
    return _followed(model, scene, rough)


def _fitting(model: Grey, small: Grey, step: float) -> tuple[float, tuple[int, int], float]:
    """The best correlation of the model's middle, its corner there, and the scale."""
    height, width = model.shape
    top, bottom, left, right = (
        int(part * side) for part, side in zip(_CORE, (height, height, width, width), strict=True)
    )
    core = model[top:bottom, left:right]
    best: tuple[float, tuple[int, int], float] = (-1.0, (0, 0), 1.0)
    wide = _WIDTHS[0]
    while wide <= _WIDTHS[1]:
        scale = wide * small.shape[1] / width
        size = max(1, round(core.shape[1] * scale)), max(1, round(core.shape[0] * scale))
        wide *= step
        if size[0] > small.shape[1] or size[1] > small.shape[0] or min(size) < 12:
            continue
        template = cv2.resize(core, size, interpolation=cv2.INTER_AREA)
        _, score, _, place = cv2.minMaxLoc(cv2.matchTemplate(small, template, cv2.TM_CCOEFF_NORMED))
        if score > best[0]:
            best = (float(score), (int(place[0]), int(place[1])), scale)
    return best


def _followed(model: Grey, scene: Grey, rough: Matrix) -> Matrix | None:
    """The exact place, by corners that are near where a rough one has them."""
    size = (model.shape[1], model.shape[0])
    flags = cv2.WARP_INVERSE_MAP | (cv2.INTER_AREA if rough[0, 0] > 1 else cv2.INTER_LINEAR)
    seen = cv2.warpAffine(scene, rough, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    corners = cv2.goodFeaturesToTrack(model, _CORNERS, 0.004, 8)
    if corners is None:
        return None
    found, status, _ = cv2.calcOpticalFlowPyrLK(
        model, seen, corners, np.empty_like(corners), winSize=_WINDOW, maxLevel=4
    )
    kept = status.ravel() > 0
    if kept.sum() < features.LEAST_INLIERS:
        return None
    cv2.setRNGSeed(1)
    mending, inliers = cv2.estimateAffinePartial2D(
        corners.reshape(-1, 2)[kept],
        found.reshape(-1, 2)[kept],
        method=cv2.RANSAC,
        ransacReprojThreshold=_REPROJECTION,
    )
    if mending is None or inliers.sum() < features.LEAST_INLIERS:
        return None
    whole = np.vstack([rough, [0, 0, 1]]) @ np.vstack([mending, [0, 0, 1]])
    return np.asarray(whole, np.float64)[:2]
