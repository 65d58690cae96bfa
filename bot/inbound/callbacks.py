"""Applies what channels report of sent messages to the rows of the outbox (`models/sending/callbacks.py`)."""

import asyncio
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.storage import wakeups
from bot.storage.writer import Writer
from bot.telemetry import logs, metrics
from models.sending import callbacks
from models.sending.callbacks import Applied, Rules

log = logs.logger(__name__)
BATCH = 200
PAUSE_SECONDS = 0.25  # what comes in the meantime is applied together


class Callbacks:
    """Applies reports as they come, as long as `run` is not cancelled. One of these is enough.

    `rules` say what failures mean, by the channel's error code.
    """

    def __init__(self, writer: Writer, clock: Clock, rules: Rules) -> None:
        self.writer, self.clock, self.rules = writer, clock, rules

    async def run(self) -> None:
        """Until cancelled. A database that is away is waited for."""
        news = self.writer.wakeups.subscribe("reports")
        while True:
            try:
                while await self.sweep():
                    pass
                due = await self.writer.write(callbacks.next_due)
                await wakeups.wait(news, self._until(due))
            except DBAPIError as error:
                log.warning("callbacks_wait_for_database", error=str(error.orig))
            except Exception:
                log.exception("callbacks_met_a_bug")
            await asyncio.sleep(PAUSE_SECONDS)

    async def sweep(self) -> int:
        """Applies some; how many met their row, or are about to."""
        now = self.clock.now()

        def one(session: Session) -> Applied:
            return callbacks.apply(session, now, BATCH, self.rules)

        applied = await self.writer.write(one)
        for channel, error in applied.halts.items():
            log.error("channel_halted", channel=channel, error=error)
        if applied.settled:
            log.info("fate_settled_by_reports", settled=applied.settled)
        if applied.strange:
            metrics.status_reports_strange.inc(applied.strange)
            log.warning("reports_on_nothing_of_ours", reports=applied.strange)
        return applied.met + applied.named

    def _until(self, due: datetime | None) -> float:
        """Seconds until the next report has to be looked at; five at the most, if a wake-up was missed."""
        return 5.0 if due is None else min(5.0, max(0.0, (due - self.clock.now()).total_seconds()))
