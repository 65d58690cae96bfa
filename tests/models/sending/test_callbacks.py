"""What a channel reports of a sent message: in any order, doubled, too early, and of failures too late."""

import itertools
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people
from models.releases import deliveries, releases, watching
from models.releases.releases import Release
from models.sending import callbacks, reported, setbacks
from models.sending.callbacks import Rules, StatusReport
from models.sending.setbacks import Kind, Verdict
from models.whatsapp import openers
from tests import scene, windowed
from tests.chat import Stage

NUMBER = "+6281317036688"
RULES = Rules({"63024": Verdict(Kind.FINAL, "number"), "63014": Verdict(Kind.BLOCKED, "blocked")})
NAMES = sorted(reported.MEANING)
numbers = itertools.count(1)


def report(stage: Stage, *reports: tuple[str, str, str]) -> int:
    with stage.session() as session, session.begin():
        return callbacks.note(session, stage.now, "whatsapp", reports)


def applied(stage: Stage, limit: int = 100) -> int:
    with stage.session() as session, session.begin():
        return callbacks.apply(session, stage.now, limit, RULES).met


def sent(stage: Stage, external_id: str = "SM1", key: str = "a", **more: object) -> None:
    """A row that went out, under this name."""
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, key, NUMBER, **more)
        row = session.query(Outbound).where(Outbound.key == key).one()
        row.status, row.sent_at, row.external_id = outbox.SENT, stage.now, external_id


def state(stage: Stage, key: str = "a") -> tuple[str, str, str]:
    row = windowed.found(stage, key)
    return row.status, row.delivery, row.reason


def test_a_message_moves_forward_from_sent_to_read(stage: Stage) -> None:
    sent(stage)
    for name in ("queued", "sent", "delivered", "read"):
        assert report(stage, ("SM1", name, "")) == 1
        assert applied(stage) == 1
    assert state(stage) == (outbox.SENT, "read", "")
    assert windowed.found(stage, "a").delivered_at == stage.now


def test_what_comes_late_takes_nothing_back(stage: Stage) -> None:
    sent(stage)
    report(stage, ("SM1", "read", ""))
    applied(stage)
    report(stage, ("SM1", "delivered", ""), ("SM1", "sent", ""))
    applied(stage)
    assert state(stage) == (outbox.SENT, "read", "")


def test_a_failure_reported_afterwards_makes_a_sent_row_a_failed_one(stage: Stage) -> None:
    sent(stage)
    stage.later(minutes=5)
    report(stage, ("SM1", "undelivered", "63024"))
    applied(stage)
    assert state(stage) == (outbox.FAILED, "undelivered", "number")
    row = windowed.found(stage, "a")
    assert (row.error, row.due_at) == ("undelivered 63024", stage.now)


def test_a_code_that_nobody_named_is_a_refusal(stage: Stage) -> None:
    sent(stage)
    report(stage, ("SM1", "failed", "12345"))
    applied(stage)
    assert state(stage)[2] == setbacks.REFUSED.reason


def test_reports_are_stored_once_and_those_that_say_nothing_are_not(stage: Stage) -> None:
    assert report(stage, ("SM1", "sent", ""), ("SM1", "sent", ""), ("SM1", "received", "")) == 1
    assert report(stage, ("SM1", "sent", "")) == 0
    assert report(stage, ("", "sent", "")) == 0
    assert scene.count(stage, StatusReport) == 1


def test_a_report_that_comes_before_the_row_has_its_name_is_kept(stage: Stage) -> None:
    report(stage, ("SM1", "delivered", ""))
    assert applied(stage) == 0
    sent(stage)
    assert applied(stage) == 0  # it is looked at again in a moment
    stage.later(seconds=2)
    assert applied(stage) == 1
    assert state(stage) == (outbox.SENT, "delivered", "")


def test_a_report_of_a_message_that_nobody_knows_is_kept_for_a_day(stage: Stage) -> None:
    report(stage, ("SM9", "delivered", ""))
    for _ in range(20):
        stage.later(hours=1)
        applied(stage)
    assert scene.count(stage, StatusReport) == 1
    stage.later(days=1)
    applied(stage)
    assert scene.count(stage, StatusReport) == 0


def test_reports_that_met_their_row_are_not_kept_for_ever(stage: Stage) -> None:
    sent(stage)
    report(stage, ("SM1", "delivered", ""), ("SM2", "delivered", ""))
    applied(stage)
    with stage.session() as session, session.begin():
        assert callbacks.prune(session, stage.now) == 0
        assert callbacks.prune(session, stage.now + timedelta(seconds=1)) == 1


