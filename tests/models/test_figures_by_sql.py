"""Every figure of the pack, recomputed by plain SQL from raw rows, on programmes made at random.

The SQL here knows nothing of models/: it is written from the sentences that explain the figures.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from models import digests, outbox, states, tables, weeks
from models.content import Item
from models.decisions import Decision
from models.outbox import Outbound
from models.people import Opd, Person
from models.programme import Programme
from models.releases import Release
from models.roles import Role
from models.shares import Share
from models.weekly import WeekFigures
from tests.chat import WEDNESDAY

JAMBI = Programme()
WEEK = "2027-W02"  # in the second month
HISTORY = [weeks.shift(WEEK, -back) for back in range(8, 0, -1)]
COMING = weeks.shift(WEEK, 1)
STATES = ("claimed", "received", "accepted", "rejected", "appealed", "withdrawn")
PLATFORMS = ("", "facebook", "tiktok", "whatsapp_story")


@dataclass(frozen=True)
class Civil:
    """Somebody of the random programme; `joined` is a number of days before the week, None for never."""

    opd: int
    active: bool
    joined: int | None
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Posting:
    person: int
    opd: int
    back: int  # weeks before WEEK
    platform: str
    status: str
    late: bool


@dataclass(frozen=True)
class World:
    people: list[Civil]
    postings: list[Posting]
    items: list[tuple[int | None, str, str]]  # OPD, week, status
    cards: list[str]  # what became of the card of each person
    decisions: list[tuple[int, str, int]]  # days from the week's Wednesday to the due day; state; closed


civils = st.builds(
    Civil,
    st.integers(0, 3),
    st.booleans(),
    st.one_of(st.none(), st.integers(1, 500)),
    st.lists(st.sampled_from(["creator", "editor", "planner"]), max_size=3, unique=True).map(tuple),
)
posted = st.builds(
    Posting,
    st.integers(0, 9),
    st.integers(0, 3),
    st.one_of(st.just(0), st.integers(0, 8)),
    st.sampled_from(PLATFORMS),
    st.sampled_from(STATES),
    st.booleans(),
)
chosen_items = st.tuples(
    st.one_of(st.none(), st.integers(0, 3)),
    st.sampled_from([WEEK, COMING]),
    st.sampled_from([states.DRAFT, states.SUBMITTED, states.APPROVED, states.RELEASED, states.CLOSED]),
)
worlds = st.builds(
    World,
    st.lists(civils, min_size=1, max_size=10),
    st.lists(posted, max_size=40),
    st.lists(chosen_items, max_size=6, unique_by=lambda one: one[:2]),
    st.lists(st.sampled_from([outbox.SENT, outbox.FAILED, outbox.SKIPPED, outbox.CANCELLED]), max_size=8),
    st.lists(
        st.tuples(st.integers(-20, 20), st.sampled_from(["open", "done", "dropped"]), st.integers(-9, 6)),
        max_size=5,
    ),
)
several = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def fill(engine: Engine, world: World) -> None:
    """Empties the database and puts a world into it; weeks of before are closed one after the other."""
    begin = weeks.opening(WEEK, JAMBI)
    with Session(engine) as session, session.begin():
        for table in reversed(tables.metadata.sorted_tables):
            session.execute(table.delete())
        session.execute(insert(Opd), [{"id": n + 1, "code": f"O{n}", "name": f"Dinas {n}"} for n in range(4)])
        session.execute(insert(Person), [_person(n, one, begin) for n, one in enumerate(world.people)])
        for n, one in enumerate(world.people):
            for role in one.roles:
                session.add(Role(person_id=n + 1, role=role, opd_id=one.opd + 1, at=begin))
        for n, (opd, week, status) in enumerate(world.items):
            session.add(_item(n + 2, None if opd is None else opd + 1, week, status))
        session.add(_item(1, None, "2026-W40", states.CLOSED))
        session.flush()
        for posting in world.postings:
            if posting.person < len(world.people):
                session.add(_share(posting, begin))
        for due, state, closed in world.decisions:
            session.add(_decision(due, state, closed, begin))
        session.add(_release(begin))
        session.flush()
        for n, status in enumerate(world.cards[: len(world.people)]):
            session.add(_card(n + 1, status, begin))
    for week in HISTORY:
        with Session(engine) as session, session.begin():
            digests.close(session, week, weeks.closing(week, JAMBI), JAMBI)


def _person(n: int, one: Civil, begin: datetime) -> dict[str, Any]:
    joined = None if one.joined is None else begin - timedelta(days=one.joined)
    return {
        "id": n + 1, "name": f"Orang {n}", "opd_id": one.opd + 1, "active": one.active, "phone": "",
        "position": "", "saver": False, "created_at": WEDNESDAY, "joined_at": joined,
    }  # fmt: skip


def _item(number: int, opd_id: int | None, week: str, status: str) -> Item:
    return Item(
        id=number, opd_id=opd_id, author_id=1, week=week, status=status, created_at=WEDNESDAY,
        updated_at=WEDNESDAY,
    )  # fmt: skip


def _share(posting: Posting, begin: datetime) -> Share:
    return Share(
        person_id=posting.person + 1, opd_id=posting.opd + 1, item_id=1,
        week=weeks.shift(WEEK, -posting.back), platform=posting.platform, status=posting.status,
        late=posting.late, at=begin, updated_at=begin,
    )  # fmt: skip


def _decision(due: int, state: str, closed: int, begin: datetime) -> Decision:
    return Decision(
        week=WEEK, text="Tambah pelatihan", who="Bidang IKP", at=begin, status=state,
        due=weeks.wednesday(WEEK) + timedelta(days=due),
        closed_at=None if state == "open" else begin + timedelta(days=closed),
    )  # fmt: skip


def _release(begin: datetime) -> Release:
    return Release(id=1, week=WEEK, status="finished", started_at=begin, closes_at=begin + timedelta(days=7))


def _card(person_id: int, status: str, begin: datetime) -> Outbound:
    return Outbound(
        key=f"release:1:person:{person_id}", channel="telegram", address=str(person_id), op="send", body={},
        priority=2, part="card", status=status, release_id=1, person_id=person_id, due_at=begin,
        created_at=begin,
    )  # fmt: skip


def compute(engine: Engine) -> WeekFigures:
    with Session(engine) as session:
        return digests.figures(session, WEEK, JAMBI)


class Asked:
    """The database, asked in plain SQL."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql), values))

    def one(self, sql: str, **values: Any) -> Any:
        return self.rows(sql, **values)[0][0]


