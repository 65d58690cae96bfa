"""What stands in which week, and how an item changes its week."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.content import states, versions
from models.content.content import Item
from models.editorial import moves
from models.people.audit import Entry
from models.programme.programme import Dates, Programme
from models.refused import Refused
from models.releases import plans
from tests import scene
from tests.chat import Chatter, Stage
from tests.planning import move, refusal

WEEK, NEXT, THIRD = "2026-W48", "2026-W49", "2026-W50"
ELECTION = Programme(election=(Dates(begin=date(2026, 12, 10), until=date(2026, 12, 10)),))  # in W50


# -- the board ---------------------------------------------------------------------------------


def test_the_plan_begins_with_the_present_week_until_it_is_released(stage: Stage) -> None:
    with stage.session() as session:
        names = plans.coming(session, stage.now, stage.programme)
        assert names[0] == WEEK
        assert len(names) == plans.AHEAD
        early = stage.now - timedelta(days=60)
        assert plans.coming(session, early, stage.programme)[0] == stage.programme.started
    scene.item(stage)
    scene.release(stage)
    with stage.session() as session:
        assert plans.coming(session, stage.now, stage.programme)[0] == NEXT


def test_of_several_items_for_a_week_the_one_that_came_furthest_counts(stage: Stage) -> None:
    opd = stage.agency()
    for status in (states.DRAFT, states.EDITED, states.RETURNED, states.DROPPED, states.REPLACED):
        scene.item(stage, status=status, title=status)
    scene.item(stage, None, status=states.APPROVED)
    with stage.session() as session:
        board = plans.board(session, [WEEK, NEXT])
        assert [item.status for item in board[opd.id, WEEK].items] == ["edited", "returned", "draft"]
        assert board[None, WEEK].ready
        assert not board[opd.id, WEEK].ready
        assert (opd.id, NEXT) not in board
        assert set(plans.board(session, [WEEK], [None])) == {(None, WEEK)}
        assert set(plans.board(session, [WEEK], [opd.id])) == {(opd.id, WEEK)}
        assert plans.ready(board, [opd], WEEK) == 0


def test_every_state_of_an_item_but_those_that_are_gone_has_its_place_in_the_order() -> None:
    named = {state for state, _ in states.TRANSITIONS} | {step.to for step in states.TRANSITIONS.values()}
    assert named - set(plans.ORDER) == {states.DROPPED, states.REPLACED}


def test_a_board_that_changes_has_another_fingerprint(stage: Stage) -> None:
    opd, number = stage.agency(), scene.item(stage, status=states.DRAFT)

    def mark() -> str:
        with stage.session() as session:
            return plans.fingerprint(plans.board(session, [WEEK]), [opd])

    before = mark()
    assert mark() == before
    with stage.session() as session, session.begin():
        session.get_one(Item, number).status = states.RETURNED
    assert mark() != before


def test_a_draft_for_a_week_is_begun_once_and_not_for_a_week_that_is_taken(stage: Stage) -> None:
    siti = stage.person("Siti", role="creator")
    scene.item(stage, week=THIRD)
    with stage.session() as session, session.begin():
        author = scene.person(session, siti)
        opd_id = author.opd_id
        item = plans.start(session, author, opd_id, NEXT, stage.now, stage.programme)
        assert (item.week, item.opd_id, item.status) == (NEXT, opd_id, states.DRAFT)
        assert plans.start(session, author, opd_id, NEXT, stage.now, stage.programme) is item

        def start(week: str, who: int | None = opd_id) -> None:
            plans.start(session, author, who, week, stage.now, stage.programme)

        assert refusal(start, THIRD) == "submitting.week_taken"
        assert refusal(start, "2026-W40") == "submitting.week_over"
        assert refusal(start, NEXT, None) == "roles.may_not"


# -- moving ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", plans.MOVABLE)
def test_an_item_moves_in_every_state_before_its_release_and_stays_in_that_state(
    stage: Stage, planner: Chatter, status: str
) -> None:
    number = scene.item(stage, status=status, week=WEEK)
    done = move(stage, planner, number, NEXT)
    item = scene.found(stage, number)
    assert (item.week, item.status) == (NEXT, status)
    assert [(one.id, before) for one, before in done.items] == [(number, WEEK)]
    assert done.locked == ()
    with stage.session() as session:
        [entry] = session.scalars(select(Entry).where(Entry.act == "replan")).all()
        assert (entry.before, entry.after, entry.actor_id) == (status, status, planner.person_id)
        assert (entry.detail["was"], entry.detail["week"]) == (WEEK, NEXT)
        kept = [(one.edits, one.body["week"]) for one in versions.of(session, item)]
    # What somebody was shown of a waiting or approved item is another text now, and that is kept.
    open_ = status in states.OPEN_TO_AUTHOR
    assert item.edits == (0 if open_ else 1)
    assert kept == ([] if open_ else [(1, NEXT)])


@pytest.mark.parametrize("status", [states.RELEASED, states.CLOSED, states.DROPPED, states.REPLACED])
def test_what_was_released_or_is_gone_does_not_move(stage: Stage, planner: Chatter, status: str) -> None:
    number = scene.item(stage, status=status)
    assert refusal(move, stage, planner, number, NEXT) == "planning.not_movable"
    assert scene.found(stage, number).week == WEEK


@pytest.mark.parametrize(
    ("role", "opd", "may"),
    [
        ("planner", "DINKES", True),
        ("editor", "DINKES", True),
        ("controller", "BAPPEDA", True),
        ("creator", "DINKES", False),
        ("planner", "DISDIK", False),
        ("tag", "DINKES", False),
        ("leader", "DINKES", False),
        ("admin", "DINKES", False),
        ("", "DINKES", False),
    ],
)
def test_who_moves_the_items_of_an_opd(stage: Stage, role: str, opd: str, may: bool) -> None:
    number, who = scene.item(stage, status=states.DRAFT), stage.person("Rina", opd, role=role)
    if may:
        move(stage, who, number, NEXT)
    else:
        assert refusal(move, stage, who, number, NEXT) == "roles.may_not"
    assert scene.found(stage, number).week == (NEXT if may else WEEK)


def test_provincial_items_are_moved_by_controllers_and_the_provincial_team_alone(stage: Stage) -> None:
    number = scene.item(stage, None, status=states.DRAFT)
    planner, team = stage.person("Rina", role="planner"), stage.person("Tio", "PROV", role="planner")
    assert refusal(move, stage, planner, number, NEXT) == "roles.may_not"
    move(stage, team, number, NEXT)
    move(stage, stage.person("Andi", "BAPPEDA", role="controller"), number, THIRD)
    assert scene.found(stage, number).week == THIRD
    with stage.session() as session, session.begin():
        scene.person(session, team).active = False
    assert refusal(move, stage, team, number, NEXT) == "roles.may_not"


def test_every_conflict_has_its_reason(stage: Stage, planner: Chatter) -> None:
    number = scene.item(stage, status=states.APPROVED, week=NEXT)
    other = scene.item(stage, week=THIRD, title="Sudah disetujui")
    scene.item(stage, "DISDIK", week=WEEK)
    scene.release(stage)
    assert refusal(move, stage, planner, number, NEXT) == "planning.week_here"
    assert refusal(move, stage, planner, number, WEEK) == "planning.week_released"
    assert refusal(move, stage, planner, number, "2026-W47") == "planning.week_over"
    assert refusal(move, stage, planner, number, "2027-W20") == "planning.week_far"
    with pytest.raises(Refused) as caught:
        move(stage, planner, number, THIRD)
    assert caught.value.key == "planning.week_taken"
    assert caught.value.params == {"week": THIRD, "id": other, "title": "Sudah disetujui"}
    stage.later(days=21)
    assert refusal(move, stage, planner, number, THIRD) == "planning.week_over"


def test_a_new_version_may_go_to_the_week_of_the_item_that_it_replaces(
    stage: Stage, planner: Chatter
) -> None:
    old = scene.item(stage, week=THIRD)
    new = scene.item(stage, week=NEXT, status=states.SUBMITTED)
    with stage.session() as session, session.begin():
        session.get_one(Item, new).replaces_id = old
    move(stage, planner, new, THIRD)
    assert scene.found(stage, new).week == THIRD


def test_a_reviewer_with_an_old_preview_does_not_approve_for_another_week(
    stage: Stage, planner: Chatter
) -> None:
    number = scene.item(stage, status=states.CHECKED)
    controller = stage.person("Andi", "BAPPEDA", role="controller")
    shown = moves.seen(scene.found(stage, number))
    move(stage, planner, number, NEXT)

    def approve(seen: moves.Seen) -> None:
        with stage.session() as session, session.begin():
            item, by = session.get_one(Item, number), scene.person(session, controller)
            moves.move(session, item, "approve", by, stage.now, stage.programme, shown=seen)

    assert refusal(approve, shown) == "reviewing.newer"
    approve(moves.seen(scene.found(stage, number)))
    assert (scene.found(stage, number).status, scene.found(stage, number).week) == (states.APPROVED, NEXT)


def test_an_approved_item_that_comes_into_an_election_needs_the_second_approval(
    stage: Stage, planner: Chatter
) -> None:
    number, waiting = scene.item(stage), scene.item(stage, status=states.CHECKED)
    done = move(stage, planner, number, THIRD, ELECTION)
    assert [item.id for item in done.locked] == [number]
    assert scene.found(stage, number).status == states.CONFIRMING
    assert move(stage, planner, waiting, THIRD, ELECTION).locked == ()
    assert scene.found(stage, waiting).status == states.CHECKED
    assert plans.in_election(THIRD, ELECTION)
    assert not plans.in_election(NEXT, ELECTION)
    move(stage, planner, number, NEXT, ELECTION)
    assert scene.found(stage, number).status == states.CONFIRMING  # who asked for a second look gets one
