"""Asks a channel what it has, where nobody knows whether a message arrived (`models/settling.py`)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import logs
from bot.channels import SendError
from bot.clock import Clock
from bot.writer import Writer
from models import settling
from models.settling import Listed, Unknown

log = logs.logger(__name__)
EVERY_SECONDS = 5.0
# A call that broke off may still be on its way to the server: before that, absent means nothing.
SURE = timedelta(seconds=60)
Recent = Callable[[str, datetime], Awaitable[Sequence[Listed]]]


class Settler:
    """Settles rows of unknown fate, as long as `run` is not cancelled. `recent` lists, by channel, what was
    taken for an address since a moment; it raises SendError. `gap` is in seconds, between two messages."""

    def __init__(self, writer: Writer, clock: Clock, recent: Mapping[str, Recent], gap: float) -> None:
        self.writer, self.clock, self.recent, self.gap = writer, clock, recent, gap

    async def run(self) -> None:
        """Until cancelled. A database or a channel that is away is waited for."""
        while True:
            try:
                await self.sweep()
            except DBAPIError as error:
                log.warning("settler_waits_for_database", error=str(error.orig))
            except Exception:
                log.exception("settler_met_a_bug")
            await asyncio.sleep(EVERY_SECONDS)

    async def sweep(self) -> int:
        """Asks about every row that is kept back; how many are settled now."""
        now = self.clock.now()
        rows = await self.writer.write(lambda session: settling.unsettled(session, now))
        by_address: dict[tuple[str, str], list[Unknown]] = {}
        for row in rows:
            by_address.setdefault((row.channel, row.address), []).append(row)
        settled = 0
        for (channel, address), unknown in by_address.items():
            settled += await self._ask(channel, address, unknown, now)
        return settled

    async def _ask(self, channel: str, address: str, unknown: Sequence[Unknown], now: datetime) -> int:
        since = min(row.tried_at for row in unknown) - settling.CLOCKS
        try:
            listed = await self.recent[channel](address, since)
        except SendError as error:
            log.warning("fate_still_unknown", channel=channel, rows=len(unknown), error=error.detail)
            return 0

        def write(session: Session) -> int:
            taken = settling.known(session, channel, {one.external_id for one in listed})
            found = settling.match(unknown, listed, taken)
            absent = [row.id for row in unknown if row.id not in found and now - row.tried_at > SURE]
            return settling.settle(session, now, found, absent, gap=self.gap)

        settled = await self.writer.write(write)
        log.info("fate_settled", channel=channel, rows=len(unknown), settled=settled)
        return settled
