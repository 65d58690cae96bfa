"""Corrections of a week, recomputed by plain SQL from raw rows: proofs are judged, appealed and withdrawn at
random after it closed, some come to light late, and people come, go and move meanwhile."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from models.digests import corrections
from models.digests.corrections import Correction
from models.membership import roster
from models.people.people import Person
from models.programme import weeks
from models.shares import standings
from tests.models.figures import chronicles, foretelling, playing, recounting
from tests.models.figures.asking import Asked, differing, document, shown
from tests.models.figures.chronicles import EVENTFUL, OPDS, WEEK, Chronicle, Posting

Figures = dict[str, Any]
ACTS = ("show", "pass", "accept", "reject", "reject", "appeal", "add", "withdraw")
several = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Aftermath:
    """What happens after the closing, before a correction: acts about the week's shares, one after the other;
    shares that came in time and are counted only now; and people who are in another OPD, or in none."""

    acts: list[tuple[int, str]]
    found: list[Posting]
    changes: list[tuple[int, int | None]]


aftermaths = st.builds(
    Aftermath,
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from(ACTS)), min_size=2, max_size=12),
    st.lists(
        st.builds(
            Posting,
            st.just(0),
            chronicles.people,
            st.sampled_from(chronicles.PLATFORMS),
            st.sampled_from(chronicles.STATES),
            st.booleans(),
        ),
        max_size=4,
    ),
    st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(0, OPDS - 1))), max_size=5),
)
OFTEN = [
    Aftermath([(n, "reject") for n in range(3)], [], [(1, 2), (2, None), (9, 0)]),
    Aftermath([(0, "appeal"), (0, "accept"), (1, "appeal"), (1, "accept")], [], [(1, 0), (2, 1)]),
    Aftermath([(5, "withdraw")], [Posting(0, n, "tiktok", "accepted", late=n == 8) for n in (4, 8, 9)], []),
]


@several
@given(chronicles.chronicles, st.integers(1, 4), st.lists(aftermaths, min_size=1, max_size=3))
@example(EVENTFUL, 1, OFTEN)
@example(EVENTFUL, 2, OFTEN)
def test_a_correction_and_who_was_active_are_what_plain_sql_counts(
    engine: Engine, told: Chronicle, back: int, aftermaths: list[Aftermath]
) -> None:
    told = replace(told, length=min(told.length, back + 2), corrected=set())
    assume(told.length >= back)
    week, ask = weeks.shift(WEEK, -back), Asked(engine)
    there: dict[int, int] = {}  # who was on the roster when the week closed, and where: {person: OPD}
    for closed in playing.play(engine, told):
        if closed == week:
            there = dict(map(tuple, ask.rows("SELECT id, opd_id FROM person WHERE active")))
    for turn, aftermath in enumerate(aftermaths, start=1):
        happens(engine, told, week, aftermath, turn)
        before = document(newest(ask, week))
        expected = corrected(ask, before, told, week, there)
        found = correct(engine, told, week, turn)
        if found is None:
            assert moved(before, expected) == []
            continue
        assert differing(dict(found.figures), expected) == []
        assert differing(document(newest(ask, week)), expected) == []
        assert people(ask, week) == active(ask, week, there)
        last = ask.rows("SELECT person_id, week FROM last_active")
        of = ask.rows("SELECT person_id, max(week) FROM participation GROUP BY person_id")
        assert sorted(map(tuple, last)) == sorted(map(tuple, of))


def happens(engine: Engine, told: Chronicle, week: str, what: Aftermath, turn: int) -> None:
    """Raw rows for proofs, and the roster's own verb for people: it writes down who was where."""
    at = weeks.closing(WEEK, told.programme) + timedelta(hours=turn)
    of = {"week": week}
    with Session(engine) as session, session.begin():
        ids = playing.by_number(session)
        for one in what.found:
            if one.person in ids:
                opd_id = session.get_one(Person, ids[one.person]).opd_id
                session.add(playing.share(one, ids, {one.person: opd_id}, 1, week, at))
        session.flush()
        shares = session.execute(text("SELECT id, status FROM share WHERE week = :week ORDER BY id"), of)
        states = {number: status for number, status in shares}
        for place, act in what.acts:
            number = list(states)[place % len(states)] if states else 0
            if states and (state := standings.after(states[number], act)):
                states[number] = state
                change = text("UPDATE share SET status = :status WHERE id = :id")
                session.execute(change, {"status": state, "id": number})
        numbers = {person_id: number for number, person_id in ids.items()}
        rows = session.execute(text("SELECT id, opd_id FROM person WHERE active AND nip IS NOT NULL"))
        now = {numbers[person_id]: opd_id - 1 for person_id, opd_id in rows}
        for person, opd in what.changes:
            if opd is None:
                now.pop(person, None)
            else:
                now[person] = opd
        roster.apply(session, roster.plan(session, playing.entries(now)), at)


def correct(engine: Engine, told: Chronicle, week: str, turn: int) -> Correction | None:
    """What is proposed, and made."""
    now = weeks.closing(WEEK, told.programme) + timedelta(hours=turn, minutes=30)
    with Session(engine) as session, session.begin():
        found = corrections.proposed(session, week, told.programme)
        if found is not None:
            by = session.get_one(Person, playing.AUTHOR)
            corrections.amend(session, week, now, told.programme, by)
        return found


def newest(ask: Asked, week: str) -> Any:
    return ask.one("SELECT figures FROM digest WHERE week = :week ORDER BY version DESC LIMIT 1", week=week)


def people(ask: Asked, week: str) -> set[tuple[int, int]]:
    rows = ask.rows("SELECT person_id, opd_id FROM participation WHERE week = :week", week=week)
    return {(person_id, opd_id) for person_id, opd_id in rows}


def active(ask: Asked, week: str, there: dict[int, int]) -> set[tuple[int, int]]:
    """Of those who were on the roster whoever has shown something of the week, each in the OPD of then."""
    rows = ask.rows(f"SELECT DISTINCT person_id FROM {shown(week)} AS shown")
    return {(person_id, there[person_id]) for (person_id,) in rows if person_id in there}


def corrected(ask: Asked, before: Figures, told: Chronicle, week: str, there: dict[int, int]) -> Figures:
    """The figures of a closed week as they have to be now; what is not counted again stays as it was."""
    counted = active(ask, week, there)
    ids = {code: number for number, code in ask.rows("SELECT id, code FROM opd")}
    opd = []
    for one in before["opd"]:
        number = sum(opd_id == ids[one["code"]] for _, opd_id in counted)
        own = recounting.of_opd(ask, week, ids[one["code"]])
        share = recounting.part(number, one["roster"])
        opd.append({**one, **own, "active": number, "participation": share})
    share = recounting.part(len(counted), before["roster"])
    trend = [*before["trend"][:-1], {"week": week, "participation": share}]
    return {
        **before,
        **recounting.shares(ask, week, told.programme),
        "opd": sorted(opd, key=lambda one: (-one["participation"], one["name"])),
        "active": len(counted),
        "participation": share,
        "trend": trend,
        "goal": foretelling.goal(trend, told.programme, counts=before["released"]),
    }


def moved(before: Figures, after: Figures) -> list[str]:
    """Where figures differ of which a correction has to tell."""

    def told(figures: Figures) -> Figures:
        quality = {name: figures["quality"][name] for name in ("accepted", "waiting", "rejected")}
        opd = {one["code"]: one["active"] for one in figures["opd"]}
        return {"active": figures["active"], "shares": figures["shares"], **quality, "opd": opd}

    return differing(told(before), told(after))
