"""One address for both hosts of Twilio, as the program can be given, in front of the Prisms of each; and what
they said of every exchange."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import yarl
from aiohttp import web

from bot.simulator.twilio import media

VIOLATIONS = "sl-violations"  # Prism's header
# A file by its address in a webhook: the description has it with ".json" alone, which is something else.
MEDIA = re.compile(r"/2010-04-01/Accounts/\w+/Messages/\w+/Media/\w+")
DROPPED = {"content-length", "transfer-encoding", "connection", "content-encoding"}
SID = re.compile(r"\b[A-Z]{2}[0-9a-f]{32}\b")
REFUSING = 400


@dataclass
class Heard:
    """Exchanges by operation; `request` and `response` are what did not fit, by operation and sentence;
    `strange` are calls whose path Prism does not know."""

    exchanges: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    request: Counter[tuple[str, str]] = field(default_factory=Counter)
    response: Counter[tuple[str, str]] = field(default_factory=Counter)
    strange: Counter[str] = field(default_factory=Counter)

    def note(self, operation: str, status: int, violations: str, body: str) -> None:
        """One exchange: the HTTP status, Prism's header, and the body of a refusal."""
        self.exchanges[operation] += 1
        if status >= REFUSING:
            self.refused[f"{operation}: {status} {_code(body)}".strip()] += 1
        if "stoplight.io/prism/errors" in body:
            self.strange[f"{operation}: {body[:200]}"] += 1
        for one in json.loads(violations or "[]"):
            side, *where = one["location"]
            sentence = f"{'.'.join(map(str, where))}: {one['message']}"
            (self.request if side == "request" else self.response)[operation, sentence] += 1

    def forget(self) -> None:
        """As if nothing had been heard."""
        for counter in (self.exchanges, self.refused, self.request, self.response, self.strange):
            counter.clear()


def operation(method: str, path: str) -> str:
    """A call without what is different each time: "POST /v1/Content"."""
    return f"{method} {SID.sub('…', path)}"


@asynccontextmanager
async def opened(prisms: Mapping[str, str], port: int, files: str, heard: Heard) -> AsyncIterator[None]:
    """Passes what comes to `port` on to the Prism of its path (`prisms`: what paths begin with → address).
    The files themselves are not of the API (a redirect leads to them): they come from `files` unjudged."""
    async with aiohttp.ClientSession(
        auto_decompress=True, timeout=aiohttp.ClientTimeout(total=60), connector=aiohttp.TCPConnector(limit=0)
    ) as http:

        async def passed_on(request: web.Request) -> web.Response:
            fitting = (url for prefix, url in prisms.items() if request.path.startswith(prefix))
            if (upstream := next(fitting, "")) and not MEDIA.fullmatch(request.path):
                return await _exchange(http, request, upstream, heard)
            if not upstream and not request.path.startswith(media.STORE):
                heard.strange[f"{request.method} {request.path}"] += 1
            return await _exchange(http, request, files, Heard())

        async with answering(port, passed_on):
            yield


@asynccontextmanager
async def answering(
    port: int, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> AsyncIterator[None]:
    """A server on `port` that has whatever comes answered by `handler`."""
    app = web.Application(client_max_size=32 * 1024**2)
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def _exchange(
    http: aiohttp.ClientSession, request: web.Request, upstream: str, heard: Heard
) -> web.Response:
    headers = {name: value for name, value in request.headers.items() if name.lower() not in DROPPED}
    try:
        async with http.request(
            request.method, yarl.URL(f"{upstream}{request.raw_path}", encoded=True), headers=headers,
            data=await request.read(), allow_redirects=False,
        ) as answer:  # fmt: skip
            body = await answer.read()
    except (TimeoutError, aiohttp.ClientError):
        heard.strange[f"{operation(request.method, request.path)}: no answer"] += 1
        raise
    said = body.decode(errors="replace") if answer.status >= REFUSING else ""
    name = operation(request.method, request.path)
    heard.note(name, answer.status, answer.headers.get(VIOLATIONS, ""), said)
    kept = {key: value for key, value in answer.headers.items() if key.lower() not in DROPPED}
    return web.Response(status=answer.status, body=body, headers=kept)


def _code(body: str) -> str:
    try:
        found: Any = json.loads(body)
    except ValueError:
        return ""
    return str(found.get("code", "")) if isinstance(found, dict) else ""
