"""Asks a channel what it has, where nobody knows whether a message arrived (`models/sending/settling.py`)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.channels import SendError
from bot.clock import Clock
from bot.storage.writer import Writer
from bot.telemetry import logs
from models.sending import forgone, matching, settling
from models.sending.settling import Listed, Unknown

log = logs.logger(__name__)
EVERY_SECONDS, SHORTEST_SECONDS = 5.0, 0.5
AT_ONCE = 8  # conversations that are asked about together: one that says nothing keeps back no other
# After the end of a call, when its own timeouts are over: so long the server may still be busy with it, and
# so long what it took may be missing from its lists. Before that, absent means nothing. After an answer that
# it failed it is not busy any more: then `settling.ANSWERED` is enough.
SURE = timedelta(seconds=60)
Recent = Callable[[str, datetime], Awaitable[Sequence[Listed]]]


class Settler:
    """Settles rows of unknown fate, as long as `run` is not cancelled. `recent` lists, by channel, what was
    taken for an address since a moment; it raises SendError. `gap` is in seconds, between two messages;
    a row that was tried `attempts` times and did not arrive has failed; `sure` is explained at SURE."""

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        recent: Mapping[str, Recent],
        gap: float,
        *,
        attempts: int = 8,
        sure: timedelta = SURE,
    ) -> None:
        self.writer, self.clock, self.recent, self.gap = writer, clock, recent, gap
        self.attempts, self.sure = attempts, sure

    async def run(self) -> None:
        """Until cancelled. A database or a channel that is away is waited for."""
        while True:
            pause = EVERY_SECONDS
            try:
                await self.sweep()
                pause = self._until(await self.writer.write(settling.next_due))
            except DBAPIError as error:
                log.warning("settler_waits_for_database", error=str(error.orig))
            except Exception:
                log.exception("settler_met_a_bug")
            await asyncio.sleep(pause)

    def _until(self, due: datetime | None) -> float:
        """Seconds until somebody has to be asked about; a row that comes to be unknown meanwhile is due no
        sooner than after the longest of these."""
        if due is None:
            return EVERY_SECONDS
        return min(EVERY_SECONDS, max(SHORTEST_SECONDS, (due - self.clock.now()).total_seconds()))

    async def sweep(self) -> int:
        """Asks about every conversation that is due; how many rows are settled now."""
        now = self.clock.now()
        due = await self.writer.write(lambda session: settling.unsettled(session, now))
        hands = asyncio.Semaphore(AT_ONCE)

        async def ask(channel: str, address: str, since: datetime) -> int:
            async with hands:
                return await self._ask(channel, address, since - settling.CLOCKS)

        # All of them, before what one of them raised is raised: none is left asking by itself.
        done = await asyncio.gather(*(ask(*one) for one in due), return_exceptions=True)
        for one in done:
            if isinstance(one, BaseException):
                raise one
        return sum(one for one in done if isinstance(one, int))

    async def _ask(self, channel: str, address: str, since: datetime) -> int:
        now = self.clock.now()
        listed: Sequence[Listed] | None = None
        if (recent := self.recent.get(channel)) is None:  # it was taken out of the settings
            log.warning("fate_cannot_be_asked", channel=channel)
        else:
            try:
                listed = await recent(address, since)
            except SendError as error:
                log.warning("fate_still_unknown", channel=channel, error=error.detail)

        def write(session: Session) -> int:
            rows = settling.of(session, channel, address)
            if listed is None or settling.busy(session, channel, address):
                settling.later(session, now, rows, self.sure)
                return 0
            return self._settle(session, now, channel, rows, listed)

        return await self.writer.write(write)

    def _settle(
        self, session: Session, now: datetime, channel: str, rows: Sequence[Unknown], listed: Sequence[Listed]
    ) -> int:
        taken = settling.known(session, channel, {one.external_id for one in listed})
        found = matching.match(rows, listed, taken)
        whole = {number for number, one in found.items() if one.whole}
        # Counted from before the question: what came to be unknown since then may be missing from the answer.
        absent = [row for row in rows if row.id not in whole and now >= row.sure_at(self.sure)]
        over = {row.id for row in absent if row.attempts >= self.attempts}
        again = [row.id for row in absent if row.id not in over]
        settled = settling.settle(session, now, found, again, gap=self.gap)
        settled += forgone.failed(session, now, over, "tried as often as it may be, and never taken")
        done = whole.union(over, again)
        settling.later(session, now, [row for row in rows if row.id not in done], self.sure)
        log.info("fate_settled", channel=channel, rows=len(rows), settled=settled, absent=len(absent))
        return settled
