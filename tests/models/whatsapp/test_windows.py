"""The 24-hour window: what waits for it, what opens it, and what becomes of rows that nobody opens it for."""

from datetime import timedelta

import pytest

from models.membership import leaving
from models.messages import batching, outbox
from models.messages.outbox import Outbound
from models.people import people
from models.people.people import Account
from models.programme import weeks
from models.releases import deliveries, releases
from models.releases.releases import Release
from models.reminders import asked, reminders
from models.sending import recording, sending
from models.whatsapp import openers, windows
from tests import scene, windowed
from tests.chat import Chatter, Stage

WEEK = "2026-W48"
NUMBER = "+6281317036688"


def press(stage: Stage, address: str = NUMBER) -> int:
    """Somebody writes to us, as the worker notes it; how many rows that lets go."""
    with stage.session() as session, session.begin():
        found = people.account(session, "whatsapp", address)
        assert found is not None
        people.heard([(found, stage.now)])
        return windows.opened(session, stage.now, "whatsapp", [address])


def a_release(stage: Stage, *heard: timedelta | None) -> tuple[int, list[Chatter]]:
    """A release to people on WhatsApp who wrote so long ago; what could go out has gone through the gates."""
    windowed.approve(stage)
    everybody = [windowed.person(stage, f"Orang {n}", f"+62813000{n}", ago) for n, ago in enumerate(heard)]
    scene.item(stage)
    number = scene.release(stage, send=False)
    return number, everybody


def test_a_window_is_open_for_24_hours_from_the_last_message(stage: Stage) -> None:
    account = Account(channel="whatsapp", address=NUMBER, last_inbound_at=stage.now)
    end = stage.now + timedelta(hours=24)
    assert windows.closes_at(account) == end
    assert windows.is_open(account, end - timedelta(seconds=1))
    assert not windows.is_open(account, end)


def test_who_never_wrote_has_no_window_and_other_channels_need_none(stage: Stage) -> None:
    silent = Account(channel="whatsapp", address=NUMBER)
    assert windows.closes_at(silent) is None
    assert not windows.is_open(silent, stage.now)
    assert windows.is_open(Account(channel="telegram", address="1"), stage.now)


def test_what_needs_a_window_that_is_closed_waits_and_the_address_is_asked_once(stage: Stage) -> None:
    windowed.approve(stage)
    windowed.person(stage, "Siti Rahma", NUMBER)
    with stage.session() as session, session.begin():
        for key in ("a", "b"):
            windowed.write(session, stage.now, key, NUMBER)
    assert windowed.take(stage) == []
    assert (windowed.found(stage, "a").status, windowed.found(stage, "a").follows) == (
        outbox.WAITING,
        f"window:whatsapp:{NUMBER}",
    )
    (opener,) = windowed.take(stage)
    assert (opener.op, opener.part, opener.body) == (
        "template",
        openers.PART,
        {"template": "kabar", "params": {"nama": "Siti R."}},
    )


def test_an_open_window_keeps_nothing_back(stage: Stage) -> None:
    windowed.person(stage, "Siti", NUMBER, timedelta(hours=23))
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "a", NUMBER)
    assert [row.key for row in windowed.take(stage)] == ["a"]


def test_a_message_lets_go_of_what_waited_in_its_order_and_before_the_bulk(stage: Stage) -> None:
    number, _ = a_release(stage, windowed.LONG_AGO)
    windowed.take(stage)
    windowed.deliver(stage)
    stage.later(hours=1)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "later", "+628130000")
    assert windowed.take(stage) == []
    assert press(stage, "+628130000") == 2
    gone = windowed.deliver(stage, 3)
    assert [row.part or row.key for row in gone] == ["card", "later", "caption"]
    assert {row.priority for row in gone} == {int(outbox.Priority.NOTICE)}
    with stage.session() as session:
        assert releases.progress(session, number).sent == 1


