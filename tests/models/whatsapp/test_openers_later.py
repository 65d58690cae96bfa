"""Openers that are tried again, and those that are to go out in the quiet hours."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from models.messages import outbox
from models.messages.outbox import Outbound, Priority
from models.sending import callbacks, sending, settling
from models.sending.callbacks import Rules
from models.sending.recording import Outcome
from models.sending.setbacks import Kind, Patience, Verdict
from models.whatsapp import openers
from models.whatsapp.openers import Wanted
from tests import scene, windowed
from tests.chat import Stage
from tests.opening import ask, crowd, full, plan, planned, programme

EVENING = datetime(2026, 11, 25, 12, 50, tzinfo=UTC)  # 19.50, ten minutes before the quiet hours
NIGHT = datetime(2026, 11, 25, 17, 1, tzinfo=UTC)  # 00.01
MORNING = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)  # 07.00


def keep(stage: Stage) -> int:
    with stage.session() as session, session.begin():
        return openers.keep(session, stage.now, stage.programme)


def refused(stage: Stage, wait: timedelta) -> None:
    """All openers that are due are refused, and tried again after so long."""
    due = stage.now + wait
    rows = windowed.take(stage)
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, due_at=due, attempt=1) for row in rows])


def waiting(stage: Stage, address: str, priority: Priority = Priority.BULK) -> None:
    """A row that waits for a window, for which nobody could be asked yet."""
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, f"to:{address}", address, priority=priority)
    windowed.take(stage)


@pytest.mark.parametrize("wait", [timedelta(minutes=15), timedelta(hours=24)])
def test_an_opener_that_is_tried_again_keeps_its_wait_however_much_room_there_is(
    stage: Stage, wait: timedelta
) -> None:
    windowed.approve(stage)
    (address,) = crowd(stage, 1)
    ask(stage, [address])
    refused(stage, wait)
    due = stage.now + wait
    for _ in range(3):
        stage.later(minutes=1)
        keep(stage)
    (row,) = scene.rows(stage, Outbound.part == openers.PART)
    assert (row.status, row.due_at, row.attempts) == (outbox.QUEUED, due, 1)


def test_the_place_of_one_that_is_tried_again_is_not_given_away(stage: Stage) -> None:
    stage.programme = programme(limit=1)
    windowed.approve(stage)
    again, other = crowd(stage, 2)
    ask(stage, [again])
    refused(stage, timedelta(hours=2))
    ask(stage, [other])
    keep(stage)
    assert planned(stage) == {again: 2, other: 26}


def test_nobody_takes_the_place_of_one_that_is_tried_again(stage: Stage) -> None:
    reminded, notice = full(stage, 1, 2)
    plan(stage, Wanted(reminded, openers.REMINDER, 2, None, None, None))
    stage.later(hours=24)
    refused(stage, timedelta(hours=2))
    plan(stage, Wanted(notice, openers.NEWS, 1, None, None, None))
    assert planned(stage) == {reminded: 2, notice: 26}


def test_at_night_nobody_is_asked_for_what_is_in_no_hurry(stage: Stage) -> None:
    """The template was approved, or a new month has begun, at midnight."""
    weekly, notice = crowd(stage, 2)
    stage.now = NIGHT
    waiting(stage, weekly)
    waiting(stage, notice, Priority.NOTICE)
    windowed.approve(stage)
    assert keep(stage) == 1
    assert list(planned(stage)) == [notice]
    stage.now = MORNING
    assert keep(stage) == 1
    assert planned(stage)[weekly] == 0


@pytest.mark.parametrize("limit", [0, 250])
def test_an_opener_that_would_be_tried_again_at_night_waits_until_morning(stage: Stage, limit: int) -> None:
    stage.programme = programme(limit=limit)
    stage.now = EVENING
    windowed.approve(stage)
    weekly, notice = crowd(stage, 2)
    plan(stage, Wanted(weekly, openers.CONTENT, 2, None, None, None))
    plan(stage, Wanted(notice, openers.NEWS, 1, None, None, None))
    refused(stage, timedelta(minutes=15))
    stage.later(minutes=1)
    keep(stage)
    dues = {row.address: row.due_at for row in scene.rows(stage, Outbound.part == openers.PART)}
    assert dues == {weekly: MORNING, notice: EVENING + timedelta(minutes=15)}


def _refused_at_once(stage: Stage) -> None:
    refused(stage, timedelta(seconds=5))


def _reported_as_failed(stage: Stage) -> None:
    (row,) = windowed.deliver(stage)
    with stage.session() as session, session.begin():
        callbacks.note(session, stage.now, "whatsapp", [(f"SM{row.id}", "failed", "63012")])
        rules = Rules({"63012": Verdict(Kind.AGAIN, "channel")}, Patience(), stage.programme)
        callbacks.apply(session, stage.now, 10, rules)


def _never_heard_of_again(stage: Stage) -> None:
    """Its sender died, and nobody could say whether it had arrived."""
    (row,) = windowed.take(stage)
    with stage.session() as session, session.begin():
        settling.mark(session, {row.id: [settling.ANY]})
        sending.reclaim(session, stage.now, owners_gone=True)
        settling.go_on(session, stage.now, [row.id], "too late")


def _halted(stage: Stage) -> None:
    """The channel rests: nobody's attempt."""
    (row,) = windowed.take(stage)
    due = stage.now + timedelta(seconds=5)
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, error="63001", due_at=due)])


@pytest.mark.parametrize("trouble", [_refused_at_once, _reported_as_failed, _never_heard_of_again, _halted])
def test_a_second_try_of_an_opener_in_no_hurry_never_goes_out_at_night_however_short_its_wait(
    stage: Stage, trouble: Callable[[Stage], None]
) -> None:
    """The sender may come before the next look at the plan does."""
    stage.now = NIGHT
    windowed.approve(stage)
    (weekly,) = crowd(stage, 1)
    plan(stage, Wanted(weekly, openers.CONTENT, 2, None, None, None))
    trouble(stage)
    stage.later(seconds=6)
    assert windowed.take(stage) == []
    (row,) = scene.rows(stage, Outbound.part == openers.PART)
    assert (row.status, row.due_at, row.lease_owner) == (outbox.QUEUED, MORNING, None)
    stage.now = MORNING
    assert [row.address for row in windowed.take(stage)] == [weekly]


def test_a_second_try_of_an_urgent_opener_goes_out_at_night(stage: Stage) -> None:
    stage.now = NIGHT
    windowed.approve(stage)
    (notice,) = crowd(stage, 1)
    plan(stage, Wanted(notice, openers.NEWS, 1, None, None, None))
    refused(stage, timedelta(seconds=5))
    stage.later(seconds=6)
    assert [row.address for row in windowed.take(stage)] == [notice]
