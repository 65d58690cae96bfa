"""The third transaction: rows are leased, sent outside any transaction, and recorded at once.

One sender is active (`bot/leader.py`); its open rows are few, so that a crash leaves few of unknown
fate, and a conversation never has two calls under way, so that its order is kept.
"""

import asyncio
import contextlib
import time
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import logs, metrics, outcomes, wakeups
from bot.channels import Channel, Failure, Outgoing, Receipt, SendError
from bot.clock import Clock
from bot.compose import Composer, Letter
from bot.hands import Hands
from bot.held_back import HeldBack
from bot.library import Library
from bot.outcomes import Result
from bot.recorder import Recorder
from bot.throttle import Throttle
from bot.writer import Writer
from models import gates, releases, sending
from models.outbox import Priority
from models.programme import Programme
from models.sending import Claimed

log = logs.logger(__name__)
COUNTED = ("send", "edit", "template")  # what Telegram's limits are about
CLAIM_SECONDS = 0.02  # between two claims
GLANCE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Limits:
    """`in_flight` calls at once; `rate` messages a second; leases and backoff in seconds; so are `stop`, for
    the calls that are under way when we stop, and `record`, for writing down what became of them."""

    in_flight: int = 256
    rate: float = 30.0
    chat_gap: float = 1.0
    lease: float = 60.0
    attempts: int = 8
    backoff: float = 5.0
    backoff_cap: float = 900.0
    stop: float = 10.0
    record: float = 5.0


