"""Failures that are reported after a message was taken: tried again, or final; the channel rests."""

import itertools
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from models.messages import outbox
from models.messages.outbox import Outbound
from models.sending import callbacks, reported, rests, setbacks
from models.sending.callbacks import Rules, StatusReport
from models.sending.setbacks import Patience
from tests import windowed
from tests.chat import Stage
from tests.setbacks import (
    DAY,
    GONE,
    HALT,
    HOUR,
    LATER,
    NOW,
    NUMBER,
    VERDICTS,
    a_notice,
    report,
    write,
)

numbers = itertools.count(1)


# -- again -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "seconds"), [(LATER, 900), (DAY, 86_400), (NOW, 5)])
def test_what_may_succeed_later_is_queued_again_as_if_it_had_not_been_sent(
    stage: Stage, code: str, seconds: int
) -> None:
    number = a_notice(stage)
    report(stage, number, "", "delivered")
    report(stage, number, code)
    row = windowed.found(stage, "a")
    assert (row.status, row.attempts, row.reason, row.error) == (outbox.QUEUED, 1, "", code)
    assert (row.external_id, row.delivery, row.sent_at, row.delivered_at) == ("", "", None, None)
    assert row.due_at == stage.now + timedelta(seconds=seconds)


def test_the_dead_message_has_no_say_any_more(stage: Stage) -> None:
    number = a_notice(stage)
    report(stage, number, LATER)
    for status, code in (("undelivered", GONE), ("delivered", ""), ("failed", LATER)):
        assert report(stage, number, code, status).met == 0
    stage.later(minutes=20)
    windowed.deliver(stage)
    row = windowed.found(stage, "a")
    assert (row.status, row.delivery, row.attempts) == (outbox.SENT, "", 1)


def test_it_is_tried_so_often_and_then_has_failed(stage: Stage) -> None:
    number = a_notice(stage)
    waits = []
    for _ in range(2):
        report(stage, number, LATER)
        waits.append(windowed.found(stage, "a").due_at - stage.now)
        stage.now += waits[-1]
        write(stage)
        with stage.session() as session, session.begin():  # another message, of another name
            session.execute(delete(StatusReport))
        windowed.deliver(stage)
    assert waits == [timedelta(minutes=15), timedelta(minutes=30)]
    report(stage, number, LATER)
    row = windowed.found(stage, "a")
    assert (row.status, row.reason, row.attempts) == (outbox.FAILED, "channel", 2)


def test_what_would_be_over_by_then_goes_out_on_the_other_channel_instead(stage: Stage) -> None:
    who = stage.person("Siti Rahma")
    windowed.account(stage, who, NUMBER, HOUR)
    with stage.session() as session, session.begin():
        ends = {"expires_at": stage.now + HOUR, "person_id": who.person_id}
        windowed.write(session, stage.now, "a", NUMBER, **ends)
    (row,) = windowed.deliver(stage)
    report(stage, row.id, DAY)
    found = windowed.found(stage, "a")
    assert (found.channel, found.status, found.instead_of) == ("telegram", outbox.QUEUED, "whatsapp")


def test_what_follows_it_waits_again_and_what_has_gone_out_stays_out(stage: Stage) -> None:
    number = a_notice(stage)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "gone", NUMBER, follows="a", status=outbox.WAITING)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "coming", NUMBER, follows="a")
        gone = session.query(Outbound).where(Outbound.key == "gone").one()
        gone.status, gone.external_id = outbox.SENT, "SMgone"
    report(stage, number, NOW)
    assert windowed.found(stage, "coming").status == outbox.WAITING
    assert windowed.found(stage, "gone").status == outbox.SENT
    stage.later(seconds=5)
    assert [row.key for row in windowed.deliver(stage)] == ["a"]
    assert [row.key for row in windowed.deliver(stage)] == ["coming"]


# -- the channel -----------------------------------------------------------------------------------


