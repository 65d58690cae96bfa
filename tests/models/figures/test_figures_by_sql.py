"""Every figure of the pack, recomputed by plain SQL from raw rows, on programmes made at random.

The SQL here knows nothing of models/: it is written from the sentences that explain the figures.
"""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, bindparam, delete
from sqlalchemy.orm import Session

from models.content import states
from models.digests import digests
from models.figures import snapshots
from models.figures.snapshots import Participation
from models.figures.weekly import WeekFigures
from models.programme import weeks
from tests.models.figures.asking import Asked, shown
from tests.models.figures.worlds import COMING, HISTORY, JAMBI, WEEK, World, fill, worlds

several = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def compute(engine: Engine, *, over: bool = False) -> WeekFigures:
    with Session(engine) as session:
        return digests.figures(session, WEEK, JAMBI, over=over)


def released(ask: Asked) -> list[str]:
    """The weeks of before with a release, the newest first."""
    rows = ask.rows("SELECT week FROM release WHERE week < :week ORDER BY week DESC", week=WEEK)
    return [week for (week,) in rows]


@several
@given(worlds)
def test_the_headline_is_what_plain_sql_counts(engine: Engine, world: World) -> None:
    fill(engine, world)
    found, ask = compute(engine, over=True), Asked(engine)
    roster = ask.one("SELECT count(*) FROM person WHERE active")
    active = ask.one(f"SELECT count(*) FROM person WHERE active AND id IN {shown(WEEK)}")
    joined = ask.one("SELECT count(*) FROM person WHERE active AND joined_at IS NOT NULL")
    assert (found["roster"], found["active"], found["joined"]) == (roster, active, joined)
    assert abs(found["participation"] - (active / roster if roster else 0)) < 1e-6
    told = released(ask)
    past = [ask.one(f"SELECT count(*) FROM person WHERE active AND id IN {shown(week)}") for week in told]
    shares = [number / roster if roster else 0.0 for number in past]
    assert [point["week"] for point in found["trend"]] == [*reversed(told), WEEK]
    assert all(
        abs(point["participation"] - share) < 1e-6
        for point, share in zip(found["trend"], reversed(shares), strict=False)
    )
    assert (found["previous"] is None) == (not told)
    if told:
        assert abs((found["previous"] or 0) - shares[0]) < 1e-6
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
    # Of the weeks with a release: in neither of the last two, and in one of the four before them.
    told = [*released(ask), "", ""]
    known = " UNION ".join(f"SELECT * FROM {shown(week)} AS w" for week in told[1:5])
    assert found["cohorts"]["stopped"] == ask.one(
        f"""SELECT count(*) FROM person WHERE active AND id IN ({known})
        AND id NOT IN {shown(told[0])} AND id NOT IN {shown(WEEK)}"""
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
    last = ask.rows("SELECT person_id, week FROM last_active")
    newest = ask.rows("SELECT person_id, max(week) FROM participation GROUP BY person_id")
    assert sorted(map(tuple, last)) == sorted(map(tuple, newest))


@several
@given(worlds)
def test_a_closed_week_asked_again_knows_new_and_stopped_people_as_when_it_closed(
    engine: Engine, world: World
) -> None:
    fill(engine, world)
    with Session(engine) as session:
        for week in HISTORY:
            frozen = snapshots.newest(session, week)
            assert frozen is not None
            assert digests.figures(session, week, JAMBI)["cohorts"] == frozen.figures["cohorts"]


@several
@given(worlds, st.lists(st.tuples(st.sampled_from(HISTORY), st.integers(1, 10)), max_size=30))
def test_whoever_a_correction_takes_away_was_active_last_in_the_week_before(
    engine: Engine, world: World, taken: list[tuple[str, int]]
) -> None:
    fill(engine, world)
    gone = Participation.week == bindparam("a_week"), Participation.person_id == bindparam("a_person")
    with Session(engine) as session, session.begin():
        for week, person in taken:
            session.execute(delete(Participation).where(*gone), {"a_week": week, "a_person": person})
            snapshots.go_back(session, week)
    ask = Asked(engine)
    last = ask.rows("SELECT person_id, week FROM last_active")
    newest = ask.rows("SELECT person_id, max(week) FROM participation GROUP BY person_id")
    assert sorted(map(tuple, last)) == sorted(map(tuple, newest))
