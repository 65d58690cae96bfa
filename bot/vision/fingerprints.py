"""Numbers by which a picture's likeness is found again among others, small enough for a row of SQL.

Two honest screenshots of one item are nearly one picture, so a hash of the whole finds everybody who shared
that item. What differs is small and lies around it: clock, name, avatar, likes, the chat. A picture is
therefore cut into tiles, each with a hash of its own: once laid out from the top of the picture, and once
around the item where one was found. The second layout stays the same when the picture is cropped, or shown
inside a gallery.

Hash of a tile: signs of the low frequencies of its cosine transform against their median (pHash, Zauner
2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.vision.features import Matrix
from bot.vision.pixels import Grey

COLUMNS, ROWS = 2, 14  # of a layout
PITCH = 0.22  # height of a tile, in widths of the layout
PART = 0.85  # of the item's width that a layout around it takes: stories zoom the rest off the screen
_WIDTH = 256  # pixels of a layout
_ROW, _COLUMN = round(_WIDTH * PITCH), _WIDTH // COLUMNS
TILES = COLUMNS * ROWS
_PLAIN = 4.0  # grey levels of deviation: a tile with less shows nothing
_INSIDE = 0.85 * 255  # less of a tile inside the picture does not count
EMPTY = 0  # the hash of a tile that shows nothing or lies outside
LENGTH = 2 * TILES * 8  # bytes of `Fingerprint.tiles`

# A candidate for the same upload; chosen on the train set of bench.proofs.
CHANGED_BITS = 10  # a tile of which more bits differ has changed
MOST_CHANGED = 0.15  # of the tiles that both pictures have
LEAST_COMMON = 6
# In how many bits a tile of a copy differs (below 3, 6, 11, 17; more), and how often: train set.
_STEPS, _OF_COPY = (3, 6, 11, 17), (0.88, 0.06, 0.04, 0.015, 0.005)
_LAYOUTS = (np.s_[:, :TILES], np.s_[:, TILES:])


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`whole`: 64 bits, signed, as a BIGINT keeps it; `tiles`: 2 × 28 hashes of 64 bits, big-endian, the
    layout of the picture before that of the item (all EMPTY where none was found)."""

    whole: int
    tiles: bytes


def fingerprint(
    scene: Grey, placing: Matrix | None = None, model_size: tuple[int, int] = (0, 0)
) -> Fingerprint:
    """The fingerprint of a picture decoded at `showing.SCENE_SIDE`; `placing` and the item's (width,
    height) in pixels of the model are those that `showing` found, if it found the item."""
    width = scene.shape[1]
    of_picture = _tiles(scene, width, 0.0, 0.0)
    of_item = np.zeros(TILES, np.uint64)
    if placing is not None:
        unit = PART * float(np.hypot(placing[0, 0], placing[1, 0])) * model_size[0]
        x, y = placing @ np.array([model_size[0] / 2, model_size[1] / 2, 1.0])
        of_item = _tiles(scene, unit, x - unit / 2, y - unit * ROWS * PITCH / 2)
    whole = int(_hash(scene)).to_bytes(8, "big")
    return Fingerprint(
        int.from_bytes(whole, "big", signed=True),
        np.concatenate([of_picture, of_item]).astype(">u8").tobytes(),
    )


def _tiles(scene: Grey, unit: float, left: float, top: float) -> NDArray[np.uint64]:
    """The hashes of a layout `unit` pixels wide whose corner lies at (left, top)."""
    step = unit / _WIDTH
    matrix = np.array([[step, 0, left], [0, step, top]])
    size = (_WIDTH, _ROW * ROWS)
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
    smooth = cv2.GaussianBlur(scene, (0, 0), max(0.5, 0.4 * step))
    laid = cv2.warpAffine(smooth, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.full(scene.shape, 255, np.uint8), matrix, size, flags=flags)
    hashes = np.zeros(TILES, np.uint64)
    for number in range(TILES):
        row, column = divmod(number, COLUMNS)
        part = np.s_[row * _ROW : (row + 1) * _ROW, column * _COLUMN : (column + 1) * _COLUMN]
        if inside[part].mean() > _INSIDE and laid[part].std() > _PLAIN:
            hashes[number] = _hash(np.asarray(laid[part], np.uint8))
    return hashes


def _hash(grey: Grey) -> np.uint64:
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:8, :8].ravel()
    bits = low > np.median(low[1:])
    bits[0] = True  # the mean says nothing; a constant keeps a hash from being EMPTY
    return np.uint64(int.from_bytes(np.packbits(bits).tobytes(), "big"))


def stacked(tiles: Sequence[bytes]) -> NDArray[np.uint64]:
    """The tiles of many fingerprints as n × 56 numbers, for `alike`."""
    return np.frombuffer(b"".join(tiles), ">u8").astype(np.uint64).reshape(len(tiles), 2 * TILES)


def alike(one: Fingerprint, others: NDArray[np.uint64]) -> NDArray[np.float64]:
    """The share of tiles that changed between a picture and each of many, by the layout in which fewer did.

    1.0 where too little can be compared. Candidates are those up to `MOST_CHANGED`.
    """
    return np.asarray(np.minimum(*_changes(one, others)[2]), np.float64)


def candidates(one: Fingerprint, others: NDArray[np.uint64]) -> list[int]:
    """Which of many may be the same upload, the likeliest first.

    What a tile shows of the item it shows of everybody's. The odds of a copy against anybody's picture are
    multiplied, tile by tile, from how many of the others are as near; where they are below one the picture is
    nobody's in particular.
    """
    known, apart, shares = _changes(one, others)
    steps, odds = np.searchsorted(_STEPS, apart, side="right"), np.zeros(apart.shape)
    for step, of_copy in enumerate(_OF_COPY):
        here = known & (steps == step)
        of_anybody = (here.sum(axis=0) + 1) / (known.sum(axis=0) + len(_OF_COPY))
        odds += here * np.log(of_copy / of_anybody)
    likely = np.stack([odds[layout].sum(axis=1) for layout in _LAYOUTS])
    likely[np.stack(shares) > MOST_CHANGED] = -np.inf
    best = likely.max(axis=0)
    return [int(number) for number in np.argsort(-best, kind="stable") if best[number] > 0]


def shifted(one: Fingerprint, others: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of many are no copies as they are, but may be cropped, or shown in a gallery: only the tiles
    around the item agree."""
    return np.asarray(_changes(one, others)[2][0] > MOST_CHANGED, np.bool_)


def _changes(
    one: Fingerprint, others: NDArray[np.uint64]
) -> tuple[NDArray[np.bool_], NDArray[np.uint8], list[NDArray[np.float64]]]:
    """Which tiles each of many has in common, in how many bits they differ, and the share that changed in
    both layouts."""
    mine = stacked([one.tiles])[0]
    known = (mine != EMPTY) & (others != EMPTY)
    apart = np.bitwise_count(mine ^ others)
    changed = known & (apart > CHANGED_BITS)
    shares = []
    for layout in _LAYOUTS:
        common = known[layout].sum(axis=1)
        share = changed[layout].sum(axis=1) / np.maximum(common, 1)
        shares.append(np.where(common >= LEAST_COMMON, share, 1.0))
    return known, apart, shares


def distance(one: int, other: int) -> int:
    """Differing bits of two whole-picture hashes."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()
