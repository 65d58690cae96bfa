"""Which OPD have an item of their own for a week, and what still waits for somebody."""

from models.content import readiness, states
from tests import scene
from tests.chat import Stage

WEEK, COMING = "2026-W48", "2026-W49"


def codes(stage: Stage, week: str) -> tuple[set[str], set[str]]:
    """Of a week the OPD with an item of their own, and those that are ready, by code."""
    with stage.session() as session:
        items = readiness.of(session, WEEK, COMING)
    own, ready = readiness.own_items(items, week), readiness.ready(items, week)
    of = {stage.agency(code).id: code for code in ("DINKES", "DISDIK", "DISHUB")}
    return {of[opd_id] for opd_id in own}, {of[opd_id] for opd_id in ready}


def test_an_opd_has_an_item_of_its_own_when_it_is_planned_out_or_over_and_is_ready_until_it_is_over(
    stage: Stage,
) -> None:
    scene.item(stage, "DINKES", week=WEEK, status=states.CLOSED)
    scene.item(stage, "DISDIK", week=WEEK, status=states.RELEASED)
    scene.item(stage, "DISHUB", week=WEEK, status=states.CHECKED)
    scene.item(stage, "DINKES", week=COMING)
    assert codes(stage, WEEK) == ({"DINKES", "DISDIK"}, {"DISDIK"})
    assert codes(stage, COMING) == ({"DINKES"}, {"DINKES"})


def test_provincial_and_urgent_items_are_nobodys_own(stage: Stage) -> None:
    scene.item(stage, None, week=WEEK)
    scene.item(stage, "DINKES", week=WEEK, urgent=True)
    assert codes(stage, WEEK) == (set(), set())


def test_what_waits_is_counted_by_its_state_whatever_its_week(stage: Stage) -> None:
    scene.item(stage, "DINKES", week="2026-W40", status=states.SUBMITTED)
    scene.item(stage, None, week=WEEK, status=states.CHECKED)
    scene.item(stage, "DISDIK", week=COMING, status=states.CHECKED)
    scene.item(stage, "DISHUB", week=COMING, status=states.DRAFT)
    scene.item(stage, "DISHUB", week=COMING)
    with stage.session() as session:
        for weeks in ((), (WEEK, COMING)):
            found = readiness.waiting(readiness.of(session, *weeks))
            assert found == {states.SUBMITTED: 1, states.CHECKED: 2}


def test_who_lacks_content_is_named_in_the_order_of_the_alphabet(stage: Stage) -> None:
    scene.item(stage, "DISHUB", week=COMING)
    for code in ("DISDIK", "DINKES"):
        stage.agency(code, f"Dinas {code}")
    with stage.session() as session:
        assert [opd.code for opd in readiness.lacking(session, COMING)] == ["DINKES", "DISDIK"]
