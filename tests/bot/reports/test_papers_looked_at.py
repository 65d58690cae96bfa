"""The papers as pictures: each page is the one that somebody looked at and kept."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.reports import certificate, paper
from tests.bot.reports import plates, reference, sample
from tests.bot.reports.reference import CERTIFICATE, PAPERS, Pixels

BLOCK = 10  # pixels: a thin line or a single digit of the table is told apart
MILLIMETRE = plates.SCALE * 72 / 25.4  # in pixels


def differing(one: Pixels, path: Path) -> int:
    return reference.differing(one, reference.kept(path), BLOCK)


@pytest.fixture(scope="module")
def drawn() -> dict[Path, Pixels]:
    return {path: np.asarray(page) for path, page in reference.papers()}


@pytest.mark.parametrize("path", [*PAPERS, CERTIFICATE], ids=lambda path: path.stem)
def test_each_page_is_the_one_that_was_looked_at(drawn: dict[Path, Pixels], path: Path) -> None:
    kept = reference.kept(path)
    assert drawn[path].shape == kept.shape
    assert np.abs(drawn[path].astype(int) - kept).mean() < 0.5
    assert differing(drawn[path], path) == 0


# Where something stands, in millimetres: left, top, width, height.
PLACES = {
    "a line of the table": (PAPERS[1], (14, 66.5, 182, 3.5)),
    "what an agency has moved": (PAPERS[1], (150, 66.5, 14, 3.5)),
    "the mark of the target": (PAPERS[0], (104, 57, 2, 8)),
    "the chart": (PAPERS[0], (14, 69, 106, 150)),
    "who does what was decided": (PAPERS[0], (132, 235, 64, 9)),
    "the code": (CERTIFICATE, (231, 144, 36, 36)),
    "the line for a signature": (CERTIFICATE, (28, 180, 80, 2)),
    "the golden frame": (CERTIFICATE, (10, 20, 2, 170)),
}


@pytest.mark.parametrize("what", PLACES)
def test_a_page_that_lost_something_is_not_the_same(drawn: dict[Path, Pixels], what: str) -> None:
    path, place = PLACES[what]
    left, top, width, height = (round(side * MILLIMETRE) for side in place)
    page = drawn[path].copy()
    page[top : top + height, left : left + width] = 255
    assert differing(page, path) > 0


@pytest.mark.parametrize("change", ["agency", "active", "decision", "band", "task"])
def test_a_pack_that_says_something_else_is_another_picture(change: str) -> None:
    figures: Any = sample.demo()
    if change == "agency":
        figures["opd"].pop(20)
    elif change == "active":
        figures["opd"][20]["active"] += 1
    elif change == "decision":
        figures["decisions"].pop(1)
    elif change == "band":
        figures["opd"][20]["band"] = "big"
    else:
        figures["waiting_review"] = 8
    pages = plates.pages(paper.pages(sample.digest(figures), sample.PROGRAMME.zone))
    assert sum(differing(np.asarray(page), path) for page, path in zip(pages, PAPERS, strict=True)) > 0


@pytest.mark.parametrize(
    "change",
    [{"link": "https://t.me/satupesan_bot?start=cek_ABCDEFGHJKMNPQRT"}, {"number": "004/SP/XI/2026"}],
)
def test_another_certificate_is_another_picture(change: dict[str, str]) -> None:
    words = replace(reference.WORDS, **change)  # type: ignore[arg-type]
    (page,) = plates.pages(certificate.pdf(words, reference.MADE))
    assert differing(np.asarray(page), CERTIFICATE) > 0


def test_what_no_paper_has_yet_is_not_left_out_of_a_picture() -> None:
    curve = b"stream\n0 0 m 1 1 2 2 3 3 c S BT () Tj ET\nendstream"
    with pytest.raises(ValueError, match="c is drawn by none"):
        plates.pages(b"/MediaBox [0 0 10 10] " + curve)
