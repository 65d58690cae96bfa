"""Rows on their way out: how many a sender takes."""

from datetime import timedelta

import pytest

from models import outbox, sending
from models.outbox import Priority
from models.post import Post
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
