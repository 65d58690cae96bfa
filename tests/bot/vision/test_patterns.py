"""What has too few points to be found by them is found as a whole."""

from random import Random

import cv2
import numpy as np
import pytest
from PIL import Image

from bench.screenshots import paint
from bot.vision import agreement, patterns, pixels, showing
from bot.vision.pixels import Grey
from bot.vision.showing import Verdict
from tests.bot.vision import shots


def _soft() -> Grey:
    """Hills in fog: nothing in it is sharp."""
    colours = [(40, 60, 50), (110, 120, 130), (220, 225, 230)]
    picture = np.asarray(paint.texture(Random("fog"), (640, 480), colours).convert("L"))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 5), np.uint8)


def _page(picture: Grey, width: int, at: tuple[int, int]) -> Grey:
    """A screen of 576 × 1,280 with the picture on it."""
    page = Image.new("L", (576, 1280), 255)
    page.paste(Image.fromarray(picture).resize((width, width * picture.shape[0] // picture.shape[1])), at)
    return np.asarray(page, np.uint8)


@pytest.mark.parametrize(("width", "at"), [(576, (0, 300)), (400, (160, 90)), (300, (20, 700))])
def test_a_soft_picture_is_found_at_any_size(width: int, at: tuple[int, int]) -> None:
    placing = patterns.located(_soft(), _page(_soft(), width, at))
    assert placing is not None
    assert placing @ np.array([0, 0, 1]) == pytest.approx(at, abs=2)
    assert placing @ np.array([640, 480, 1]) == pytest.approx((at[0] + width, at[1] + width * 3 / 4), abs=2)


def test_it_counts_as_shown() -> None:
    model = showing.prepared(_soft())
    assert model is not None
    said = showing.shown([model], _page(_soft(), 400, (160, 90)))
    assert said.verdict is Verdict.SHOWN


def test_what_is_not_there_is_not_found() -> None:
    scene = pixels.decoded(shots.sent(shots.post, shots.anna, shots.item), showing.SCENE_SIDE)
    assert scene is not None
    model = showing.prepared(_soft())
    assert model is not None
    assert showing.shown([model], scene).verdict is Verdict.ABSENT


def test_of_many_the_one_that_is_there_is_likely() -> None:
    others = [np.asarray(np.roll(np.rot90(_soft(), turn)[:480], 60 * turn, 1)) for turn in (1, 2, 3)]
    found = patterns.likely([*others, _soft()], _page(_soft(), 400, (160, 90)), 1)
    assert found == [3]


def test_a_picture_too_small_to_search_in_is_no_place() -> None:
    assert patterns.located(_soft(), np.zeros((2000, 100), np.uint8)) is None


def test_of_a_film_that_no_point_speaks_for_more_has_to_agree() -> None:
    frame = showing.prepared(_soft(), moving=True)
    assert frame is not None
    model = _soft()
    other = model.astype(np.float32)  # in rain that falls in stripes
    rain = np.random.default_rng(1).normal(0, 60, model.shape)
    other[:, np.arange(640) % 100 < 62] += rain[:, np.arange(640) % 100 < 62]
    scene = _page(other.clip(0, 255).astype(np.uint8), 400, (160, 90))
    placing = patterns.located(model, scene)
    assert placing is not None
    found = agreement.measured(frame.grey, scene, placing)
    assert showing.LEAST_SHARE_OF_FILM < found.share < showing.LEAST_SHARE_OF_FILM_BY_PATTERN
    assert showing.shown([frame], scene).verdict is not Verdict.SHOWN
