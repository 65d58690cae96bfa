"""Whose openers go first where there is not room for all, and those that would come too late."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people
from models.programme import weeks
from models.releases import deliveries, rerouting
from models.releases.releases import Release
from models.whatsapp import openers, portfolio, windows
from models.whatsapp.openers import Wanted
from tests import scene, windowed
from tests.chat import Stage
from tests.opening import crowd, full, plan, planned, programme

DAY = timedelta(hours=24)
NOON = datetime(2026, 11, 25, 5, tzinfo=UTC)


def test_what_is_over_before_there_is_room_is_not_planned_at_all(stage: Stage) -> None:
    first, second, third, fourth = full(stage, 2, 4)
    soon, late = stage.now + timedelta(hours=23), stage.now + timedelta(hours=30)
    asked = [
        Wanted(address, openers.CONTENT, 2, None, None, end)
        for address, end in ((first, soon), (second, late), (third, late), (fourth, late))
    ]
    assert plan(stage, *asked) == 2
    assert planned(stage) == {second: 24, third: 24}, "and nobody's place is kept for who cannot use it"


def test_a_card_for_which_there_is_no_room_waits_and_ends_with_the_window_as_its_reason(stage: Stage) -> None:
    stage.programme = programme(limit=1)
    windowed.approve(stage)
    addresses = crowd(stage, 12)
    scene.item(stage)
    number = scene.release(stage, send=False)
    windowed.take(stage)
    ends = weeks.closing("2026-W48", stage.programme)
    hours = planned(stage)
    assert len(hours) == 7, "as many as there are days in this week"
    assert all(stage.now + timedelta(hours=one) < ends for one in hours.values())
    with stage.session() as session, session.begin():
        assert openers.keep(session, stage.now + timedelta(minutes=1), stage.programme) == 0
        found = people.account(session, "whatsapp", addresses[-1])
        assert found is not None
        people.heard([(found, stage.now)])
        assert windows.opened(session, stage.now, "whatsapp", addresses[-1:]) == 1, "who writes gets it"
    windowed.deliver(stage, 3)
    stage.now = ends
    scene.settle(stage)
    with stage.session() as session:
        assert deliveries.reasons(session, number) == {"window": 11}


def test_a_place_that_gets_free_is_given_to_who_had_none(stage: Stage) -> None:
    stage.programme = programme(limit=1)
    windowed.approve(stage)
    crowd(stage, 12)
    scene.item(stage)
    scene.release(stage, send=False)
    windowed.take(stage)
    soonest = min(planned(stage), key=lambda address: planned(stage)[address])
    with stage.session() as session, session.begin():
        people.block(session, "whatsapp", soonest, stage.now)
        rerouting.blocked(session, stage.now, "whatsapp", soonest)
    stage.later(minutes=1)
    with stage.session() as session, session.begin():
        assert openers.keep(session, stage.now, stage.programme) == 1


def test_the_more_urgent_take_the_places_of_the_less_urgent(stage: Stage) -> None:
    reminded, weekly, notice = full(stage, 1, 3)
    plan(stage, Wanted(reminded, openers.REMINDER, 2, None, None, None))
    assert planned(stage) == {reminded: 24}
    plan(stage, Wanted(weekly, openers.CONTENT, 2, None, None, None))
    assert planned(stage) == {weekly: 24, reminded: 48}
    plan(stage, Wanted(notice, openers.NEWS, 1, None, None, None))
    assert planned(stage) == {notice: 24, weekly: 48, reminded: 72}


def test_those_asked_at_once_are_planned_by_their_urgency(stage: Stage) -> None:
    reminded, weekly, notice = full(stage, 1, 3)
    plan(
        stage,
        Wanted(reminded, openers.REMINDER, 2, None, None, None),
        Wanted(weekly, openers.CONTENT, 2, None, None, None),
        Wanted(notice, openers.NEWS, 1, None, None, None),
    )
    assert planned(stage) == {notice: 24, weekly: 48, reminded: 72}


def test_who_is_overtaken_beyond_the_own_end_is_taken_back(stage: Stage) -> None:
    reminded, notice = full(stage, 1, 2)
    plan(stage, Wanted(reminded, openers.REMINDER, 2, None, None, stage.now + timedelta(hours=30)))
    plan(stage, Wanted(notice, openers.NEWS, 1, None, None, None))
    assert planned(stage) == {notice: 24}
    (gone,) = scene.rows(stage, Outbound.part == openers.PART, Outbound.address == reminded)
    assert (gone.status, gone.reason) == (outbox.CANCELLED, portfolio.NO_ROOM)


def test_an_urgent_notice_without_room_in_time_takes_the_place_of_a_reminder(stage: Stage) -> None:
    reminded, notice = full(stage, 1, 2)
    plan(stage, Wanted(reminded, openers.REMINDER, 2, None, None, None))
    plan(stage, Wanted(notice, openers.NEWS, 1, None, None, stage.now + timedelta(hours=30)))
    assert planned(stage) == {notice: 24, reminded: 48}


def test_an_urgent_release_goes_before_the_weeks(stage: Stage) -> None:
    weekly, urgent = full(stage, 1, 2)
    plan(stage, Wanted(weekly, openers.CONTENT, 2, None, None, None))
    item = scene.item(stage, urgent=True)
    with stage.session() as session, session.begin():
        release = urgent_release(session, item, stage)
    plan(stage, Wanted(urgent, openers.CONTENT, 2, release, None, None))
    assert planned(stage) == {urgent: 24, weekly: 48}
    (row,) = scene.rows(stage, Outbound.address == urgent, Outbound.part == openers.PART)
    assert row.priority == outbox.Priority.NOTICE


def urgent_release(session: Session, item: int, stage: Stage) -> int:
    made = Release(
        week="", status="running", started_at=stage.now, closes_at=stage.now + 7 * DAY, item_id=item
    )
    session.add(made)
    session.flush()
    return made.id


hurries = st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.integers(1, 120)), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 3), st.lists(hurries, min_size=1, max_size=3))
def test_however_they_are_asked_the_limit_holds_and_nobody_is_asked_after_the_end(
    stage: Stage, limit: int, rounds: list[list[tuple[int, int]]]
) -> None:
    stage.programme = programme(limit=limit)
    windowed.approve(stage)
    template = {0: openers.NEWS, 1: openers.CONTENT, 2: openers.REMINDER}
    for asked in rounds:
        addresses = [f"+62814{next(numbers):07}" for _ in asked]
        with stage.session() as session, session.begin():
            for address in addresses:
                people.meet(session, "whatsapp", address, "", stage.now).last_inbound_at = None
            wanted = [
                Wanted(address, template[hurry], 1 if hurry == 0 else 2, None, None, stage.now + hours * HOUR)
                for address, (hurry, hours) in zip(addresses, asked, strict=True)
            ]
            openers.send(session, stage.now, wanted, stage.programme)
    rows = scene.rows(stage, Outbound.part == openers.PART, Outbound.status == outbox.QUEUED)
    assert all(row.expires_at is not None and row.due_at < row.expires_at for row in rows)
    assert not _crowded(sorted(row.due_at for row in rows), limit)
    with stage.session() as session, session.begin():
        session.execute(delete(Outbound))


HOUR = timedelta(hours=1)
numbers = itertools.count(1)
moments = st.lists(st.integers(0, 47), max_size=12).map(
    lambda hours: [NOON + timedelta(hours=h) for h in hours]
)


@given(moments, st.integers(1, 5), st.integers(1, 20))
def test_in_no_span_of_24_hours_are_there_more_than_the_limit(
    before: list[datetime], limit: int, number: int
) -> None:
    now = NOON + timedelta(hours=24)
    kept = [at for at in before if at > now - DAY]
    while _crowded(sorted(kept), limit):  # the beginning keeps the rule itself
        kept.pop()
    newest = sorted(kept)[-limit:]
    window = min(number, limit)
    oldest = newest[: max(0, window - (limit - len(newest)))]
    line = portfolio.Line(oldest, window - len(oldest), now, max(newest, default=now))
    planned = [line.take() for _ in range(number)]
    assert all(at >= now for at in planned)
    assert planned == sorted(planned)
    assert not _crowded(sorted(kept + planned), limit)


def _crowded(times: list[datetime], limit: int) -> bool:
    return any(later - sooner < DAY for sooner, later in zip(times, times[limit:], strict=False))
