"""Large tables into files, row by row: memory does not grow with their length.

Nothing in them is a formula (`workbooks.harmless`); numbers stay numbers.
"""

import csv
import datetime as dt
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot.reports import workbooks
from bot.reports.workbooks import Cell

BOM = b"\xef\xbb\xbf"
Row = Sequence[Cell]


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A new file that takes its place at the end: `target` is all of it, or what it was before."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)  # mkstemp's files are for their owner alone, as lists of people should be
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def write_csv(file: IO[bytes], headings: Sequence[str], rows: Iterable[Row]) -> int:
    """A CSV that Indonesian Excel opens by itself (UTF-8 with BOM, semicolons, decimal comma); how many
    rows."""
    file.write(BOM)
    writer = csv.writer(_Encoded(file), delimiter=";")
    writer.writerow(headings)
    number = 0
    for row in rows:
        writer.writerow([_plain(value) for value in row])
        number += 1
    return number


class _Encoded:
    """What csv writes to, as bytes: a TextIOWrapper would close the file that was lent."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def write(self, text: str) -> int:
        return self.file.write(text.encode("utf-8", "replace"))


def _plain(value: Cell) -> Cell:
    if isinstance(value, str):
        return workbooks.harmless(value)
    if isinstance(value, float):
        return repr(value).replace(".", ",")
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value
