"""One channel's side of the sender: how many of its rows are in hand, whose turn it is, and when it rests.

Each channel has hands and a pace of its own: one that is slow, paused or halted keeps no other waiting.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.channels import Channel, Failure, Outgoing, Receipt, SendError
from bot.clock import Clock
from bot.outbound import outcomes
from bot.outbound.compose import Letter
from bot.outbound.hands import Hands
from bot.outbound.held_back import HeldBack
from bot.outbound.library import Library
from bot.outbound.outcomes import Result
from bot.outbound.throttle import Throttle
from bot.telemetry import logs, metrics
from models.programme.programme import Programme
from models.sending.setbacks import Patience

log = logs.logger(__name__)
COUNTED = ("send", "edit", "template")  # what a channel's limits are about
HALT_SECONDS = 30.0  # after a call that says that nothing can go out


def once(outgoing: Outgoing) -> int:
    """How many messages a call is, for a channel that takes each in one; an album is as many as its files."""
    return max(1, len(outgoing.album))


@dataclass(frozen=True, slots=True)
class Limits:
    """Of all channels: `patience` with what fails, `chat_gap` between two messages to a chat and `lease` of
    a row in seconds; so are `stop`, for the calls that are under way when we stop, and `record`, for writing
    down what became of them."""

    patience: Patience = field(default_factory=Patience)
    chat_gap: float = 1.0
    lease: float = 60.0
    stop: float = 10.0
    record: float = 5.0


@dataclass(slots=True)
class Lane:
    """Sends letters by one channel, those to a conversation one after the other.

    `messages` says how many of the throttle's messages a call is.
    """

    channel: Channel
    throttle: Throttle
    hands: Hands
    library: Library
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    programme: Programme = field(default_factory=Programme)
    messages: Callable[[Outgoing], int] = once
    behind: dict[str, deque[Letter]] = field(default_factory=dict)  # by address, the open call first
    under_way: set[int] = field(default_factory=set)  # those of them that the channel may have by now
    calls: dict[str, asyncio.Task[None]] = field(default_factory=dict)  # by address
    _finished: Callable[[Result], None] | None = None
    _held_back: HeldBack = field(init=False)
    _stopping: bool = False
    _halted_until: float = 0.0

    def __post_init__(self) -> None:
        self._held_back = HeldBack(self.clock)

    # -- when ----------------------------------------------------------------------------------

    def begin(self, finished: Callable[[Result], None]) -> None:
        """`finished` is told what became of each letter."""
        self._finished, self._stopping = finished, False

    def rest(self) -> float:
        """For how many seconds nothing is taken for this channel: it is halted, or everybody was told to
        wait."""
        return max(self._halted(), self.throttle.paused())

    def halt(self, seconds: float) -> None:
        """Nothing goes out for so long; what is in hand goes back. Never shortens a halt."""
        self._halted_until = max(self._halted_until, time.monotonic() + seconds)

    def _halted(self) -> float:
        return max(0.0, self._halted_until - time.monotonic())

    # -- what ----------------------------------------------------------------------------------

    def start(self, letter: Letter) -> None:
        """Sends it when its turn comes."""
        address = letter.row.address
        if (behind := self.behind.get(address)) is not None:
            behind.append(letter)
            return
        self.behind[address] = deque([letter])
        self.calls[address] = asyncio.create_task(self._converse(address))

    async def stop(self) -> None:
        """Finishes the calls that are under way, and puts back the rest."""
        self._stopping = True
        for address, task in self.calls.items():
            if self.behind[address][0].row.id not in self.under_way:
                task.cancel()  # it waits for its moment, or for its file
        if self.calls:
            await asyncio.wait(self.calls.values(), timeout=self.limits.stop)
        for task in self.calls.values():
            task.cancel()
        await asyncio.gather(*self.calls.values(), return_exceptions=True)
        for letter in (letter for queue in self.behind.values() for letter in queue):
            begun = letter.row.id in self.under_way
            self._finish(outcomes.interrupted(letter) if begun else outcomes.put_back(letter, None))
        self.behind.clear()
        self.calls.clear()

    async def _converse(self, address: str) -> None:
        """The calls to one conversation, one after the other."""
        queue = self.behind[address]
        while queue and not self._stopping:
            due = self._held_back.until(queue[0].row)
            if halted := self._halted():
                due = self.clock.now() + timedelta(seconds=halted)
            result = await self._send(queue[0]) if due is None else outcomes.put_back(queue[0], due)
            queue.popleft()
            self._finish(result)
        if not queue:
            del self.behind[address], self.calls[address]

    def _finish(self, result: Result) -> None:
        assert self._finished is not None, "it has begun"
        self.under_way.discard(result.outcome.id)
        self._held_back.note(result)
        self._finished(result)

    async def _send(self, letter: Letter) -> Result:
        row = letter.row
        if letter.void:
            return outcomes.void(letter)
        if letter.broken:
            return outcomes.broken(letter)
        if row.expires_at is not None and row.expires_at <= self.clock.now():
            return outcomes.expired(letter)
        try:
            receipt = await self._call(letter)
        except SendError as error:
            metrics.outbox_failed.labels(row.channel, row.op, str(error.kind)).inc()
            return self._failed(letter, error)
        except Exception as error:
            log.exception("send_met_a_bug", outbox_id=row.id)
            return self._failed(letter, SendError(Failure.RETRY, repr(error)))
        if void := receipt.details.get("void"):
            return outcomes.void(replace(letter, void=void))
        metrics.outbox_sent.labels(row.channel, row.op).inc()
        return outcomes.sent(letter, receipt)

    async def _call(self, letter: Letter) -> Receipt:
        if letter.album:
            async with self.library.lend_album(letter.album, letter.row.channel) as (album, keep_all):
                receipt = await self._at_its_moment(letter, outcomes.with_album(letter.outgoing, album))
                await outcomes.kept(keep_all(receipt.remote_ids), letter)
                return receipt
        media_id = letter.media
        if letter.report:
            media_id = await self.library.report(letter.report)
        if media_id is None:
            return await self._at_its_moment(letter, letter.outgoing)
        async with self.library.lend(media_id, letter.row.channel) as (media, keep):
            receipt = await self._at_its_moment(letter, outcomes.with_media(letter.outgoing, media))
            await outcomes.kept(keep(receipt.remote_id), letter)
            return receipt

    async def _at_its_moment(self, letter: Letter, outgoing: Outgoing) -> Receipt:
        """The call itself, right after its moment was given: whatever takes time has been done before."""
        row, moment, throttle = letter.row, None, self.throttle
        if row.op in COUNTED:
            cost = self.messages(outgoing)
            group = row.address.startswith("-")
            moment = await throttle.slot(row.address, group=group, priority=row.priority, cost=cost)
        self.under_way.add(row.id)
        began = time.monotonic()
        try:
            receipt = await self.channel.send(outgoing)
        finally:
            seconds = time.monotonic() - began
            metrics.send_seconds.labels(row.channel).observe(seconds)
            if moment is not None:
                throttle.answered(moment, seconds)
        if moment is not None:
            # The server counts from when it took the message, which may be long after its moment was given.
            throttle.pause_chat(row.address, self.limits.chat_gap)
        return receipt

    def _failed(self, letter: Letter, error: SendError) -> Result:
        name = self.channel.name
        if error.kind is Failure.RETRY_AFTER:
            self.throttle.pause(error.retry_after)
            metrics.throttle_pauses.labels(name).inc()
            metrics.throttle_seconds.labels(name).inc(error.retry_after)
        if error.kind is Failure.CROWDED:
            self.throttle.crowded()
            metrics.throttle_crowded.labels(name).inc()
        if error.kind is Failure.HALT_CHANNEL:
            self.halt(HALT_SECONDS)
            log.error("channel_halted", channel=name, error=error.detail)
        return outcomes.failed(letter, error, self.clock.now(), self.limits.patience, self.programme)
