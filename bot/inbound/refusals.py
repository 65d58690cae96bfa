"""Webhook calls without a valid signature: counted in memory, so that a flood of them costs nothing, and told
to people once a minute at most (models/messages/forgeries.py)."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence

from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.storage.writer import Writer
from bot.telemetry import logs, metrics
from models.messages import forgeries
from models.messages.forgeries import Alarm

log = logs.logger(__name__)
EVERY_SECONDS = 60.0
CHECK = {
    "telegram": "TELEGRAM_WEBHOOK_SECRET, or somebody tries",
    "whatsapp": "TWILIO_AUTH_TOKEN and PUBLIC_URL, or somebody tries",
}


class Refusals:
    """Counts calls without a valid signature, and raises an alert (a log line of level error) when many
    come at once: `burst` within `seconds`, and at most one alert in that time. So many have a line of their
    own in the log, the others of a flood are only counted."""

    def __init__(
        self,
        channel: str,
        *,
        burst: int = 20,
        seconds: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.channel, self.seconds, self.clock = channel, seconds, clock
        self._recent: deque[float] = deque(maxlen=burst)
        self._alerted = -float("inf")
        self._number = 0

    def note(self, path: str, why: str) -> bool:
        """One more; whether it raised an alert. Nothing of what was sent is written down."""
        metrics.webhooks_refused.labels(self.channel).inc()
        self._number += 1
        now = self.clock()
        flood = self._is_full() and now - self._recent[0] <= self.seconds
        self._recent.append(now)
        if not flood:
            log.warning("webhook_refused", channel=self.channel, path=path, why=why)
        full = self._is_full() and now - self._recent[0] <= self.seconds
        if not full or now - self._alerted <= self.seconds:
            return False
        self._alerted = now
        log.error(
            "webhooks_refused_in_a_burst",
            channel=self.channel,
            refused=len(self._recent),
            seconds=round(now - self._recent[0], 1),
            check=CHECK.get(self.channel, ""),
        )
        return True

    def _is_full(self) -> bool:
        return len(self._recent) == self._recent.maxlen

    def take(self) -> int:
        """How many there were since this was asked last."""
        number, self._number = self._number, 0
        return number

    def put_back(self, number: int) -> None:
        """As if they had not been asked for."""
        self._number += number


class Teller:
    """Brings what was refused to the database `every` so many seconds, which tells the admins, as long as
    `run` is not cancelled."""

    every = EVERY_SECONDS

    def __init__(self, writer: Writer, clock: Clock, counted: Sequence[Refusals], alarm: Alarm) -> None:
        self.writer, self.clock, self.counted, self.alarm = writer, clock, counted, alarm

    async def run(self) -> None:
        """Until cancelled. A database that is away is waited for."""
        while True:
            await asyncio.sleep(self.every)
            await self.tell()

    async def tell(self) -> int:
        """What was refused since the last time; to how many people it was told."""
        taken = [(one, number) for one in self.counted if (number := one.take())]
        if not taken:
            return 0
        refused, now = {one.channel: number for one, number in taken}, self.clock.now()
        try:
            told = await self.writer.write(lambda session: forgeries.note(session, now, refused, self.alarm))
        except Exception as error:
            for one, number in taken:
                one.put_back(number)
            if not isinstance(error, DBAPIError):
                raise
            log.warning("refusals_wait_for_database", error=str(error.orig))
            return 0
        log.warning("webhooks_refused", told=told, **refused)
        return told
