"""What the weekly figures cost: they are read from indexes, and nothing but the week's own part of them."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.figures import headcounts, tallies
from tests import counting
from tests.models.figures.worlds import JAMBI, WEEK


def plans(engine: Engine) -> list[str]:
    """How the database would go about the two statements that grow with people and shares; weeks without a
    release are asked for between them."""
    with Session(engine) as session:
        session.connection()
        with counting.statements(engine) as asked:
            tallies.of(session, WEEK)
            headcounts.of(session, WEEK, JAMBI)
    explain = "EXPLAIN QUERY PLAN "
    with engine.connect() as connection:
        if (
            engine.dialect.name == "postgresql"
        ):  # which reads tables this small as a whole, unless it is told not to
            explain = "EXPLAIN (COSTS OFF) "
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        return [
            "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, values))
            for statement, values in asked
        ]


def test_shares_are_counted_from_their_index_alone_in_its_own_order(engine: Engine) -> None:
    plan, *_ = plans(engine)
    if engine.dialect.name == "sqlite":
        assert "USING COVERING INDEX ix_share_figures (week=?)" in plan
        assert "TEMP B-TREE" not in plan
    else:
        assert "using ix_share_figures" in plan, "the only one that begins with the week"


def test_people_are_counted_without_a_look_at_weeks_that_are_not_shown(engine: Engine) -> None:
    *_, plan = plans(engine)
    if engine.dialect.name == "sqlite":
        assert "USING COVERING INDEX ix_person_opd" in plan
        assert "USING COVERING INDEX ix_share_figures (week=? AND status=? AND late=?)" in plan
        assert "SEARCH last_active USING INTEGER PRIMARY KEY" in plan, "one row a person"
        assert "SCAN share" not in plan
        assert "SCAN participation" not in plan
    else:
        assert "Seq Scan on share" not in plan
        assert "Seq Scan on participation" not in plan
        assert "last_active" in plan
