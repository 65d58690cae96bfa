"""Points that can be found again when a picture was scaled, cropped and recompressed, and how they map.

ORB (Rublee and others, ICCV 2011) as in OpenCV. Measured on the train set of `bench.proofs`: at a longer
side of 800 pixels it finds what SIFT finds at 1,024, in a fifteenth of the time; AKAZE is not in OpenCV 5
any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.vision.pixels import Grey

Matrix = NDArray[np.float64]  # 2 × 3: where a point of one picture lies in the other
Points = NDArray[np.float32]  # n × 2: x and y in pixels

RATIO = 0.85  # the nearest descriptor must be that much nearer than the second (Lowe's 0.8, a little milder)
REPROJECTION = 4.0  # pixels that a point may lie off
LEAST_INLIERS = 8  # matches that agree on a similarity by chance are fewer
MOST_TURN = 12.0  # degrees: apps set pictures upright; two fingers turn them a little
LEAST_SCALE, MOST_SCALE = 0.15, 4.0


@dataclass(frozen=True, slots=True)
class Features:
    """Points of a picture with their descriptors (n × 32 bytes), the strongest of each size first."""

    points: Points
    descriptors: NDArray[np.uint8]

    def strongest(self, most: int) -> "Features":
        return Features(self.points[:most], self.descriptors[:most])


def described(grey: Grey, most: int) -> Features:
    """The `most` strongest points of a picture."""
    # edgeThreshold below the patch size would read outside; 20 keeps points near the edges of small pictures.
    orb = cv2.ORB.create(
        nfeatures=most, scaleFactor=1.2, nlevels=8, edgeThreshold=20, patchSize=31, fastThreshold=12
    )
    keypoints, found = orb.detectAndCompute(grey, None)
    if found is None:
        return Features(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
    order = _mixed([point.octave for point in keypoints], [point.response for point in keypoints])
    points = np.asarray([point.pt for point in keypoints], np.float32)
    return Features(points[order], np.asarray(found[order], np.uint8))


def _mixed(octaves: Sequence[int], responses: Sequence[float]) -> NDArray[np.intp]:
    """The strongest of each size first, by turns: the finest alone are not found again at another size."""
    sizes, strength = np.asarray(octaves), np.asarray(responses)
    turns = np.zeros(len(sizes))
    for size in np.unique(sizes):
        own = np.flatnonzero(sizes == size)
        turns[own[np.argsort(-strength[own], kind="stable")]] = (np.arange(len(own)) + 0.5) / len(own)
    return np.argsort(turns, kind="stable")


def matched(model: Features, scene: Features) -> tuple[Points, Points]:
    """Pairs of points that look alike, those of the model and those of the scene."""
    if min(len(model.points), len(scene.points)) < 2:
        return model.points[:0], scene.points[:0]
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(model.descriptors, scene.descriptors, k=2)
    clear = [first for first, second in pairs if first.distance < RATIO * second.distance]
    return model.points[[one.queryIdx for one in clear]], scene.points[[one.trainIdx for one in clear]]


def aligned(source: Points, target: Points) -> tuple[Matrix, int] | None:
    """The similarity (scale, turn, shift) that takes most of `source` to `target`, and how many agree.

    None when too few do, or when it turns or scales as no app does.
    """
    if len(source) < LEAST_INLIERS:
        return None
    cv2.setRNGSeed(1)  # the same picture always gets the same answer
    matrix, inliers = cv2.estimateAffinePartial2D(
        source, target, method=cv2.RANSAC, ransacReprojThreshold=REPROJECTION, maxIters=2000, confidence=0.995
    )
    if matrix is None:
        return None
    # ORB reports a corner once for each of its scales.
    agreeing = len(np.unique(np.round(source[inliers.ravel() > 0] / 4), axis=0))
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    turn = abs(float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))))
    if agreeing < LEAST_INLIERS or turn > MOST_TURN or not LEAST_SCALE <= scale <= MOST_SCALE:
        return None
    return np.asarray(matrix, np.float64), agreeing
