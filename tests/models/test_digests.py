"""The Wednesday figures: recomputed by plain SQL on small programmes made at random, and frozen."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.orm import Session

from models import (
    conversations,
    digests,
    figures,
    headcounts,
    outbox,
    packs,
    standings,
    states,
    summaries,
    tables,
    weeks,
)
from models.content import Item
from models.outbox import Outbound
from models.people import Opd, Person
from models.programme import Programme
from models.shares import Share
from models.snapshots import Digest
from models.weekly import WeekFigures
from tests import scene
from tests.chat import WEDNESDAY, Stage

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
            total, names = figures.missing(session, opd_id, WEEK, 100)
            assert total + headcounts.active(heads[opd_id]) == roster
            assert len(names) == total


def close(stage: Stage, week: str = WEEK) -> Digest:
    with stage.session() as session, session.begin():
        return digests.close(session, week, stage.now, stage.programme)


def a_week(stage: Stage) -> int:
    """A released week in which one of two has shown a share; the item."""
    siti = stage.person("Siti")
    stage.person("Budi")
    item = scene.item(stage)
    scene.release(stage)
    siti.says("https://x.com/siti/status/1860012345678901234")
    return item


def test_a_closed_week_stays_what_it_was(stage: Stage) -> None:
    item = a_week(stage)
    stage.now = weeks.closing(WEEK, stage.programme)
    first = close(stage)
    assert (first.figures["active"], first.figures["roster"]) == (1, 2)
    stage.person("Rina").says("https://x.com/rina/status/1860012345678901235")
    again = close(stage)
    assert (again.id, again.version, again.figures) == (first.id, 1, first.figures)
    with stage.session() as session:
        assert session.get_one(Item, item).status == states.CLOSED


def test_a_card_that_is_still_on_its_way_when_the_week_closes_was_not_received(stage: Stage) -> None:
    a_week(stage)
    with stage.session() as session, session.begin():
        session.execute(update(Outbound).where(Outbound.part == "card").values(status=outbox.QUEUED))
        running = digests.figures(session, WEEK, stage.programme)
    assert (running["received"], running["not_received"]) == (0, 0), "nothing has gone out yet"
    stage.now = weeks.closing(WEEK, stage.programme)
    frozen = close(stage).figures
    assert (frozen["received"], frozen["not_received"]) == (0, 2)


def test_late_proof_changes_no_figure_but_its_own(stage: Stage) -> None:
    a_week(stage)
    budi = stage.person("Udin")
    with stage.session() as session:
        before = digests.figures(session, WEEK, stage.programme)
    stage.sent()
    stage.now = weeks.closing(WEEK, stage.programme)
    assert "susulan" in budi.says("https://x.com/udin/status/1860012345678901236")[-1].text
    with stage.session() as session:
        after = digests.figures(session, WEEK, stage.programme)
    assert (after["active"], after["shares"]) == (before["active"], before["shares"])
    assert after["proofs"] == {**before["proofs"], "late": 1}


def test_the_trend_is_read_from_snapshots_and_ends_with_the_week(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        for number, week in enumerate(["2026-W35", "2026-W46", "2026-W47"]):
            session.add(Digest(week=week, version=1, figures={"participation": number / 10}, at=stage.now))
        session.add(Digest(week="2026-W47", version=2, figures={"participation": 0.4}, at=stage.now))
    a_week(stage)
    with stage.session() as session:
        found = digests.figures(session, WEEK, stage.programme)
    assert [(point["week"], point["participation"]) for point in found["trend"]] == [
        ("2026-W46", 0.1),  # thirteen weeks ago is beyond the trend of twelve
        ("2026-W47", 0.4),  # the newest version counts
        (WEEK, 0.5),
    ]
    assert found["previous"] == 0.4


def test_readiness_counts_the_opd_that_have_people(stage: Stage) -> None:
    a_week(stage)
    stage.person("Rina", "DISDIK")
    stage.agency("KOSONG", "Dinas tanpa ASN")
    scene.item(stage, "DISDIK", week="2026-W49", title="Beasiswa")
    scene.item(stage, "DINKES", week="2026-W49", title="Belum", status=states.SUBMITTED)
    with stage.session() as session:
        found = digests.figures(session, WEEK, stage.programme)
    assert (found["ready"], found["agencies"], found["lacking"]) == (1, 2, ["Dinas Kesehatan"])
    assert found["waiting_review"] == 1


@pytest.mark.parametrize(("roster", "band"), [(1, "small"), (149, "small"), (150, "middle"), (500, "big")])
def test_an_opd_is_compared_with_those_of_its_size(roster: int, band: str) -> None:
    assert figures.band(roster) == band


def test_the_target_date_is_three_months_after_the_start() -> None:
    assert digests.target_date(Programme(started="2026-W48")) == date(2027, 2, 25)
    assert digests.target_date(Programme(started="2026-W48", target_months=14)) == date(2028, 1, 25)


def test_the_pack_goes_to_every_bound_group_once(stage: Stage) -> None:
    a_week(stage)
    with stage.session() as session, session.begin():
        for address in ("-100", "-200"):
            conversations.bind(session, "telegram", address, "Rabuan", None, stage.now)
    stage.now = weeks.closing(WEEK, stage.programme)
    digest = close(stage)
    for _ in range(2):
        with stage.session() as session, session.begin():
            assert packs.announce(session, digest, stage.now, late=False) == 2
    rows = scene.rows(stage, Outbound.key.startswith("digest:"))
    assert [(row.address, row.body.get("report", "")) for row in rows] == [
        (address, report and f"{report}:{digest.id}")
        for address in ("-100", "-200")
        for report in ("", "digest-chart", "digest-workbook", "digest-paper")
    ]


def test_the_page_of_an_opd_ranks_it_among_its_peers(stage: Stage) -> None:
    a_week(stage)
    stage.person("Rina", "DISDIK")
    with stage.session() as session:
        found = digests.figures(session, WEEK, stage.programme)
    page = summaries.page(found, "DISDIK")
    assert page is not None
    assert (page["rank"], page["peers"], page["active"], page["roster"]) == (2, 2, 0, 1)
    assert summaries.page(found, "TIDAKADA") is None
