"""What Twilio lists as taken for an address, read without trust in how the list is ordered or filtered.

Twilio lists the newest first and only what was asked for. Others that speak its API begin with the oldest, or
give everybody's messages whatever they were asked: who believed them would take a message that is there for
one that never was, and send it again.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from bot.channels import Failure, SendError
from bot.channels import whatsapp_inbound as inbound
from models.sending.settling import Listed

PAGE = 50  # messages in one answer of Twilio
MOST = 5000  # that are read for one question


async def taken(messages: AsyncIterator[Any], address: str, sender: str, since: datetime) -> list[Listed]:
    """Of the messages of an account, those that went from `sender` ("whatsapp:+62…") to `address` since a
    moment (aware), the newest first. Raises SendError where there are more than are read: what is not among
    those that were is not known to be missing."""
    found: dict[str, Listed] = {}
    going_back, read = GoingBack(since), 0
    async for one in messages:
        read += 1
        made = one.date_created or one.date_sent or one.date_updated
        if made is None:
            continue
        if made >= since and _fits(one, address, sender):
            has_file = (one.num_media or "0") != "0"
            found[str(one.sid)] = Listed(str(one.sid), address, one.body or "", made, has_file)
        if going_back.is_over(made):
            break
    else:
        if read >= MOST:
            raise SendError(Failure.RETRY, f"a list of {MOST} messages or more, in no order that helps")
    return sorted(found.values(), key=lambda one: one.created_at, reverse=True)


class GoingBack:
    """Whether a list that begins with the newest has come to what is older than `since`: a whole page of it,
    and each message older than the one before it, or as old."""

    def __init__(self, since: datetime) -> None:
        self.since = since
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._older = 0

    def is_over(self, made: datetime) -> bool:
        """Tells it when the next message was made; whether those that follow are of no interest."""
        if self._first is None or self._last is None or made > self._last:
            self._first, self._older = made, 0
        self._last = made
        self._older += made < self.since
        return self._older >= PAGE and made < self._first


def _fits(one: Any, address: str, sender: str) -> bool:
    """Whether a message is ours to this address, as far as it says."""
    if (one.direction or "").startswith("inbound"):
        return False
    return _number(one.to) in ("", address) and _number(one.from_) in ("", _number(sender))


def _number(address: str | None) -> str:
    return (address or "").strip().removeprefix(inbound.PREFIX).strip()