def test_an_opener_that_has_not_gone_out_is_taken_back_when_the_person_writes(stage: Stage) -> None:
    a_release(stage, windowed.LONG_AGO)
    windowed.take(stage)
    press(stage, "+628130000")
    (opener,) = scene.rows(stage, Outbound.part == openers.PART)
    assert (opener.status, opener.reason) == (outbox.CANCELLED, "opened")


def test_a_message_of_another_address_or_channel_opens_nothing(stage: Stage) -> None:
    a_release(stage, windowed.LONG_AGO, windowed.LONG_AGO)
    windowed.take(stage)
    assert press(stage, "+628130001") == 1
    with stage.session() as session, session.begin():
        assert windows.opened(session, stage.now, "telegram", ["+628130000"]) == 0
    assert [row.status for row in scene.cards(stage)] == [outbox.WAITING, outbox.QUEUED]


def test_progress_tells_who_has_not_opened_the_window(stage: Stage) -> None:
    number, _ = a_release(stage, windowed.LONG_AGO, timedelta(hours=1), None)
    windowed.deliver(stage)
    with stage.session() as session:
        found = releases.progress(session, number)
    assert (found.total, found.sent, found.left, found.unopened) == (3, 1, 2, 2)


def test_a_release_is_over_when_its_week_closes_though_nobody_answered(stage: Stage) -> None:
    number, _ = a_release(stage, windowed.LONG_AGO, timedelta(hours=1))
    windowed.deliver(stage, 3)
    assert scene.settle(stage) == []  # it waits for the one who may still answer
    stage.now = weeks.closing(WEEK, stage.programme)
    assert [ended.id for ended in scene.settle(stage)] == [number]
    with stage.session() as session:
        assert deliveries.reasons(session, number) == {"window": 1}
        assert releases.progress(session, number).cancelled == 1
        assert deliveries.failures(session, number)[1] == [("Orang 0", "Dinas Kesehatan", "window")]
    (card, _) = scene.cards(stage)
    assert card.status == outbox.EXPIRED


def test_a_row_that_ends_while_it_waits_says_that_the_window_was_the_reason(stage: Stage) -> None:
    a_release(stage, windowed.LONG_AGO)
    windowed.take(stage)
    stage.now = weeks.closing(WEEK, stage.programme)
    with stage.session() as session, session.begin():
        sending.expire(session, stage.now)
    (card,) = scene.cards(stage)
    assert (card.status, card.reason) == (outbox.EXPIRED, windows.REASON)


def test_a_notice_without_an_end_waits_a_week_and_no_longer(stage: Stage) -> None:
    windowed.approve(stage)
    windowed.person(stage, "Siti", NUMBER)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "a", NUMBER)
    windowed.take(stage)
    stage.later(days=7)
    with stage.session() as session, session.begin():
        sending.expire(session, stage.now)
    assert windowed.found(stage, "a").reason == windows.REASON


def test_what_is_over_in_some_minutes_asks_nobody_to_open_anything(stage: Stage) -> None:
    windowed.approve(stage)
    windowed.person(stage, "Siti", NUMBER)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "a", NUMBER, expires_at=stage.now + timedelta(seconds=5))
    assert windowed.take(stage) == []
    assert windowed.take(stage) == []
    assert windowed.found(stage, "a").status == outbox.EXPIRED


def test_stopping_a_release_ends_what_waits_and_its_openers(stage: Stage) -> None:
    number, _ = a_release(stage, windowed.LONG_AGO)
    windowed.take(stage)
    with stage.session() as session, session.begin():
        releases.stop(session, session.get_one(Release, number), None, stage.now)
    assert press(stage, "+628130000") == 0
    assert set(scene.statuses(stage)) == {outbox.CANCELLED}


