"""The third transaction: rows are leased, sent outside any transaction, and recorded at once.

One sender is active (`bot/storage/leader.py`); its open rows are few, so that a crash leaves few of unknown
fate, and a conversation never has two calls under way, so that its order is kept. It takes rows for each
channel as far as that one has hands free (`bot/outbound/lane.py`).
"""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.outbound import lane, outcomes
from bot.outbound.compose import Composer, Letter
from bot.outbound.lane import Lane, Limits
from bot.outbound.outcomes import Result
from bot.outbound.recorder import Recorder
from bot.storage import wakeups
from bot.storage.writer import Writer
from bot.telemetry import logs
from models.messages.claims import Claimed
from models.messages.outbox import Priority
from models.programme.programme import Programme
from models.releases import releases
from models.sending import gates, recording, rests, sending

log = logs.logger(__name__)
CLAIM_SECONDS = 0.02  # between two claims
GLANCE_SECONDS = 0.2
LONGEST_WAIT = 2.0  # seconds, if a wake-up was missed
STRANGERS_SECONDS = 60.0  # between two looks for rows of channels that are gone


@dataclass(slots=True)
class Taken:
    """What one claim brought: rows, and by channel when the next is due and until when it rests."""

    rows: list[Claimed] = field(default_factory=list)
    dues: dict[str, datetime | None] = field(default_factory=dict)
    resting: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Sender:
    """Sends what is queued, by the `lanes` of the channels that there are, as long as `run` is not cancelled.

    `records` writes down what became of it; where that is not said, it is the same writer.
    """

    writer: Writer
    reader: Engine
    clock: Clock
    lanes: Mapping[str, Lane]
    composer: Composer
    limits: Limits = field(default_factory=Limits)
    programme: Programme = field(default_factory=Programme)
    listings: Mapping[str, outcomes.Listing] = field(default_factory=dict)
    records: Writer | None = None
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _dues: Mapping[str, datetime | None] = field(default_factory=dict)
    _strangers_at: float = 0.0
    _glance: asyncio.TimerHandle | None = None
    _recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self._recorder = Recorder(
            self.records or self.writer, self.clock, self.owner, self.limits.chat_gap, self._recorded
        )
        self._news = self.writer.wakeups.subscribe("outbox")

    async def run(self) -> None:
        """Until cancelled; then the calls under way are finished and recorded, and the rest is put back.

        Where the database is away just then, what was sent is recorded as soon as it is back.
        """
        for one in self.lanes.values():
            one.begin(self._finish)
        self._recorder.start()
        self._strangers_at = 0.0
        try:
            while True:
                for letter in await self._take():
                    self.lanes[letter.row.channel].start(letter)
                await asyncio.sleep(CLAIM_SECONDS)  # what comes in the meantime is taken together
                await wakeups.wait(self._news, self._seconds())
        finally:
            await self._stop()

    async def _stop(self) -> None:
        lanes = self.lanes.values()
        await asyncio.gather(*(one.stop() for one in lanes))
        kept: set[int] = set()
        if await self._recorder.finish(self.limits.record):
            with contextlib.suppress(DBAPIError):  # the leases bring them back
                await self.writer.write(
                    lambda session: sending.surrender(session, self.clock.now(), self.owner)
                )
        else:
            kept = self._recorder.pending()
            log.warning("results_wait_for_database", rows=len(kept))
        for one in lanes:
            one.hands.keep(kept & one.hands.rows())

    # -- taking --------------------------------------------------------------------------------

    async def _take(self) -> list[Letter]:
        """What may go out now, as far as there is a hand of its channel for it."""
        rooms = {name: one.hands.room() for name, one in self.lanes.items() if not one.rest()}
        rooms = {name: room for name, room in rooms.items() if room[0]}
        self._dues = {}
        if not rooms:
            return []
        try:
            taken = await self.writer.write(lambda session: self._claim(session, rooms))
        except DBAPIError as error:
            log.warning("sender_waits_for_database", error=str(error.orig))
            await asyncio.sleep(0.5)
            return []
        self._dues = taken.dues
        for name, until in taken.resting.items():
            if name in self.lanes:
                left = (until - self.clock.now()).total_seconds()
                self.lanes[name].halt(min(left, lane.HALT_SECONDS))  # then it is asked again
        for name, (free, bulk) in rooms.items():
            own = {row.id: row.priority == Priority.BULK for row in taken.rows if row.channel == name}
            self.lanes[name].hands.take(own, free, bulk)
        return await self._letters(taken.rows)

    def _claim(self, session: Session, rooms: Mapping[str, tuple[int, int]]) -> Taken:
        now = self.clock.now()
        if (moment := time.monotonic()) >= self._strangers_at:
            if gone := recording.abandon(session, now, list(self.lanes)):
                log.warning("rows_of_channels_that_are_gone", rows=gone)
            self._strangers_at = moment + STRANGERS_SECONDS
        taken = Taken(resting=rests.resting(session, now))
        halted = releases.halted(session)
        lease = now + timedelta(seconds=self.limits.lease)
        for name, (free, bulk) in rooms.items():
            if name in taken.resting:
                continue
            rows = sending.claim(
                session, now, self.owner, lease, limit=free, bulk=bulk, halted=halted, channel=name
            )
            taken.rows += gates.through(session, now, rows, self.programme)
            taken.dues[name] = sending.next_due(session, now, name)
        return taken

    async def _letters(self, rows: list[Claimed]) -> list[Letter]:
        while rows:
            try:
                letters = await asyncio.to_thread(self._compose, rows)
                going = await outcomes.mark(self.writer, letters, self.listings)
                self._let_go({row.id for row in rows} - {letter.row.id for letter in going})
                return list(going)
            except DBAPIError as error:  # they are ours already: nobody else can send them
                log.warning("composer_waits_for_database", error=str(error.orig))
                await asyncio.sleep(0.5)
        return []

    def _compose(self, rows: list[Claimed]) -> list[Letter]:
        with Session(self.reader) as session:
            return outcomes.readable(self.composer, session, rows)

    def _seconds(self) -> float:
        """Until a channel has rested, or the next row of one is due."""
        seconds, now = LONGEST_WAIT, self.clock.now()
        for name, one in self.lanes.items():
            if rest := one.rest():
                seconds = min(seconds, rest)
            elif (due := self._dues.get(name)) is not None:
                seconds = min(seconds, max(0.0, (due - now).total_seconds()))
        return seconds

    # -- recording -----------------------------------------------------------------------------

    def _finish(self, result: Result) -> None:
        self._recorder.put(result)

    def _recorded(self, batch: Sequence[Result]) -> None:
        self._let_go([result.outcome.id for result in batch])
        if any(one.hands.wanted() for one in self.lanes.values()):
            self._news.set()
        elif self._glance is None:  # what follows them, or is tried again, is not due at once
            self._glance = asyncio.get_running_loop().call_later(GLANCE_SECONDS, self._look_again)

    def _let_go(self, rows: Collection[int]) -> None:
        for one in self.lanes.values():
            one.hands.free(rows)

    def _look_again(self) -> None:
        self._glance = None
        self._news.set()

    def open_rows(self) -> set[int]:
        """The rows that this sender holds: nobody has to put those back."""
        return {row for one in self.lanes.values() for row in one.hands.rows()}
