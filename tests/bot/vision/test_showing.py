"""A screenshot shows the item, or it does not."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from PIL import Image

from bench.screenshots import strangers
from bot.vision import showing
from bot.vision.showing import Verdict
from tests.bot.vision import shots
from tests.bot.vision.shots import anna, budi, item, post, sibling, story


@pytest.mark.parametrize("screen", [story, post])
def test_a_screenshot_of_the_item_shows_it(screen: Callable[..., Image.Image]) -> None:
    said = showing.shows([shots.reference()], shots.sent(screen, anna, item))
    assert said.verdict is Verdict.SHOWN
    assert said.found.share > 0.9


@pytest.mark.parametrize("screen", [story, post])
def test_another_text_on_the_same_template_is_refused(screen: Callable[..., Image.Image]) -> None:
    said = showing.shows([shots.reference()], shots.sent(screen, budi, sibling))
    assert said.verdict in {Verdict.PARTLY, Verdict.ABSENT}
    assert said.found.share < showing.LEAST_SHARE


@pytest.mark.parametrize("kind", strangers.KINDS)
def test_a_picture_of_something_else_is_refused(kind: str) -> None:
    image = strangers.picture(Random(kind), kind, anna())
    assert showing.shows([shots.reference()], shots.file(image, "JPEG")).verdict is Verdict.ABSENT


def test_the_item_sent_back_as_it_came_is_no_screenshot() -> None:
    data = shots.file(item().resize((1024, 1280)), "JPEG", quality=80)
    assert showing.shows([shots.reference()], data).verdict is Verdict.ITSELF


def test_of_an_album_the_picture_that_is_seen_is_named() -> None:
    other = showing.reference(shots.file(sibling()))
    assert other is not None
    said = showing.shows([shots.reference(), other], shots.sent(story, budi, sibling))
    assert (said.verdict, said.reference) == (Verdict.SHOWN, 1)


def test_the_place_where_the_item_lies_is_told() -> None:
    screen = Image.new("RGB", (720, 1280), "navy")
    screen.paste(item().resize((432, 540)), (200, 300))
    said = showing.shows([shots.reference()], shots.file(screen))
    assert said.placing is not None
    assert said.placing @ np.array([0, 0, 1]) == pytest.approx([200, 300], abs=1.5)
    assert said.placing @ np.array([512, 640, 1]) == pytest.approx([632, 840], abs=1.5)


def test_the_same_picture_always_gets_the_same_answer() -> None:
    first, second = (showing.shows([shots.reference()], shots.sent(post, anna, item)) for _ in range(2))
    assert first.found == second.found
    assert np.array_equal(first.placing, second.placing)  # type: ignore[arg-type]


def test_without_references_nothing_is_shown() -> None:
    assert showing.shows([], shots.sent(post, anna, item)).verdict is Verdict.ABSENT


def test_an_item_that_agrees_better_is_preferred() -> None:
    other = showing.reference(shots.file(sibling()))
    assert other is not None
    data = shots.sent(story, budi, sibling)
    this, that = showing.shows([shots.reference()], data), showing.shows([other], data)
    passing = replace(this, verdict=Verdict.SHOWN)
    assert showing.preferred(passing, [that]).verdict is Verdict.PARTLY
    assert showing.preferred(that, [this]).verdict is Verdict.SHOWN