def test_what_halts_the_channel_lets_it_rest_and_costs_no_attempt(stage: Stage) -> None:
    number = a_notice(stage)
    applied = report(stage, number, HALT)
    assert dict(applied.halts) == {"whatsapp": HALT}
    row = windowed.found(stage, "a")
    assert (row.status, row.attempts, row.due_at) == (outbox.QUEUED, 0, stage.now + rests.SHORTEST)
    with stage.session() as session:
        assert rests.resting(session, stage.now) == {"whatsapp": row.due_at}
        assert rests.resting(session, row.due_at) == {}


def test_rests_grow_while_the_fault_stays_and_begin_anew_after_a_while(stage: Stage) -> None:
    def rest() -> timedelta:
        with stage.session() as session, session.begin():
            return rests.rest(session, stage.now, "whatsapp", HALT) - stage.now

    lengths = []
    for _ in range(8):
        lengths.append(rest())
        stage.later(seconds=10)
        assert rest() == lengths[-1] - timedelta(seconds=10), "what is reported meanwhile changes nothing"
        stage.now += lengths[-1]
    assert lengths[:3] == [rests.SHORTEST, 2 * rests.SHORTEST, 4 * rests.SHORTEST]
    assert lengths[-1] == rests.LONGEST
    stage.now += rests.ANEW
    assert rest() == rests.SHORTEST


# -- in any order ----------------------------------------------------------------------------------


def test_patience_grows_with_every_attempt_and_ends(stage: Stage) -> None:
    patience = Patience(attempts=8, backoff=5, backoff_cap=900)
    waits = [patience.again_at(stage.now, attempts, 900) for attempts in range(8)]
    seconds = [(at - stage.now).total_seconds() for at in waits if at is not None]
    assert seconds == [900, 1800, 3600, 7200, 14400, 28800, 57600]
    assert waits[-1] is None
    assert patience.again_at(stage.now, 3) == stage.now + timedelta(seconds=40)
    assert patience.again_at(stage.now, 2, 86_400) == stage.now + timedelta(seconds=setbacks.LONGEST)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(VERDICTS)),
    st.lists(st.sampled_from(sorted(reported.MEANING)), min_size=1, max_size=6).flatmap(
        lambda names: st.tuples(st.just(names), st.permutations(names * 2), st.integers(1, 12))
    ),
)
def test_any_order_and_any_doubling_of_reports_ends_the_same(
    stage: Stage, code: str, told: tuple[Sequence[str], Sequence[str], int]
) -> None:
    names, shuffled, at_once = told
    rules = Rules(VERDICTS, Patience(attempts=3), stage.programme)
    ends = []
    for order, size in ((names, 100), (shuffled, at_once)):
        number = next(numbers)
        address = f"+62813{number:07}"
        windowed.person(stage, "Siti", address, HOUR)
        with stage.session() as session, session.begin():
            windowed.write(session, stage.now, f"p{number}", address, part="notice")
            row = session.query(Outbound).where(Outbound.key == f"p{number}").one()
            row.status, row.sent_at, row.tried_at, row.external_id = (
                "sent",
                stage.now,
                stage.now,
                f"SP{number}",
            )
            windowed.write(session, stage.now, f"f{number}", address, follows=f"p{number}")
        for begin in range(0, len(order), size):
            with stage.session() as session, session.begin():
                some = [(f"SP{number}", name, code) for name in order[begin : begin + size]]
                callbacks.note(session, stage.now, "whatsapp", some)
                callbacks.apply(session, stage.now, 100, rules)
        row, follower = windowed.found(stage, f"p{number}"), windowed.found(stage, f"f{number}")
        ends.append(
            (row.status, row.delivery, row.reason, row.attempts, row.due_at, row.sent_at, row.delivered_at,
             bool(row.external_id), bool(row.follows), follower.status, follower.reason)
        )  # fmt: skip
    with stage.session() as session, session.begin():
        session.execute(delete(StatusReport))
        session.execute(delete(rests.ChannelRest))
    assert ends[0] == ends[1]
