"""Years of a programme behind a week: its shares, who was active, and the snapshots of closed weeks.

In a week four people of five take part, with almost two shares each, of which nine in ten are accepted and
one in fifty came late. One person in ten never does; of the others another tenth is missing each week.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, text, update
from sqlalchemy.orm import Session

from bot.storage import database
from models import base
from models.digests import digests
from models.figures import snapshots
from models.figures.snapshots import Digest, Participation
from models.people.people import Person
from models.programme import weeks
from models.programme.programme import Programme
from models.shares.shares import Share

SHARES = """
    INSERT INTO share (person_id, opd_id, item_id, week, platform, status, late, at, updated_at)
    SELECT p.id, p.opd_id, :item, :week, on_one.platform,
        CASE (p.id * 13 + :back * 7 + on_one.turn) % 20
            WHEN 0 THEN 'received' WHEN 1 THEN 'rejected' ELSE 'accepted' END,
        (p.id * 17 + :back * 3) % 50 = 0, :at, :at
    FROM person p CROSS JOIN (
        SELECT 'facebook' AS platform, 0 AS turn, 100 AS percent
        UNION ALL SELECT 'whatsapp_story', 1, 45
        UNION ALL SELECT 'instagram_feed', 2, 40
    ) on_one
    WHERE p.id % 10 > 0 AND (p.id * 7919 + :back * 31) % 100 < 89
        AND (p.id * 10429 + :back * 11 + on_one.turn * 37) % 100 < on_one.percent
"""


def fill(url: str, week: str, number: int) -> int:
    """`number` weeks up to `week`, all of them closed but for the last; how many shares there are then."""
    engine = database.writing(database.url(url))
    scattered = [index for table in (Share, Participation) for index in base.table(table).indexes
                 if index.columns.keys()[0] == "person_id"]  # fmt: skip
    with engine.begin() as connection:
        _joined(connection, week)
        for index in scattered:  # built at the end: row by row most of the time would go there
            index.drop(connection)
    for back in range(number - 1, -1, -1):
        with engine.begin() as connection:
            _shares(connection, weeks.shift(week, -back), back)
        if back:
            _close(engine, weeks.shift(week, -back), back)
    with engine.begin() as connection:
        for index in scattered:
            index.create(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))
        rows = connection.execute(text("SELECT count(*) FROM share")).scalar_one()
    engine.dispose()
    return int(rows)


def _shares(connection: Connection, week: str, back: int) -> None:
    at: object = datetime.now(UTC)
    if connection.dialect.name == "sqlite":
        at = f"{at:%Y-%m-%d %H:%M:%S.%f}"
    item = connection.execute(text("SELECT min(id) FROM item")).scalar_one()
    connection.execute(text(SHARES), {"week": week, "back": back, "item": item, "at": at})


def _joined(connection: Connection, week: str) -> None:
    """People joined in one month or another of the last fourteen."""
    latest = weeks.opening(week, Programme())
    for nth in range(14):
        joined = update(Person).where(Person.joined_at.is_not(None), Person.id % 14 == nth)
        connection.execute(joined.values(joined_at=latest - timedelta(days=30 * nth + 1)))


def _close(engine: Engine, week: str, back: int) -> None:
    """As the program would; but the figures of a week that no trend shows any more are two numbers."""
    with Session(engine) as session, session.begin():
        known = session.scalar(select(Digest.id).where(Digest.week == week))
        if known is None:
            figures: dict[str, Any] = {"participation": 0.4, "opd": []}
            if back < snapshots.TREND_WEEKS:
                figures = {**digests.figures(session, week, Programme(), over=True), "released": True}
            session.execute(
                insert(Digest).values(
                    week=week, version=1, figures=figures, changes={}, reason="", at=datetime.now(UTC)
                )
            )
            snapshots.freeze_people(session, week)
