"""Handles mail as it comes, several conversations a transaction (`bot/inbound/handling.py`)."""

import asyncio
import time
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.inbound import handling
from bot.inbound.handling import Handling
from bot.storage import wakeups
from bot.storage.writer import Writer
from bot.telemetry import logs, metrics
from models.messages import inbox

log = logs.logger(__name__)
# Where nobody else writes while a batch is handled, what arrives waits for that long: batches become smaller
# where messages take longer.
HOLD_SECONDS = 0.1
LEAST = 8  # fewer would cost more for the batch than for its messages


class Worker:
    """Woken by the inbox, and by the next retry that is due.

    Up to `batch` conversations are handled in a transaction; with `alone` nobody else can write meanwhile, as
    on SQLite.
    """

    def __init__(
        self, writer: Writer, clock: Clock, how: Handling, *, batch: int = 32, alone: bool = True
    ) -> None:
        self.writer, self.clock, self.how, self.batch, self.alone = writer, clock, how, batch, alone
        self._at_once = batch

    async def run(self) -> None:
        """Until cancelled. A database that is away is waited for."""
        mail = self.writer.wakeups.subscribe("inbox")
        pause = 0.0
        while True:
            try:
                handled, more, due, seconds = await self.writer.write(self._timed)
                if handled:
                    metrics.handle_seconds.observe(seconds / handled)
                if handled and self.alone:
                    self._at_once = min(self.batch, max(LEAST, int(HOLD_SECONDS * handled / seconds)))
                if not more:
                    await wakeups.wait(mail, self._until(due))
                pause = 0.0
            except DBAPIError as error:
                pause = min(5.0, pause * 2 or 0.2)
                log.warning("worker_waits_for_database", seconds=pause, error=str(error.orig))
                await asyncio.sleep(pause)

    def _timed(self, session: Session) -> tuple[int, bool, datetime | None, float]:
        """How many updates were handled; whether more may be handled at once, or else when the next may be;
        the seconds it took."""
        started, now = time.perf_counter(), self.clock.now()
        handled = handling.work(session, now, self.how, self._at_once)
        if handled >= self._at_once:
            return handled, True, None, time.perf_counter() - started
        due = inbox.next_due(session)
        more = bool(handled) and due is not None and due <= now
        return handled, more, due, time.perf_counter() - started

    def _until(self, due: datetime | None) -> float:
        """Seconds until the next retry; at most five, so that a lost wake-up costs no more.

        What is due, but was not to be had, is in the hands of another worker: it need not be asked for
        in every millisecond."""
        if due is None:
            return 5.0
        return min(5.0, max(0.25, (due - self.clock.now()).total_seconds()))
