"""Exports of a year: seconds and memory, beside the bare query.

    python -m bench.exports [--quick] [--engine sqlite postgresql] [--people 18000] [--weeks 52]

Each export runs in a process of its own, as on the command line, so that its peak of memory is its own.
*bare query* fetches the same rows and does nothing with them.
"""

import tempfile
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bench import apart, ground, growth
from bot.reports import exports
from bot.reports.exports import Export
from bot.storage import database
from models.figures import exporting
from models.programme import weeks
from models.programme.programme import Programme

WORKS = ("bare query", "csv", "xlsx")


@dataclass(frozen=True)
class Measured:
    """Seconds by the clock and of processor time, the peak of memory above the start in MB, rows, and MB of
    the file."""

    seconds: float
    busy: float
    memory: float
    rows: int
    size: float


def measured(url: str, work: str, export: Export) -> Measured:
    """One of WORKS, in a process of its own."""
    engine = database.reading(database.url(url))
    zone = Programme().zone
    before, began, busy = apart.peak(), time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder, Session(engine) as session:
        path, rows = Path(folder, "export"), 0
        if work == "csv":
            with path.open("wb") as file:
                rows = exports.write_csv(session, export, file, zone)
        elif work == "xlsx":
            rows = exports.write_xlsx(session, export, path, zone)
        else:
            for week in export.weeks:
                deque(exporting.rows(session, export.what, week), maxlen=0)
        seconds, size = time.perf_counter() - began, path.stat().st_size if path.exists() else 0
    engine.dispose()
    return Measured(seconds, time.process_time() - busy, apart.peak() - before, rows, size / 1e6)


def main() -> None:
    options = ground.options(__doc__, ground.ENGINES)
    options.add_argument("--people", type=int, default=22_200)
    options.add_argument("--weeks", type=int, default=52)
    options.add_argument("--quick", action="store_true", help="1,500 people, 8 weeks")
    words = options.parse_args()
    if words.quick:
        words.people, words.weeks = 1500, 8
    last = weeks.of(datetime.now(UTC), Programme())
    export = Export("shares", exporting.between(weeks.shift(last, 1 - words.weeks), last))
    lines: list[list[object]] = []
    for engine in words.engine:
        ground.say(f"{ground.NAMES[engine]}: {words.weeks} weeks of {words.people:,} people")
        with ground.database_of(engine) as (url, _):
            ground.fill(url, words.people, release=True)
            growth.history(url, last, words.weeks)
            for work in WORKS:
                found = apart.run(measured, url, work, export)
                ground.say(f"{work}: {found}")
                lines.append([ground.NAMES[engine], work, found.rows or "–", found.seconds, found.busy,
                              found.memory, found.size or "–"])  # fmt: skip
    ground.report(
        "The shares of all weeks, exported",
        ("engine", "as", "rows", "s", "processor s", "MB above start", "file MB"),
        lines,
    )


if __name__ == "__main__":
    main()
