"""Rows on their way out: how many a sender takes."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models.messages import outbox
from models.messages.outbox import Priority
from models.messages.post import Post
from models.sending import recording, sending
from tests import counting
from tests.chat import Stage


@pytest.mark.parametrize("analyzed", [False, True])
def test_no_more_rows_are_taken_than_were_asked_for(stage: Stage, analyzed: bool) -> None:
    for number in range(120):
        with stage.session() as session, session.begin():
            address = str(100 + number)
            outbox.queue(
                session,
                stage.now,
                f"b{number}",
                "telegram",
                address,
                Post("menu.old_button"),
                priority=Priority.BULK,
            )
    if analyzed:
        with stage.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    lease = stage.now + timedelta(seconds=60)
    for _ in range(3):
        with stage.session() as session, session.begin():
            taken = sending.claim(session, stage.now, "me", lease, limit=40, bulk=20)
        assert len(taken) == 20
    with stage.session() as session:
        assert outbox.counts(session) == {outbox.SENDING: 60, outbox.QUEUED: 60}


MANY = 10_000  # so many that to read all of them is the dearer way


def a_full_outbox(stage: Stage) -> None:
    """A release to many on WhatsApp, and a few on Telegram who wait for something."""
    with stage.session() as session, session.begin():
        for channel, number in (("whatsapp", MANY), ("telegram", 60)):
            outbox.add(
                session,
                [
                    outbox.row(
                        stage.now, f"{channel}:{nth}", channel, f"{nth}", body={"text": "general.back"},
                        priority=Priority(nth % 3), due_at=stage.now + timedelta(seconds=nth % 2),
                    )
                    for nth in range(number)
                ],
            )  # fmt: skip
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def plans(stage: Stage, work: Callable[[Session], object]) -> list[str]:
    """How the database carries out what `work` asks of the outbox."""
    with stage.session() as session:
        with counting.statements(stage.engine) as asked:
            work(session)
        session.rollback()
        connection = session.connection()
        name = connection.dialect.name
        explain = "EXPLAIN (ANALYZE) " if name == "postgresql" else "EXPLAIN QUERY PLAN "
        return [
            "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, values))
            for statement, values in asked
            if "outbox" in statement
        ]


@pytest.mark.parametrize("halted", [[], [7]])
def test_a_claim_reads_the_rows_of_its_channel_from_an_index_in_their_order(
    stage: Stage, halted: list[int]
) -> None:
    a_full_outbox(stage)
    lease = stage.now + timedelta(seconds=60)

    def claim(session: Session) -> None:
        taken = sending.claim(
            session, stage.now, "me", lease, limit=40, bulk=5, halted=halted, channel="telegram"
        )
        assert [row.channel for row in taken] == ["telegram"] * len(taken)
        assert Counter(row.priority for row in taken) == {0: 10, 1: 10, 2: 5}

    found = plans(stage, claim)
    assert len(found) == 2, "replies and notices, and the bulk"
    for plan in found:
        assert "ix_outbox_queued" in plan
        assert "TEMP B-TREE" not in plan, "nothing is sorted"
        assert "Seq Scan" not in plan


def test_the_next_row_of_a_channel_that_is_due_is_found_by_an_index(stage: Stage) -> None:
    a_full_outbox(stage)
    with stage.session() as session:
        assert sending.next_due(session, stage.now, "telegram") == stage.now + timedelta(seconds=1)
        assert sending.next_due(session, stage.now, "carrier pigeon") is None
    (plan,) = plans(stage, lambda session: sending.next_due(session, stage.now, "telegram"))
    assert "ix_outbox_due" in plan


def test_rows_of_a_channel_that_is_gone_end_and_what_follows_them(stage: Stage) -> None:
    a_full_outbox(stage)
    with stage.session() as session, session.begin():
        outbox.queue(
            session, stage.now, "after", "telegram", "1", follows="telegram:1", status=outbox.WAITING
        )
        assert recording.abandon(session, stage.now, ["whatsapp"]) == 60
        assert recording.abandon(session, stage.now, ["whatsapp"]) == 0
        assert outbox.counts(session) == {outbox.QUEUED: MANY, outbox.FAILED: 60, outbox.CANCELLED: 1}
