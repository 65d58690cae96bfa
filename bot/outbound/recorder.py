"""Writes down what became of calls, as it comes: what was sent has to be known as sent, or it goes
out twice. Neither a database that is away nor a row that cannot be written makes it forget another."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.outbound import outcomes
from bot.outbound.outcomes import Result
from bot.storage import database
from bot.storage.beat import Beat
from bot.storage.writer import Writer
from bot.telemetry import logs

log = logs.logger(__name__)
AT_ONCE = 512
APART_SECONDS, ENOUGH = 0.04, 16  # between two transactions, unless so many results wait
PAUSE_SECONDS = 0.5


@dataclass(slots=True)
class Recorder:
    """Writes results for the rows that `owner` holds, those that came within a moment in one transaction.

    `gap` is in seconds between two messages to a chat; `recorded` is told of every batch.
    """

    writer: Writer
    clock: Clock
    owner: str
    gap: float
    recorded: Callable[[Sequence[Result]], None]
    _results: deque[Result] = field(default_factory=deque)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _empty: asyncio.Event = field(default_factory=asyncio.Event)
    _beat: Beat = field(default_factory=lambda: Beat(APART_SECONDS, ENOUGH))
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins, unless it is still busy with what was there before."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="recorder")

    def put(self, result: Result) -> None:
        """Takes a result; it is written soon."""
        self._results.append(result)
        self._beat.count(len(self._results))
        self._empty.clear()
        self._news.set()

    def pending(self) -> set[int]:
        """The rows whose results have not been written."""
        return {result.outcome.id for result in self._results}

    async def finish(self, seconds: float) -> bool:
        """Waits until everything is written, and ends.

        False when the database is away for all these seconds: then it goes on by itself, so that the
        results are there as soon as the database is, whoever is sending by then.
        """
        if self._results:
            try:
                async with asyncio.timeout(seconds):
                    await self._empty.wait()
            except TimeoutError:
                return False
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        return True

    async def _run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._results:
                await self._beat.wait(len(self._results))
                batch = list(islice(self._results, AT_ONCE))
                try:
                    await self._write(batch)
                except DBAPIError as error:
                    log.warning("recorder_waits_for_database", error=str(error.orig))
                    await asyncio.sleep(PAUSE_SECONDS)
                    continue
                for _ in batch:
                    self._results.popleft()
                self.recorded(batch)
            self._empty.set()

    async def _write(self, batch: list[Result]) -> None:
        """Raises DBAPIError where all of it may be written later."""
        try:
            await self._transaction(batch)
        except Exception as error:
            if isinstance(error, DBAPIError) and database.is_passing(error):
                raise
            log.exception("results_cannot_be_written", rows=len(batch))
            if len(batch) > 1:
                for result in batch:
                    await self._write([result])
            elif batch[0].effect is not None:
                # Better without its consequences than sent again for ever.
                await self._write([replace(batch[0], effect=None)])

    async def _transaction(self, batch: list[Result]) -> None:
        now = self.clock.now()
        await self.writer.write(lambda session: outcomes.write(session, now, self.owner, batch, self.gap))
