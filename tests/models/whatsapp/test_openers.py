"""Openers: which one, to whom, how many in a day, when, and what they cost."""

from datetime import UTC, datetime, timedelta

import pytest

from models.messages.outbox import Outbound
from models.people import people
from models.releases import releases
from models.releases.releases import Release
from models.whatsapp import openers
from tests import scene, windowed
from tests.chat import Stage
from tests.opening import ask, crowd, dues, programme

DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("part", "key", "name"),
    [
        ("card", "release:1:person:2:card", openers.CONTENT),
        ("album", "release:1:person:2:album", openers.CONTENT),
        ("caption", "release:1:person:2:caption", openers.CONTENT),
        ("reminder", "reminder:2026-W48:1:person:2", openers.REMINDER),
        ("", "digest:2026-W48:1:whatsapp:+62", openers.PACK),
        ("", "item:42:submitted:person:2", openers.NEWS),
        ("live", "live:42:soon:person:2", openers.NEWS),
    ],
)
def test_what_waits_says_which_template_asks_for_it(part: str, key: str, name: str) -> None:
    assert openers.template_of(part, key) == name


def test_the_key_of_an_opener_tells_its_address_and_no_other_key_does() -> None:
    assert openers.address_of("opener:whatsapp:+628123:1764043200") == ("whatsapp", "+628123")
    assert openers.address_of("opener:whatsapp:ID:55:1764043200") == ("whatsapp", "ID:55")
    assert openers.address_of("release:1:person:2:card") is None


def test_an_address_is_asked_once_a_day_as_long_as_it_says_nothing(stage: Stage) -> None:
    windowed.approve(stage)
    addresses = crowd(stage, 1)
    assert ask(stage, addresses * 2) == 1
    stage.later(seconds=5)
    assert ask(stage, addresses, openers.NEWS) == 0  # one is on its way
    windowed.deliver(stage)
    stage.later(hours=23)
    assert ask(stage, addresses) == 0
    stage.later(hours=1)
    assert ask(stage, addresses) == 1


def test_who_stopped_us_and_who_is_unknown_is_asked_nothing(stage: Stage) -> None:
    windowed.approve(stage)
    (address,) = crowd(stage, 1)
    with stage.session() as session, session.begin():
        people.block(session, "whatsapp", address, stage.now)
    assert ask(stage, [address, "+620000"]) == 0


def test_a_row_for_somebody_who_stopped_us_fails_and_nobody_is_asked(stage: Stage) -> None:
    windowed.approve(stage)
    (address,) = crowd(stage, 1)
    with stage.session() as session, session.begin():
        people.block(session, "whatsapp", address, stage.now)
        windowed.write(session, stage.now, "a", address)
    assert windowed.take(stage) == []
    assert (windowed.found(stage, "a").status, windowed.found(stage, "a").reason) == ("failed", "blocked")
    assert dues(stage) == {}


def test_a_template_that_is_not_approved_asks_nobody_until_it_is(stage: Stage) -> None:
    (address,) = crowd(stage, 1)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "a", address)
    windowed.take(stage)
    assert dues(stage) == {}
    windowed.approve(stage)
    stage.later(minutes=1)
    with stage.session() as session, session.begin():
        assert openers.keep(session, stage.now, stage.programme) == 1
        assert openers.keep(session, stage.now, stage.programme) == 0


def test_nobody_is_asked_twice_for_the_same_rows(stage: Stage) -> None:
    windowed.approve(stage)
    (address,) = crowd(stage, 1)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "a", address)
    windowed.take(stage)
    windowed.deliver(stage)
    for _ in range(4):
        stage.later(hours=25)
        with stage.session() as session, session.begin():
            assert openers.keep(session, stage.now, stage.programme) == 0
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "b", address)
    windowed.take(stage)
    assert len(windowed.take(stage)) == 1  # something new waits


# -- the portfolio's limit -------------------------------------------------------------------------


def test_beyond_the_limit_openers_are_due_when_there_is_room_in_the_order_of_asking(stage: Stage) -> None:
    stage.programme = programme(limit=3)
    windowed.approve(stage)
    addresses = crowd(stage, 8)
    assert ask(stage, addresses[:2]) == 2
    windowed.deliver(stage)
    first = stage.now
    stage.later(hours=2)
    assert ask(stage, addresses[2:]) == 6
    assert [row.address for row in scene.rows(stage, Outbound.part == openers.PART)] == addresses
    second = first + timedelta(hours=2)
    assert dues(stage) == {first: 2, second: 1, first + DAY: 2, second + DAY: 1, first + 2 * DAY: 2}


def test_without_a_limit_all_are_due_now(stage: Stage) -> None:
    stage.programme = programme(limit=0)
    windowed.approve(stage)
    assert ask(stage, crowd(stage, 5)) == 5
    assert dues(stage) == {stage.now: 5}


def test_openers_that_move_are_not_due_in_the_quiet_hours(stage: Stage) -> None:
    stage.programme = programme(limit=1)
    windowed.approve(stage)
    stage.now = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)  # 21.00: somebody writes at that hour all the same
    addresses = crowd(stage, 3)
    ask(stage, addresses)
    morning = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)  # 07.00
    assert sorted(dues(stage)) == [stage.now, morning, morning + DAY]


def test_reminders_count_in_the_limit(stage: Stage) -> None:
    stage.programme = programme(limit=2)
    windowed.approve(stage)
    addresses = crowd(stage, 3)
    ask(stage, addresses[:2], openers.REMINDER)
    ask(stage, addresses[2:], openers.CONTENT)
    assert dues(stage) == {stage.now: 2, stage.now + DAY: 1}


def test_openers_that_were_kept_back_do_not_crowd_the_day_after(stage: Stage) -> None:
    """A paused release: its openers are planned, and go out much later than that."""
    stage.programme = programme(limit=2)
    windowed.approve(stage)
    crowd(stage, 4)
    scene.item(stage)
    number = scene.release(stage, send=False)
    windowed.take(stage)
    with stage.session() as session, session.begin():
        releases.pause(session, session.get_one(Release, number), None, stage.now)
    stage.later(hours=20)
    with stage.session() as session, session.begin():
        releases.resume(session, session.get_one(Release, number), None, stage.now)
    assert len(windowed.deliver(stage)) == 2
    sent = stage.now
    stage.later(hours=4)  # by plan the others are due now
    assert windowed.take(stage) == []
    stage.later(hours=20)
    assert stage.now == sent + DAY
    assert len(windowed.deliver(stage)) == 2
