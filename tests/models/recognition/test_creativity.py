"""Creativity by rubric: who nominates, who scores, and whose scores count."""

import pytest
from sqlalchemy import select

from models.people import roles
from models.people.people import Person
from models.recognition import creativity, merits, wishes
from models.recognition.creativity import Nomination
from models.shares import standings
from models.shares.shares import Share
from tests import honouring
from tests.casting import refusal
from tests.chat import Chatter, Stage
from tests.honouring import PROGRAMME


@pytest.fixture
def town(stage: Stage, tini: Chatter) -> dict[str, Chatter]:
    """An ASN with an accepted share, their PPID team, a colleague elsewhere, one TAG."""
    stage.programme = PROGRAMME
    people = {
        "siti": stage.person("Siti"),
        "rina": stage.person("Rina", role="creator"),
        "dedi": stage.person("Dedi", "DISDIK", role="creator"),
        "tini": tini,
    }
    honouring.open_week(stage, "2026-W49")
    return people


@pytest.fixture
def receipt(stage: Stage, town: dict[str, Chatter]) -> int:
    honouring.shares_link(stage, town["siti"])
    return honouring.accepted(stage, town["siti"])


def nominate(stage: Stage, who: Chatter, receipt: int) -> int:
    with stage.session() as session, session.begin():
        by = session.get_one(Person, who.person_id)
        return creativity.nominate(session, receipt, by, stage.now, PROGRAMME).id


def score(stage: Stage, who: Chatter, number: int, *points: int) -> int:
    with stage.session() as session, session.begin():
        by = session.get_one(Person, who.person_id)
        return creativity.score(session, number, by, points, stage.now, PROGRAMME).total


def ranked(stage: Stage) -> list[tuple[int | None, dict[str, object]]]:
    with stage.session() as session:
        return [(one.person_id, one.figures) for one in merits.creative(session, "2026-12", PROGRAMME)]


def waiting(stage: Stage, who: Chatter) -> int:
    with stage.session() as session:
        by = session.get_one(Person, who.person_id)
        return len(creativity.waiting(session, by, stage.now, PROGRAMME))


def test_the_own_team_nominates_an_accepted_share_once(
    stage: Stage, town: dict[str, Chatter], receipt: int
) -> None:
    assert refusal(nominate, stage, town["dedi"], receipt) == "creative.unknown"
    assert refusal(nominate, stage, town["siti"], receipt) == "creative.unknown"
    assert refusal(nominate, stage, town["rina"], 999) == "creative.unknown"
    assert nominate(stage, town["rina"], receipt)
    assert refusal(nominate, stage, town["rina"], receipt) == "creative.again"


def test_an_own_a_rejected_and_an_old_share_are_not_nominated(
    stage: Stage, town: dict[str, Chatter], receipt: int
) -> None:
    honouring.shares_link(stage, town["rina"])
    own = honouring.accepted(stage, town["rina"])
    assert refusal(nominate, stage, town["rina"], own) == "creative.own"
    with stage.session() as session, session.begin():
        session.get_one(Share, receipt).status = standings.RECEIVED
    assert refusal(nominate, stage, town["rina"], receipt) == "creative.not_accepted"
    with stage.session() as session, session.begin():
        session.get_one(Share, receipt).status = standings.ACCEPTED
    stage.later(days=46)
    assert refusal(nominate, stage, town["rina"], receipt) == "creative.too_old"


def test_who_would_rather_not_be_named_is_not_nominated(
    stage: Stage, town: dict[str, Chatter], receipt: int
) -> None:
    with stage.session() as session, session.begin():
        siti = session.get_one(Person, town["siti"].person_id)
        assert wishes.say(session, siti, stage.now, PROGRAMME, wanted_=False)
    assert refusal(nominate, stage, town["rina"], receipt) == "creative.unwilling"


