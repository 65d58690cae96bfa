"""A Bot API server for tests: real HTTP, records what it was asked, answers what it was told."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.channels.telegram import Telegram

TOKEN = "1361:secret"


@dataclass(frozen=True)
class Call:
    """One request: method of the Bot API, parameters, uploaded files as (name, mime, content)."""

    method: str
    form: dict[str, str]
    files: dict[str, tuple[str, str, bytes]]
    content_type: str

    def markup(self) -> Any:
        return json.loads(self.form["reply_markup"])


def ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def refusal(code: int, description: str = "", **parameters: int) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=code)


@dataclass
class Server:
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)  # the last one is given for ever
    files: dict[str, bytes] = field(default_factory=dict)
    silence: float = 0.0  # seconds before an answer
    hang_up: bool = False  # reads the request, then closes the connection
    together: int = 0  # answers nobody before so many are there at once
    complete: asyncio.Event = field(default_factory=asyncio.Event)
    busy: int = 0
    busiest: int = 0

    async def call(self, request: web.Request) -> web.StreamResponse:
        self.busy += 1
        self.busiest = max(self.busy, self.busiest)
        try:
            return await self._call(request)
        finally:
            self.busy -= 1

    async def _call(self, request: web.Request) -> web.StreamResponse:
        assert request.match_info["token"] == TOKEN
        form, files = {}, {}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = (value.filename, value.content_type, value.file.read())
            else:
                form[name] = str(value)
        self.calls.append(Call(request.match_info["method"], form, files, request.content_type))
        if self.busiest >= self.together:
            self.complete.set()
        await self.complete.wait()
        if self.silence:
            await asyncio.sleep(self.silence)
        if self.hang_up:
            assert request.transport is not None
            request.transport.abort()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        # A response can be sent once only, and the last answer serves for all that follow.
        return web.Response(body=answer.body, status=answer.status, content_type=answer.content_type)

    async def file(self, request: web.Request) -> web.StreamResponse:
        body = self.files.get(request.match_info["path"])
        return web.Response(status=404) if body is None else web.Response(body=body)


@asynccontextmanager
async def serving(*answers: web.Response, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server(answers=list(answers) or [ok(True)])
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post("/bot{token}/{method}", server.call)
    app.router.add_get("/file/bot{token}/{path:.+}", server.file)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    server.url = f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def channel(server: Server, **settings: Any) -> AsyncIterator[Telegram]:
    telegram = Telegram(TOKEN, api_url=server.url, **settings)
    await telegram.start()
    try:
        yield telegram
    finally:
        await telegram.close()
