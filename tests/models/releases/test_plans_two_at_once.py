"""Two items of the plan that change their weeks at once, and two planners."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import select

from models.content import states, versions
from models.content.content import Item
from models.people import roles
from models.people.audit import Entry
from models.people.people import Person
from models.programme import weeks
from models.programme.programme import Dates, Programme
from models.refused import Refused
from models.releases import plans, releases, slots
from tests import scene
from tests.chat import Chatter, Stage
from tests.planning import move, refusal, swap

WEEK, NEXT, THIRD = "2026-W48", "2026-W49", "2026-W50"
ELECTION = Programme(election=(Dates(begin=date(2026, 12, 10), until=date(2026, 12, 10)),))  # in W50


def test_two_approved_items_change_their_weeks_in_one_go(stage: Stage, planner: Chatter) -> None:
    one, other = scene.item(stage, week=NEXT), scene.item(stage, week=THIRD)
    done = swap(stage, planner, one, other, (NEXT, THIRD))
    assert (scene.found(stage, one).week, scene.found(stage, other).week) == (THIRD, NEXT)
    assert {(item.id, before) for item, before in done.items} == {(one, NEXT), (other, THIRD)}
    with stage.session() as session:
        rows = session.scalars(select(Entry).where(Entry.act == "replan").order_by(Entry.id)).all()
        assert [(row.detail["was"], row.detail["week"]) for row in rows] == [(NEXT, THIRD), (THIRD, NEXT)]
        for number, week in ((one, THIRD), (other, NEXT)):
            kept = versions.of(session, session.get_one(Item, number))
            assert [(row.edits, row.body["week"]) for row in kept] == [(1, week)]


def test_a_provincial_pair_changes_its_weeks_too(stage: Stage) -> None:
    one, other = scene.item(stage, None, week=NEXT), scene.item(stage, None, week=THIRD)
    swap(stage, stage.person("Andi", role="controller"), one, other, (NEXT, THIRD))
    assert (scene.found(stage, one).week, scene.found(stage, other).week) == (THIRD, NEXT)


def test_a_swap_pressed_twice_does_not_undo_itself(stage: Stage, planner: Chatter) -> None:
    one, other = scene.item(stage, week=NEXT), scene.item(stage, week=THIRD)
    swap(stage, planner, one, other, (NEXT, THIRD))
    assert refusal(swap, stage, planner, one, other, (NEXT, THIRD)) == "planning.swap_changed"
    assert scene.found(stage, one).week == THIRD


def test_only_two_approved_items_of_one_opd_swap_and_only_for_weeks_that_are_open(
    stage: Stage, planner: Chatter
) -> None:
    one, other = scene.item(stage, week=NEXT), scene.item(stage, week=THIRD)
    draft = scene.item(stage, week="2026-W51", status=states.DRAFT)
    foreign = scene.item(stage, "DISDIK", week=THIRD)
    controller = stage.person("Andi", role="controller")
    assert refusal(swap, stage, planner, one, draft, (NEXT, "2026-W51")) == "planning.swap_changed"
    assert refusal(swap, stage, controller, one, foreign, (NEXT, THIRD)) == "planning.swap_changed"
    assert refusal(swap, stage, planner, one, foreign, (NEXT, THIRD)) == "roles.may_not"
    assert refusal(swap, stage, planner, one, one, (NEXT, NEXT)) == "planning.swap_changed"
    stage.later(days=14)
    assert refusal(swap, stage, planner, one, other, (NEXT, THIRD)) == "submitting.week_over"
    assert scene.found(stage, one).week == NEXT


def test_two_planners_who_move_two_items_into_one_week_at_the_same_moment_get_one_of_them_there(
    stage: Stage, planner: Chatter
) -> None:
    numbers = [scene.item(stage, week=NEXT), scene.item(stage, week=THIRD)]
    together = threading.Barrier(2)

    def go(number: int) -> str:
        together.wait()
        try:
            move(stage, planner, number, "2026-W51")
        except Refused as refused:
            return refused.key
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, numbers)) == ["moved", "planning.week_taken"]
    assert sum(scene.found(stage, number).week == "2026-W51" for number in numbers) == 1


def test_a_plan_is_moved_only_into_weeks_that_can_be_released(stage: Stage, planner: Chatter) -> None:
    """Whatever the plan offers is open: the two notions of a free week agree."""
    scene.item(stage, "DISDIK")
    scene.release(stage)
    with stage.session() as session:
        assert releases.of_week(session, WEEK) is not None
        for week in plans.coming(session, stage.now, stage.programme):
            assert slots.is_open(session, week, stage.now, stage.programme)
        roles.require(session, session.get_one(Person, planner.person_id), "plan")
        assert weeks.of(stage.now, stage.programme) == WEEK