def shown(week: str) -> str:
    counted = "status IN ('received', 'accepted') AND NOT late"
    return f"(SELECT person_id FROM share WHERE week = '{week}' AND {counted})"


@several
@given(worlds)
def test_the_headline_is_what_plain_sql_counts(engine: Engine, world: World) -> None:
    fill(engine, world)
    found, ask = compute(engine), Asked(engine)
    roster = ask.one("SELECT count(*) FROM person WHERE active")
    active = ask.one(f"SELECT count(*) FROM person WHERE active AND id IN {shown(WEEK)}")
    joined = ask.one("SELECT count(*) FROM person WHERE active AND joined_at IS NOT NULL")
    assert (found["roster"], found["active"], found["joined"]) == (roster, active, joined)
    assert abs(found["participation"] - (active / roster if roster else 0)) < 1e-6
    before = weeks.shift(WEEK, -1)
    last = ask.one(f"SELECT count(*) FROM person WHERE active AND id IN {shown(before)}")
    assert abs((found["previous"] or 0) - (last / roster if roster else 0)) < 1e-6
    sent = ask.one("SELECT count(*) FROM outbox WHERE release_id = 1 AND status = 'sent'")
    assert (found["received"], found["not_received"]) == (
        sent, ask.one("SELECT count(*) FROM outbox WHERE release_id = 1") - sent,
    )  # fmt: skip


@several
@given(worlds)
def test_each_agency_is_what_plain_sql_counts(engine: Engine, world: World) -> None:
    fill(engine, world)
    found, ask = compute(engine), Asked(engine)
    rows = ask.rows(
        f"""SELECT o.code,
            (SELECT count(*) FROM person p WHERE p.active AND p.opd_id = o.id),
            (SELECT count(*) FROM person p WHERE p.active AND p.opd_id = o.id AND p.joined_at IS NOT NULL),
            (SELECT count(*) FROM person p WHERE p.active AND p.opd_id = o.id AND p.id IN {shown(WEEK)}),
            (SELECT count(*) FROM share s WHERE s.opd_id = o.id AND s.week = :week
                AND s.status IN ('received', 'accepted') AND NOT s.late),
            EXISTS (SELECT 1 FROM item i WHERE i.opd_id = o.id AND i.week = :week
                AND i.status IN ('approved', 'released', 'closed')),
            EXISTS (SELECT 1 FROM item i WHERE i.opd_id = o.id AND i.week = :coming
                AND i.status IN ('approved', 'released'))
            FROM opd o""",
        week=WEEK,
        coming=COMING,
    )
    expected = {row[0]: (*row[1:5], bool(row[5]), bool(row[6])) for row in rows if row[1]}
    assert expected == {
        opd["code"]: (
            opd["roster"], opd["joined"], opd["active"], opd["shares"], opd["own_item"], opd["ready"],
        )
        for opd in found["opd"]
    }  # fmt: skip
    assert found["ready"] == sum(one[-1] for one in expected.values())
    assert found["agencies"] == len(expected)
    small = ask.rows(
        """SELECT o.name FROM opd o WHERE EXISTS (SELECT 1 FROM person p WHERE p.active AND p.opd_id = o.id)
        AND (SELECT count(DISTINCT r.person_id) FROM role r JOIN person p ON p.id = r.person_id
            WHERE p.active AND r.opd_id = o.id) < 3"""
    )
    assert sorted(found["small_teams"]) == sorted(name for (name,) in small)


