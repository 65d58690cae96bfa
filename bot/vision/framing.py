"""The frames of a film that screenshots of it are compared with.

Somebody's screenshot shows any moment. Of every shot a frame is needed, and of a camera that moves several.
Key frames are cheap to read, but some encoders set one in ten seconds only: then all frames are decoded.
"""

import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from bot.vision import pixels, showing
from bot.vision.pixels import Grey

FRAMES = 32  # of a film at most: 0.6 MB each
_GAP = 1.5  # seconds between key frames from which on what lies between is decoded
_STEP = 0.5  # seconds from one frame to the next at least
_MOST_DECODED = 1_800  # frames, a minute; some 3 ms each
_SAME = 3.0  # grey levels between small pictures of two frames below which one says nothing new
_SMALL = (24, 24)


@dataclass(frozen=True, slots=True)
class _Frame:
    at: float  # seconds
    grey: Grey
    small: NDArray[np.float32]  # of `_SMALL`

    def differs(self, other: "_Frame") -> float:
        """By how many grey levels, in the mean."""
        return float(np.abs(self.small - other.small).mean())


def frames(data: bytes, most: int = FRAMES) -> list[Grey]:
    """At most so many frames in grey, upright, their longer side at most `showing.MODEL_SIDE`, in order: the
    first one, and those that differ most from the one before. None where the film cannot be read."""
    found: list[_Frame] = []
    try:
        with av.open(io.BytesIO(data), "r", metadata_errors="replace") as container:
            stream = container.streams.video[0]
            length = (container.duration or 0) / av.time_base
            step = max(_STEP, length / (2 * most))
            stream.codec_context.skip_frame = "NONKEY"
            found += _spaced(container.decode(stream), step)
            if length > _GAP * len(found):
                container.seek(0)
                stream.codec_context.skip_frame = "DEFAULT"
                found += _spaced(_first(container.decode(stream), _MOST_DECODED), step)
    except (av.FFmpegError, IndexError, ValueError, OSError):
        pass  # what could be read is better than nothing
    return [one.grey for one in _telling(sorted(found, key=lambda one: one.at), most)]


def _first(decoded: Iterable[Any], most: int) -> Iterator[Any]:
    for number, frame in enumerate(decoded):
        if number >= most:
            return
        yield frame


def _spaced(decoded: Iterable[Any], step: float) -> Iterator[_Frame]:
    """Of what is decoded a frame every `step` seconds, made small at once: a film of 4K has 12 MB each."""
    following = 0.0
    for frame in decoded:
        at = float(frame.time or 0.0)
        if at >= following:
            following = at + step
            grey = np.asarray(frame.to_ndarray(format="gray"), np.uint8)
            # A phone held upright films lying, and notes by how much players shall turn it.
            grey = np.rot90(grey, round(frame.rotation / 90) % 4)
            if (model := pixels.scaled(np.ascontiguousarray(grey), showing.MODEL_SIDE)) is not None:
                small = cv2.resize(model, _SMALL, interpolation=cv2.INTER_AREA).astype(np.float32)
                yield _Frame(at, model, small)


def _telling(found: list[_Frame], most: int) -> list[_Frame]:
    """Without those that are hardly different from the one before; of too many those that differ least go."""
    kept: list[_Frame] = []
    for one in found:
        if not kept or one.differs(kept[-1]) >= _SAME:
            kept.append(one)
    while len(kept) > most:
        steps = [later.differs(before) for before, later in itertools.pairwise(kept)]
        del kept[1 + int(np.argmin(steps))]
    return kept
