"""The first transaction: what arrives is stored before the channel hears that we have it.

Requests that wait at the same moment share one INSERT and one commit.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import database, metrics
from bot.channels import telegram_inbound
from bot.clock import Clock
from bot.writer import Writer
from models import inbox
from models.inbox import Arrival

AT_ONCE = 128
MOST = 2**63  # of a number that both databases can hold


def arrival(raw: Mapping[str, Any]) -> Arrival:
    """A raw Telegram update for the inbox. Raises ValueError for what is no update at all."""
    if not isinstance(raw, Mapping):
        raise ValueError("an update is a JSON object")  # noqa: TRY004 - one error for what is no update
    number = telegram_inbound.update_id(raw)
    if not 0 <= number < MOST:
        raise ValueError("an update_id that is none")
    text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    if not _storable(text):
        text = json.dumps(raw, separators=(",", ":"))
    return Arrival(str(number), telegram_inbound.address_of(raw), number, text)


def _storable(text: str) -> bool:
    """Half an emoji (a lone surrogate) is good JSON, but no database takes it as a text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


Waiting = tuple[Arrival, asyncio.Future[None]]


class Intake:
    """Collects arrivals of one channel and stores those that wait together."""

    def __init__(self, writer: Writer, clock: Clock, channel: str) -> None:
        self.writer, self.clock, self.channel = writer, clock, channel
        self._waiting: list[Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def store(self, arrival_: Arrival) -> None:
        """Returns once the arrival is committed. Raises DBAPIError when it could not be."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival_, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        await future

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                await self._insert([one for one, _ in batch])
            except Exception as error:
                passing = isinstance(error, DBAPIError) and database.is_passing(error)
                if len(batch) == 1 or passing:
                    _fail(batch, error)
                else:  # something is wrong with one of them: the others are stored without it
                    await self._one_by_one(batch)
            else:
                _tell(batch)

    async def _one_by_one(self, batch: Sequence[Waiting]) -> None:
        for one in batch:
            try:
                await self._insert([one[0]])
            except Exception as error:
                _fail([one], error)
            else:
                _tell([one])

    async def _insert(self, arrivals: Sequence[Arrival]) -> None:
        now = self.clock.now()

        def write(session: Session) -> int:
            return inbox.receive(session, now, self.channel, arrivals)

        new = await self.writer.write(write)
        metrics.inbox_received.labels(self.channel).inc(new)
        metrics.inbox_repeated.labels(self.channel).inc(len(arrivals) - new)


def _tell(batch: Sequence[Waiting]) -> None:
    for _, future in batch:
        if not future.done():
            future.set_result(None)


def _fail(batch: Sequence[Waiting], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
