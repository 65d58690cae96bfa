"""The rules of the monthly list, each against rows counted by hand."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from models import tables
from models.content.content import Item
from models.figures import snapshots
from models.figures.snapshots import Digest, Participation
from models.people import roles
from models.people.people import Opd, Person
from models.programme import weeks
from models.programme.programme import Awards, Programme
from models.recognition import merits, votes, wishes
from models.recognition.merits import Merit
from models.recognition.votes import Vote
from models.releases.releases import FINISHED, Release
from tests import honouring
from tests.chat import WEDNESDAY, Chatter, Stage
from tests.honouring import MONTH, PROGRAMME, WEEKS

several = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ranks = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=12)


@given(ranks, st.integers(1, 5))
def test_equal_merit_shares_a_place_and_nobody_better_is_left_out(
    found: list[tuple[int, int]], most: int
) -> None:
    placed = merits.placed((Merit(rank, {}) for rank in found), most)
    for place, merit in placed:
        assert place == 1 + sum(other > merit.rank for other in found)
    assert len(placed) == sum(1 + sum(other > rank for other in found) <= most for rank in found)
    assert [place for place, _ in placed] == sorted(place for place, _ in placed)


# -- the most steady ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Played:
    """A programme at random: which weeks had a release, and who was active in them."""

    released: tuple[bool, ...]
    active: tuple[frozenset[int], ...]


PEOPLE = 6
played = st.builds(
    Played,
    st.tuples(*[st.sampled_from([True, True, True, False])] * len(WEEKS)),
    st.tuples(*[st.frozensets(st.integers(1, PEOPLE))] * len(WEEKS)),
)


def write(engine: Engine, programme: Played) -> None:
    """Person 5 would rather not be named, person 6 judges."""
    with Session(engine) as session, session.begin():
        for table in reversed(tables.metadata.sorted_tables):
            session.execute(table.delete())
        session.execute(insert(Opd).values(id=1, code="DINKES", name="Dinas Kesehatan"))
        session.execute(
            insert(Person),
            [
                {"id": n, "name": f"Orang {n}", "opd_id": 1, "active": True, "phone": "", "position": "",
                 "saver": False, "created_at": WEDNESDAY, "joined_at": WEDNESDAY}
                for n in range(1, PEOPLE + 1)
            ],
        )  # fmt: skip
        wishes.say(session, session.get_one(Person, 5), WEDNESDAY, PROGRAMME, wanted_=False)
        roles.grant(session, session.get_one(Person, 6), "tag", None, WEDNESDAY, by=None)
        for week, released, active in zip(WEEKS, programme.released, programme.active, strict=True):
            opens = weeks.opening(week, PROGRAMME)
            session.add(Digest(week=week, version=1, figures={"opd": []}, changes={}, at=opens))
            if not released:
                continue
            closes = weeks.closing(week, PROGRAMME)
            session.add(Release(week=week, status=FINISHED, started_at=opens, closes_at=closes))
            session.flush()
            for person in active:
                session.add(Participation(week=week, person_id=person, opd_id=1))


def by_hand(programme: Played) -> dict[int, tuple[int, int]]:
    """Weeks and row of weeks of everybody who may be named and was active twice."""
    found = {}
    seen = [active for released, active in zip(programme.released, programme.active, strict=True) if released]
    for person in range(1, PEOPLE - 1):
        row = 0
        while row < len(seen) and person in seen[-1 - row]:
            row += 1
        count = sum(person in active for active in seen)
        if count >= PROGRAMME.awards.least_weeks:
            found[person] = (count, row)
    return found


@several
@given(played)
def test_the_most_steady_are_those_whom_counting_by_hand_finds(engine: Engine, programme: Played) -> None:
    write(engine, programme)
    expected = by_hand(programme)
    with Session(engine) as session:
        found = merits.placed(merits.steady(session, MONTH, PROGRAMME), PROGRAMME.awards.shortlist)
    for place, merit in found:
        assert merit.person_id is not None
        mine = expected[merit.person_id]
        assert (merit.figures["weeks"], merit.figures["streak"]) == mine
        assert place == 1 + sum(other > mine for other in expected.values())
    best = sorted(expected.values(), reverse=True)[: PROGRAMME.awards.shortlist]
    assert sorted((merit.rank[:2] for _, merit in found), reverse=True)[: len(best)] == best


def test_of_equally_steady_people_the_one_who_is_sooner_comes_first(stage: Stage) -> None:
    stage.programme = PROGRAMME
    siti, budi, wati = (stage.person(name) for name in ("Siti", "Budi", "Wati"))
    for week in WEEKS[:2]:
        honouring.play(stage, week, (siti, 120), (budi, 10), (wati, 120))
    honouring.make(stage)
    assert honouring.places(stage, "steady") == [(1, "Budi"), (2, "Siti"), (2, "Wati")]
    assert honouring.figures(stage, "steady")[0] == {"weeks": 2, "of": 2, "streak": 2, "minutes": 10}


def test_a_claim_is_not_sooner_than_its_proof(stage: Stage) -> None:
    stage.programme = PROGRAMME
    siti, budi = stage.person("Siti"), stage.person("Budi")
    for week in WEEKS[:2]:
        honouring.open_week(stage, week)
        siti.says("sudah")
        honouring.shares_link(stage, budi, minutes=30)
        honouring.shares_link(stage, siti, minutes=60)
        honouring.close(stage, week)
    honouring.make(stage)
    assert honouring.places(stage, "steady") == [(1, "Budi"), (2, "Siti")]


# -- the best item -----------------------------------------------------------------------------


def vote(stage: Stage, item: int, number: int) -> None:
    """So many people vote for an item."""
    for _ in range(number):
        who = stage.person("Warga", "DISDIK")
        with stage.session() as session, session.begin():
            session.add(Vote(month=MONTH, person_id=who.person_id or 0, item_id=item, at=stage.now))


def content(stage: Stage, programme: Programme) -> list[tuple[int, float]]:
    with stage.session() as session:
        found, _ = merits.content(session, MONTH, programme)
        return [(merit.item_id or 0, merit.rank[0]) for _, merit in merits.placed(found, 3)]


def test_the_best_item_has_the_best_mean_of_score_and_part_of_the_votes(stage: Stage, tini: Chatter) -> None:
    made = honouring.open_week(stage, "2026-W49", opds=["DINKES", "DISDIK", None])
    for opd, points in (("DINKES", 5), ("DISDIK", 4), ("", 1)):
        honouring.scored(stage, made[opd], tini, points, points)
    assert content(stage, PROGRAMME) == [(made["DINKES"], 1.0), (made["DISDIK"], 0.75), (made[""], 0.0)]
    vote(stage, made["DISDIK"], 3)
    vote(stage, made["DINKES"], 1)
    few = Programme(awards=Awards(least_votes=5))
    assert content(stage, few)[0] == (made["DINKES"], 1.0)  # too few votes to count
    # DISDIK (0,75 + 0,75) / 2, DINKES (1 + 0,25) / 2
    assert content(stage, PROGRAMME) == [(made["DISDIK"], 0.75), (made["DINKES"], 0.625), (made[""], 0.0)]
    with stage.session() as session:
        assert votes.tally(session, MONTH) == {made["DISDIK"]: 3, made["DINKES"]: 1}


def submitted(stage: Stage, item: int, ahead: int) -> None:
    """An item was submitted so many hours before its release, which is now."""
    with stage.session() as session, session.begin():
        session.get_one(Item, item).submitted_at = stage.now - timedelta(hours=ahead)


def ordered(stage: Stage, programme: Programme) -> list[tuple[int, int]]:
    with stage.session() as session:
        found, _ = merits.content(session, MONTH, programme)
        return [(place, merit.item_id or 0) for place, merit in merits.placed(found, 9)]


def test_equal_items_with_few_votes_are_parted_by_accuracy_votes_and_early_work(
    stage: Stage, tini: Chatter
) -> None:
    made = honouring.open_week(stage, "2026-W49", opds=["DINKES", "DISDIK", "PU", "DLH", None])
    for opd, accurate in (("DINKES", 4), ("DISDIK", 4), ("PU", 4), ("DLH", 5), ("", 4)):
        honouring.scored(stage, made[opd], tini, accurate, 9 - accurate)
    for opd, ahead in (("DINKES", 10), ("PU", 30), ("", 10)):
        submitted(stage, made[opd], ahead)
    vote(stage, made["DISDIK"], 1)
    places = [(1, made["DLH"]), (2, made["DISDIK"]), (3, made["PU"]), (4, made["DINKES"]), (4, made[""])]
    assert ordered(stage, PROGRAMME) == places


def test_equal_items_with_votes_are_parted_by_accuracy_and_early_work(stage: Stage, tini: Chatter) -> None:
    made = honouring.open_week(stage, "2026-W49", opds=["DINKES", "DISDIK", "PU"])
    for opd, accurate, ahead in (("DINKES", 3, 90), ("DISDIK", 4, 10), ("PU", 4, 20)):
        honouring.scored(stage, made[opd], tini, accurate, 7 - accurate)
        submitted(stage, made[opd], ahead)
        vote(stage, made[opd], 1)
    assert ordered(stage, PROGRAMME) == [(1, made["PU"]), (2, made["DISDIK"]), (3, made["DINKES"])]


# -- the best OPD ------------------------------------------------------------------------------


def snapshot(stage: Stage, week: str, version: int, **opd: tuple[int, float]) -> None:
    """A frozen week with these OPD: roster and participation."""
    bands = {True: "small", False: "middle"}
    with stage.session() as session, session.begin():
        known = [
            {"code": code, "name": code, "roster": roster, "participation": part, "band": bands[roster < 150]}
            for code, (roster, part) in opd.items()
        ]
        session.add(Digest(week=week, version=version, figures={"opd": known}, changes={}, at=stage.now))
        if version == 1:
            closes = weeks.closing(week, PROGRAMME)
            session.add(Release(week=week, status=FINISHED, started_at=stage.now, closes_at=closes))


def agencies(stage: Stage) -> dict[str, list[tuple[int, str, float]]]:
    with stage.session() as session:
        found = merits.agencies(session, MONTH, PROGRAMME)
        names = {opd.id: opd.code for opd in session.scalars(select(Opd))}
        return {
            category: [
                (place, names[merit.opd_id or 0], merit.figures["mean"])
                for place, merit in merits.placed(each, 3)
            ]
            for category, each in found.items()
        }


def test_opd_are_compared_with_those_of_their_size_by_the_mean_of_the_newest_snapshots(stage: Stage) -> None:
    for code in ("A", "B", "C", "D", "E"):
        stage.agency(code, code)
    snapshot(stage, WEEKS[0], 1, A=(100, 0.4), B=(100, 0.5), C=(200, 0.9), D=(100, 0.9), E=(100, 0.0))
    assert agencies(stage)["opd_small"] == []  # one week is not enough
    snapshot(stage, WEEKS[1], 1, A=(100, 0.6), B=(100, 0.1), C=(200, 0.7), E=(100, 0.0))
    snapshot(stage, WEEKS[1], 2, A=(100, 0.6), B=(100, 0.5), C=(200, 0.7), E=(100, 0.0))  # a correction
    found = agencies(stage)
    assert found["opd_small"] == [(1, "A", 0.5), (1, "B", 0.5)]  # D was not there always, E has nobody
    assert found["opd_middle"] == [(1, "C", 0.8)]
    assert found["opd_big"] == []


def test_a_month_without_a_closed_week_has_no_steady_people_and_no_best_opd(stage: Stage) -> None:
    stage.programme = PROGRAMME
    stage.person("Siti")
    honouring.make(stage, stage.now + timedelta(days=6))  # 1 December: no week has closed in November
    _, lines = honouring.newest(stage)
    assert lines == []
    with stage.session() as session:
        assert snapshots.newest(session, "2026-W48") is None


def test_without_the_programmes_yes_nobody_is_named_who_did_not_say_it(stage: Stage) -> None:
    stage.programme = Programme(awards=Awards(opt_out=False), holidays=PROGRAMME.holidays)
    siti, budi = stage.person("Siti"), stage.person("Budi")
    for week in WEEKS[:2]:
        honouring.play(stage, week, (siti, 5), (budi, 10))
    budi.says("/saya")
    budi.presses("Ikut penghargaan")
    honouring.make(stage)
    assert honouring.places(stage, "steady") == [(1, "Budi")]


@pytest.mark.parametrize("role", ["controller", "tag", "admin"])
def test_who_runs_the_programme_is_on_no_place(stage: Stage, role: str) -> None:
    stage.programme = PROGRAMME
    siti, boss = stage.person("Siti"), stage.person("Budi", role=role)
    for week in WEEKS[:2]:
        honouring.play(stage, week, (siti, 50), (boss, 10))
    honouring.make(stage)
    assert honouring.places(stage, "steady") == [(1, "Siti")]
