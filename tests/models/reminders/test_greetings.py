"""The friendly nudge of a PPID team: once a week, never a third message, and only to who may be reminded."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models.messages import batching, outbox
from models.messages.outbox import Outbound
from models.people import breaks, people, roles
from models.people.audit import Entry
from models.people.people import Opd, Person
from models.programme import weeks
from models.refused import Refused
from models.reminders import greetings, missing, reminders
from models.reminders.greetings import Greeting
from models.shares import standings
from models.shares.shares import Share
from tests import scene
from tests.chat import Chatter, Stage
from tests.proving import Prover

WEEK = "2026-W48"
FRIDAY = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # 10.00 WIB
MONDAY = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def rina(stage: Stage) -> Chatter:
    """The planner of an OPD, who has shared; Siti of the same OPD has only received."""
    who, _siti = stage.person("Rina Planner", role="planner"), stage.person("Siti")
    scene.item(stage)
    scene.release(stage)
    Prover(stage, who).sends(platform="facebook")
    stage.now = FRIDAY
    return who


def of(stage: Stage, name: str) -> Person:
    with stage.session() as session:
        return session.scalars(select(Person).where(Person.name == name)).one()


def greet(stage: Stage, who: Chatter, opd: str = "DINKES") -> int | str:
    """To how many it went, or why it is refused."""
    try:
        with stage.session() as session, session.begin():
            agency = people.opd(session, opd)
            assert agency is not None
            by = session.get_one(Person, who.person_id)
            return greetings.send(session, agency, WEEK, by, stage.now, stage.programme)
    except Refused as refused:
        return refused.key


def remind(stage: Stage, nth: int, at: datetime) -> int:
    stage.now = at
    with stage.session() as session, session.begin():
        return reminders.send(session, WEEK, nth, stage.now, stage.programme)


def nudges(stage: Stage) -> list[Outbound]:
    return scene.rows(stage, Outbound.key.startswith("greeting:"))


def test_it_goes_to_who_is_missing_signed_and_noted(stage: Stage, rina: Chatter) -> None:
    assert greet(stage, rina) == 1
    (row,) = nudges(stage)
    assert row.person_id == of(stage, "Siti").id
    assert row.body["params"]["by"] == "Rina Planner"
    assert row.expires_at == datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
    with stage.session() as session:
        found = greetings.of(session, row.opd_id or 0, WEEK)
        assert found is not None
        assert (found.person_id, found.at, found.people) == (rina.person_id, FRIDAY, 1)
        (entry,) = session.scalars(select(Entry).where(Entry.act == "greet")).all()
        assert (entry.actor_id, entry.subject, entry.after) == (rina.person_id, "opd", WEEK)
        assert entry.detail == {"people": 1}


def siti_does(what: Callable[[Stage, Chatter], object]) -> Callable[[Stage], object]:
    def does(stage: Stage) -> object:
        person = of(stage, "Siti")
        with stage.session() as session:
            account = people.reachable(session, person.id)
        assert account is not None
        return what(stage, Chatter(stage, int(account.address), "Siti", person.id))

    return does


def rests(why: str) -> Callable[[Stage, Chatter], None]:
    def happens(stage: Stage, who: Chatter) -> None:
        with stage.session() as session, session.begin():
            reminders.rest(session, scene.person(session, who), WEEK, TUESDAY, why)

    return happens


def shows(status: str) -> Callable[[Stage, Chatter], None]:
    def happens(stage: Stage, who: Chatter) -> None:
        number, _ = Prover(stage, who).sends(platform="tiktok")
        with stage.session() as session, session.begin():
            session.get_one(Share, number).status = status

    return happens


def twice(stage: Stage, _who: Chatter) -> None:
    for nth in (1, 2):
        remind(stage, nth, FRIDAY)
        stage.sent()


def blocks(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(who.chat), stage.now)


def night(stage: Stage, _who: Chatter) -> None:
    stage.now = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)  # 21.00 WIB


def week_is_over(stage: Stage, _who: Chatter) -> None:
    stage.now = weeks.closing(WEEK, stage.programme)


CASES: list[tuple[str, Callable[[Stage, Chatter], object], int | str]] = [
    ("received", lambda *_: None, 1),
    ("said sudah", lambda stage, who: Prover(stage, who).claims(), 1),
    ("had one this week", lambda stage, _who: (remind(stage, 1, FRIDAY), stage.sent()), 1),
    ("had two this week", twice, "missing.nobody"),
    ("showed it", shows(standings.RECEIVED), "missing.nobody"),
    ("appeals", shows(standings.APPEALED), "missing.nobody"),
    ("was rejected", shows(standings.REJECTED), "missing.nobody"),
    ("on leave", rests(breaks.LEAVE), "missing.nobody"),
    ("not this week", rests(breaks.WEEK), "missing.nobody"),
    ("blocked us", blocks, "missing.nobody"),
    ("at night", night, "missing.quiet"),
    ("the week is over", week_is_over, "missing.no_release"),
]


@pytest.mark.parametrize(
    ("happens", "outcome"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_who_gets_it(
    stage: Stage, rina: Chatter, happens: Callable[[Stage, Chatter], object], outcome: int | str
) -> None:
    siti_does(happens)(stage)
    assert greet(stage, rina) == outcome
    assert scene.count(stage, Greeting) == (outcome == 1)  # what reached nobody may be tried again


def test_it_is_one_of_the_two(stage: Stage, rina: Chatter) -> None:
    assert remind(stage, 1, FRIDAY) == 1
    stage.sent()
    assert greet(stage, rina) == 1
    stage.sent()
    assert remind(stage, 2, MONDAY) == 0


def test_a_proof_takes_it_back(stage: Stage, rina: Chatter) -> None:
    greet(stage, rina)
    with stage.session() as session, session.begin():
        reminders.proved(session, of(stage, "Siti").id, WEEK)
        batching.carry_out(session)
    assert [row.status for row in nudges(stage)] == [outbox.CANCELLED]


def test_the_second_one_of_a_week_is_refused_and_the_next_week_has_one(stage: Stage, rina: Chatter) -> None:
    assert greet(stage, rina) == 1
    stage.later(days=2)
    colleague = stage.person("Budi", role="editor")
    assert greet(stage, colleague) == "missing.greeted_already"
    assert len(nudges(stage)) == 1


@pytest.mark.parametrize("role", ["controller", "admin", "leader"])
def test_only_the_own_team_speaks_for_an_opd(stage: Stage, rina: Chatter, role: str) -> None:
    assert greet(stage, stage.person("Ani", "LAIN", role=role)) in ("missing.own_only", "roles.may_not")
    assert greet(stage, stage.person("Eva", "LAIN", role="editor")) == "missing.own_only"
    assert nudges(stage) == []


def test_of_two_who_press_at_once_one_sends(stage: Stage, rina: Chatter) -> None:
    colleague = stage.person("Budi", role="editor")
    outcomes: list[int | str] = []
    gate = threading.Barrier(2)

    def press(who: Chatter) -> None:
        gate.wait()
        outcomes.append(greet(stage, who))

    both = [threading.Thread(target=press, args=(who,)) for who in (rina, colleague)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(map(str, outcomes)) == ["1", "missing.greeted_already"]
    assert len(nudges(stage)) == 1


def test_the_job_and_the_team_at_once_never_make_a_third(stage: Stage, rina: Chatter) -> None:
    remind(stage, 1, FRIDAY)
    stage.sent()
    gate = threading.Barrier(2)

    def job() -> None:
        gate.wait()
        with stage.session() as session, session.begin():
            reminders.send(session, WEEK, 2, FRIDAY, stage.programme)

    def team() -> None:
        gate.wait()
        greet(stage, rina)

    both = [threading.Thread(target=what) for what in (job, team)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert len(scene.rows(stage, Outbound.part == reminders.REMINDER)) == 2


# -- who is missing --------------------------------------------------------------------------------


def test_everybody_is_in_one_group_and_the_list_has_names_only(stage: Stage) -> None:
    names = ("Ani", "Budi", "Cici", "Dodi", "Eva", "Fani", "Gita")
    who = {name: stage.person(name, phone=f"+62812{nth:08}") for nth, name in enumerate(names)}
    stage.person("Hadi", joined=False)
    stage.person("Lain", "LAIN")
    scene.item(stage)
    scene.release(stage)
    stage.person("Ivan")  # joined later, has not received it
    Prover(stage, who["Ani"]).sends(platform="x")
    Prover(stage, who["Budi"]).claims()
    rests(breaks.LEAVE)(stage, who["Cici"])
    rests(breaks.WEEK)(stage, who["Dodi"])  # what they asked for is nobody's business
    blocks(stage, who["Eva"])
    shows(standings.APPEALED)(stage, who["Fani"])
    shows(standings.REJECTED)(stage, who["Gita"])
    with stage.session() as session:
        release = reminders.of_week(session, WEEK)
        opd = session.scalars(select(Opd).where(Opd.code == "DINKES")).one()
        assert release is not None
        counts = missing.counts(session, release, opd, stage.now)
        assert (counts.people, counts.received) == (9, 7)
        assert counts.groups == {
            "proved": 1, "claimed": 1, "leave": 1, "blocked": 1, "appealed": 1, "nothing": 2,
            "not_joined": 1, "not_received": 1,
        }  # fmt: skip
        named = missing.page(session, release, opd, stage.now, missing.NAMED, 0, 3)
        assert named == [("Budi", "claimed"), ("Cici", "leave"), ("Dodi", "nothing")]
        assert missing.page(session, release, opd, stage.now, missing.NAMED, 1, 3) == [("Gita", "nothing")]
        apart = missing.page(session, release, opd, stage.now, missing.APART, 0, 9)
        assert apart == [("Eva", "blocked"), ("Hadi", "not_joined"), ("Ivan", "not_received")]


def test_leave_that_is_over_is_no_leave(stage: Stage) -> None:
    siti = stage.person("Siti")
    scene.item(stage)
    scene.release(stage)
    rests(breaks.LEAVE)(stage, siti)
    stage.now = TUESDAY + timedelta(minutes=1)
    with stage.session() as session:
        release, opd = reminders.of_week(session, WEEK), session.scalars(select(Opd)).first()
        assert release is not None and opd is not None
        assert missing.counts(session, release, opd, stage.now).groups == {"nothing": 1}


def test_who_may_see_it_is_in_the_table_of_roles() -> None:
    assert set(roles.CAPABILITIES["greet"]) < set(roles.CAPABILITIES["missing"])
    assert set(roles.CAPABILITIES["greet"]) == set(roles.OF_AN_OPD)
