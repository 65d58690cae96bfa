"""The pictures that chart and papers are compared with. After a change that is meant, look at the new ones
and keep them:

python -m tests.bot.reports.reference
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bot.reports import certificate, chart, paper
from bot.reports.certificate import Words
from tests.bot.reports import plates, sample

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
FOLDER = Path(__file__).parent
CHART = FOLDER / "reference-chart.png"
PAPERS = (FOLDER / "reference-paper-1.png", FOLDER / "reference-paper-2.png")
CERTIFICATE = FOLDER / "reference-certificate.png"
MADE = datetime(2026, 12, 1, 18, tzinfo=UTC)  # the 2nd in Jambi
WORDS = Words(
    province="Provinsi Jambi",
    name="Siti Rahma",
    line="Dinas Kesehatan",
    category="ASN Paling Tekun",
    month="2026-11",
    number="003/SP/XI/2026",
    code="ABCD-EFGH-JKMN-PQRS",
    link="https://t.me/satupesan_bot?start=cek_ABCDEFGHJKMNPQRS",
    bot_name="satupesan_bot",
    at=date(2026, 12, 1),
)


def kept(path: Path) -> Pixels:
    """A picture that was looked at."""
    return np.asarray(Image.open(path).convert("RGB"))


def differing(one: Pixels, other: Pixels, block: int) -> int:
    """How many blocks (squares of so many pixels) of two pictures of one size an eye could tell apart."""
    height, width = (side // block * block for side in one.shape[:2])
    apart = np.abs(one[:height, :width].astype(int) - other[:height, :width]).max(axis=-1)
    blocks = apart.reshape(height // block, block, width // block, block).mean(axis=(1, 3))
    return int((blocks > 16).sum())


def papers() -> Iterator[tuple[Path, Image.Image]]:
    """Every page with its place: the two for the meeting, and a certificate."""
    pages = plates.pages(paper.pages(sample.digest(sample.demo()), sample.PROGRAMME.zone))
    yield from zip(PAPERS, pages, strict=True)
    (page,) = plates.pages(certificate.pdf(WORDS, MADE))
    yield CERTIFICATE, page


if __name__ == "__main__":
    CHART.write_bytes(chart.digest_chart(sample.demo()))
    for path, page in papers():
        page.save(path, optimize=True)
