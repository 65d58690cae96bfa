"""Twilio for tests: real HTTP, strict about what the API takes, records what it was asked."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_content import SHAPES, Words

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "auth-token-of-this-test"
SENDER = "whatsapp:+6281100001111"
SIGNED = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
CONTENTS = {name: f"HX{number:032x}" for number, name in enumerate(SHAPES)}
WORDS = Words("Lihat pilihan", "Silakan pilih:")
# What POST …/Messages.json takes, of what we might send (https://www.twilio.com/docs/messaging/api).
KNOWN = {"To", "From", "Body", "MediaUrl", "ContentSid", "ContentVariables", "StatusCallback"}
ADDRESS = re.compile(r"whatsapp:\S+")


@dataclass(frozen=True)
class Call:
    """One request: its method, path, query and form, each field as a list."""

    method: str
    path: str
    query: dict[str, list[str]]
    form: dict[str, list[str]]

    def only(self) -> dict[str, str]:
        """The form where no field came twice."""
        assert all(len(values) == 1 for values in self.form.values())
        return {name: values[0] for name, values in self.form.items()}


def created(number: int = 1, **fields: Any) -> web.Response:
    body = {"sid": f"SM{number:032x}", "status": "queued", "error_code": None, "body": "", **fields}
    return web.json_response(body, status=201)


def refusal(status: int, code: int, text: str = "no", **headers: str) -> web.Response:
    body = {"code": code, "message": text, "more_info": "https://www.twilio.com/docs", "status": status}
    return web.json_response(body, status=status, headers=headers)


@dataclass
class Server:
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)  # the last one is given for ever
    seen: list[tuple[str, str]] = field(default_factory=list)  # path and Authorization of each request
    files: dict[str, web.Response] = field(default_factory=dict)  # by the path
    silence: float = 0.0  # seconds before an answer
    hang_up: bool = False  # reads the request, then closes the connection
    wrong: list[str] = field(default_factory=list)

    async def call(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.path, request.headers.get("Authorization", "")))
        form = _lists(parse_qsl((await request.read()).decode(), keep_blank_values=True))
        query = _lists([(name, value) for name, value in request.query.items()])
        call = Call(request.method, request.path, query, form)
        self.calls.append(call)
        if request.headers.get("Authorization") != SIGNED:
            return refusal(401, 20003, "Authenticate")
        self.wrong += _faults(call, request)
        if self.silence:
            await asyncio.sleep(self.silence)
        if self.hang_up:
            assert request.transport is not None
            request.transport.abort()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return _copy(answer)

    async def file(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.path, request.headers.get("Authorization", "")))
        if self.silence:
            await asyncio.sleep(self.silence)
        answer = self.files.get(request.path)
        return web.Response(status=404) if answer is None else _copy(answer)


def _faults(call: Call, request: web.Request) -> list[str]:
    """What the real API would not have taken."""
    if call.method != "POST":
        return []
    found = [f"unknown field {name}" for name in call.form.keys() - KNOWN]
    found += [
        f"no {name}" for name in ("To", "From") if not ADDRESS.fullmatch("".join(call.form.get(name, [])))
    ]
    if request.content_type != "application/x-www-form-urlencoded":
        found.append(request.content_type)
    if len(call.form.keys() & {"Body", "ContentSid", "MediaUrl"}) == 0:
        found.append("nothing to say")
    if "Body" in call.form and not 0 < len(call.form["Body"][0]) <= 1600:
        found.append("a Body that is empty or too long")
    if "ContentVariables" in call.form:
        for name, value in json.loads(call.form["ContentVariables"][0]).items():
            rough = re.search(r"\t| {5}" if name == "1" else r"[\n\t]| {5}", value)  # 1 is the body
            if not name.isdigit() or not value or rough or len(value) > 1600:
                found.append(f"variable {name} is {value!r}")
    return found


def _lists(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _copy(answer: web.Response) -> web.Response:
    """A response can be sent once only, and the last answer serves for all that follow."""
    kept = {name: answer.headers[name] for name in ("Location", "Retry-After") if name in answer.headers}
    return web.Response(
        body=answer.body, status=answer.status, content_type=answer.content_type, headers=kept
    )


@asynccontextmanager
async def serving(*answers: web.Response) -> AsyncIterator[Server]:
    server = Server(answers=list(answers) or [created()])
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/2010-04-01/{rest:.*}", server.call)
    app.router.add_get("/{rest:.*}", server.file)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
        assert not server.wrong, server.wrong


@asynccontextmanager
async def channel(server: Server, **settings: Any) -> AsyncIterator[WhatsApp]:
    contents = settings.pop("contents", CONTENTS)
    token = settings.pop("token", TOKEN)
    given: dict[str, Any] = {"api_url": server.url, "words": WORDS, "contents": lambda: contents}
    whatsapp = WhatsApp(SID, token, SENDER, **(given | settings))
    await whatsapp.start()
    try:
        yield whatsapp
    finally:
        await whatsapp.close()
