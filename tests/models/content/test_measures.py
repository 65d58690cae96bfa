"""What a measured file means: refused, warned of, or fine."""

import pytest

from models.content import measures
from models.content.measures import FILM, PAPER, PICTURE, Measured

MB = 1024 * 1024


def film(**facts: object) -> Measured:
    given = {"width": 1080, "height": 1920, "duration": 45.0, "codec": "h264", "sound": "aac", **facts}
    return Measured(FILM, str(given.pop("mime", "video/mp4")), int(str(given.pop("size", 5 * MB))), **given)  # type: ignore[arg-type]


def picture(width: int = 1080, height: int = 1350, **facts: object) -> Measured:
    given = {"mime": "image/jpeg", "size": MB, **facts}
    return Measured(PICTURE, width=width, height=height, **given)  # type: ignore[arg-type]


def found(measured: Measured) -> list[str]:
    return [finding.key.removeprefix("measuring.") for finding in measures.warnings(measured)]


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (film(), []),
        (film(duration=30.0), []),
        (film(duration=29.6), []),  # shown as 30 seconds, so 30 it is
        (film(duration=60.4), []),
        (film(width=1920, height=1080, sound=""), []),
        (film(duration=29.4), ["film_short"]),
        (film(duration=60.6), ["film_long"]),
        (film(codec="hevc"), ["film_codec"]),
        (film(sound="opus"), ["film_codec"]),
        (film(mime="video/quicktime"), ["film_codec"]),
        (film(size=16 * MB), []),
        (film(size=16 * MB + 1), ["film_heavy"]),
        (film(codec="vp9", duration=5, size=17 * MB), ["film_codec", "film_short", "film_heavy"]),
        (picture(), []),
        (picture(1920, 1080), []),
        (picture(1079, 1920), ["picture_small"]),
        (picture(codec="cmyk"), ["picture_cmyk"]),
        (picture(size=5 * MB), []),
        (picture(size=5 * MB + 1), ["picture_heavy"]),
        (picture(mime="image/webp"), ["picture_type"]),
        (Measured(PAPER, "application/pdf", 16 * MB), []),
        (Measured(PAPER, "application/pdf", 16 * MB + 1), ["paper_heavy"]),
        (Measured(PICTURE, "image/jpeg", 5), []),  # of an old row, which nobody measured
    ],
)  # fmt: skip
def test_an_author_is_warned_of_what_is_less_than_good(measured: Measured, expected: list[str]) -> None:
    assert found(measured) == expected


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (film(duration=180.4), ""),
        (film(duration=180.6), "film_too_long"),
        (picture(5000, 5000), ""),
        (picture(5000, 5001), "picture_too_large"),
        (picture(100, 2000), ""),
        (picture(100, 2001), "picture_too_narrow"),
        (picture(animated=True), "animated"),
        (Measured(PAPER, "application/pdf", 5), ""),
    ],
)
def test_what_no_channel_or_place_takes_is_refused(measured: Measured, expected: str) -> None:
    reason = measures.refusal(measured)
    assert reason.removeprefix("measuring.") == expected
    assert not reason or reason in measures.REFUSALS
