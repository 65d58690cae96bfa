"""Two kinds of phone behind one protocol: what a person sees and does, whatever the channel.

A person is known by the number that they have in the play (`Civil.chat`). An act is made here and carried out
by `do`, many at a time; the crowd (`crowd.py`) and single people (`chat.py`) know no channel beyond this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.demo.sample import TELEGRAM, WHATSAPP
from bot.simulator.client import People
from bot.simulator.twilio.client import Phones

Act = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the program on somebody's phone. `number` is the phone's name for it, `seq` when it came
    (or was changed), `buttons` are its payloads and labels in order."""

    who: int
    number: str
    seq: int
    text: str
    buttons: tuple[tuple[str, str], ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        """The payloads of its buttons."""
        return tuple(action for action, _ in self.buttons)


class Handsets(Protocol):
    """The phones of one channel. `albums` says whether several pictures can be one message there."""

    @property
    def channel(self) -> str: ...

    @property
    def albums(self) -> bool: ...

    def say(self, who: int, text: str) -> Act: ...

    def photo(self, who: int, keys: Sequence[str]) -> Act:
        """One message with a picture, or with several where there are albums."""

    def press(self, who: int, said: Said, action: str) -> Act: ...

    def block(self, who: int) -> Act: ...

    async def do(self, acts: Sequence[Act]) -> list[Act]:
        """Carries acts out in their order; a refused one gives `{"error": …}`."""

    async def upload(self, data: bytes, name: str) -> str:
        """Stores a picture on the phones; its key."""

    def heard(self, event: Mapping[str, Any]) -> Said | None:
        """What an event of the simulator's stream says to somebody here; None for any other."""

    async def history(self, who: int, since: int, seconds: float = 0.0) -> tuple[int, list[Said]]:
        """What came after `since`, and the newest seq; waits for news at most so many seconds."""

    async def missed(self, since: int) -> list[int]:
        """To whom something came after a seq."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """Phones with Telegram; with `group` as their owners see that group."""

    people: People
    group: int = 0
    channel: str = TELEGRAM
    albums: bool = True

    def _act(self, who: int, action: str, **fields: Any) -> Act:
        where = {"chat_id": self.group} if self.group else {}
        return {"as": who, "do": action, **where, **fields}

    def start(self, who: int) -> Act:
        return self._act(who, "start")

    def contact(self, who: int) -> Act:
        """The own number, as the button of the keyboard sends it."""
        return self._act(who, "contact")

    def say(self, who: int, text: str) -> Act:
        return self._act(who, "say", text=text)

    def photo(self, who: int, keys: Sequence[str]) -> Act:
        if len(keys) == 1:
            return self._act(who, "photo", file_key=keys[0])
        return self._act(who, "album", items=[{"kind": "photo", "file_key": key} for key in keys])

    def press(self, who: int, said: Said, action: str) -> Act:
        return self._act(who, "press", message_id=int(said.number), data=action)

    def block(self, who: int) -> Act:
        return self._act(who, "block")

    async def do(self, acts: Sequence[Act]) -> list[Act]:
        return await self.people.batch(acts)

    async def upload(self, data: bytes, name: str) -> str:
        return await self.people.upload(data, "photo", name)

    def heard(self, event: Mapping[str, Any]) -> Said | None:
        if event["type"] not in ("message", "edited") or event["chat_id"] < 0:
            return None
        return self._said(event["chat_id"], event["message"])

    def _said(self, who: int, message: Mapping[str, Any]) -> Said | None:
        if not message["from"]["bot"]:
            return None
        buttons = tuple((one.get("data", ""), one["text"]) for row in message["inline"] for one in row)
        return Said(who, str(message["message_id"]), message["seq"], message["text"], buttons)

    async def history(self, who: int, since: int, seconds: float = 0.0) -> tuple[int, list[Said]]:
        chat = self.group or who
        wait = self.people.wait(chat, since, seconds) if seconds else self.people.history(chat, since)
        body = await wait
        found = (self._said(who, message) for message in body["messages"])
        return int(body["seq"]), [said for said in found if said is not None]

    async def missed(self, since: int) -> list[int]:
        return [int(chat) for chat in (await self.people.deliveries(since=since))["chats"] if int(chat) > 0]


@dataclass(frozen=True, slots=True)
class WhatsApp:
    """Phones with WhatsApp; `addresses` are those of the people, by their numbers in the play."""

    phones: Phones
    addresses: Mapping[int, str]
    channel: str = WHATSAPP
    albums: bool = False
    _owners: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._owners.update({address: who for who, address in self.addresses.items()})

    def _act(self, who: int, action: str, **fields: Any) -> Act:
        return {"as": self.addresses[who], "do": action, **fields}

    def say(self, who: int, text: str) -> Act:
        return self._act(who, "say", text=text)

    def photo(self, who: int, keys: Sequence[str]) -> Act:
        [key] = keys
        return self._act(who, "photo", file_key=key)

    def press(self, who: int, said: Said, action: str) -> Act:
        return self._act(who, "press", sid=said.number, id=action)

    def block(self, who: int) -> Act:
        return self._act(who, "block")

    async def do(self, acts: Sequence[Act]) -> list[Act]:
        return await self.phones.batch(acts)

    async def upload(self, data: bytes, name: str) -> str:
        return await self.phones.upload(data, "photo", name)

    def heard(self, event: Mapping[str, Any]) -> Said | None:
        # Its ticks change a message too (wa_status): nobody reads it again for that.
        return self._said(event["address"], event["message"]) if event["type"] == "wa_message" else None

    def _said(self, address: str, message: Mapping[str, Any]) -> Said | None:
        if not message["from_program"] or address not in self._owners:
            return None
        offered = (*message["buttons"], *message["items"])
        # A line of a list has its whole label below where it is a long one.
        buttons = tuple((one["id"], one.get("description") or one["title"]) for one in offered)
        who = self._owners[address]
        return Said(who, message["sid"], message["arrived"], message["body"], buttons)

    async def history(self, who: int, since: int, seconds: float = 0.0) -> tuple[int, list[Said]]:
        address = self.addresses[who]
        body = await self.phones.news(address, since, seconds)
        found = (self._said(address, message) for message in body["messages"])
        # What was only ticked off since is not new.
        return int(body["seq"]), [said for said in found if said is not None and said.seq > since]

    async def missed(self, since: int) -> list[int]:
        found = (await self.phones.deliveries(since=since))["chats"]
        return [self._owners[address] for address in found if address in self._owners]
