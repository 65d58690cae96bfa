"""Reminders that came to nothing on their way: what takes one back, wherever it is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.messages import batching, claims, outbox
from models.people.people import Person
from models.proofs import verdicts
from models.reminders import reminders
from models.sending import callbacks, recording, sending, setbacks
from models.shares import inspections, shares, standings
from tests.chat import Chatter, Stage
from tests.models.reminders.reminders.acts import (
    MONDAY,
    TUESDAY,
    WEEK,
    Happening,
    leave,
    not_this_week,
    prove,
    remind,
    reminders_of,
    stop,
)

# -- on its way ------------------------------------------------------------------------------------


def claim_row(stage: Stage) -> list[claims.Claimed]:
    with stage.session() as session, session.begin():
        return sending.claim(session, stage.now, "me", stage.now + timedelta(minutes=1), limit=5, bulk=5)


OVER: list[tuple[str, Happening]] = [
    ("proof", lambda _stage, who: who.sends_photo() and None),
    ("leave", leave(TUESDAY)),
    ("not this week", not_this_week),
]


@pytest.mark.parametrize("happens", [over[1] for over in OVER], ids=[over[0] for over in OVER])
@pytest.mark.parametrize("end", ["surrender", "reclaim", "retry"])
def test_one_that_the_sender_has_in_its_hands_is_not_tried_again(
    stage: Stage, siti: Chatter, happens: Happening, end: str
) -> None:
    remind(stage)
    (row,) = claim_row(stage)
    happens(stage, siti)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.SENDING]
    stage.later(minutes=5)
    with stage.session() as session, session.begin():
        if end == "surrender":
            sending.surrender(session, stage.now, "me")
        elif end == "reclaim":
            sending.reclaim(session, stage.now)
        else:
            again = recording.Outcome(row.id, row.key, outbox.QUEUED, due_at=stage.now, unknown=True)
            assert recording.record(session, stage.now, "me", [again], gap=1.0) == {row.id}
        sending.expire(session, stage.now)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.EXPIRED]


def test_proofs_that_come_together_take_back_together(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    with stage.session() as session, session.begin():
        for number in (siti.person_id or 0, 999, siti.person_id or 0):
            reminders.proved(session, number, WEEK)
        batching.carry_out(session)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.CANCELLED]


def test_one_that_was_sent_all_the_same_counts(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    (row,) = claim_row(stage)
    siti.sends_photo()
    with stage.session() as session, session.begin():
        recording.record(session, stage.now, "me", [recording.Outcome(row.id, row.key, outbox.SENT)], gap=1.0)
    (row_now,) = reminders_of(stage, siti)
    assert (row_now.status, row_now.reason) == (outbox.SENT, "")


@pytest.mark.parametrize("happens", [over[1] for over in OVER], ids=[over[0] for over in OVER])
def test_one_that_was_sent_and_is_reported_as_failed_later_is_not_tried_again(
    stage: Stage, siti: Chatter, happens: Happening
) -> None:
    remind(stage)
    (row,) = claim_row(stage)
    sent = recording.Outcome(row.id, row.key, outbox.SENT, "SM1")
    with stage.session() as session, session.begin():
        recording.record(session, stage.now, "me", [sent], gap=1.0)
        session.get_one(outbox.Outbound, row.id).channel = "whatsapp"  # where reports come
    happens(stage, siti)
    stage.later(minutes=5)
    rules = callbacks.Rules({"30008": setbacks.Verdict(setbacks.Kind.AGAIN, "channel")})
    with stage.session() as session, session.begin():
        callbacks.note(session, stage.now, "whatsapp", [("SM1", "failed", "30008")])
        assert callbacks.apply(session, stage.now, 10, rules).met == 1
        sending.expire(session, stage.now)
    assert reminders_of(stage, siti)[0].status in (outbox.EXPIRED, outbox.FAILED)


def test_an_appeal_takes_back_what_is_queued(stage: Stage, siti: Chatter) -> None:
    with stage.session() as session, session.begin():
        reminders.proved(session, siti.person_id or 0, WEEK)  # nothing is queued yet: nothing happens
        batching.carry_out(session)
    prove(stage, siti, standings.REJECTED)
    remind(stage)
    with stage.session() as session, session.begin():
        share = session.scalars(select(shares.Share)).one()
        person = session.get_one(Person, siti.person_id)
        look = inspections.Inspection(
            share_id=share.id, opd_id=share.opd_id, why="doubt", words="", opened_at=stage.now,
            decided_at=stage.now, decision="reject", reason="unreadable", note="",
        )  # fmt: skip
        session.add(look)
        session.flush()
        verdicts.appeal(session, share, person, "Itu unggahan saya.", stage.now, stage.programme)
        batching.carry_out(session)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.CANCELLED]


def test_what_was_taken_back_does_not_count_against_the_two(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    with stage.session() as session, session.begin():
        reminders.proved(session, siti.person_id or 0, WEEK)
        batching.carry_out(session)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.CANCELLED]
    assert remind(stage, 2, MONDAY) == 1


def test_stopping_a_release_takes_back_its_queued_reminders(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    stop(stage, siti)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.CANCELLED]


def test_proof_takes_back_what_is_queued(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    siti.sends_photo()
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.CANCELLED]