@dataclass(slots=True)
class Sender:
    """Sends what is queued for the channels, as long as `run` is not cancelled."""

    writer: Writer
    reader: Engine
    clock: Clock
    channels: Mapping[str, Channel]
    throttles: Mapping[str, Throttle]
    composer: Composer
    library: Library
    limits: Limits = Limits()
    programme: Programme = field(default_factory=Programme)
    listings: Mapping[str, outcomes.Listing] = field(default_factory=dict)
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    _behind: dict[str, deque[Letter]] = field(default_factory=dict)  # by address, the open call first
    _held_back: HeldBack = field(init=False)
    _hands: Hands = field(init=False)
    _under_way: set[int] = field(default_factory=set)  # those of them that the channel may have by now
    _calls: dict[str, asyncio.Task[None]] = field(default_factory=dict)  # by address
    _stopping: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _halted: dict[str, float] = field(default_factory=dict)  # by channel, until when
    _glance: asyncio.TimerHandle | None = None
    _recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self._held_back = HeldBack(self.clock)
        self._hands = Hands(self.limits.in_flight, self.limits.rate)
        self._recorder = Recorder(self.writer, self.clock, self.owner, self.limits.chat_gap, self._recorded)
        self._news = self.writer.wakeups.subscribe("outbox")

    async def run(self) -> None:
        """Until cancelled; then the calls under way are finished and recorded, and the rest is put back.

        Where the database is away just then, what was sent is recorded as soon as it is back.
        """
        self._stopping = False
        self._recorder.start()
        try:
            while True:
                letters, due = await self._take()
                for letter in letters:
                    self._start(letter)
                await asyncio.sleep(CLAIM_SECONDS)  # what comes in the meantime is taken together
                await self._wait(due)
        finally:
            await self._stop()

    async def _stop(self) -> None:
        self._stopping = True
        for address, task in self._calls.items():
            if self._behind[address][0].row.id not in self._under_way:
                task.cancel()  # it waits for its moment, or for its file
        if self._calls:
            await asyncio.wait(self._calls.values(), timeout=self.limits.stop)
        for task in self._calls.values():
            task.cancel()
        await asyncio.gather(*self._calls.values(), return_exceptions=True)
        for letter in (letter for queue in self._behind.values() for letter in queue):
            begun = letter.row.id in self._under_way
            self._finish(outcomes.interrupted(letter) if begun else outcomes.put_back(letter, None))
        self._behind.clear()
        self._calls.clear()
        if await self._recorder.finish(self.limits.record):
            with contextlib.suppress(DBAPIError):  # the leases bring them back
                await self.writer.write(
                    lambda session: sending.surrender(session, self.clock.now(), self.owner)
                )
            self._hands.keep(())
        else:
            log.warning("results_wait_for_database", rows=len(self._recorder.pending()))
            self._hands.keep(self._recorder.pending())

    # -- taking --------------------------------------------------------------------------------

    async def _take(self) -> tuple[list[Letter], datetime | None]:
        """What may go out now, and when the next row is due, as far as there is a hand for it."""
        free, bulk = self._hands.room()
        if free == 0 or min(map(self._rest, self.channels)) > 0:
            return [], None
        now = self.clock.now()
        lease = now + timedelta(seconds=self.limits.lease)

        def claim(session: Session) -> tuple[list[Claimed], datetime | None]:
            halted = releases.halted(session)
            rows = sending.claim(session, now, self.owner, lease, limit=free, bulk=bulk, halted=halted)
            rows = gates.through(session, now, rows, self.programme)
            return rows, sending.next_due(session, now)

        try:
            rows, due = await self.writer.write(claim)
        except DBAPIError as error:
            log.warning("sender_waits_for_database", error=str(error.orig))
            await asyncio.sleep(0.5)
            return [], None
        self._hands.take({row.id: row.priority == Priority.BULK for row in rows}, free, bulk)
        while rows:
            try:
                letters = await asyncio.to_thread(self._compose, rows)
                await outcomes.mark(self.writer, letters, self.listings)
                return letters, due  # noqa: TRY300 - what is tried is both
            except DBAPIError as error:  # they are ours already: nobody else can send them
                log.warning("composer_waits_for_database", error=str(error.orig))
                await asyncio.sleep(0.5)
        return [], due

    def _compose(self, rows: list[Claimed]) -> list[Letter]:
        with Session(self.reader) as session:
            return outcomes.readable(self.composer, session, rows)

    async def _wait(self, due: datetime | None) -> None:
        """Until there is news, or the next row is due; at most two seconds, if a wake-up was missed."""
        seconds = 2.0
        if (halted_for := min(map(self._rest, self.channels))) > 0:
            seconds = min(2.0, halted_for)
        elif due is not None:
            seconds = min(2.0, max(0.0, (due - self.clock.now()).total_seconds()))
        await wakeups.wait(self._news, seconds)

    # -- sending -------------------------------------------------------------------------------

    def _start(self, letter: Letter) -> None:
        address = letter.row.address
        if (behind := self._behind.get(address)) is not None:
            behind.append(letter)
            return
        self._behind[address] = deque([letter])
        self._calls[address] = asyncio.create_task(self._converse(address))

    async def _converse(self, address: str) -> None:
        """The calls to one conversation, one after the other."""
        queue = self._behind[address]
        while queue and not self._stopping:
            due = self._held_back.until(queue[0].row)
            if rest := self._rest(queue[0].row.channel):
                due = self.clock.now() + timedelta(seconds=rest)
            result = await self._send(queue[0]) if due is None else outcomes.put_back(queue[0], due)
            queue.popleft()
            self._finish(result)
        if not queue:
            del self._behind[address], self._calls[address]

    def _rest(self, channel: str) -> float:
        """For how many seconds a channel is still halted; the others go on."""
        return max(0.0, self._halted.get(channel, 0.0) - time.monotonic())

    def _finish(self, result: Result) -> None:
        self._under_way.discard(result.outcome.id)
        self._held_back.note(result)
        self._recorder.put(result)

    async def _send(self, letter: Letter) -> Result:
        row = letter.row
        if letter.void:
            return outcomes.void(letter)
        if letter.broken:
            return outcomes.broken(letter)
        if row.channel not in self.channels:  # its account was taken out of the settings
            return outcomes.broken(replace(letter, broken=f"there is no channel {row.channel} any more"))
        if row.expires_at is not None and row.expires_at <= self.clock.now():
            return outcomes.expired(letter)
        throttle = self.throttles[row.channel]
        try:
            receipt = await self._call(letter, throttle)
        except SendError as error:
            metrics.outbox_failed.labels(row.channel, row.op, str(error.kind)).inc()
            return self._failed(letter, error, throttle)
        except Exception as error:
            log.exception("send_met_a_bug", outbox_id=row.id)
            return self._failed(letter, SendError(Failure.RETRY, repr(error)), throttle)
        if void := receipt.details.get("void"):
            return outcomes.void(replace(letter, void=void))
        metrics.outbox_sent.labels(row.channel, row.op).inc()
        return outcomes.sent(letter, receipt)

    async def _call(self, letter: Letter, throttle: Throttle) -> Receipt:
        if letter.album:
            async with self.library.lend_album(letter.album, letter.row.channel) as (album, keep_all):
                outgoing = outcomes.with_album(letter.outgoing, album)
                receipt = await self._at_its_moment(letter, throttle, outgoing)
                await outcomes.kept(keep_all(receipt.remote_ids), letter)
                return receipt
        media_id = letter.media
        if letter.report:
            media_id = await self.library.report(letter.report)
        if media_id is None:
            return await self._at_its_moment(letter, throttle, letter.outgoing)
        async with self.library.lend(media_id, letter.row.channel) as (media, keep):
            receipt = await self._at_its_moment(letter, throttle, outcomes.with_media(letter.outgoing, media))
            await outcomes.kept(keep(receipt.remote_id), letter)
            return receipt

    async def _at_its_moment(self, letter: Letter, throttle: Throttle, outgoing: Outgoing) -> Receipt:
        """The call itself, right after its moment was given: whatever takes time has been done before."""
        row, moment = letter.row, None
        if row.op in COUNTED:
            group = row.address.startswith("-")
            moment = await throttle.slot(
                row.address, group=group, priority=row.priority, cost=max(1, len(outgoing.album))
            )
        self._under_way.add(row.id)
        began = time.monotonic()
        try:
            receipt = await self.channels[row.channel].send(outgoing)
        finally:
            seconds = time.monotonic() - began
            metrics.send_seconds.labels(row.channel).observe(seconds)
            if moment is not None:
                throttle.answered(moment, seconds)
        if moment is not None:
            # The server counts from when it took the message, which may be long after its moment was given.
            throttle.pause_chat(row.address, self.limits.chat_gap)
        return receipt

    def _failed(self, letter: Letter, error: SendError, throttle: Throttle) -> Result:
        if error.kind is Failure.RETRY_AFTER:
            throttle.pause(error.retry_after)
            metrics.throttle_pauses.labels(letter.row.channel).inc()
            metrics.throttle_seconds.labels(letter.row.channel).inc(error.retry_after)
        if error.kind is Failure.HALT_CHANNEL:
            self._halted[letter.row.channel] = time.monotonic() + 30
            log.error("channel_halted", channel=letter.row.channel, error=error.detail)
        backoff = min(self.limits.backoff_cap, self.limits.backoff * 2**letter.row.attempts)
        return outcomes.failed(
            letter, error, self.clock.now(), backoff=backoff, attempts=self.limits.attempts
        )

    def _recorded(self, batch: Sequence[Result]) -> None:
        self._hands.free(result.outcome.id for result in batch)
        if self._hands.wanted():
            self._news.set()
        elif self._glance is None:  # what follows them, or is tried again, is not due at once
            self._glance = asyncio.get_running_loop().call_later(GLANCE_SECONDS, self._look_again)

    def _look_again(self) -> None:
        self._glance = None
        self._news.set()

    def open_rows(self) -> set[int]:
        """The rows that this sender holds: nobody has to put those back."""
        return self._hands.rows()
