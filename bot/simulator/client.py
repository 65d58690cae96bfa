"""The people's face as a typed client: what tests and crowds use to be people."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from io import BytesIO
from types import TracebackType
from typing import Any, Self

import aiohttp

Json = dict[str, Any]


class SimulatorError(Exception):
    """The simulator refused an action: no such button, not a member, the bot is blocked."""


class People:
    """Acts as any person of one simulator. `url` as `Started.url`; close it, or use `async with`.

    The methods that send return the new message's id; `chat_id` 0 means the own private chat with the bot.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self, verb: str, path: str, fields: Mapping[str, Any] | None = None, data: bytes | None = None
    ) -> Json:
        """One request of `/sim/…`: fields go as query (GET, or beside `data`) or as JSON.

        Raises SimulatorError.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120))
        given = {name: value for name, value in (fields or {}).items() if value is not None}
        query, body = (given, None) if verb == "GET" or data is not None else ({}, given)
        async with self._session.request(
            verb,
            self.url + path,
            params={name: str(value) for name, value in query.items()},
            json=body,
            data=None if data is None else BytesIO(data),  # plain bytes over 1 MB make aiohttp warn
        ) as response:
            answer: Json = await response.json(content_type=None)
        if response.status >= 400:
            raise SimulatorError(answer.get("error", str(response.status)))
        return answer

    async def act(self, user: int, action: str, **fields: Any) -> Json:
        """One action of `/sim/act`, with what it answers. Raises SimulatorError."""
        return await self.call("POST", "/sim/act", {"as": user, "do": action, **fields})

    async def batch(self, actions: Sequence[Mapping[str, Any]]) -> list[Json]:
        """Many actions in one request (`{"as": …, "do": …, …}`); a refused one gives `{"error": …}`."""
        results: list[Json] = (await self.call("POST", "/sim/batch", {"actions": list(actions)}))["results"]
        return results

    async def create_user(
        self, first_name: str, last_name: str = "", username: str = "", phone: str = "", user_id: int = 0
    ) -> int:
        names = {"first_name": first_name, "last_name": last_name, "username": username, "phone": phone}
        return int((await self.call("POST", "/sim/users", {"id": user_id or None, **names}))["id"])

    async def create_users(self, users: Sequence[Mapping[str, Any]]) -> list[int]:
        """Many at once, fields as in `/sim/users`."""
        ids: list[int] = (await self.call("POST", "/sim/users", {"users": list(users)}))["ids"]
        return ids

    async def create_group(
        self, title: str, creator: int, members: Sequence[int] = (), *, supergroup: bool = False
    ) -> int:
        body = {"title": title, "creator": creator, "members": list(members), "supergroup": supergroup}
        return int((await self.call("POST", "/sim/groups", body))["chat_id"])

    async def upload(self, data: bytes, kind: str = "photo", name: str = "", **fields: int) -> str:
        """Stores a file (a photo is recompressed); its key, good for any number of uses."""
        body = await self.call("POST", "/sim/files", {"kind": kind, "name": name, **fields}, data)
        return str(body["file_key"])

    async def start(self, user: int, payload: str = "") -> int:
        return int((await self.act(user, "start", payload=payload))["message_id"])

    async def say(self, user: int, text: str, chat_id: int = 0, reply_to: int = 0) -> int:
        answer = await self.act(user, "say", text=text, chat_id=chat_id or None, reply_to=reply_to or None)
        return int(answer["message_id"])

    async def photo(self, user: int, data: bytes | str, caption: str = "", chat_id: int = 0) -> int:
        """Sends a photo: its bytes, or the key of a stored one."""
        return await self._file(user, "photo", data, "photo.jpg", caption, chat_id)

    async def document(
        self, user: int, data: bytes | str, name: str = "file.bin", caption: str = "", chat_id: int = 0
    ) -> int:
        return await self._file(user, "document", data, name, caption, chat_id)

    async def video(self, user: int, data: bytes | str, caption: str = "", chat_id: int = 0) -> int:
        return await self._file(user, "video", data, "video.mp4", caption, chat_id)

    async def _file(
        self, user: int, kind: str, data: bytes | str, name: str, caption: str, chat_id: int
    ) -> int:
        key = data if isinstance(data, str) else await self.upload(data, kind, name)
        answer = await self.act(user, kind, file_key=key, caption=caption, chat_id=chat_id or None)
        return int(answer["message_id"])

    async def album(
        self, user: int, keys: Sequence[str], caption: str = "", kind: str = "photo"
    ) -> list[int]:
        items = [{"kind": kind, "file_key": key} for key in keys]
        items[0]["caption"] = caption
        numbers: list[int] = (await self.act(user, "album", items=items))["message_ids"]
        return numbers

    async def share_contact(
        self, user: int, phone: str = "", first_name: str = "", user_id: int = 0, chat_id: int = 0
    ) -> int:
        """The own number, or with `phone` somebody else's card."""
        card = {"phone": phone, "first_name": first_name, "user_id": user_id or None} if phone else {}
        return int((await self.act(user, "contact", chat_id=chat_id or None, **card))["message_id"])

    async def press(
        self, user: int, message_id: int, data: str = "", *, label: str = "", chat_id: int = 0
    ) -> str:
        """Presses an inline button by its data, or by its label; the callback's id."""
        wanted = {"text": label} if label else {"data": data}
        answer = await self.act(user, "press", message_id=message_id, chat_id=chat_id or None, **wanted)
        return str(answer["callback_id"])

    async def tap(self, user: int, text: str, chat_id: int = 0) -> int:
        """A button of the reply keyboard."""
        return int((await self.act(user, "tap", text=text, chat_id=chat_id or None))["message_id"])

    async def edit(self, user: int, message_id: int, text: str, chat_id: int = 0) -> None:
        await self.act(user, "edit", message_id=message_id, text=text, chat_id=chat_id or None)

    async def block(self, user: int) -> None:
        await self.act(user, "block")

    async def unblock(self, user: int) -> None:
        await self.act(user, "unblock")

    async def delete_account(self, user: int) -> None:
        await self.act(user, "delete_account")

    async def add_bot(self, user: int, chat_id: int, *, admin: bool = False) -> None:
        await self.act(user, "add_bot", chat_id=chat_id, admin=admin)

    async def remove_bot(self, user: int, chat_id: int) -> None:
        await self.act(user, "remove_bot", chat_id=chat_id)

    async def migrate(self, user: int, chat_id: int) -> int:
        """Makes a group a supergroup; its new id."""
        return int((await self.act(user, "migrate", chat_id=chat_id))["chat_id"])

    async def history(self, chat_id: int, since: int = 0, limit: int = 50) -> Json:
        """`/sim/history`: seq, messages, deleted, toasts, reply_keyboard, pinned, action."""
        return await self.call("GET", "/sim/history", {"chat_id": chat_id, "since": since, "limit": limit})

    async def wait(self, chat_id: int, since: int, seconds: float = 10.0) -> Json:
        """The same as soon as there is something newer than `since`, or after `seconds`."""
        return await self.call("GET", "/sim/wait", {"chat_id": chat_id, "since": since, "timeout": seconds})

    async def answers(self, chat_id: int, since: int, count: int = 1, seconds: float = 10.0) -> list[Json]:
        """The bot's messages after `since`, once there are `count`. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            seq = since
            while True:
                body = await self.history(chat_id, since)
                found = [message for message in body["messages"] if message["from"]["bot"]]
                if len(found) >= count:
                    return found
                seq = (await self.wait(chat_id, max(seq, body["seq"]), seconds))["seq"]

    async def stats(self) -> Json:
        return await self.call("GET", "/sim/stats")

    async def deliveries(self, contains: str = "", prefix: str = "", since: int = 0) -> Json:
        """Who got a text and how often: `{"total": n, "chats": {"1001": 1}}`."""
        return await self.call(
            "GET", "/sim/deliveries", {"contains": contains, "prefix": prefix, "since": since}
        )

    async def clock(self, **change: int) -> Json:
        """The simulator's time, changed by `offset`, `now` or `advance` (seconds) where one is given."""
        return await self.call("POST" if change else "GET", "/sim/clock", change)

    async def limits(self, **change: Any) -> Json:
        """Limiter, latency and faults, changed where something is given (see `/sim/limits`)."""
        return await self.call("POST" if change else "GET", "/sim/limits", change)

    async def plan_fault(
        self, method: str, kind: str, count: int = 1, chat_id: int = 0, retry_after: int = 0
    ) -> None:
        """The next `count` calls of `method` fail in that way."""
        plan = {
            "method": method,
            "kind": kind,
            "count": count,
            "chat_id": chat_id,
            "retry_after": retry_after,
        }
        await self.call("POST", "/sim/faults", plan)

    @asynccontextmanager
    async def events(self, *chats: int) -> AsyncIterator[AsyncIterator[Json]]:
        """The stream of `/sim/events`: `async with people.events() as stream: async for event in stream`."""

        async def read(response: aiohttp.ClientResponse) -> AsyncIterator[Json]:
            async for line in response.content:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])

        timeout = aiohttp.ClientTimeout(total=None)
        query = [("chat_id", str(chat)) for chat in chats]
        async with (
            aiohttp.ClientSession(timeout=timeout, read_bufsize=2**22) as session,
            session.get(f"{self.url}/sim/events", params=query) as response,
        ):
            yield read(response)