def test_a_paused_release_asks_nobody_and_sends_nothing_to_who_writes(stage: Stage) -> None:
    number, _ = a_release(stage, windowed.LONG_AGO)
    windowed.take(stage)
    with stage.session() as session, session.begin():
        releases.pause(session, session.get_one(Release, number), None, stage.now)
    assert windowed.take(stage) == []  # the opener stays where it is
    press(stage, "+628130000")
    assert windowed.take(stage) == []
    with stage.session() as session, session.begin():
        releases.resume(session, session.get_one(Release, number), None, stage.now)
    assert [row.part for row in windowed.take(stage)] == ["card"]


def test_whoever_leaves_is_asked_nothing_any_more(stage: Stage) -> None:
    number, _ = a_release(stage, windowed.LONG_AGO)
    windowed.take(stage)
    with stage.session() as session, session.begin():
        who = people.account(session, "whatsapp", "+628130000")
        assert who is not None
        leaving.stop(session, who, stage.now)
    assert windowed.take(stage) == []
    with stage.session() as session:
        assert deliveries.reasons(session, number) == {"withdrawn": 1}


def test_rows_that_wait_for_a_window_are_no_orphans(stage: Stage) -> None:
    a_release(stage, windowed.LONG_AGO)
    windowed.take(stage)
    with stage.session() as session, session.begin():
        assert recording.orphans(session) == 0
    assert scene.statuses(stage, Outbound.part == "card") == {outbox.WAITING: 1}


def test_a_window_that_is_open_all_the_same_is_found(stage: Stage) -> None:
    a_release(stage, windowed.LONG_AGO, windowed.LONG_AGO)
    windowed.take(stage)
    with stage.session() as session, session.begin():
        found = people.account(session, "whatsapp", "+628130001")
        assert found is not None
        people.heard([(found, stage.now)])
        assert windows.found_open(session, stage.now) == 1
    assert [row.status for row in scene.cards(stage)] == [outbox.WAITING, outbox.QUEUED]


def test_a_reminder_that_waits_counts_as_one_of_the_two(stage: Stage) -> None:
    _, (siti,) = a_release(stage, timedelta(hours=1))
    windowed.deliver(stage, 3)
    stage.later(days=2)
    with stage.session() as session, session.begin():
        assert reminders.send(session, WEEK, 1, stage.now, stage.programme) == 1
        assert reminders.send(session, WEEK, 2, stage.now, stage.programme) == 1
    assert windowed.take(stage) == []
    (opener,) = windowed.take(stage)
    assert opener.body["template"] == openers.REMINDER
    with stage.session() as session, session.begin():
        assert asked.used_up(session, scene.person(session, siti), WEEK, stage.programme)
        assert reminders.send(session, WEEK, 3, stage.now, stage.programme) == 0


def test_a_proof_takes_back_a_reminder_that_waits(stage: Stage) -> None:
    _, (siti,) = a_release(stage, timedelta(hours=1))
    windowed.deliver(stage, 3)
    stage.later(days=2)
    with stage.session() as session, session.begin():
        reminders.send(session, WEEK, 1, stage.now, stage.programme)
    windowed.take(stage)
    with stage.session() as session, session.begin():
        assert siti.person_id is not None
        reminders.proved(session, siti.person_id, WEEK)
        batching.carry_out(session)
    (row,) = scene.rows(stage, Outbound.part == "reminder")
    assert (row.status, row.reason) == (outbox.CANCELLED, "proved")


@pytest.mark.parametrize("reason", ["refused", "channel"])
def test_what_waited_for_an_opener_that_failed_has_failed_for_the_same_reason(
    stage: Stage, reason: str
) -> None:
    number, _ = a_release(stage, windowed.LONG_AGO)
    windowed.take(stage)
    (opener,) = windowed.take(stage)
    windowed.record(stage, [recording.Outcome(opener.id, opener.key, outbox.FAILED, reason=reason)])
    with stage.session() as session, session.begin():
        assert deliveries.reasons(session, number) == {reason: 1}
        assert deliveries.retry(session, session.get_one(Release, number), None, stage.now) == 1
    stage.later(seconds=1)
    assert windowed.take(stage) == []
    assert [row.part for row in windowed.take(stage)] == [openers.PART]
