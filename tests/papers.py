"""Real files for tests: pictures that differ by their name, papers and spreadsheets."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO

from openpyxl import Workbook
from PIL import Image


@cache
def picture(name: str) -> bytes:
    """A JPEG of 1080 × 1920, another one for each name."""
    grid = Image.frombytes("RGB", (3, 3), hashlib.shake_128(name.encode()).digest(27))
    made = BytesIO()
    grid.resize((1080, 1920)).save(made, "JPEG", quality=60)
    return made.getvalue()


def document(name: str, mime: str) -> bytes:
    """A file of this type."""
    if mime.startswith("image/"):
        return picture(name)
    if mime == "application/pdf":
        return b"%PDF-1.4\n" + name.encode() + b"\n%%EOF\n"
    return name.encode()


def workbook(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A workbook of one sheet with these rows under their names."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    made = BytesIO()
    book.save(made)
    return made.getvalue()
