"""What grows with the number of people and with the years: filling a release, and the weekly figures.

    python -m bench.growth [--quick] [--engine sqlite postgresql] [--people 1500 15000 150000]
        [--weeks 1 52 520]

Each measurement runs in a process of its own, so that its peak of memory is its own (the PostgreSQL
server's is not in it). The figures are put beside the least that any program would have to do: one
SQL count of active people by OPD, over the index that covers it, in the same run.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bench import apart, ground
from bot.storage import database
from models.digests import digests
from models.figures import snapshots
from models.programme import weeks
from models.programme.programme import Programme
from models.releases import releases

REPEATS = 9
SHARED = 0.8  # of the people share, and three in ten of those on a second platform
BARE = """
    SELECT opd_id, count(DISTINCT person_id) FROM share
    WHERE week = :week AND status IN ('received', 'accepted') AND late = false GROUP BY opd_id
"""
SHARE = """
    INSERT INTO share (person_id, opd_id, item_id, week, platform, status, late, at, updated_at)
    SELECT id, opd_id, :item, :week, :platform, 'received', false, :at, :at FROM person
    WHERE (id * 7919) % 100 < :percent
"""


@dataclass(frozen=True)
class Measured:
    """Seconds of each repetition, and the peak of memory above the start, in MB."""

    seconds: list[float]
    memory: float

    @property
    def cells(self) -> list[object]:
        return [1000 * ground.median(self.seconds), self.memory]

    def against(self, other: "Measured") -> str:
        """How many times the other's time it took."""
        return ground.times(ground.median(self.seconds), ground.median(other.seconds))


def measured(url: str, work: str, week: str) -> Measured:
    """Runs one of `WORKS` in a process of its own."""
    return apart.run(_measure, url, work, week)


def _measure(url: str, work: str, week: str) -> Measured:
    engine = database.writing(database.url(url))
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    before, seconds = apart.peak(), list[float]()
    for _ in range(1 if work == "fill" else REPEATS):
        began = time.perf_counter()
        WORKS[work](engine, week)
        seconds.append(time.perf_counter() - began)
    engine.dispose()
    return Measured(seconds, apart.peak() - before)


def _fill(engine: Engine, week: str) -> None:
    now = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        releases.start(session, week, now, now + timedelta(days=7), province="Jambi")


def _refill(engine: Engine, week: str) -> None:
    """What the reconciler does every minute while a release is out: looks who is missing."""
    with Session(engine) as session, session.begin():
        release = releases.of_week(session, week)
        assert release is not None, "it has been released before"
        releases.serve(session, release, datetime.now(UTC))


def _figures(engine: Engine, week: str) -> None:
    with Session(engine) as session:
        digests.figures(session, week, Programme(), over=True)


def _bare(engine: Engine, week: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(BARE), {"week": week}).all()


def _files(engine: Engine, week: str) -> None:
    """Chart, workbook and pages for print, as they are made when the pack is sent."""
    from bot.reports import chart, packs  # what they draw with takes a second to load

    with Session(engine) as session:
        digest = snapshots.newest(session, week)
        assert digest is not None, "it has been closed before"
        chart.digest_chart(digest.figures)
        packs.workbook(session, digest.id, Programme().zone)
        packs.paper(session, digest.id, Programme().zone)


WORKS: dict[str, Callable[[Engine, str], None]] = {
    "fill": _fill,
    "refill": _refill,
    "figures": _figures,
    "bare": _bare,
    "files": _files,
}


def history(url: str, week: str, number: int) -> int:
    """Shares of `number` weeks up to `week`, two platforms; how many rows there are then."""
    engine = database.writing(database.url(url))
    at = datetime.now(UTC)
    with engine.begin() as connection:
        item = connection.execute(text("SELECT min(id) FROM item")).scalar_one()
        for back in range(number):
            name = weeks.shift(week, -back)
            if connection.execute(text("SELECT 1 FROM share WHERE week = :w LIMIT 1"), {"w": name}).first():
                continue
            for platform, part in (("facebook", SHARED), ("whatsapp_story", SHARED * 0.3)):
                values = {"item": item, "week": name, "platform": platform, "percent": int(100 * part)}
                connection.execute(
                    text(SHARE), {**values, "at": at.replace(tzinfo=None) if _lite(engine) else at}
                )
        rows = connection.execute(text("SELECT count(*) FROM share")).scalar_one()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()
    return int(rows)


def _lite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def by_people(engine: str, counts: list[int]) -> list[list[object]]:
    """Filling a release and its first figures, for each number of people."""
    week = weeks.of(datetime.now(UTC), Programme())
    rows: list[list[object]] = []
    for count in counts:
        ground.say(f"{ground.NAMES[engine]}: {count:,} people")
        with ground.database_of(engine) as (url, _):
            ground.fill(url, count)
            filled = measured(url, "fill", week)
            again = measured(url, "refill", week)
            shares = history(url, week, 1)
            figures, bare = measured(url, "figures", week), measured(url, "bare", week)
        pace = 2 * count / filled.seconds[0]
        rows.append([ground.NAMES[engine], count, *filled.cells, pace, again.cells[0], shares, *figures.cells,
                     bare.cells[0], figures.against(bare)])  # fmt: skip
    return rows


def by_weeks(engine: str, people: int, numbers: list[int]) -> list[list[object]]:
    """The figures of the newest week, with ever more weeks behind it."""
    week = weeks.of(datetime.now(UTC), Programme())
    rows: list[list[object]] = []
    with ground.database_of(engine) as (url, _):
        ground.fill(url, people, release=True)
        for number in sorted(numbers):
            ground.say(f"{ground.NAMES[engine]}: {number} weeks of {people:,} people")
            shares = history(url, week, number)
            figures, bare = measured(url, "figures", week), measured(url, "bare", week)
            rows.append([ground.NAMES[engine], number, shares, *figures.cells, bare.cells[0],
                         figures.against(bare)])  # fmt: skip
    return rows


def main() -> None:
    options = ground.options(__doc__, ground.ENGINES)
    options.add_argument("--people", nargs="*", type=int, default=[1500, 15_000, 150_000])
    options.add_argument("--weeks", nargs="*", type=int, default=[1, 52, 520])
    options.add_argument("--weekly-people", type=int, default=1500, help="of the history")
    options.add_argument("--quick", action="store_true", help="1,500 people; 1 and 8 weeks")
    words = options.parse_args()
    if words.quick:
        words.people, words.weeks = [1500], [1, 8]
    people = [row for engine in words.engine for row in by_people(engine, words.people)]
    ground.report(
        f"A release is filled, and its week is summed up (median of {REPEATS})",
        ("engine", "people", "fill ms", "MB", "rows/s", "refill ms", "shares", "figures ms", "MB",
         "bare count ms", "figures are"),
        people,
    )  # fmt: skip
    years = [row for engine in words.engine for row in by_weeks(engine, words.weekly_people, words.weeks)]
    ground.report(
        f"The figures of one week of {words.weekly_people:,} people, with history behind it",
        ("engine", "weeks", "shares", "figures ms", "MB", "bare count ms", "figures are"),
        years,
    )


if __name__ == "__main__":
    main()
