"""The HTTP server: one port, the bot's face, the people's face, the page and the way to the program.

A low-level aiohttp server without a router: the hot path is one `startswith`.
"""

import asyncio
import functools
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader

from bot.simulator import bot_api, people_routes
from bot.simulator.twilio import phone_routes
from bot.simulator.twilio import rest as twilio_rest
from bot.simulator.twilio.account import Account
from bot.simulator.wire import BODY_LIMIT
from bot.simulator.world import World

PAGE = Path(__file__).parent / "page"
_HOP = {
    "host",
    "connection",
    "transfer-encoding",
    "content-length",
    "content-encoding",
    "keep-alive",
    "upgrade",
}


class Server:
    """Serves a world on 127.0.0.1; `program` is where `/program/…` goes, empty for nowhere.

    With an account WhatsApp is there too, told apart by path.
    """

    def __init__(
        self, world: World, program: str = "", page: Path = PAGE, account: Account | None = None
    ) -> None:
        self.world = world
        self.twilio = twilio_rest.Rest(account) if account is not None else None
        self.program = program.rstrip("/")
        self.page = page
        world.answered = functools.partial(bot_api.webhook_answer, world)
        self._runner: web.ServerRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self, port: int) -> int:
        """Listens; the port, which the system chooses where `port` is 0."""
        server = web.Server(self._handle, request_factory=_request)
        self._runner = web.ServerRunner(server, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        address: tuple[str, int] = self._runner.addresses[0]
        if self.twilio is not None:
            account = self.twilio.account
            account.base = account.base or f"http://127.0.0.1:{address[1]}"
        return address[1]

    async def stop(self) -> None:
        if self.world.updates.webhook is not None:
            await self.world.updates.webhook.close()
        if self.twilio is not None:
            await self.twilio.close()
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.raw_path.partition("?")[0]
        if path.startswith("/bot"):
            token, _, method = path[4:].partition("/")
            return await bot_api.respond(self.world, request, unquote(token), method.strip("/"))
        if self.twilio is not None and path.startswith(twilio_rest.PREFIXES):
            return await self.twilio.respond(request, path)
        if path.startswith(phone_routes.PREFIX):
            return await phone_routes.respond(self.twilio, request)
        if path.startswith("/sim/"):
            return await people_routes.respond(self.world, request)
        if path.startswith("/file/bot"):
            token, _, rest = path[9:].partition("/")
            return bot_api.file_path(self.world, unquote(token), unquote(rest))
        if path.startswith("/program/"):
            return await self._pass_on(request)
        return self._static(path)

    def _static(self, path: str) -> web.StreamResponse:
        wanted = (self.page / (unquote(path).lstrip("/") or "index.html")).resolve()
        if not wanted.is_relative_to(self.page.resolve()) or not wanted.is_file():
            return web.Response(status=404, text="Not Found")
        kind = mimetypes.guess_type(wanted.name)[0] or "application/octet-stream"
        if kind.startswith("text/") or kind.endswith(("javascript", "json")):
            kind += "; charset=utf-8"
        return web.FileResponse(wanted, headers={"Content-Type": kind, "Cache-Control": "no-cache"})

    async def _pass_on(self, request: web.BaseRequest) -> web.StreamResponse:
        if not self.program:
            return web.Response(status=404, text="no program was named")
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        url = self.program + request.raw_path.removeprefix("/program")
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
        try:
            async with self._session.request(
                request.method, url, data=await request.read(), headers=headers, allow_redirects=False
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError):
            return web.Response(status=502, text="the program does not answer")
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP}
        return web.Response(status=answer.status, body=body, headers=kept)


def _request(
    message: RawRequestMessage, payload: StreamReader, protocol: Any, writer: Any, task: "asyncio.Task[None]"
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=BODY_LIMIT)