@several
@given(worlds)
def test_shares_proofs_and_reach_are_what_plain_sql_counts(engine: Engine, world: World) -> None:
    fill(engine, world)
    found, ask = compute(engine), Asked(engine)
    platforms = dict(
        map(tuple, ask.rows(
            """SELECT CASE platform WHEN '' THEN 'unknown' ELSE platform END, count(*) FROM share
            WHERE week = :week AND status IN ('received', 'accepted') AND NOT late GROUP BY 1""",
            week=WEEK,
        ))
    )  # fmt: skip
    assert found["platforms"] == platforms
    assert found["shares"] == sum(platforms.values())
    views = dict(JAMBI.views)
    assert found["reach"]["views"] == sum(views[name] * number for name, number in platforms.items())

    def number(condition: str) -> Any:
        return ask.one(f"SELECT count(*) FROM share WHERE week = :week AND {condition}", week=WEEK)

    assert found["quality"] == {
        "accepted": number("NOT late AND status = 'accepted'"),
        "waiting": number("NOT late AND status IN ('received', 'appealed')"),
        "rejected": number("NOT late AND status = 'rejected'"),
        "claimed": number("NOT late AND status = 'claimed'"),
        "late": number("late"),
    }


@several
@given(worlds)
def test_cohorts_are_what_plain_sql_counts(engine: Engine, world: World) -> None:
    fill(engine, world)
    found, ask = compute(engine), Asked(engine)
    earlier = " UNION ".join(f"SELECT * FROM {shown(week)} AS w" for week in HISTORY)
    assert found["cohorts"]["new"] == ask.one(
        f"SELECT count(*) FROM person WHERE active AND id IN {shown(WEEK)} AND id NOT IN ({earlier})"
    )
    known = " UNION ".join(f"SELECT * FROM {shown(weeks.shift(WEEK, -back))} AS w" for back in (2, 3, 4, 5))
    assert found["cohorts"]["stopped"] == ask.one(
        f"""SELECT count(*) FROM person WHERE active AND id IN ({known})
        AND id NOT IN {shown(weeks.shift(WEEK, -1))} AND id NOT IN {shown(WEEK)}"""
    )
    months = found["cohorts"]["months"]
    assert sum(one["people"] for one in months) == found["joined"]
    for one in months:
        if one["month"]:
            begin = datetime.fromisoformat(f"{one['month']}-01T00:00:00").replace(tzinfo=JAMBI.zone)
            end = (begin + timedelta(days=32)).replace(day=1)
            here = [
                n + 1
                for n, civil in enumerate(world.people)
                if civil.active
                and civil.joined is not None
                and begin <= weeks.opening(WEEK, JAMBI) - timedelta(days=civil.joined) < end
            ]
            active = {row[0] for row in ask.rows(f"SELECT * FROM {shown(WEEK)} AS w")}
            assert (one["people"], one["active"]) == (len(here), len(active & set(here)))


@several
@given(worlds)
def test_decisions_and_what_waits_are_what_plain_sql_counts(engine: Engine, world: World) -> None:
    fill(engine, world)
    found = compute(engine)
    closes = weeks.wednesday(COMING)
    expected = sorted(
        (state, (weeks.wednesday(WEEK) + timedelta(days=due)).isoformat())
        for due, state, closed in world.decisions
        if state == "open" or closed >= 0
    )
    assert sorted((one["state"], one["due"]) for one in found["decisions"]) == expected
    assert all(
        one["late"] == (one["state"] == "open" and one["due"] < closes.isoformat())
        for one in found["decisions"]
    )
    waiting = sum(status == states.SUBMITTED for _, _, status in world.items)
    assert found["waiting_review"] == waiting


@several
@given(worlds)
def test_who_was_active_in_closed_weeks_is_frozen_as_plain_sql_counts(engine: Engine, world: World) -> None:
    fill(engine, world)
    ask = Asked(engine)
    for week in HISTORY:
        frozen = ask.rows("SELECT person_id, opd_id FROM participation WHERE week = :week", week=week)
        counted = ask.rows(f"SELECT id, opd_id FROM person WHERE active AND id IN {shown(week)}")
        assert sorted(map(tuple, frozen)) == sorted(map(tuple, counted))
