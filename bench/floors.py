"""What the weekly figures are put beside: bare SQL, written by hand, over the indexes that cover it.

By hand means the same answers as the figures have: of everybody their OPD, month of joining and standing, and
all shares and cards by state. What it takes is what any program must take that answers as much; of several
ways to write it this was the fastest on both engines. `WEEKLY` and `TABLE` answer less: what was shared, and
by how many people, by OPD, platform and state; of each OPD its people, who took part, and accepted shares.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, TextClause, bindparam, text
from sqlalchemy.orm import Session

from models.base import Instant
from models.digests import digests
from models.figures import headcounts
from models.programme import weeks
from models.programme.programme import Programme
from models.releases import releases

SHOWN = "week = :week AND status IN ('received', 'accepted') AND late = false"
WEEKLY = """
    SELECT opd_id, platform, status, count(*), count(DISTINCT person_id) FROM share
    WHERE week = :week GROUP BY opd_id, platform, status
"""
# A join with a sub-select that is grouped by person takes half as long again on SQLite.
TABLE = f"""
    SELECT p.opd_id, count(*),
        sum(CASE WHEN p.id IN (SELECT person_id FROM share WHERE {SHOWN}) THEN 1 ELSE 0 END), (
            SELECT count(*) FROM share s
            WHERE s.week = :week AND s.status = 'accepted' AND s.late = false AND s.opd_id = p.opd_id
        )
    FROM person p WHERE p.active = true GROUP BY p.opd_id
"""
MONTH = " ".join(f"WHEN p.joined_at >= :month_{nth} THEN {nth + 2}" for nth in reversed(range(12)))
# Of the closed weeks each person's last one says what they did before; a week with later ones that are closed
# would need more. The limit keeps both engines from working out each key twice.
PEOPLE = f"""
    SELECT key, count(*) FROM (
        SELECT p.opd_id * 56 + CASE WHEN p.joined_at IS NULL THEN 0 {MONTH} ELSE 1 END * 4
            + CASE WHEN p.id IN (SELECT person_id FROM share WHERE {SHOWN})
                THEN CASE WHEN l.week IS NULL THEN 0 ELSE 1 END
                WHEN l.week >= :known AND l.week < :quiet THEN 2 ELSE 3 END AS key
        FROM person p LEFT JOIN last_active l ON l.person_id = p.id
        WHERE p.active = true LIMIT 1000000000 OFFSET 0
    ) AS each_person GROUP BY key
"""
SHARES = """
    SELECT status, late, opd_id, platform, count(*) FROM share
    WHERE week = :week GROUP BY status, late, opd_id, platform
"""
CARDS = "SELECT status, count(*) FROM outbox WHERE release_id = :release AND part = 'card' GROUP BY status"

Asked = tuple[TextClause, Mapping[str, object]]


def works(engine: Engine, week: str, programme: Programme) -> dict[str, Callable[[], object]]:
    """The figures and their floors, each to be run as often as one likes. Raises AssertionError where what is
    written by hand says anything else than the figures."""
    everybody = text(PEOPLE).bindparams(*(bindparam(f"month_{nth}", type_=Instant) for nth in range(12)))
    of_week = {"week": week}
    asked: list[Asked] = [
        (everybody, _values(week, programme)),
        (text(SHARES), of_week),
        (text(CARDS), {"release": _release(engine, week)}),
    ]

    def figures() -> Any:
        with Session(engine) as session:
            return digests.figures(session, week, programme, over=True)

    def by_hand() -> list[Sequence[Any]]:
        return _all(engine, asked)

    _same(figures(), *by_hand())
    return {
        "figures": figures,
        "by hand": by_hand,
        "weekly": lambda: _all(engine, [(text(WEEKLY), of_week)]),
        "table": lambda: _all(engine, [(text(TABLE), of_week)]),
    }


def _release(engine: Engine, week: str) -> int:
    with Session(engine) as session:
        release = releases.of_week(session, week)
    assert release is not None, "the week has been released before"
    return release.id


def _values(week: str, programme: Programme) -> dict[str, object]:
    """What `PEOPLE` is asked with."""
    known, quiet = headcounts.KNOWN_WEEKS, headcounts.QUIET_WEEKS
    return {
        "week": week,
        "known": weeks.shift(week, 1 - known),
        "quiet": weeks.shift(week, 1 - quiet),
        **{f"month_{nth}": begin for nth, begin in enumerate(_months(week, programme))},
    }


def _months(week: str, programme: Programme) -> list[datetime]:
    """The beginnings of the twelve months up to the one in which a week closes, oldest first."""
    last = weeks.closing(week, programme).astimezone(programme.zone)
    counted = [last.year * 12 + last.month - 1 - back for back in range(11, -1, -1)]
    return [datetime(month // 12, month % 12 + 1, 1, tzinfo=programme.zone) for month in counted]


def _all(engine: Engine, asked: list[Asked]) -> list[Sequence[Any]]:
    with engine.connect() as connection:
        return [connection.execute(statement, values).all() for statement, values in asked]


def _same(figures: Any, people: Sequence[Any], shares: Sequence[Any], cards: Sequence[Any]) -> None:
    """The figures and what was counted by hand agree."""
    of = {standing: sum(number for key, number in people if key % 4 == standing) for standing in range(4)}
    said = {
        "roster": sum(of.values()),
        "joined": sum(number for key, number in people if key % 56 >= 4),
        "active": of[0] + of[1],
        "shares": sum(row[-1] for row in shares if row[0] in ("received", "accepted") and not row[1]),
        "received": sum(number for status, number in cards if status == "sent"),
    }
    assert said == {name: figures[name] for name in said}
    cohorts = figures["cohorts"]
    assert (of[0], of[2]) == (cohorts["new"], cohorts["stopped"])
    named = {month["month"]: month["people"] for month in cohorts["months"]}
    by_hand = {place: sum(n for key, n in people if key % 56 // 4 == place) for place in range(1, 14)}
    assert sorted(named.values()) == sorted(number for number in by_hand.values() if number)
