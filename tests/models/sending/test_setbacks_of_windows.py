"""Failures that are reported of the window, and of the openers that ask for one."""

from models.messages import outbox
from models.messages.outbox import Outbound
from models.whatsapp import openers, templates, windows
from tests import scene, windowed
from tests.chat import Stage
from tests.setbacks import (
    GONE,
    LATER,
    NUMBER,
    TEMPLATE,
    WINDOW,
    a_notice,
    an_opener,
    report,
    the_opener,
    write,
)

# -- the window ------------------------------------------------------------------------------------


def test_a_window_that_the_channel_calls_shut_is_shut_until_the_next_message(stage: Stage) -> None:
    number = a_notice(stage)
    stage.later(minutes=5)
    report(stage, number, WINDOW)
    row = windowed.found(stage, "a")
    assert (row.status, row.follows, row.attempts) == (outbox.WAITING, f"window:whatsapp:{NUMBER}", 1)
    assert the_opener(stage).status == outbox.QUEUED
    with stage.session() as session, session.begin():
        assert windows.found_open(session, stage.now) == 0, "our own clock says that it is open"
        windowed.write(session, stage.now, "b", NUMBER)
    assert [one.part for one in windowed.deliver(stage)] == [openers.PART]
    assert windowed.found(stage, "b").status == outbox.WAITING
    write(stage)
    assert [one.key for one in windowed.deliver(stage)] == ["a", "b"]


def test_who_has_written_since_gets_it_again_at_once(stage: Stage) -> None:
    number = a_notice(stage)
    stage.later(minutes=5)
    write(stage)
    stage.later(minutes=5)
    report(stage, number, WINDOW)
    assert [row.key for row in windowed.deliver(stage)] == ["a"]
    assert scene.count(stage, Outbound, Outbound.part == openers.PART) == 0


def test_an_opener_cannot_wait_for_a_window(stage: Stage) -> None:
    card, opener = an_opener(stage)
    report(stage, opener, WINDOW)
    assert (the_opener(stage).status, the_opener(stage).reason) == (outbox.FAILED, "window")
    (row,) = scene.cards(stage)
    assert (row.id, row.status, row.reason) == (card, outbox.FAILED, "window")


# -- openers ---------------------------------------------------------------------------------------


def test_an_opener_that_is_tried_again_takes_nobody_along(stage: Stage) -> None:
    _, opener = an_opener(stage)
    report(stage, opener, LATER)
    assert scene.cards(stage)[0].status == outbox.WAITING
    stage.later(minutes=20)
    assert [row.id for row in windowed.deliver(stage)] == [opener]
    report(stage, opener, "")  # of the first attempt, which has the same name here
    assert scene.cards(stage)[0].status == outbox.WAITING


def test_an_opener_whose_failure_is_final_takes_along_what_waits(stage: Stage) -> None:
    _, opener = an_opener(stage)
    report(stage, opener, GONE)
    (card,) = scene.cards(stage)
    assert (card.status, card.reason) == (outbox.FAILED, "refused")


def test_an_opener_is_not_tried_again_where_the_window_is_open_by_then(stage: Stage) -> None:
    _, opener = an_opener(stage)
    write(stage)
    report(stage, opener, LATER)
    assert (the_opener(stage).status, the_opener(stage).reason) == (outbox.CANCELLED, "opened")
    assert [row.part for row in windowed.deliver(stage)] == ["card"]


def test_an_opener_is_not_tried_again_where_the_address_is_asked_already(stage: Stage) -> None:
    _, opener = an_opener(stage)
    with stage.session() as session, session.begin():
        other = {"op": "template", "part": openers.PART, "target": openers.NEWS}
        windowed.write(session, stage.now, f"opener:whatsapp:{NUMBER}:2", NUMBER, **other)
    report(stage, opener, LATER)
    found = {row.key.rpartition(":")[2]: row.status for row in scene.rows(stage, Outbound.part == "opener")}
    assert found.pop("2") == outbox.QUEUED
    assert list(found.values()) == [outbox.CANCELLED]


def test_a_template_that_cannot_be_sent_is_not_used_and_asked_for_again_when_it_can(stage: Stage) -> None:
    _, opener = an_opener(stage)
    report(stage, opener, TEMPLATE)
    assert (the_opener(stage).status, the_opener(stage).reason) == (outbox.CANCELLED, openers.UNUSABLE)
    assert scene.cards(stage)[0].status == outbox.WAITING
    with stage.session() as session, session.begin():
        found = templates.known(session, openers.CONTENT)
        assert found is not None
        assert (found.state, found.reason) == (templates.DISABLED, TEMPLATE)
        assert openers.keep(session, stage.now, stage.programme) == 0
    windowed.approve(stage)
    stage.later(minutes=1)
    with stage.session() as session, session.begin():
        assert openers.keep(session, stage.now, stage.programme) == 1
