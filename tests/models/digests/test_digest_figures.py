"""The figures of a week are what plain SQL and plain Python count of the same rows."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from models import tables
from models.content import states
from models.content.content import Item
from models.digests import digests
from models.figures import absent, figures, headcounts
from models.figures.weekly import WeekFigures
from models.people.people import Opd, Person
from models.programme.programme import Programme
from models.shares import standings
from models.shares.shares import Share
from tests.chat import WEDNESDAY

WEEK = "2026-W48"
JAMBI = Programme()
STATES = (
    *standings.COUNTED,
    standings.CLAIMED,
    standings.REJECTED,
    standings.APPEALED,
    standings.WITHDRAWN,
)


@dataclass(frozen=True)
class Posting:
    """A share of the random programme: whose, in which OPD that person was then, and what became of it."""

    person: int
    opd: int
    week: str
    platform: str
    status: str
    late: bool


people_ = st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=12)  # OPD, active
postings = st.lists(
    st.builds(
        Posting,
        st.integers(0, 11),
        st.integers(0, 3),
        st.sampled_from([WEEK, WEEK, "2026-W47"]),
        st.sampled_from(["", "facebook", "tiktok"]),
        st.sampled_from(STATES),
        st.booleans(),
    ),
    max_size=25,
)
programmes = st.tuples(people_, postings)
several = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def seed(engine: Engine, roster: list[tuple[int, bool]], shares: list[Posting]) -> None:
    """Fills an empty database with a random programme. Person and OPD n have the id n + 1."""
    with Session(engine) as session, session.begin():
        for table in reversed(tables.metadata.sorted_tables):
            session.execute(table.delete())
        session.execute(insert(Opd), [{"id": n + 1, "code": f"O{n}", "name": f"Dinas {n}"} for n in range(4)])
        session.execute(
            insert(Person),
            [
                {"id": n + 1, "name": f"Orang {n}", "opd_id": opd + 1, "active": active, "phone": "",
                 "position": "", "saver": False, "created_at": WEDNESDAY,
                 "joined_at": WEDNESDAY if n % 2 else None}
                for n, (opd, active) in enumerate(roster)
            ],
        )  # fmt: skip
        session.add(
            Item(
                id=1,
                author_id=1,
                week=WEEK,
                status=states.RELEASED,
                created_at=WEDNESDAY,
                updated_at=WEDNESDAY,
            )
        )
        session.flush()
        for posting in shares:
            if posting.person < len(roster):
                session.add(
                    Share(
                        person_id=posting.person + 1, opd_id=posting.opd + 1, item_id=1, week=posting.week,
                        platform=posting.platform, status=posting.status, late=posting.late,
                        at=WEDNESDAY, updated_at=WEDNESDAY,
                    )
                )  # fmt: skip


def compute(engine: Engine) -> WeekFigures:
    with Session(engine) as session:
        return digests.figures(session, WEEK, JAMBI)


def ask(engine: Engine, sql: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(sql)))


IN_TIME = f"s.week = '{WEEK}' AND s.status IN ('received', 'accepted') AND NOT s.late"


@several
@given(programmes)
def test_active_people_and_the_roster_are_what_plain_sql_counts(
    engine: Engine, programme: tuple[list[tuple[int, bool]], list[Posting]]
) -> None:
    seed(engine, *programme)
    found = compute(engine)
    ((roster, joined),) = ask(engine, "SELECT count(*), count(joined_at) FROM person WHERE active")
    ((active,),) = ask(
        engine,
        f"SELECT count(*) FROM person p WHERE active AND EXISTS "
        f"(SELECT 1 FROM share s WHERE s.person_id = p.id AND {IN_TIME})",
    )
    assert (found["roster"], found["joined"], found["active"]) == (roster, joined, active)
    assert found["participation"] == pytest.approx(active / roster if roster else 0, abs=1e-6)
    assert 0 <= found["participation"] <= 1


@several
@given(programmes)
def test_each_opd_has_what_plain_sql_counts_and_they_add_up(
    engine: Engine, programme: tuple[list[tuple[int, bool]], list[Posting]]
) -> None:
    seed(engine, *programme)
    found = compute(engine)
    rows = ask(
        engine,
        "SELECT o.code, count(DISTINCT p.id), count(DISTINCT s.person_id) FROM opd o "
        "JOIN person p ON p.opd_id = o.id AND p.active "
        f"LEFT JOIN share s ON s.person_id = p.id AND {IN_TIME} GROUP BY o.code",
    )
    assert {opd["code"]: (opd["roster"], opd["active"]) for opd in found["opd"]} == {
        code: (roster, active) for code, roster, active in rows
    }
    assert sum(opd["active"] for opd in found["opd"]) == found["active"]
    assert sum(opd["roster"] for opd in found["opd"]) == found["roster"]
    ranks = [opd["participation"] for opd in found["opd"]]
    assert ranks == sorted(ranks, reverse=True)


@several
@given(programmes)
def test_platforms_and_states_of_proof_are_what_plain_python_counts(
    engine: Engine, programme: tuple[list[tuple[int, bool]], list[Posting]]
) -> None:
    roster, shares = programme
    seed(engine, roster, shares)
    found = compute(engine)
    here = [share for share in shares if share.person < len(roster) and share.week == WEEK]
    counted = [share for share in here if share.status in ("received", "accepted") and not share.late]
    assert found["platforms"] == Counter(share.platform or "unknown" for share in counted)
    assert found["shares"] == len(counted)
    assert found["proofs"] == Counter("late" if share.late else share.status for share in here)


@several
@given(programmes)
def test_who_is_missing_and_who_was_active_are_together_everybody(
    engine: Engine, programme: tuple[list[tuple[int, bool]], list[Posting]]
) -> None:
    seed(engine, *programme)
    with Session(engine) as session:
        heads = headcounts.by_opd(headcounts.of(session, WEEK, Programme()))
        for opd_id, roster in figures.roster_by_opd(session).items():
            opd = session.get_one(Opd, opd_id)
            total = absent.count(session, opd, WEEK, None)
            names = absent.page(session, opd, WEEK, None, 0, 100)
            assert total + headcounts.active(heads[opd_id]) == roster
            assert len(names) == total
