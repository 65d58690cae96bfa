"""The first transaction: what arrives is stored before the channel hears that we have it."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.channels import telegram_inbound, whatsapp_inbound
from bot.clock import Clock
from bot.storage.gathering import Gathering
from bot.storage.writer import Writer
from bot.telemetry import metrics
from models.messages import inbox
from models.messages.inbox import Arrival

MOST = 2**63  # of a number that both databases can hold
LONGEST_ID = 100  # characters of a MessageSid, which has 34
Arrive = Callable[[Mapping[str, Any]], Arrival]


def telegram(raw: Mapping[str, Any]) -> Arrival:
    """A raw Telegram update for the inbox. Raises ValueError for what is no update at all."""
    if not isinstance(raw, Mapping):
        raise ValueError("an update is a JSON object")  # noqa: TRY004 - one error for what is no update
    number = telegram_inbound.update_id(raw)
    if not 0 <= number < MOST:
        raise ValueError("an update_id that is none")
    return Arrival(str(number), telegram_inbound.address_of(raw), number, _written(raw))


def whatsapp(raw: Mapping[str, Any]) -> Arrival:
    """The form of an inbound WhatsApp message for the inbox. Raises ValueError for one without MessageSid
    or From, and for a report on a message of ours.

    Twilio numbers nothing: a conversation is in the order in which its messages arrived. News of our own
    have the sequence 0 and go first.
    """
    sid, address = whatsapp_inbound.sid_of(raw), whatsapp_inbound.address_of(raw)
    if not sid or not address or len(sid) > LONGEST_ID or len(address) > LONGEST_ID:
        raise ValueError("a form without MessageSid, or not from an address of WhatsApp")
    if whatsapp_inbound.reports(raw):
        raise ValueError("a report on a message of ours, where messages come in")
    return Arrival(sid, address, 1, _written(raw))


ARRIVALS: Mapping[str, Arrive] = {"telegram": telegram, "whatsapp": whatsapp}


def _written(raw: Mapping[str, Any]) -> str:
    text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    return text if _storable(text) else json.dumps(raw, separators=(",", ":"))


def _storable(text: str) -> bool:
    """Half an emoji (a lone surrogate) is good JSON, but no database takes it as a text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Intake:
    """Collects arrivals of one channel and stores those that wait together; `arrival` makes them."""

    def __init__(self, writer: Writer, clock: Clock, channel: str) -> None:
        self.clock, self.channel, self.arrival = clock, channel, ARRIVALS[channel]
        self._gathering = Gathering(writer, self._receive, self._count)

    async def store(self, arrival_: Arrival) -> None:
        """Returns once the arrival is committed. Raises DBAPIError when it could not be."""
        await self._gathering.store(arrival_)

    def _receive(self, session: Session, arrivals: Sequence[Arrival]) -> int:
        return inbox.receive(session, self.clock.now(), self.channel, arrivals)

    def _count(self, number: int, new: int) -> None:
        metrics.inbox_received.labels(self.channel).inc(new)
        metrics.inbox_repeated.labels(self.channel).inc(number - new)
