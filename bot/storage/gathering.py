"""What comes within a moment is written together: one INSERT, one commit.

Nobody is told before it is committed, and one that the database refuses takes no other with it.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.storage import database
from bot.storage.beat import Beat
from bot.storage.writer import Writer

T = TypeVar("T")
AT_ONCE = 128
APART_SECONDS = 0.02  # between two writes,
ENOUGH = 32  # unless so many wait


class Gathering(Generic[T]):
    """Collects things, and writes those that wait together with `write`; `wrote` is told how many they
    were and how many of them were new. `apart` is in seconds."""

    def __init__(
        self,
        writer: Writer,
        write: Callable[[Session, Sequence[T]], int],
        wrote: Callable[[int, int], None],
        apart: float = APART_SECONDS,
    ) -> None:
        self._writer, self._write, self._wrote = writer, write, wrote
        self._beat = Beat(apart, ENOUGH)
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def store(self, one: T) -> None:
        """Returns once it is committed. Raises DBAPIError when it could not be."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, future))
        self._beat.count(len(self._waiting))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        await future

    async def _drain(self) -> None:
        while self._waiting:
            await self._beat.wait(len(self._waiting))
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

    async def _one_by_one(self, batch: Sequence[tuple[T, asyncio.Future[None]]]) -> None:
        for one in batch:
            try:
                await self._insert([one[0]])
            except Exception as error:
                _fail([one], error)
            else:
                _tell([one])

    async def _insert(self, things: Sequence[T]) -> None:
        new = await self._writer.write(lambda session: self._write(session, things))
        self._wrote(len(things), new)


def _tell(batch: Sequence[tuple[T, asyncio.Future[None]]]) -> None:
    for _, future in batch:
        if not future.done():
            future.set_result(None)


def _fail(batch: Sequence[tuple[T, asyncio.Future[None]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
