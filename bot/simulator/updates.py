"""Updates on their way to the bot: the queue, long polling with its conflicts, and the webhook.

Not played: Telegram forgets updates after 24 hours; here the clock may jump by days, so they stay.
"""

import asyncio
import random
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from telegram import Update

from bot.simulator.webhook import Webhook
from bot.simulator.wire import Refusal, dumps

# Bot API, getUpdates: what one has to ask for by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KINDS = frozenset(Update.ALL_TYPES)
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
WEBHOOK_SET = "Conflict: terminated by setWebhook request"
LONGEST_POLL = 50  # seconds


@dataclass(slots=True)
class Updates:
    """`pending` keeps ready JSON by update_id, oldest first, with the chat that it is about."""

    pending: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    next_id: int = field(default_factory=lambda: random.Random(1).randint(100_000_000, 400_000_000))
    allowed: frozenset[str] | None = None  # None: everything but ON_REQUEST
    webhook: Webhook | None = None
    _poller: "asyncio.Future[None] | None" = None

    def put(self, kind: str, body: Any, chat: int) -> int | None:
        """Queues an update; its id, or None where the bot did not ask for this kind."""
        if kind in ON_REQUEST if self.allowed is None else kind not in self.allowed:
            return None
        number = self.next_id
        self.next_id += 1
        self.pending[number] = (chat, dumps({"update_id": number, kind: body}))
        if self.webhook is not None:
            self.webhook.offer(chat, number)
        elif self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        return number

    def allow(self, kinds: list[Any] | None) -> None:
        """Remembers `allowed_updates`: None leaves it, an empty list is the default, unknown names go."""
        if kinds is not None:
            self.allowed = frozenset(str(kind) for kind in kinds) & KINDS or None

    async def poll(self, offset: int, limit: int, seconds: float) -> bytes:
        """The JSON array of getUpdates. Raises Refusal 409."""
        self.interrupt(OTHER_POLLER)
        if self.webhook is not None:
            raise Refusal(409, WEBHOOK_ACTIVE)
        self._acknowledge(offset)
        if not self.pending and seconds > 0:
            await self._wait(seconds)
        bodies = [body for _, body in islice(self.pending.values(), limit)]
        return b"[" + b",".join(bodies) + b"]"

    def interrupt(self, description: str) -> None:
        """Ends the long poll that is under way, if one is."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(Refusal(409, description))
        self._poller = None

    def drop(self) -> None:
        self.pending.clear()

    async def _wait(self, seconds: float) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = mine
        handle = asyncio.get_running_loop().call_later(seconds, _finish, mine)
        try:
            await mine
        finally:
            handle.cancel()
            if self._poller is mine:
                self._poller = None

    def _acknowledge(self, offset: int) -> None:
        if offset > 0:
            done = []
            for number in self.pending:
                if number >= offset:
                    break
                done.append(number)
            for number in done:
                del self.pending[number]
        elif offset < 0:
            for number in list(self.pending)[:offset]:
                del self.pending[number]


def _finish(poll: "asyncio.Future[None]") -> None:
    if not poll.done():
        poll.set_result(None)
