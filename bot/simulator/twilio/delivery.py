"""The way of an accepted message: the sender's queue, WhatsApp's rules, the phone."""

import asyncio
import contextlib
import functools
import hashlib
import time
from collections import deque

import aiohttp

from bot.simulator import mp4
from bot.simulator.twilio import templates
from bot.simulator.twilio.account import WINDOW, Account
from bot.simulator.twilio.errors import UNDELIVERED, Refused
from bot.simulator.twilio.hooks import Hooks
from bot.simulator.twilio.lanes import Lanes
from bot.simulator.twilio.store import Media, Message, Person, sid

LONGEST_QUEUE = 4 * 3600  # seconds (WhatsApp best practices, "message queue")
MOST_BYTES = 16 * 1024 * 1024
MOST_PICTURE = 5 * 1024 * 1024
DOWNLOAD = 15.0  # seconds
CODECS = frozenset({"avc1", "avc3", "mp4a"})  # of an MP4: H.264 and AAC
# Guidance on WhatsApp Media Messages: what WhatsApp takes. A WebP is a sticker to it, which goes otherwise.
MIMES = frozenset({
    "image/jpeg", "image/png", "video/mp4", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac",
    "audio/amr", "audio/3gpp", "application/pdf", "application/msword", "text/vcard",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
})  # fmt: skip


class Sender:
    """Sends at the account's rate; messages to one person arrive in order."""

    def __init__(self, account: Account, hooks: Hooks) -> None:
        self.account = account
        self.hooks = hooks
        self.lanes = Lanes()
        self._queue: deque[Message] = deque()
        self._free = 0.0  # seconds of the monotonic clock at which the next message may leave
        self._changed = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Accepted messages that have not left yet."""
        return len(self._queue) + self.lanes.waiting

    def admit(self) -> None:
        """Raises Refused 21611 when the queue is longer than Twilio keeps one."""
        rate = self.account.settings.rate
        if rate and len(self._queue) / rate > LONGEST_QUEUE:
            raise Refused(21611, self.account.sender)

    def offer(self, message: Message) -> None:
        """Queues an accepted message."""
        self._queue.append(message)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.ensure_future(self._run())

    def rate_changed(self) -> None:
        """The next message waits by the new rate."""
        self._free = 0.0
        self._changed.set()

    async def close(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
        await self.lanes.close()

    async def _run(self) -> None:
        while self._queue:
            wait = self._free - time.monotonic()
            if wait > 0:
                self._changed.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._changed.wait()
                continue
            rate = self.account.settings.rate
            # What a sleep was too long is made up for, a tenth of a second of it at the most.
            self._free = max(self._free, time.monotonic() - 0.1) + 1 / rate if rate else 0.0
            message = self._queue.popleft()
            self.lanes.put(message.address, functools.partial(self._send, message))

    def switch_on(self, person: Person) -> None:
        """The phone has the net again: what waited arrives."""
        person.on = True
        waiting, person.waiting = person.waiting, []
        for message in waiting:
            self._arrive(person, message)

    def read(self, person: Person) -> int:
        """The person looks at the chat; how many messages are read by that."""
        unread = [one for one in person.chat.values() if not one.inbound and one.status == "delivered"]
        for message in unread:
            self._report(message, "read")
            self.account.changed(person, message, "wa_status")
        return len(unread)

    async def _send(self, message: Message) -> None:
        person = self.account.people.get(message.address)
        code = self._objection(person, message) or await self._download(message)
        code = code or self._crowding(person)
        if code or person is None:
            message.error = code
            self.account.stats.failed[str(code)] += 1
            self._report(message, "undelivered" if code in UNDELIVERED else "failed")
            return
        message.sent = self.account.now()
        self.account.stats.count_sent(paid=message.template)
        self._report(message, "sent")
        if person.on:
            self._arrive(person, message)
        else:
            person.waiting.append(message)

    def _arrive(self, person: Person, message: Message) -> None:
        person.show(message)
        self._report(message, "delivered")
        self.account.changed(person, message, "wa_message")
        self.account.deliveries.add(person.id, 0, message.seq, message.sent, message.body)

    def _report(self, message: Message, status: str) -> None:
        message.status, message.updated = status, self.account.now()
        self.hooks.status(message)

    def _open(self, person: Person) -> bool:
        return bool(person.last_inbound) and self.account.now() - person.last_inbound < WINDOW

    def _objection(self, person: Person | None, message: Message) -> int:
        """The code that WhatsApp or Twilio fails the message with, 0 for none."""
        if person is None:
            return 63024
        if person.failures:
            return person.failures.pop(0)
        code = self._content_objection(message, is_open=self._open(person))
        return code or (63014 if person.blocked else 0)

    def _content_objection(self, message: Message, *, is_open: bool) -> int:
        shown = message.shown
        content = self.account.contents.get(message.content)
        if shown is None:
            return 0 if is_open else 63016
        status = content.status(self.account.now(), self.account.settings.review) if content else ""
        message.template = status == "approved"
        if status in {"paused", "disabled"}:
            return 63041 if status == "paused" else 63042
        if not message.template:
            if not is_open:
                return 63016
            if len(shown.buttons) > templates.SESSION_BUTTONS or shown.type == "twilio/card":
                return 63005
        if message.mismatch:
            return 63028
        if message.template and (message.rough or len(shown.body) > templates.MOST_BODY):
            return 63021
        return 63021 if templates.too_much(shown) else 0

    def _crowding(self, person: Person | None) -> int:
        """63018 where the portfolio has written to enough people outside the window today; else it counts."""
        if person is None or self._open(person):
            return 0
        now, opened = self.account.now(), self.account.opened
        while opened and opened[first := next(iter(opened))] <= now - WINDOW:
            del opened[first]
        if person.address not in opened and len(opened) >= self.account.settings.portfolio_limit:
            return 63018
        opened.pop(person.address, None)
        opened[person.address] = now
        return 0

    async def _download(self, message: Message) -> int:
        for url in message.urls:
            try:
                async with (
                    asyncio.timeout(DOWNLOAD),
                    self.hooks.session.get(url, headers={"User-Agent": "TwilioProxy/1.1"}) as response,
                ):
                    mime = response.content_type if "Content-Type" in response.headers else ""
                    data = await response.content.read(MOST_BYTES + 1)
                    while len(data) <= MOST_BYTES and (more := await response.content.read(MOST_BYTES)):
                        data += more
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
                return 63019
            if response.status != 200 or not data:
                return 63019
            if code := check_media(mime, data):
                return code
            # One file for a picture that goes to fifteen thousand people.
            path = self.account.folder() / hashlib.blake2b(data, digest_size=20).hexdigest()
            if not path.exists():
                path.write_bytes(data)
            media = Media(sid("ME"), message.sid, mime, path, len(data), self.account.now())
            message.media.append(media)
            self.account.media[media.sid] = media
        return 0


def check_media(mime: str, data: bytes) -> int:
    """The code for media that WhatsApp does not take, 0 for none."""
    if len(data) > MOST_BYTES:
        return 11751
    if mime not in MIMES or (mime.startswith("image/") and len(data) > MOST_PICTURE):
        return 63021
    return 63021 if mime == "video/mp4" and mp4.codecs(data) - CODECS else 0
