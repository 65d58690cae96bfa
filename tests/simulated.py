"""A real simulator process for tests: started on a free port, stopped at the end."""

import contextlib
import json
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp

from bot.simulator import process
from bot.simulator.client import People


@dataclass(frozen=True, slots=True)
class Simulated:
    """`url` has no slash at its end; `people` acts as the people; `process` may be killed."""

    url: str
    token: str
    people: People
    process: "subprocess.Popen[str]"

    @property
    def base_url(self) -> str:
        """For python-telegram-bot: `Bot(token, base_url=…, base_file_url=…)`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    async def api(self, method: str, params: dict[str, Any] | None = None, **files: bytes) -> Any:
        """A raw Bot API call: (HTTP status, body). Files go as multipart, by parameter name."""
        form = aiohttp.FormData(default_to_multipart=bool(files))
        for name, value in (params or {}).items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, data in files.items():
            body = BytesIO(data)  # bytes over 1 MB make aiohttp warn
            form.add_field(name, body, filename=f"{name}.bin", content_type="application/octet-stream")
        url = f"{self.url}/bot{self.token}/{method}"
        async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
            return response.status, await response.json(content_type=None)

    async def ok(self, method: str, params: dict[str, Any] | None = None, **files: bytes) -> Any:
        """The result of a call that must succeed."""
        status, body = await self.api(method, params, **files)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]


@contextlib.asynccontextmanager
async def start_simulator(**options: object) -> AsyncIterator[Simulated]:
    """`async with start_simulator(limiter="off") as simulated`; options as `bot.simulator.process.start`."""
    started = process.start(**options)
    try:
        async with connect(started) as simulated:
            yield simulated
    finally:
        started.stop()


@contextlib.asynccontextmanager
async def connect(started: process.Started) -> AsyncIterator[Simulated]:
    """To a simulator that somebody else started and will stop."""
    async with People(started.url) as people:
        yield Simulated(started.url, started.token, people, started.process)
