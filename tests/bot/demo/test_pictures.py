"""The pictures of the sample: big enough to be approved, and told apart at a glance."""

from io import BytesIO

from PIL import Image

from bot.demo import pictures, topics
from models.content import fields


def _opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_an_infographic_is_1080_pixels_square_without_metadata() -> None:
    picture = _opened(pictures.infographic(topics.TOPICS["PUPR"]))
    assert (picture.format, picture.size) == ("JPEG", (1080, 1080))
    assert not picture.getexif()


def test_no_two_opd_have_the_same_colour() -> None:
    written = [*topics.TOPICS.values(), topics.PROVINCIAL]
    colours = {_opened(pictures.infographic(topic)).convert("RGB").getpixel((10, 10)) for topic in written}
    assert len(colours) == len(written) == 31


def test_screenshots_differ_and_are_the_same_each_time() -> None:
    made = [pictures.screenshot(number) for number in range(6)]
    assert len(set(made)) == 6
    assert made[2] == pictures.screenshot(2)


def test_a_screenshot_shows_the_item_that_is_asked_for() -> None:
    topic = topics.TOPICS["PUPR"]
    shown = _opened(pictures.screenshot(3, topic)).convert("RGB").getpixel((32 + 8, 240 + 8))
    item = _opened(pictures.infographic(topic)).convert("RGB").getpixel((13, 13))
    assert isinstance(shown, tuple)
    assert isinstance(item, tuple)
    assert all(abs(one - other) < 8 for one, other in zip(shown, item, strict=True))


def test_every_item_fits_into_the_fields_of_an_item() -> None:
    for topic in [*topics.TOPICS.values(), topics.PROVINCIAL]:
        for field, value in (
            ("title", topic.title),
            ("what", topic.what),
            ("why", topic.why),
            ("caption", topic.caption),
            ("source_url", topic.source),
        ):
            assert fields.text(field, value) == value


def test_some_opd_have_no_item_and_those_of_the_live_part_have_one() -> None:
    assert len(topics.without()) == 13
    assert set(topics.LIVE) <= topics.TOPICS.keys()
