"""A small server with the programme's face for the page: a state that tests set, what was asked of it.

Its shape is that of bot/demo/control.py. `busy` is the sentence with which the clock is refused.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

Json = dict[str, Any]


def state_of(people: Json) -> Json:
    """Wednesday 25 November 2026, 09.00 WIB: the release comes next."""
    return {
        "now": "2026-11-25T02:00:00+00:00",
        "week": "2026-W48",
        "moving": False,
        "next": [
            {"name": "release", "label": "Siaran pekan ini", "at": "2026-11-25T06:00:00+00:00"},
            {"name": "reminders", "label": "Pengingat pertama", "at": "2026-11-27T03:00:00+00:00"},
        ],
        "counts": {
            "inbox": {"new": 3, "dead": 0},
            "outbox": {"queued": 1200, "sending": 30, "sent": 13_770, "failed": 12},
            "release": {
                "week": "2026-W48", "status": "running",
                "total": 15_000, "sent": 10_200, "missing": 12, "left": 4_788,
            },
            "shares": 4_321, "active": 6_840, "roster": 15_000, "participation": 0.456,
        },
        "people": people,
        "crowd": {"rate": 0.55, "running": False},
    }  # fmt: skip


class ProgrammeFace:
    """`looks` counts the questions for the state; `clock` and `crowd` are the bodies that were posted."""

    def __init__(self) -> None:
        self.state: Json = {}
        self.looks = 0
        self.clock: list[Json] = []
        self.crowd: list[Json] = []
        self.busy = ""
        self.steered = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def read(self, _request: web.Request) -> web.Response:
        self.looks += 1
        return web.json_response(self.state)

    async def move(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.clock.append(body)
        if self.busy:
            return web.json_response({"error": self.busy}, status=409)
        if "to" in body:
            self.state["now"] = body["to"]
        elif body.get("next"):
            self.state["now"] = self.state["next"].pop(0)["at"]
        else:
            now = datetime.fromisoformat(self.state["now"]) + timedelta(seconds=body["advance"])
            self.state["now"] = now.isoformat()
        return web.json_response(self.state)

    async def steer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.crowd.append(body)
        self.steered.set()
        self.state["crowd"].update(body)
        return web.json_response(self.state["crowd"])


@asynccontextmanager
async def listening(port: int = 0) -> AsyncIterator[ProgrammeFace]:
    """The server on that port, or a free one."""
    face = ProgrammeFace()
    application = web.Application()
    application.add_routes(
        [web.get("/state", face.read), web.post("/clock", face.move), web.post("/crowd", face.steer)]
    )
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    face.port = runner.addresses[0][1]
    try:
        yield face
    finally:
        await runner.cleanup()