def test_one_score_is_enough_only_where_there_is_one_who_may_give_it(
    stage: Stage, town: dict[str, Chatter], receipt: int
) -> None:
    number = nominate(stage, town["rina"], receipt)
    assert waiting(stage, town["tini"]) == 1
    assert score(stage, town["tini"], number, 5, 4, 3) == 12
    assert waiting(stage, town["tini"]) == 0
    ((person, figures),) = ranked(stage)
    assert person == town["siti"].person_id
    assert figures == {"points": 12.0, "raters": 1, "needed": 1, "receipt": receipt}
    toni = stage.person("Toni", "KOMINFO", role="tag")
    assert ranked(stage) == []
    score(stage, toni, number, 5, 5, 5)
    assert [figures["points"] for _, figures in ranked(stage)] == [13.5]
    score(stage, toni, number, 1, 1, 1)  # the newer one counts
    assert [figures["points"] for _, figures in ranked(stage)] == [7.5]


def test_nobody_of_the_own_opd_scores(stage: Stage, town: dict[str, Chatter], receipt: int) -> None:
    number = nominate(stage, town["rina"], receipt)
    neighbour = stage.person("Nina", role="tag")
    assert waiting(stage, neighbour) == 0
    assert refusal(score, stage, neighbour, number, 5, 5, 5) == "creative.own_opd"
    assert refusal(score, stage, town["rina"], number, 5, 5, 5) == "roles.may_not"


@pytest.mark.parametrize("points", [(), (5, 5), (0, 5, 5), (6, 5, 5), (5, 5, 5, 5)])
def test_what_is_no_score_is_refused(
    stage: Stage, town: dict[str, Chatter], receipt: int, points: tuple[int, ...]
) -> None:
    number = nominate(stage, town["rina"], receipt)
    assert refusal(score, stage, town["tini"], number, *points) == "menu.old_button"


def test_after_the_list_nothing_is_scored_for_its_month(
    stage: Stage, town: dict[str, Chatter], receipt: int
) -> None:
    number = nominate(stage, town["rina"], receipt)
    honouring.make(stage)
    assert refusal(score, stage, town["tini"], number, 5, 5, 5) == "creative.over"
    with stage.session() as session, session.begin():
        session.delete(session.scalars(select(Nomination)).one())
    number = nominate(stage, town["rina"], receipt)  # late, and so for the month that runs
    with stage.session() as session:
        assert session.get_one(Nomination, number).month == "2027-01"


def test_of_several_works_of_a_person_the_best_counts_and_a_rejected_one_never(
    stage: Stage, town: dict[str, Chatter], receipt: int
) -> None:
    stage.later(minutes=5)
    with stage.session() as session, session.begin():
        share = session.get_one(Share, receipt)
        values = {name: getattr(share, name) for name in ("person_id", "opd_id", "item_id", "week", "at")}
        session.add(Share(**values, platform="tiktok", status=standings.ACCEPTED, updated_at=stage.now))
        session.flush()
        second = session.scalars(select(Share.id).order_by(Share.id.desc())).first()
    for number, points in ((receipt, 3), (second or 0, 4)):
        score(stage, town["tini"], nominate(stage, town["rina"], number), points, points, points)
    assert [figures["points"] for _, figures in ranked(stage)] == [12.0]
    with stage.session() as session, session.begin():
        session.get_one(Share, second or 0).status = standings.REJECTED
    assert [figures["points"] for _, figures in ranked(stage)] == [9.0]


def test_who_runs_the_programme_is_never_ranked(stage: Stage, town: dict[str, Chatter], receipt: int) -> None:
    score(stage, town["tini"], nominate(stage, town["rina"], receipt), 5, 5, 5)
    assert len(ranked(stage)) == 1
    with stage.session() as session, session.begin():
        siti = session.get_one(Person, town["siti"].person_id)
        roles.grant(session, siti, "admin", None, stage.now, by=None)
    assert ranked(stage) == []
