"""The same upload is recognised, two honest people's are not called one."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from PIL import Image

from bench.screenshots import carriers, stories
from bot.vision import copies, fingerprints, pixels, showing
from bot.vision.copies import Likeness
from bot.vision.fingerprints import Fingerprint
from tests.bot.vision import shots
from tests.bot.vision.shots import anna, budi, item, post, story


def _print(data: bytes) -> Fingerprint:
    scene = pixels.decoded(data, showing.SCENE_SIDE)
    assert scene is not None
    return fingerprints.fingerprint(scene, showing.shown([shots.reference()], scene).placing, (512, 640))


def _stacked(*files: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    return fingerprints.stacked([_print(data).tiles for data in files])


@pytest.mark.parametrize("kind", carriers.COPIES)
@pytest.mark.parametrize("screen", [story, post])
def test_a_copy_is_found_and_recognised(screen: Callable[..., Image.Image], kind: str) -> None:
    first = shots.sent(screen, anna, item)
    again = carriers.copy(Random(kind), first, kind, budi())
    assert fingerprints.candidates(_print(first), _stacked(again)) == [0]
    assert copies.same_upload(first, again).likeness is Likeness.SAME


@pytest.mark.parametrize("screen", [story, post])
def test_two_honest_people_in_the_same_minute_are_not_one(screen: Callable[..., Image.Image]) -> None:
    found = copies.same_upload(shots.sent(screen, anna, item), shots.sent(screen, budi, item))
    assert found.likeness is Likeness.DIFFERENT


def test_one_digit_of_the_battery_is_a_difference() -> None:
    screen = shots.story(anna, item)
    other = replace(anna(), battery=anna().battery - 1, habits=Random("story anna"))
    second = stories.whatsapp(other, item())
    one, two = (carriers.telegram(Random("sent"), image) for image in (screen, second))
    found = copies.same_upload(one, two)
    assert found.likeness is Likeness.DIFFERENT
    assert found.y < 60, "the difference is shown in the status bar"


def test_other_pictures_are_different() -> None:
    found = copies.same_upload(shots.sent(post, anna, item), shots.sent(story, budi, item))
    assert found.likeness is Likeness.DIFFERENT


def test_the_item_alone_tells_nobody_apart() -> None:
    bare = shots.file(item(), "JPEG")
    scene = pixels.decoded(bare, showing.SCENE_SIDE)
    assert scene is not None
    placing = showing.shown([shots.reference()], scene).placing
    assert placing is not None
    corners = showing.corners(shots.reference(), placing)
    found = copies.same_upload(bare, shots.sent(post, anna, item), corners)
    assert found.likeness is Likeness.UNTOLD


def test_what_cannot_be_read_accuses_nobody() -> None:
    assert copies.same_upload(shots.sent(post, anna, item), b"?").likeness is Likeness.UNREADABLE


def test_a_fingerprint_fits_into_a_row() -> None:
    made = _print(shots.sent(post, anna, item))
    assert -(2**63) <= made.whole < 2**63
    assert len(made.tiles) == fingerprints.LENGTH


def test_a_fingerprint_is_the_same_every_time() -> None:
    data = shots.sent(story, anna, item)
    assert _print(data) == _print(data)


def test_the_whole_hash_of_a_copy_is_near() -> None:
    first = shots.sent(post, anna, item)
    again = carriers.copy(Random("again"), first, "forwarded", budi())
    assert fingerprints.distance(_print(first).whole, _print(again).whole) <= 6


def test_a_plain_picture_has_no_tiles_and_is_like_nothing() -> None:
    plain = fingerprints.fingerprint(np.zeros((1280, 576), np.uint8))
    assert set(plain.tiles) == {0}
    assert fingerprints.candidates(plain, fingerprints.stacked([plain.tiles])) == []


def test_a_candidate_is_named_by_its_row_the_likeliest_first() -> None:
    first = shots.sent(post, anna, item)
    cropped = carriers.copy(Random("c"), first, "cropped", budi())
    rows = _stacked(shots.sent(story, budi, item), cropped, first)
    assert fingerprints.candidates(_print(first), rows)[0] == 2
    assert fingerprints.candidates(_print(first), rows[:2]) == [1]


def test_what_everybody_has_says_nothing() -> None:
    """Of forty who have the item's tiles in common one has a clock and a name in common, too."""
    dice = np.random.default_rng(1)
    tiles = dice.integers(1, 2**63, (41, 2 * fingerprints.TILES), np.uint64)
    tiles[:, 4 : fingerprints.TILES] = tiles[0, 4 : fingerprints.TILES]
    tiles[:, fingerprints.TILES :] = fingerprints.EMPTY
    tiles[17] = tiles[0]
    tiles[17, 0] ^= np.uint64(0xFFFF)  # a copy is never wholly alike
    one = Fingerprint(0, tiles[0].astype(">u8").tobytes())
    assert (fingerprints.alike(one, tiles[1:]) <= fingerprints.MOST_CHANGED).all(), "all have most in common"
    assert fingerprints.candidates(one, tiles[1:]) == [16]


def test_a_copy_that_was_moved_is_known_by_the_tiles_around_the_item() -> None:
    first = shots.sent(post, anna, item)
    screen = carriers.opened(first)
    low = carriers.telegram(Random("low"), screen.crop((0, screen.height // 10, *screen.size)))
    rows = _stacked(first, low)
    assert fingerprints.shifted(_print(first), rows).tolist() == [False, True]
