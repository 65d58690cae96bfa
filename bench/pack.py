"""The Wednesday pack of a week with years behind it: its figures, and its files.

    python -m bench.pack [--quick] [--engine sqlite postgresql] [--sizes 15000x52 36000x156]

The figures stand beside the least that any program would have to do (one SQL count of active people by OPD,
over the index that covers it) in the same run; the files are the chart, the workbook and the pages for print,
made from the snapshot. Each measurement runs in a process of its own.
"""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import ground, growth
from bench.growth import Measured
from bot import database
from models import digests, weeks
from models.programme import Programme
from models.snapshots import Digest

SIZES = ("15000x52", "36000x156")  # people x weeks
ACTIVE = """
    INSERT INTO participation (week, person_id, opd_id)
    SELECT DISTINCT week, person_id, opd_id FROM share WHERE week < :week
"""


def close(url: str, week: str, number: int) -> None:
    """The weeks before `week` become closed ones, and `week` is closed by the program itself."""
    engine = database.writing(database.url(url))
    now = datetime.now(UTC)
    with engine.begin() as connection:
        connection.execute(text(ACTIVE), {"week": week})
    with Session(engine) as session, session.begin():
        for back in range(1, number):
            name = weeks.shift(week, -back)
            figures = {"participation": 0.4, "opd": []}
            session.add(Digest(week=name, version=1, figures=figures, changes={}, at=now))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    with Session(engine) as session, session.begin():
        digests.close(session, week, now, Programme(started=weeks.shift(week, 1 - number)))
    engine.dispose()


def by_size(engine: str, people: int, number: int) -> list[object]:
    """The row of one programme: so many people, so many weeks."""
    week = weeks.of(datetime.now(UTC), Programme())
    with ground.database_of(engine) as (url, _):
        ground.say(f"{ground.NAMES[engine]}: {number} weeks of {people:,} people")
        ground.fill(url, people, release=True)
        shares = growth.history(url, week, number)
        close(url, week, number)
        figures, bare, files = (growth.measured(url, work, week) for work in ("figures", "bare", "files"))
    return [ground.NAMES[engine], people, number, shares, *figures.cells, bare.cells[0],
            figures.against(bare), *_seconds(files)]  # fmt: skip


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
        ("engine", "people", "weeks", "shares", "figures ms", "MB", "bare count ms", "figures are",
         "files s, first", "files s", "MB"),
        rows,
    )  # fmt: skip


if __name__ == "__main__":
    main()
