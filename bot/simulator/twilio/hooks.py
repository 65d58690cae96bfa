"""What goes to the program, signed, and again when nobody took it: inbound messages and status callbacks."""

import asyncio
import functools
import random
import re
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from bot.simulator.twilio import signing
from bot.simulator.twilio.account import CHANNEL, Account
from bot.simulator.twilio.errors import FAILURES
from bot.simulator.twilio.lanes import Lanes
from bot.simulator.twilio.store import Message

INBOUND_RETRIES = 1
STATUS_RETRIES = 5
_AT_ONCE = 100  # requests to the program
_LONGEST_DELAY = 60.0  # seconds between two tries
_EMPTY = re.compile(r"\s*(<\?xml[^>]*\?>)?\s*(<Response\s*/>|<Response>\s*</Response>)?\s*")


class Hooks:
    """Inbound messages of a person go in order; so do the callbacks of a message, unless shuffled."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.inbound_lanes = Lanes()
        self.status_lanes = Lanes()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._held: dict[str, dict[str, str]] = {}
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._session

    async def close(self) -> None:
        await self.inbound_lanes.close()
        await self.status_lanes.close()
        if self._session is not None:
            await self._session.close()

    def inbound(self, message: Message, form: Mapping[str, str]) -> None:
        """The message goes to the program; where it has no webhook, only into the log."""
        if self.account.webhook:
            goal = signing.target(self.account.webhook, INBOUND_RETRIES)
            self.inbound_lanes.put(message.address, lambda: self._deliver("inbound", goal, form))

    def status(self, message: Message) -> None:
        """The message's status has just changed."""
        if not message.status_url:
            return
        form = status_form(self.account, message)
        settings = self.account.settings
        if settings.shuffled and message.status == "sent":
            self._held[message.sid] = form
            return
        goal = signing.target(message.status_url, STATUS_RETRIES)
        forms = [form] + ([held] if (held := self._held.pop(message.sid, None)) else [])
        for one in forms * (2 if settings.doubled else 1):
            self.status_lanes.put(message.sid, functools.partial(self._report, goal, one))

    async def _report(self, goal: signing.Target, form: Mapping[str, str]) -> None:
        if self.account.settings.late:
            await asyncio.sleep(self.account.settings.late)
        await self._deliver("status", goal, form)

    async def _deliver(self, kind: str, goal: signing.Target, form: Mapping[str, str]) -> None:
        """Tries until a 2xx. Counts what was taken, what was retried and what was lost."""
        counts = self.account.stats.calls
        delay = self.account.world.webhook_delay
        headers = signing.headers(self.account.token, goal.url, form)
        for left in range(goal.retries, -1, -1):
            status, answer = await self._post(goal, form, headers)
            if 200 <= status < 300:
                counts[f"{kind} taken"] += 1
                if kind == "inbound" and not _EMPTY.fullmatch(answer):
                    self.account.stats.not_played["TwiML that does something"] += 1
                return
            if not left or 300 <= status < 500:  # 11200 in Twilio's debugger; it is not tried again
                break
            counts[f"{kind} retried"] += 1
            await asyncio.sleep(delay * random.uniform(0.8, 1.2))
            delay = min(delay * 2, _LONGEST_DELAY)
        self.account.stats.errors[f"11200 {kind} webhook answered {status or 'nothing'}"] += 1
        counts[f"{kind} lost"] += 1

    async def _post(
        self, goal: signing.Target, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, str]:
        """(HTTP status or 0, body)."""
        url, body = URL(goal.url, encoded=True), urlencode(form).encode()
        try:
            async with (
                self._slots,
                asyncio.timeout(goal.patience),
                self.session.post(url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                return response.status, await response.text(errors="replace")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return 0, ""


def status_form(account: Account, message: Message) -> dict[str, str]:
    """The fields of a status callback, as seen from WhatsApp senders (guide "Track the Message Status")."""
    form = {
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "MessageStatus": message.status,
        "ChannelToAddress": message.address[:-4] + "XXXX",
        "To": CHANNEL + message.address,
        "ChannelPrefix": "whatsapp",
        "MessageSid": message.sid,
        "AccountSid": account.sid,
        "From": CHANNEL + account.sender,
        "ApiVersion": "2010-04-01",
        "ChannelInstallSid": account.install,
    }
    if message.status == "sent":
        form["StructuredMessage"] = "true" if message.template else "false"
    else:
        form["EventType"] = message.status.upper()
    if message.error:
        form["ErrorCode"] = str(message.error)
        form["ErrorMessage"] = FAILURES[message.error]
        form["ChannelStatusMessage"] = FAILURES[message.error]
    return form
