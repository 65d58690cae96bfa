"""Telegram: our `Outgoing` → Bot API calls on PTB's `Bot`, and its answers → `Receipt`.

All calls go through `Bot.do_api_request`, which gives the answer as it came: building PTB's objects
from it costs more than the request itself (`bench/telegram_channel.py`), and an answer that PTB cannot
parse would make a message that was sent look like one that was not.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.channels import Failure, Outgoing, OutgoingMedia, Receipt, SendError
from bot.channels import telegram_errors as errors
from bot.channels import telegram_files as files
from bot.channels import telegram_inbound as inbound
from bot.channels import telegram_markup as markup
from bot.channels.telegram_transport import AiohttpRequest
from handlers.message import Message

API_URL = "https://api.telegram.org"
DOWNLOAD_BYTES = 20 * 1024 * 1024  # https://core.telegram.org/bots/api#getfile
TOAST_CHARACTERS = 200  # https://core.telegram.org/bots/api#answercallbackquery
UPDATES_AT_ONCE = 100
POLL_GRACE_SECONDS = 10.0  # the server may answer a little after its own timeout
SCOPES = {
    "": "default",
    "default": "default",
    "private": "all_private_chats",
    "all_private": "all_private_chats",
    "group": "all_group_chats",
    "all_group": "all_group_chats",
    "chat": "chat",
}
NO_PREVIEW = json.dumps({"is_disabled": True})


@dataclass(frozen=True, slots=True)
class Account:
    """The bot itself; `username` is without @."""

    id: str
    username: str
    name: str


class Telegram:
    """The Telegram channel (see `bot.channels.Channel`).

    `api_url` is the address of a Bot API server; `connections` how many requests may be in flight;
    timeouts are in seconds. With `paid_broadcast` every message may exceed the free limit and costs
    Stars (https://core.telegram.org/bots/faq, "broadcasting to users").

    Every call raises `SendError` and no other expected error. `start()` before, `close()` after.
    """

    name = inbound.CHANNEL

    def __init__(
        self,
        token: str,
        *,
        api_url: str = API_URL,
        paid_broadcast: bool = False,
        connections: int = 512,
        read_timeout: float = 20.0,
        connect_timeout: float = 10.0,
    ) -> None:
        self._request = AiohttpRequest(
            connections=connections, read_timeout=read_timeout, connect_timeout=connect_timeout
        )
        # Polling has a connection of its own, so that no flood of messages can keep it waiting.
        self._polling = AiohttpRequest(connections=2, connect_timeout=connect_timeout)
        self._bot = Bot(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=self._request,
            get_updates_request=self._polling,
        )
        self._paid = {"allow_paid_broadcast": True} if paid_broadcast else {}
        self._username = ""

    async def start(self) -> None:
        """Opens the connection pools inside the running loop; asks the server nothing."""
        await self._request.initialize()
        await self._polling.initialize()

    async def close(self) -> None:
        """Closes every connection."""
        await self._polling.shutdown()
        await self._request.shutdown()

    def parse(self, raw: Mapping[str, Any]) -> Message | None:
        """See `telegram_inbound.parse`; the bot's name is known once `me()` has been called."""
        return inbound.parse(raw, username=self._username)

    async def me(self) -> Account:
        """Who the token belongs to."""
        user = await self._call("getMe", {})
        self._username = user["username"]
        return Account(str(user["id"]), user["username"], user["first_name"])

    async def send(self, message: Outgoing) -> Receipt:
        """Does what `message.op` says; see `Outgoing`.

        A message to a group and one to a person differ in nothing here. `text` is Telegram's HTML,
        for `answer` it is plain and cut at 200 characters.
        """
        match message.op:
            case "send":
                return await self._send(message)
            case "edit":
                return await self._edit(message)
            case "answer":
                toast = {"text": message.text[:TOAST_CHARACTERS]} if message.text else {}
                return await self._done("answerCallbackQuery", {"callback_query_id": message.target, **toast})
            case "delete":
                where = {"chat_id": message.address, "message_id": message.target}
                return await self._done("deleteMessage", where)
            case "commands":
                return await self._commands(message)
        raise SendError(Failure.PERMANENT, f"unknown operation {message.op!r}")

    async def updates(self, offset: int, timeout: float) -> list[dict[str, Any]]:  # noqa: ASYNC109 (the server's)
        """What came in since `offset` (the last `update_id` + 1), oldest first, at most 100.

        The server waits up to `timeout` seconds for something to come. The updates are raw, so that
        one that nobody can parse cannot stop the others. They count as received by the next call
        with a higher offset: store them first.
        """
        found: list[dict[str, Any]] = await self._call(
            "getUpdates",
            {
                "offset": offset,
                "timeout": int(timeout),
                "limit": UPDATES_AT_ONCE,
                "allowed_updates": json.dumps(inbound.ALLOWED_UPDATES),
            },
            read_timeout=timeout + POLL_GRACE_SECONDS,
        )
        return found

    async def set_webhook(self, url: str, secret: str, *, connections: int = 40) -> None:
        """Asks Telegram to bring updates to `url`, with `secret` in X-Telegram-Bot-Api-Secret-Token."""
        await self._call(
            "setWebhook",
            {
                "url": url,
                "secret_token": secret,
                "max_connections": connections,
                "allowed_updates": json.dumps(inbound.ALLOWED_UPDATES),
            },
        )

    async def delete_webhook(self) -> None:
        """Must precede polling; what waits on the server stays there."""
        await self._call("deleteWebhook", {})

    async def download(self, remote_id: str, target: Path) -> int:
        """Fetches a file into `target`, whole or not at all; the number of bytes.

        Raises `SendError`: PERMANENT over 20 MB (the Bot API's own limit) or for an unknown file.
        """
        file = await self._call("getFile", {"file_id": remote_id})
        if file.get("file_size", 0) > DOWNLOAD_BYTES or "file_path" not in file:
            raise SendError(Failure.PERMANENT, "file is too big")
        part = target.with_name(f"{target.name}.part")
        try:
            size = await self._fetch(f"{self._bot.base_file_url}/{quote(file['file_path'])}", part)
            await asyncio.to_thread(part.replace, target)
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)
        return size

    async def _fetch(self, url: str, part: Path) -> int:
        size = 0
        try:
            with await asyncio.to_thread(part.open, "wb") as out:
                async with aclosing(self._request.stream(url)) as pieces:
                    async for piece in pieces:
                        size += len(piece)
                        if size > DOWNLOAD_BYTES:
                            raise SendError(Failure.PERMANENT, "file is too big")
                        await asyncio.to_thread(out.write, piece)
        except TelegramError as error:
            raise errors.classify(error) from error
        return size

    async def _send(self, message: Outgoing) -> Receipt:
        common = {"chat_id": message.address, **markup.of(message), **self._paid}
        if message.album:
            return await self._send_album(message)
        if message.media is None:
            words = {"text": message.text, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW}
            return files.receipt(await self._call("sendMessage", common | words))
        if message.text:
            common |= {"caption": message.text, "parse_mode": "HTML"}
        return files.receipt(await self._send_media(message.media, common))

    async def _send_media(self, media: OutgoingMedia, common: dict[str, Any]) -> object:
        if media.kind not in {"photo", "video", "document"}:
            raise SendError(Failure.PERMANENT, f"unknown kind of media {media.kind!r}")
        method = f"send{media.kind.title()}"
        if media.remote_id:
            try:
                return await self._raw(method, common | {media.kind: media.remote_id})
            except TelegramError as error:
                # An id from another bot or of another kind: the file itself still serves.
                if media.path is None or not errors.wants_upload(error):
                    raise errors.classify(error) from error
        if media.path is None:
            raise SendError(Failure.PERMANENT, "media without a file and without an id")
        try:
            handle = await asyncio.to_thread(media.path.open, "rb")
        except OSError as error:
            raise SendError(Failure.PERMANENT, f"cannot read the file: {error.strerror}") from error
        with handle:
            return await self._call(method, common | {media.kind: files.upload(handle, media)})

    async def _send_album(self, message: Outgoing) -> Receipt:
        async with AsyncExitStack() as handles:
            media = [await files.album_part(part, handles) for part in message.album]
            where = {"chat_id": message.address, **self._paid}
            sent = await self._call("sendMediaGroup", where | {"media": media})
        return files.album_receipt(sent)

    async def _edit(self, message: Outgoing) -> Receipt:
        where = {"chat_id": message.address, "message_id": message.target, **markup.inline(message)}
        receipt = Receipt(message.target)
        words = {"parse_mode": "HTML", "link_preview_options": NO_PREVIEW}
        if not message.text:
            return await self._done("editMessageReplyMarkup", where, receipt)
        caption = where | {"caption": message.text, "parse_mode": "HTML"}
        if message.media is not None:
            return await self._done("editMessageCaption", caption, receipt)
        try:
            await self._raw("editMessageText", where | {"text": message.text} | words)
        except TelegramError as error:
            if errors.lacks_text(error):
                return await self._done("editMessageCaption", caption, receipt)
            if not errors.is_done(error):
                raise errors.classify(error) from error
        return receipt

    async def _commands(self, message: Outgoing) -> Receipt:
        if message.scope not in SCOPES:
            raise SendError(Failure.PERMANENT, f"unknown scope {message.scope!r}")
        scope = {"type": SCOPES[message.scope]}
        if scope["type"] == "chat":
            scope["chat_id"] = message.address
        listed = [{"command": name, "description": said} for name, said in message.commands]
        if not listed:
            return await self._done("deleteMyCommands", {"scope": json.dumps(scope)})
        return await self._done("setMyCommands", {"commands": json.dumps(listed), "scope": json.dumps(scope)})

    async def _done(self, method: str, data: dict[str, Any], receipt: Receipt | None = None) -> Receipt:
        """A call whose answer tells us nothing, and which is a success where there was nothing to do."""
        try:
            await self._raw(method, data)
        except TelegramError as error:
            if not errors.is_done(error):
                raise errors.classify(error) from error
        return receipt or Receipt()

    async def _call(self, method: str, data: dict[str, Any], *, read_timeout: float | None = None) -> Any:
        try:
            return await self._raw(method, data, read_timeout)
        except TelegramError as error:
            raise errors.classify(error) from error

    async def _raw(self, method: str, data: dict[str, Any], read_timeout: float | None = None) -> Any:
        # Given the plain name of a method that `Bot` also has, do_api_request warns in favour of that
        # one. It takes snake_case as well, in which an underscore at the end means nothing.
        limit = BaseRequest.DEFAULT_NONE if read_timeout is None else read_timeout
        try:
            return await self._bot.do_api_request(f"{method}_", api_kwargs=data, read_timeout=limit)
        except (KeyError, TypeError) as error:  # PTB takes `result` from whatever JSON came
            raise TelegramError("Invalid server response") from error
