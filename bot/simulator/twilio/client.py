"""The phones' face as a typed client: what tests and crowds use to be people on WhatsApp."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.simulator.client import Json, People


@dataclass(frozen=True, slots=True)
class Phones:
    """Acts as anybody on WhatsApp, through the connection of `people`.

    A person is known by address: the number, or a business-scoped id. The methods that send return the new
    message's sid and raise SimulatorError where WhatsApp would not let them.
    """

    people: People

    async def _call(self, verb: str, path: str, fields: Mapping[str, Any] | None = None) -> Json:
        return await self.people.call(verb, f"/sim/wa/{path}", fields)

    async def act(self, address: str, action: str, **fields: Any) -> Json:
        """One action of `/sim/wa/act`, with what it answers."""
        given = {name: value for name, value in fields.items() if value not in (None, "")}
        return await self._call("POST", "act", {"as": address, "do": action, **given})

    async def batch(self, actions: Sequence[Mapping[str, Any]]) -> list[Json]:
        """Many actions in one request; a refused one gives `{"error": …}`."""
        results: list[Json] = (await self._call("POST", "batch", {"actions": list(actions)}))["results"]
        return results

    async def create(self, name: str, phone: str = "", user_id: str = "") -> str:
        """Somebody with a number (E.164), or without one who hides it; the address."""
        body = await self._call("POST", "people", {"name": name, "phone": phone, "user_id": user_id})
        return str(body["address"])

    async def create_many(self, people: Sequence[Mapping[str, str]]) -> list[str]:
        """Fields as in `create`; their addresses."""
        addresses: list[str] = (await self._call("POST", "people", {"people": list(people)}))["addresses"]
        return addresses

    async def upload(self, data: bytes, kind: str = "photo", name: str = "") -> str:
        """Stores a file on the phones; its key, good for any number of uses."""
        body = await self.people.call("POST", "/sim/wa/files", {"kind": kind, "name": name}, data)
        return str(body["file_key"])

    async def say(self, address: str, text: str, reply_to: str = "") -> str:
        return str((await self.act(address, "say", text=text, reply_to=reply_to))["sid"])

    async def press(self, address: str, message: str, action: str = "", *, title: str = "") -> str:
        """A quick reply or an item of a list, by its id or by its title."""
        return str((await self.act(address, "press", sid=message, id=action, title=title))["sid"])

    async def file(
        self,
        address: str,
        kind: str,
        data: bytes | str,
        *,
        caption: str = "",
        name: str = "",
        reply_to: str = "",
    ) -> str:
        """A photo, video, document, voice or sticker: its bytes, or the key of a stored one."""
        key = data if isinstance(data, str) else await self.upload(data, kind, name)
        answer = await self.act(address, kind, file_key=key, caption=caption, reply_to=reply_to)
        return str(answer["sid"])

    async def photo(self, address: str, data: bytes | str, caption: str = "") -> str:
        return await self.file(address, "photo", data, caption=caption)

    async def video(self, address: str, data: bytes | str, caption: str = "") -> str:
        return await self.file(address, "video", data, caption=caption)

    async def document(self, address: str, data: bytes | str, name: str = "", caption: str = "") -> str:
        return await self.file(address, "document", data, caption=caption, name=name)

    async def forward(self, address: str, message: str) -> str:
        return str((await self.act(address, "forward", sid=message))["sid"])

    async def read(self, address: str) -> int:
        """Looks at the chat; how many messages are read by that."""
        return int((await self.act(address, "read"))["read"])

    async def block(self, address: str) -> None:
        await self.act(address, "block")

    async def unblock(self, address: str) -> None:
        await self.act(address, "unblock")

    async def switch_off(self, address: str) -> None:
        """No net: what is sent arrives at `switch_on`."""
        await self.act(address, "switch_off")

    async def switch_on(self, address: str) -> None:
        await self.act(address, "switch_on")

    async def history(self, address: str, since: int = 0, limit: int = 50) -> Json:
        """`/sim/wa/history`: seq, and messages changed after `since`."""
        return await self._call("GET", "history", {"address": address, "since": since, "limit": limit})

    async def news(self, address: str, since: int, seconds: float = 0.0) -> Json:
        """What `history` says, once something has changed after `since`; it waits so long at the most."""
        asked = {"address": address, "since": since, "timeout": seconds}
        return await self._call("GET", "wait", asked) if seconds else await self.history(address, since)

    async def answers(self, address: str, since: int, count: int = 1, seconds: float = 10.0) -> list[Json]:
        """The program's messages that arrived after `since`, once there are `count`. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            seq = since
            while True:
                body = await self.history(address, since)
                found = [one for one in body["messages"] if one["from_program"] and one["arrived"] > since]
                if len(found) >= count:
                    return found
                asked = {"address": address, "since": max(seq, body["seq"]), "timeout": seconds}
                seq = (await self._call("GET", "wait", asked))["seq"]

    async def deliveries(self, contains: str = "", prefix: str = "", since: int = 0) -> Json:
        """Whose phone got a text and how often: `{"total": n, "chats": {"+62…": 1}}`."""
        return await self._call("GET", "deliveries", {"contains": contains, "prefix": prefix, "since": since})

    async def stats(self) -> Json:
        return await self._call("GET", "stats")

    async def settings(self, **change: Any) -> Json:
        """The account's settings, changed where something is given (see `account.Settings`)."""
        return await self._call("POST" if change else "GET", "settings", change)

    async def fail_next(self, address: str, code: int, count: int = 1) -> None:
        """The next messages to a person fail by callback with this code."""
        await self._call("POST", "failures", {"address": address, "code": code, "count": count})

    async def decide(self, content: str, status: str, reason: str = "") -> None:
        """WhatsApp's decision about a submitted template: approved, rejected, pending, paused, disabled."""
        await self._call("POST", "approvals", {"sid": content, "status": status, "reason": reason})

    async def set_webhook(self, url: str) -> None:
        """Where inbound messages go from now on; empty for nowhere."""
        await self._call("POST", "account", {"webhook": url})
