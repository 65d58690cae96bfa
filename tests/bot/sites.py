"""A web server of a test's own that plays the world, and the name server that leads to it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.running.linking import may_connect

PUBLIC = "127.0.0.2"  # plays the world; everything else is judged by the real gate


@dataclass
class Site:
    """A web server, and what it was asked: (address it listens at, path, headers)."""

    port: int = 0
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)

    def gate(self, address: str, port: int) -> bool:
        """The real rule, but for our own server, which stands for one at port 80 of a public address."""
        return (address, port) == (PUBLIC, self.port) or may_connect(address, port)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        where = request.transport.get_extra_info("sockname")[0] if request.transport else ""
        self.asked.append((where, request.path, dict(request.headers)))
        if to := self.redirects.get(request.path):
            raise web.HTTPFound(to, headers={"Set-Cookie": "id=1; Path=/"})
        if request.path == "/silent":
            await asyncio.sleep(60)
        if request.path == "/endless":
            body = web.StreamResponse()
            await body.prepare(request)
            for _ in range(10_000):
                await body.write(b"x" * 65536)
            return body
        return web.Response(status=self.status.get(request.path, 200), text="isi")


@asynccontextmanager
async def serving() -> AsyncIterator[Site]:
    """One server at the public and at the loopback address of this machine, at one port."""
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, PUBLIC, 0).start()
    site.port = runner.addresses[0][1]
    await web.TCPSite(runner, "127.0.0.1", site.port).start()
    try:
        yield site
    finally:
        await runner.cleanup()


class Names(AbstractResolver):
    """A name server: each name's answers, one after the other; the last one is given for ever."""

    def __init__(self, **answers: list[str]) -> None:
        self.answers, self.asked = answers, 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        found = self.answers[host.partition(".")[0]]
        address = found.pop(0) if len(found) > 1 else found[0]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST
            )
        ]

    async def close(self) -> None:
        """Nothing to close."""
