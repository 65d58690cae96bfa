"""The Wednesday pack of a week with years behind it: its figures, and its files.

    python -m bench.pack [--quick] [--engine sqlite postgresql] [--sizes 15000x52 36000x156]

The figures stand beside two floors in the same run: the central table of the pack as one statement written
by hand (`growth.TABLE`: of each OPD its people, who took part, accepted shares), and the least that could be
counted (`growth.BARE`: active people by OPD). The files are the chart, the workbook and the pages for print,
made from the snapshot. Each measurement runs in a process of its own.
"""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bench import ground, growth, years
from bench.growth import Measured
from bot.storage import database
from models.digests import digests
from models.programme import weeks
from models.programme.programme import Programme

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
        figures, table, bare = (growth.measured(url, work, week) for work in ("figures", "table", "bare"))
        closed = close(url, week, number)
        files = growth.measured(url, "files", week)
    return [
        ground.NAMES[engine], people, number, shares, *figures.cells, table.cells[0], figures.against(table),
        bare.cells[0], figures.against(bare), closed, *_seconds(files),
    ]  # fmt: skip


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
        f"The pack of a week (median of {growth.REPEATS})",
        ("engine", "people", "weeks", "shares", "figures ms", "MB", "table ms", "figures are",
         "count ms", "figures are", "close s", "files s, first", "files s", "MB"),
        rows,
    )  # fmt: skip


if __name__ == "__main__":
    main()
