"""Templates at a server in Twilio's place that does not have all of its lists."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.config import settings
from bot.outbound import approvals
from bot.outbound.approvals import Done
from bot.simulator import process
from bot.simulator.process import ACCOUNT_SID, AUTH_TOKEN

pytestmark = pytest.mark.anyio
BOTH = "/v1/ContentAndApprovals"


@dataclass
class Before:
    """Stands before another server, and has nothing at `missing`."""

    other: str
    missing: dict[str, int] = field(default_factory=dict)  # path → status
    asked: list[str] = field(default_factory=list)

    async def call(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.method} {request.path}")
        if status := self.missing.get(request.path):
            return web.Response(status=status, text="no such page")
        passed = ("Authorization", "Content-Type")
        headers = {name: request.headers[name] for name in passed if name in request.headers}
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                request.method, self.other + request.path_qs, data=await request.read(), headers=headers
            ) as answer,
        ):
            return web.Response(
                status=answer.status, body=await answer.read(), content_type=answer.content_type
            )


@asynccontextmanager
async def standing() -> AsyncIterator[tuple[Before, settings.WhatsApp]]:
    started = process.start(limiter="off", twilio_webhook="http://127.0.0.1:9/inbound")
    before = Before(started.url)
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", before.call)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield (
            before,
            settings.WhatsApp(account_sid=ACCOUNT_SID, auth_token=SecretStr(AUTH_TOKEN), api_url=url),
        )
    finally:
        await runner.cleanup()
        started.stop()


async def settled(whatsapp: settings.WhatsApp, submit: bool = True) -> Done:
    return await asyncio.to_thread(
        approvals.settle, whatsapp, approvals.wanted("Jambi"), set[str](), submit=submit
    )


async def test_where_there_is_no_list_of_approvals_that_of_contents_does() -> None:
    async with standing() as (before, whatsapp):
        before.missing[BOTH] = 404
        first = await settled(whatsapp)
        again = await settled(whatsapp)
    assert (first.made, first.submitted) == (len(first.states), 4)
    assert (again.made, again.submitted) == (0, 0), "what is there is found"
    assert [one.sid for one in again.states] == [one.sid for one in first.states]
    assert before.asked.count("GET /v1/Content") == 2


async def test_of_two_with_one_name_it_is_the_one_that_was_submitted() -> None:
    async with standing() as (before, whatsapp):
        first = await settled(whatsapp, submit=False)
        opener = next(one for one in first.states if one.one.approval)
        name = opener.one.friendly_name
        copy = {"friendly_name": name, "language": "id", "types": dict(opener.one.types),
                "variables": dict(opener.one.samples)}  # fmt: skip
        url, auth = f"{whatsapp.api_url}/v1/Content", aiohttp.BasicAuth(ACCOUNT_SID, AUTH_TOKEN)
        async with aiohttp.ClientSession(auth=auth) as session:
            async with session.post(url, json=copy) as answer:
                younger = (await answer.json())["sid"]
            asking = {"name": name, "category": opener.one.category.upper()}
            async with session.post(f"{url}/{younger}/ApprovalRequests/whatsapp", json=asking) as answer:
                assert answer.status == 201
        before.missing |= {BOTH: 404, f"/v1/Content/{opener.sid}/ApprovalRequests": 404}
        again = await settled(whatsapp)
    assert next(one.sid for one in again.states if one.one == opener.one) == younger
    assert again.submitted == 3


async def test_a_list_that_fails_otherwise_is_not_replaced() -> None:
    async with standing() as (before, whatsapp):
        before.missing[BOTH] = 500
        with pytest.raises(approvals.Unanswered, match="list the templates"):
            await settled(whatsapp)
    assert before.asked == [f"GET {BOTH}"]