def test_a_name_of_another_channel_is_another_message(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        outbox.queue(session, stage.now, "t", "telegram", "1", body={"text": "general.back"})
        row = session.query(Outbound).where(Outbound.key == "t").one()
        row.status, row.external_id = outbox.SENT, "SM1"
    report(stage, ("SM1", "failed", ""))
    assert applied(stage) == 0
    assert state(stage, "t") == (outbox.SENT, "", "")


def test_a_report_of_an_attempt_that_was_given_up_changes_nothing(stage: Stage) -> None:
    windowed.person(stage, "Siti", NUMBER, timedelta(hours=1))
    scene.item(stage)
    number = scene.release(stage, send=False)
    (card,) = windowed.deliver(stage)
    report(stage, (f"SM{card.id}", "failed", "63024"))
    applied(stage)
    with stage.session() as session, session.begin():
        assert deliveries.retry(session, session.get_one(Release, number), None, stage.now) == 1
    report(stage, (f"SM{card.id}", "undelivered", "63024"))
    assert applied(stage) == 0
    assert windowed.found(stage, card.key).status == outbox.QUEUED


def test_an_opener_that_failed_afterwards_takes_along_what_waited_for_it(stage: Stage) -> None:
    windowed.approve(stage)
    windowed.person(stage, "Siti", NUMBER)
    scene.item(stage)
    number = scene.release(stage, send=False)
    windowed.take(stage)
    (opener,) = windowed.deliver(stage)
    assert opener.part == openers.PART
    report(stage, (f"SM{opener.id}", "undelivered", "63024"))
    applied(stage)
    with stage.session() as session:
        assert deliveries.reasons(session, number) == {"number": 1}


def test_who_is_reported_to_have_stopped_us_is_blocked(stage: Stage) -> None:
    windowed.person(stage, "Siti", NUMBER)
    sent(stage)
    report(stage, ("SM1", "failed", "63014"))
    applied(stage)
    with stage.session() as session:
        found = people.account(session, "whatsapp", NUMBER)
        assert found is not None
        assert found.status == people.BLOCKED


def test_words_that_were_to_follow_a_failed_card_do_not(stage: Stage) -> None:
    windowed.person(stage, "Siti", NUMBER, timedelta(hours=1))
    scene.item(stage)
    scene.release(stage, send=False)
    (card,) = windowed.deliver(stage)
    report(stage, (f"SM{card.id}", "failed", "63024"))
    applied(stage)
    (caption,) = scene.rows(stage, Outbound.part == "caption")
    assert caption.status in (outbox.CANCELLED, outbox.QUEUED)
    assert windowed.found(stage, card.key).reason == "number"


def test_the_controller_sees_how_many_arrived_and_were_read(stage: Stage) -> None:
    for nth in range(3):
        windowed.person(stage, f"Orang {nth}", f"+6281{nth}", timedelta(hours=1))
    stage.person("Telegram saja")
    scene.item(stage)
    number = scene.release(stage, send=False)
    with stage.session() as session:
        shown = watching.post(session, session.get_one(Release, number), stage.now, stage.programme)
    assert shown.params["seen"] == ""
    cards = [row for row in windowed.deliver(stage) if row.channel == "whatsapp"]
    first, second, third = (f"SM{row.id}" for row in cards)
    report(stage, (first, "read", ""), (second, "delivered", ""), (third, "sent", ""))
    applied(stage)
    with stage.session() as session:
        release = session.get_one(Release, number)
        assert deliveries.seen(session, number) == deliveries.Seen(3, 2, 1)
        assert releases.progress(session, number).sent == 4
        shown = watching.post(session, release, stage.now, stage.programme)
    assert shown.params["seen"] == {
        "text": "releasing.seen",
        "params": {"total": 3, "delivered": 2, "read": 1},
    }


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_reports_are_applied_at_once_than_asked_for(stage: Stage, limit: int) -> None:
    for nth in range(4):
        sent(stage, f"SM{nth}", f"k{nth}")
        report(stage, (f"SM{nth}", "delivered", ""))
    assert applied(stage, limit) == limit


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=6).flatmap(
        lambda names: st.tuples(st.just(names), st.permutations(names * 2), st.integers(1, 12))
    )
)
def test_any_order_and_any_doubling_ends_in_the_same_state(
    stage: Stage, told: tuple[Sequence[str], Sequence[str], int]
) -> None:
    """Each report has the error code of its status, as the provider gives it."""
    names, shuffled, at_once = told
    ends = []
    for order, size in ((names, 100), (shuffled, at_once)):
        number = next(numbers)
        sent(stage, f"SM{number}", f"p{number}")
        for begin in range(0, len(order), size):
            some = [(f"SM{number}", name, f"63{len(name)}") for name in order[begin : begin + size]]
            report(stage, *some)
            applied(stage)
        row = windowed.found(stage, f"p{number}")
        ends.append((row.status, row.delivery, row.reason, row.error, row.delivered_at))
    with stage.session() as session, session.begin():
        session.execute(delete(StatusReport))
    assert ends[0] == ends[1]
    strongest = max((reported.MEANING[name] for name in names), key=lambda name: reported.RANK[name])
    assert ends[0][1] == strongest


def test_a_card_comes_without_the_album_that_failed_afterwards(stage: Stage) -> None:
    sent(stage, key="r:album")
    with stage.session() as session, session.begin():
        for key in ("card", "next"):
            windowed.write(session, stage.now, key, NUMBER, follows="r:album", status=outbox.WAITING)
        session.query(Outbound).where(Outbound.key == "next").one().status = outbox.QUEUED
    report(stage, ("SM1", "failed", "63024"))
    applied(stage)
    assert state(stage, "r:album") == (outbox.FAILED, "failed", "number")
    assert state(stage, "card") == state(stage, "next") == (outbox.QUEUED, "", "")
