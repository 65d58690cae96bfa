"""Delivering updates to a webhook: in order within a chat, several chats at once, again until a 2xx.

A method in the answer (`{"method": "sendMessage", …}`) is honoured; its result is thrown away, as on the
real server.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

_TIMEOUT = aiohttp.ClientTimeout(total=60)
_LONGEST_DELAY = 60.0  # seconds between two tries
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name

Answered = Callable[[dict[str, Any]], Awaitable[None]]


class Webhook:
    """One webhook while it is set. `pending` is the queue of `Updates`: what was taken leaves it."""

    def __init__(
        self,
        url: str,
        pending: dict[int, tuple[int, bytes]],
        *,
        secret: str,
        connections: int,
        first_delay: float,
        answered: Answered,
        now: Callable[[], int],
    ) -> None:
        self.url = url
        self.connections = connections
        self.first_delay = first_delay
        self.last_error = ""
        self.last_error_date = 0
        self._pending = pending
        self._headers = {"Content-Type": "application/json", **({SECRET_HEADER: secret} if secret else {})}
        self._answered = answered
        self._now = now
        self._slots = asyncio.Semaphore(connections)
        self._lanes: dict[int, deque[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections), timeout=_TIMEOUT, auto_decompress=True
        )
        for number, (chat, _) in pending.items():
            self.offer(chat, number)

    def offer(self, chat: int, number: int) -> None:
        """An update is there for `chat`; it goes out after the chat's earlier ones."""
        lane = self._lanes.get(chat)
        if lane is not None:
            lane.append(number)
            return
        lane = self._lanes[chat] = deque([number])
        task = asyncio.ensure_future(self._run(chat, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stops; what was not taken stays pending."""
        others = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._session.close()

    async def _run(self, chat: int, lane: deque[int]) -> None:
        delay = self.first_delay
        while lane:
            number = lane[0]
            entry = self._pending.get(number)
            if entry is None or await self._deliver(entry[1]):
                self._pending.pop(number, None)
                lane.popleft()
                delay = self.first_delay
            else:
                await asyncio.sleep(delay)
                delay = min(delay * 2, _LONGEST_DELAY)
        del self._lanes[chat]

    async def _deliver(self, body: bytes) -> bool:
        async with self._slots:
            try:
                async with self._session.post(
                    self.url, data=body, headers=self._headers, allow_redirects=False
                ) as response:
                    text = await response.text()
            except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
                self._failed("Read timeout expired" if isinstance(error, TimeoutError) else _reason(error))
                return False
        if not 200 <= response.status < 300:
            self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
            return False
        if called := _called(text):
            await self._answered(called)
        return True

    def _failed(self, reason: str) -> None:
        self.last_error, self.last_error_date = reason, self._now()


def _reason(error: Exception) -> str:
    return (
        "Connection refused"
        if isinstance(error, aiohttp.ClientConnectorError)
        else str(error) or "Connection closed"
    )


def _called(text: str) -> dict[str, Any]:
    """The method call in a webhook's answer, {} for none."""
    if '"method"' not in text:
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) and isinstance(value.get("method"), str) else {}
