"""What WhatsApp takes of a file, and what becomes of the others."""

import pytest

from models.content import carrying, measures
from models.content.measures import FILM, PAPER, PICTURE, Measured

MB = 1024 * 1024


def film(**facts: object) -> Measured:
    given = {"codec": "h264", "sound": "aac", **facts}
    return Measured(FILM, str(given.pop("mime", "video/mp4")), int(str(given.pop("size", 5 * MB))), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measured", "why"),
    [
        (film(), ""),
        (film(sound=""), ""),
        (film(codec="", sound=""), ""),  # of a proof, which nobody measured
        (film(size=16 * MB), ""),
        (film(size=16 * MB + 1), "film_large"),
        (film(codec="hevc"), "film_format"),
        (film(codec="hevc", size=17 * MB), "film_format"),
        (film(sound="opus"), "film_format"),
        (film(mime="video/webm", codec="vp9"), "film_format"),
        (film(mime="video/quicktime"), "film_format"),
        (Measured(PICTURE, "image/jpeg", 5 * MB), ""),
        (Measured(PICTURE, "image/png", MB), ""),
        (Measured(PICTURE, "image/png", 5 * MB + 1), "picture"),
        (Measured(PICTURE, "image/webp", MB), "picture"),
        (Measured(PICTURE, "image/gif", MB), "picture"),
        (Measured(PICTURE, "image/jpeg", MB, codec="cmyk"), "picture"),
        (Measured(PAPER, "application/pdf", 16 * MB), ""),
        (Measured(PAPER, "application/pdf", 16 * MB + 1), "paper_large"),
        (Measured(PAPER, "text/plain", 10), "paper_format"),
        (Measured(PAPER, "text/csv", 10), "paper_format"),
        (Measured(PAPER, "application/zip", 10), "paper_format"),
    ],
)
def test_what_whatsapp_takes(measured: Measured, why: str) -> None:
    assert carrying.objection(measured) == why
    assert why in ("", carrying.COPIED, *carrying.LINKED)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("size", [MB, 17 * MB])
def test_an_author_hears_of_every_film_that_goes_as_a_link(codec: str, size: int) -> None:
    measured = film(codec=codec, size=size, duration=40.0)
    warned = {finding.key.removeprefix("measuring.") for finding in measures.warnings(measured)}
    assert bool(carrying.objection(measured)) == bool(warned & {"film_codec", "film_heavy"})
