"""Rows that a sender took, when it died or another one has them."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.running.reconciler import Reconciler
from models.messages import outbox
from models.sending import recording, sending
from models.sending.recording import Outcome
from tests.bot.sending import at_work, bench

pytestmark = pytest.mark.anyio


async def test_rows_of_a_sender_that_died_go_out_again_once_their_lease_ran_out(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11) as made:
        await made.queue("a", 11)
        now = made.clock.now()
        lease = now + timedelta(seconds=5)
        taken = await made.writer.write(
            lambda session: sending.claim(session, now, "the dead one", lease, limit=5, bulk=5)
        )
        assert [row.key for row in taken] == ["a"]
        reconciler = Reconciler(made.writer, made.clock, made.sender.open_rows)
        await reconciler.round(audience=False)
        assert made.row("a").status == outbox.SENDING, "its lease has not run out"
        made.clock.offset = timedelta(seconds=6)
        await reconciler.round(audience=False)
        async with at_work(made):
            await made.sent("a")
        assert made.row("a").resent == 1


async def test_a_sender_that_lost_its_rows_does_not_overwrite_what_became_of_them(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11) as made:
        await made.queue("a", 11)
        now = made.clock.now()
        lease = now + timedelta(seconds=5)
        await made.writer.write(lambda s: sending.claim(s, now, "old", lease, limit=5, bulk=5))
        await made.writer.write(lambda s: sending.reclaim(s, now, owners_gone=True))
        await made.writer.write(lambda s: sending.claim(s, now, "new", lease, limit=5, bulk=5))
        row = made.row("a")
        outcome = Outcome(row.id, row.key, outbox.FAILED, reason="late news")
        written = await made.writer.write(lambda s: recording.record(s, now, "old", [outcome], gap=0))
        assert (written, made.row("a").status) == (set(), outbox.SENDING)
