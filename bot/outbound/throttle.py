"""When the next message may go out: one even pace for all, a pause for each chat, replies first.

Telegram's limits (https://core.telegram.org/bots/faq, "My bot is hitting limits"): about 30 messages a
second overall (bot/outbound/pace.py), one a second to a chat, 20 a minute to a group.

Belongs to one event loop; not for threads.
"""

import asyncio
import heapq
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.outbound.pace import TICK_SECONDS, TIMER_SLACK, Moment, Pace

CHAT_MARGIN = 1.05
MINUTE_SECONDS = 61.0
PRIORITIES = 3
# After so many in a row of one priority, one goes to whoever of the lower ones has waited longest.
SHARE = 7
KEPT_CHATS = 1024


@dataclass(slots=True, eq=False)
class _Chat:
    """A conversation: when it may be written to again, and who waits for that (a heap)."""

    free_at: float = -math.inf
    queue: list[tuple[int, int, asyncio.Future[Moment], int]] = field(default_factory=list)
    recent: deque[float] | None = None  # of a group: when the last messages went out


class Throttle:
    """Gives out the moments at which messages may be sent.

    `rate` is the server's limit in messages a second, `chat_rate` the same for one chat,
    `group_per_minute` for one group. `clock` gives seconds that never go back.
    """

    def __init__(
        self,
        rate: float = 30.0,
        chat_rate: float = 1.0,
        group_per_minute: int = 20,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if min(rate, chat_rate, group_per_minute) <= 0:
            raise ValueError("a limit must be above 0")
        self._clock = clock
        self._pace = Pace(rate)
        self._chat_distance = CHAT_MARGIN / chat_rate
        self._group_limit = group_per_minute
        self._in_a_row = [0] * PRIORITIES
        self._number = 0
        self._chats: dict[str, _Chat] = {}
        self._sweep_at = KEPT_CHATS
        self._ready: tuple[list[tuple[int, _Chat]], ...] = tuple([] for _ in range(PRIORITIES))
        self._resting: list[tuple[float, int, _Chat]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = math.inf

    async def slot(self, address: str, *, group: bool = False, priority: int = 1, cost: int = 1) -> Moment:
        """Returns at the moment at which one message to `address` may be sent: send it at once, and say
        with `answered` how long that took.

        `priority` 0 (replies) goes before 1 and 2, within one chat too; equal ones in order of
        arrival. Cancelling the wait gives the place up. An album costs its size overall, and one in its
        chat.
        """
        priority, cost = min(max(priority, 0), PRIORITIES - 1), self._pace.bounded(cost)
        chat = self._chat(address, group)
        now = self._clock()
        # Nobody before us and nothing to wait for: no future, no timer.
        if (
            not chat.queue
            and chat.free_at <= now
            and not any(self._ready)
            and self._pace.due(now, cost) <= now
        ):
            return self._grant(chat, now, cost)
        future: asyncio.Future[Moment] = asyncio.get_running_loop().create_future()
        self._number += 1
        entry = (priority, self._number, future, cost)
        heapq.heappush(chat.queue, entry)
        if chat.queue[0] is entry:
            self._offer(chat, now)
            self._arm(self._next(now), now)
        return await future

    def answered(self, moment: Moment, seconds: float) -> None:
        """The server answered so many seconds after a moment."""
        self._pace.answered(moment, seconds)

    def pause(self, seconds: float) -> None:
        """Nobody sends for `seconds` from now: a `retry_after` is for all. Never shortens a pause."""
        self._pace.pause(self._clock(), seconds)

    def paused(self) -> float:
        """For how many seconds nobody sends yet."""
        return self._pace.paused(self._clock())

    def crowded(self) -> None:
        """The server had no room for a message just then, and named no time: all go a little slower."""
        self._pace.crowded()

    def pause_chat(self, address: str, seconds: float) -> None:
        """Nothing goes to `address` for `seconds` from now; the others go on."""
        chat = self._chat(address, group=False)
        chat.free_at = max(chat.free_at, self._clock() + seconds)

    def ready_at(self, address: str) -> float:
        """From when (on the clock) another message to `address` would not wait for its chat."""
        chat = self._chats.get(address)
        if chat is None:
            return self._clock()
        return max(chat.free_at, self._clock()) + len(chat.queue) * self._chat_distance

    def resting(self) -> list[str]:
        """The chats that must wait now, so that nobody claims rows for them."""
        now = self._clock()
        return [address for address, chat in self._chats.items() if chat.queue or chat.free_at > now]

    def _chat(self, address: str, group: bool) -> _Chat:
        chat = self._chats.get(address)
        if chat is None:
            if len(self._chats) >= self._sweep_at:
                self._forget_idle()
            chat = self._chats[address] = _Chat()
        if group and chat.recent is None:
            chat.recent = deque(maxlen=self._group_limit)
        return chat

    def _forget_idle(self) -> None:
        """Drops the chats that could be written to anyway; the cost is spread over their arrival."""
        now = self._clock()
        self._chats = {
            address: chat
            for address, chat in self._chats.items()
            if chat.queue or chat.free_at > now or (chat.recent and chat.recent[-1] > now - MINUTE_SECONDS)
        }
        self._sweep_at = max(KEPT_CHATS, 2 * len(self._chats))

    def _grant(self, chat: _Chat, now: float, cost: int) -> Moment:
        """Books a message to `chat` that goes out now."""
        moment = self._pace.book(now, cost)
        chat.free_at = max(chat.free_at, now + self._chat_distance)
        if chat.recent is not None:
            chat.recent.append(now)
            if len(chat.recent) == self._group_limit:
                chat.free_at = max(chat.free_at, chat.recent[0] + MINUTE_SECONDS)
        return moment

    def _offer(self, chat: _Chat, now: float) -> None:
        """Puts the first who waits for `chat` where it will be found."""
        while chat.queue and chat.queue[0][2].done():  # given up
            heapq.heappop(chat.queue)
        if not chat.queue:
            return
        priority, number, *_ = chat.queue[0]
        if chat.free_at <= now:
            heapq.heappush(self._ready[priority], (number, chat))
        else:
            heapq.heappush(self._resting, (chat.free_at, number, chat))

    def _head(self, priority: int, now: float) -> tuple[int, _Chat] | None:
        """The first of a priority who may be served, past entries that time has overtaken."""
        ready = self._ready[priority]
        while ready:
            number, chat = ready[0]
            first = chat.queue[0] if chat.queue else None
            if first is not None and first[1] == number:
                if chat.free_at <= now and not first[2].done():
                    return ready[0]
                heapq.heappop(ready)
                self._offer(chat, now)
            else:  # somebody more urgent came to the same chat and stands here or rests himself
                heapq.heappop(ready)
        return None

    def _pick(self, now: float) -> _Chat | None:
        """The chat to be served next, without serving it."""
        heads = [head for priority in range(PRIORITIES) if (head := self._head(priority, now))]
        if not heads:
            return None
        if len(heads) > 1 and self._in_a_row[heads[0][1].queue[0][0]] >= SHARE:
            return min(heads[1:])[1]
        return heads[0][1]

    def _serve(self, chat: _Chat, now: float) -> None:
        priority, _, future, cost = heapq.heappop(chat.queue)
        heapq.heappop(self._ready[priority])
        waiting = any(self._ready[other] for other in range(priority + 1, PRIORITIES))
        row = self._in_a_row[priority] + 1 if waiting else 0
        self._in_a_row[: priority + 1] = [0] * priority + [row]
        moment = self._grant(chat, now, cost)
        self._offer(chat, now)
        future.set_result(moment)

    def _next(self, now: float) -> float:
        """When to look again: at the pace if somebody is ready, else when a chat has rested."""
        if any(self._ready):
            chat = self._pick(now)
            return self._pace.due(now, chat.queue[0][3] if chat else 1)
        return max(self._resting[0][0], self._pace.due(now, 1)) if self._resting else math.inf

    def _run(self) -> None:
        """Serves everybody whose moment has come."""
        self._timer, self._timer_at = None, math.inf
        now = self._clock()
        while True:
            while self._resting and self._resting[0][0] <= now:
                self._offer(heapq.heappop(self._resting)[2], now)
            chat = self._pick(now)
            if chat is None or self._pace.due(now, chat.queue[0][3]) > now:
                break
            self._serve(chat, now)
        self._arm(self._next(now), now)

    def _arm(self, when: float, now: float) -> None:
        if when == math.inf:
            return
        if self._pace.coarse:
            when = max(when, now + TICK_SECONDS)
        if when >= self._timer_at:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = when
        delay = max(0.0, when - now) + TIMER_SLACK
        self._timer = asyncio.get_running_loop().call_later(delay, self._run)
