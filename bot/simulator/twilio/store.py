"""People with WhatsApp, messages in both directions, media and content templates of one account."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BODIES = 50  # messages that a phone keeps
DONE = frozenset({"delivered", "undelivered", "failed", "read", "received"})
STATUSES = frozenset({"queued", "sending", "sent"}) | DONE


def sid(prefix: str) -> str:
    """A new Twilio identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply, or an item of a list (`description` is a list's)."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a content template became with its variables filled in.

    `menu` is the label that opens the list of `items`.
    """

    type: str
    body: str
    media: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    items: tuple[Button, ...] = ()
    menu: str = ""


@dataclass(slots=True)
class Media:
    """A file at Twilio, or on a phone (`key`). `message` is the sid that it hangs on."""

    sid: str
    message: str
    mime: str
    path: Path
    size: int
    created: int


@dataclass(eq=False, slots=True)
class Person:
    """A WhatsApp user. `address` is what Twilio writes behind "whatsapp:"; `id` is a number for events.

    `last_inbound` (Unix seconds, simulator's clock) opens the 24-hour window; `waiting` came while the
    phone was off; `failures` are codes that the next messages fail with.
    """

    id: int
    address: str
    name: str
    external: str
    phone: str = ""
    blocked: bool = False
    on: bool = True
    last_inbound: int = 0
    seq: int = 0
    chat: "dict[str, Message]" = field(default_factory=dict)
    waiting: "list[Message]" = field(default_factory=list)
    failures: list[int] = field(default_factory=list)

    def show(self, message: "Message") -> None:
        """On the phone now; the oldest leaves it."""
        self.chat[message.sid] = message
        if len(self.chat) > BODIES:
            del self.chat[next(iter(self.chat))]


@dataclass(eq=False, slots=True)
class Message:
    """Dates are Unix seconds of the simulator's clock, 0 for none. `address` is the person's.

    `arrived` is the `seq` with which it came onto the phone; `seq` moves on when its status does. `kind` is
    Twilio's MessageType for inbound ones. `template` says that it went out as an approved
    template; `mismatch` that its variables are not those of the template, `rough` that a value has what no
    approved template takes; `status_url` is the StatusCallback.
    """

    sid: str
    address: str
    inbound: bool
    body: str
    status: str
    created: int
    updated: int = 0
    sent: int = 0
    error: int = 0
    arrived: int = 0
    seq: int = 0
    kind: str = "text"
    shown: Shown | None = None
    content: str = ""
    template: bool = False
    urls: tuple[str, ...] = ()
    media: list[Media] = field(default_factory=list)
    status_url: str = ""
    reply_to: str = ""
    forwarded: bool = False
    mismatch: bool = False
    rough: bool = False


@dataclass(eq=False, slots=True)
class Content:
    """A content template. `submitted` is 0 until approval was asked for; `decided` a status set by hand."""

    sid: str
    friendly_name: str | None
    language: str
    variables: dict[str, str]
    types: dict[str, dict[str, Any]]
    created: int
    name: str = ""
    category: str = ""
    submitted: int = 0
    problem: str = ""
    decided: str = ""

    def status(self, now: int, review: int) -> str:
        """What Twilio says at `now` (Unix seconds) where a review takes `review` seconds."""
        if not self.submitted:
            return "unsubmitted"
        if self.decided:
            return self.decided
        since = now - self.submitted
        if since < review:
            return "received" if since * 2 < review else "pending"
        return "rejected" if self.problem else "approved"
