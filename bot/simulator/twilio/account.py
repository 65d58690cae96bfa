"""One Twilio account with one WhatsApp sender: its messages, templates and people, and what steers them."""

import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.simulator.stats import Deliveries, Stats
from bot.simulator.twilio.errors import FAILURES
from bot.simulator.twilio.store import Content, Media, Message, Person
from bot.simulator.world import World

CHANNEL = "whatsapp:"
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
# A person who hides the number: country, dot, letters and digits (Meta, "Business-scoped user IDs").
SCOPED = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")
WINDOW = 24 * 3600  # seconds of the customer service window, and of the portfolio's limit
KEPT = 200_000  # messages that the log keeps
_FIRST_HIDDEN = 10**15  # above every E.164 number


@dataclass(slots=True)
class Settings:
    """`rate` messages/s of the sender (0: no limit); `portfolio_limit` people per rolling 24 hours outside
    the window; `review` seconds of the simulator's clock until a template is decided.

    Status callbacks are `late` seconds, sent twice where `doubled`, and where `shuffled` "sent" comes after
    what followed it. With `one_line` no variable may have a line break, in a session neither: Twilio's page
    of 21656 says so of every body, the one of 92007 of approved templates alone.
    """

    rate: float = 80.0
    portfolio_limit: int = 250
    review: int = 2
    late: float = 0.0
    doubled: bool = False
    shuffled: bool = False
    one_line: bool = False

    def set(self, change: dict[str, Any]) -> None:
        """Raises ValueError for an unknown name, another type or a number below 0."""
        for name, value in change.items():
            old = getattr(self, name, None)
            if old is None:
                raise ValueError(f"settings are {', '.join(Settings.__slots__)}")
            fits = isinstance(value, bool) if isinstance(old, bool) else isinstance(value, int | float)
            if not fits or isinstance(value, bool) != isinstance(old, bool) or value < 0:
                raise ValueError(f"{name} can't be {value!r}")
            setattr(self, name, type(old)(value))


@dataclass(eq=False, slots=True)
class Account:
    """`sender` is the number in E.164; `webhook` the program's URL for inbound messages, empty for none.

    `base` is the simulator's own URL. `opened` says when a person was last written to outside the window, the
    longest ago first.
    """

    world: World
    sid: str
    token: str
    sender: str
    webhook: str
    base: str = ""
    settings: Settings = field(default_factory=Settings)
    stats: Stats = field(default_factory=Stats)
    deliveries: Deliveries = field(default_factory=Deliveries)
    people: dict[str, Person] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    files: dict[str, Media] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _by_address: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_names(self.sid, self.sender)

    @property
    def install(self) -> str:
        """The sid of the sender's channel, the same for the same account and sender."""
        return "XE" + hashlib.blake2b(f"{self.sid}{self.sender}".encode(), digest_size=16).hexdigest()

    def now(self) -> int:
        return self.world.now()

    def add_person(self, name: str, phone: str, scoped: str) -> Person:
        """Somebody with a number, or who hides it. Raises ValueError when taken or not well formed."""
        if not name.encode():  # which also says whether it is text
            raise ValueError("name is missing")
        if phone and not NUMBER.fullmatch(phone):
            raise ValueError("phone is a number like +6281317036688")
        number = int(phone[1:]) if phone else _FIRST_HIDDEN + next(self.numbers)
        external = scoped or f"ID.{7 * 10**15 + number}"
        if not SCOPED.fullmatch(external):
            raise ValueError("user_id is two capital letters, a dot, letters and digits")
        address = phone or external
        if address in self.people:
            raise ValueError(f"{address} exists")
        person = self.people[address] = Person(number, address, name, external, phone)
        return person

    def person(self, address: Any) -> Person:
        """Raises ValueError."""
        found = self.people.get(str(address))
        if found is None:
            raise ValueError(f"no person {address}")
        return found

    def log(self, message: Message) -> None:
        """Into the account's log; the oldest leaves it."""
        self.messages[message.sid] = message
        self._by_address.setdefault(message.address, []).append(message.sid)
        if len(self.messages) > KEPT:
            self.forget(self.messages[next(iter(self.messages))])

    def forget(self, message: Message) -> None:
        """Out of the log, with its media; phones keep what they have."""
        del self.messages[message.sid]
        self._by_address[message.address].remove(message.sid)
        for one in message.media:
            self.media.pop(one.sid, None)

    def newest_first(self, address: str = "") -> Iterator[Message]:
        """The log, or what one address has in it."""
        if address:
            return (self.messages[one] for one in reversed(self._by_address.get(address, [])))
        return reversed(self.messages.values())

    def changed(self, person: Person, message: Message, kind: str) -> None:
        """Something on the person's phone is new; `kind` names the event."""
        message.seq = person.seq = self.world.events.next()
        message.arrived = message.arrived or message.seq
        self.world.events.publish(
            person.id,
            message.seq,
            kind,
            lambda: {"address": person.address, "message": view(message)},
        )

    def folder(self) -> Path:
        """Where files of this account lie."""
        found = self.world.folder / "twilio"
        found.mkdir(exist_ok=True)
        return found


def check_names(account_sid: str, sender: str) -> None:
    """Raises ValueError for what is no account sid or no number."""
    if not ACCOUNT_SID.fullmatch(account_sid):
        raise ValueError("an account sid is AC and 32 hexadecimal digits")
    if not NUMBER.fullmatch(sender):
        raise ValueError("the sender is a number like +6281100000000")


def view(message: Message) -> dict[str, Any]:
    """A message as the phone shows it."""
    shown = message.shown
    body: dict[str, Any] = {
        "sid": message.sid,
        "seq": message.seq,
        "arrived": message.arrived,
        "date": message.created if message.inbound else message.sent,
        "from_program": not message.inbound,
        "kind": message.kind,
        "type": shown.type if shown is not None else "",
        "body": message.body,
        "status": message.status,
        "template": message.template,
        "media": [{"sid": one.sid, "mime": one.mime, "size": one.size} for one in message.media],
        "buttons": [],
        "items": [],
        "menu": "",
        "reply_to": message.reply_to,
        "forwarded": message.forwarded,
    }
    if shown is not None:
        body["menu"] = shown.menu
        body["buttons"] = [{"id": one.id, "title": one.title} for one in shown.buttons]
        body["items"] = [
            {"id": one.id, "title": one.title, "description": one.description} for one in shown.items
        ]
    return body


def failure(code: Any) -> int:
    """A code that a message may fail with. Raises ValueError."""
    if code not in FAILURES:
        raise ValueError(f"codes are {', '.join(map(str, FAILURES))}")
    return int(code)
