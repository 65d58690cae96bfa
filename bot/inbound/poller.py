"""Asks Telegram for updates, where no webhook is set: stored with their offset in one transaction,
and only then are they acknowledged by asking for more."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.channels import SendError
from bot.clock import Clock
from bot.inbound import intake
from bot.storage.writer import Writer
from bot.telemetry import logs, metrics
from models.messages import inbox

log = logs.logger(__name__)
WAIT_SECONDS = 25.0


class Source(Protocol):
    """What can be polled."""

    name: str

    async def updates(self, offset: int, timeout: float) -> list[dict[str, Any]]: ...  # noqa: ASYNC109


class Poller:
    """Reads one channel as long as `run` is not cancelled."""

    def __init__(self, source: Source, writer: Writer, clock: Clock) -> None:
        self.source, self.writer, self.clock = source, writer, clock

    async def run(self) -> None:
        """Until cancelled. A server or a database that is away is waited for."""
        offset: int | None = None
        pause = 0.0
        while True:
            try:
                if offset is None:
                    offset = await self.writer.write(lambda session: inbox.offset(session, self.source.name))
                updates = await self.source.updates(offset, WAIT_SECONDS)
                if updates:
                    offset = await self._store(updates, offset)
                pause = 0.0
            except (SendError, DBAPIError) as error:
                pause = min(10.0, pause * 2 or 0.5)
                if isinstance(error, SendError):
                    pause = max(pause, min(error.retry_after, 60.0))
                log.warning("poller_waits", seconds=pause, error=str(error))
                await asyncio.sleep(pause)

    async def _store(self, updates: Sequence[Mapping[str, Any]], offset: int) -> int:
        """Stores a batch and the offset behind it; that offset."""
        arrivals = []
        for raw in updates:
            try:
                arrivals.append(intake.ARRIVALS[self.source.name](raw))
            except (ValueError, KeyError, TypeError):
                # Without a number it cannot be stored as itself; the server will not bring it again.
                log.exception("update_without_number")
        if not arrivals:
            await asyncio.sleep(1)  # the server would bring the same at once
            return offset
        # The last number, not the highest ever: see inbox.advance.
        after = max(one.sequence for one in arrivals) + 1
        now, name = self.clock.now(), self.source.name

        def write(session: Session) -> int:
            new = inbox.receive(session, now, name, arrivals)
            inbox.advance(session, name, after)
            return new

        new = await self.writer.write(write)
        metrics.inbox_received.labels(name).inc(new)
        metrics.inbox_repeated.labels(name).inc(len(arrivals) - new)
        return after
