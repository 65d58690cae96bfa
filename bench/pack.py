"""The Wednesday pack of a week with years behind it: its figures, and its files.

    python -m bench.pack [--quick] [--engine sqlite postgresql] [--sizes 15000x52 36000x156]

The figures stand beside bare SQL in the same run, turn by turn, so that a slow moment of the machine is
everybody's: the same answers by hand, and two statements that answer less (bench/floors.py). The files are
the chart, the workbook and the pages for print, made from the snapshot. Figures, files and the comparison run
in a process of their own each, in which memory is its own peak.
"""

import time
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bench import apart, floors, ground, growth, years
from bench.growth import Measured
from bot.storage import database
from models.digests import digests
from models.programme import weeks
from models.programme.programme import Programme

TURNS = 31
SIZES = ("15000x52", "36000x156")  # people x weeks


def close(url: str, week: str, number: int) -> float:
    """The last week is closed by the program itself; in how many seconds."""
    engine = database.writing(database.url(url))
    watch = ground.Watch()
    with Session(engine) as session, session.begin():
        database.hold_still(session)
        digests.close(session, week, datetime.now(UTC), Programme(started=weeks.shift(week, 1 - number)))
    engine.dispose()
    return watch.seconds


def by_size(engine: str, people: int, number: int) -> list[object]:
    """The row of one programme: so many people, so many weeks."""
    week = weeks.of(datetime.now(UTC), Programme())
    with ground.database_of(engine) as (url, _):
        ground.say(f"{ground.NAMES[engine]}: {number} weeks of {people:,} people")
        ground.fill(url, people, release=True)
        shares = years.fill(url, week, number)
        memory = growth.measured(url, "figures", week).memory
        compared = apart.run(beside, url, week, number)
        closed = close(url, week, number)
        files = growth.measured(url, "files", week)
    return [ground.NAMES[engine], people, number, shares, *_cells(compared), memory, closed, *_seconds(files)]


def beside(url: str, week: str, number: int) -> dict[str, list[float]]:
    """Milliseconds of the figures and of each floor, turn by turn."""
    engine = database.writing(database.url(url))
    took: dict[str, list[float]] = {}
    works = floors.works(engine, week, Programme(started=weeks.shift(week, 1 - number)))
    for _ in range(TURNS):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            took.setdefault(name, []).append(1000 * (time.perf_counter() - began))
    engine.dispose()
    return took


def _cells(took: dict[str, list[float]]) -> list[object]:
    """The median of each, and the figures' in multiples of each floor: the median over the turns."""
    figures = took["figures"]
    cells: list[object] = [ground.median(figures)]
    for name in ("by hand", "weekly", "table"):
        ratios = [ours / floor for ours, floor in zip(figures, took[name], strict=True)]
        cells += [ground.median(took[name]), f"{ground.median(ratios):.2f}×"]
    return cells


def _seconds(files: Measured) -> list[object]:
    """The first time, which loads the libraries, and the median of all."""
    return [files.seconds[0], ground.median(files.seconds), files.memory]


def main() -> None:
    options = ground.options(__doc__, ground.ENGINES)
    options.add_argument("--sizes", nargs="+", default=list(SIZES), help="people x weeks")
    options.add_argument("--quick", action="store_true", help="1,500 people, 8 weeks")
    words = options.parse_args()
    sizes = ["1500x8"] if words.quick else words.sizes
    chosen = [tuple(map(int, size.split("x"))) for size in sizes]
    rows = [by_size(engine, people, number) for people, number in chosen for engine in words.engine]
    ground.report(
        f"The pack of a week (figures: median of {TURNS} turns, files: of {growth.REPEATS})",
        ("engine", "people", "weeks", "shares", "figures ms", "by hand ms", "figures are", "weekly ms",
         "figures are", "table ms", "figures are", "MB", "close s", "files s, first", "files s", "MB"),
        rows,
    )  # fmt: skip


if __name__ == "__main__":
    main()
