"""Runs the scheduled jobs: looks what is due when APScheduler wakes it, at start, and when the clock
of the demo is moved."""

import asyncio

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.storage import wakeups
from bot.storage.writer import Writer
from bot.telemetry import logs, metrics
from models.programme.programme import Programme
from scheduler import clock as plan
from scheduler import jobs

log = logs.logger(__name__)
SOON = 2.0  # seconds until a job is tried again that waits for what will be there in a moment


class Ticker:
    """The active clock, as long as `run` is not cancelled."""

    def __init__(self, writer: Writer, clock: Clock, programme: Programme) -> None:
        self.writer, self.clock, self.programme = writer, clock, programme

    async def run(self) -> None:
        """Until cancelled; at start it catches up with what was missed."""
        moved = self.writer.wakeups.subscribe("clock")
        scheduler = plan.build(self.programme, self.look)
        scheduler.start()
        try:
            await self.look()
            while True:
                await wakeups.wait(moved, 3600)
                await self.look()
        finally:
            scheduler.shutdown(wait=False)
            await asyncio.sleep(0)

    async def look(self) -> None:
        """Does everything that is due, each job in a transaction of its own."""
        now = self.clock.now()
        try:
            due = await self.writer.write(lambda session: jobs.pending(session, now, self.programme))
            for one in due:
                await self._do(one)
        except DBAPIError as error:
            log.warning("clock_waits_for_database", error=str(error.orig))

    async def _do(self, due: jobs.Due) -> None:
        now = self.clock.now()

        def work(session: Session) -> str:
            return jobs.run(session, due, now, self.programme)

        try:
            result = await self.writer.write(work, steady=jobs.is_steady(due))
        except DBAPIError as error:
            # Whatever it is that this one waits for, or stumbles over: the others are tried all the same.
            log.warning("clock_waits_for_database", job=due.job, error=str(error.orig))
            metrics.job_runs.labels(due.job, "failed").inc()
            return
        except Exception:
            # The claim was undone with it: the next minute tries again.
            log.exception("job_failed", job=due.job, period=due.period)
            metrics.job_runs.labels(due.job, "failed").inc()
            return
        if result == "waits" and due.job in jobs.IMPATIENT:
            asyncio.get_running_loop().call_later(SOON, self.writer.wakeups.wake, "clock")
        if result not in ("taken", "waits"):
            log.info("job_ran", job=due.job, period=due.period, result=result)
        metrics.job_runs.labels(due.job, "skipped" if result == "skipped" else "done").inc()
