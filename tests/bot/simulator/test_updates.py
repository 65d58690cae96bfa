"""How updates reach the bot: offsets, conflicts, and the webhook."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from tests.simulated import Simulated

Update = dict[str, Any]
POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    + "use deleteWebhook to delete the webhook first"
)


def texts(updates: list[Update]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def polling(sim: Simulated) -> None:
    """Returns when a getUpdates has arrived since the counters were reset."""
    while True:
        if (await sim.people.stats())["calls"].get("getUpdates"):
            return


@pytest.mark.anyio
async def test_an_offset_acknowledges_what_is_below_it(sim: Simulated, user: int) -> None:
    for text in ("satu", "dua", "tiga"):
        await sim.people.say(user, text)
    first = await sim.ok("getUpdates", {"limit": 2})
    assert texts(first) == ["satu", "dua"]
    assert texts(await sim.ok("getUpdates", {"limit": 2})) == ["satu", "dua"]
    assert texts(await sim.ok("getUpdates", {"offset": first[0]["update_id"] + 1})) == ["dua", "tiga"]
    assert texts(await sim.ok("getUpdates", {"offset": -1})) == ["tiga"]
    assert texts(await sim.ok("getUpdates")) == ["tiga"]
    assert await sim.ok("getUpdates", {"offset": first[0]["update_id"] + 3}) == []


@pytest.mark.anyio
async def test_a_long_poll_returns_as_soon_as_somebody_writes(sim: Simulated, user: int) -> None:
    await sim.people.call("POST", "/sim/stats", {"reset": True})
    poll = asyncio.ensure_future(sim.ok("getUpdates", {"timeout": 30}))
    await polling(sim)
    await sim.people.say(user, "halo")
    assert texts(await asyncio.wait_for(poll, 5)) == ["halo"]
    assert await sim.ok("getUpdates", {"offset": 2**31 - 1}) == []


@pytest.mark.anyio
async def test_a_second_poller_ends_the_first_with_409(sim: Simulated, user: int) -> None:
    await sim.people.call("POST", "/sim/stats", {"reset": True})
    first = asyncio.ensure_future(sim.api("getUpdates", {"timeout": 30}))
    await polling(sim)
    second = asyncio.ensure_future(sim.api("getUpdates", {"timeout": 30}))
    assert await asyncio.wait_for(first, 5) == (
        409,
        {"ok": False, "error_code": 409, "description": POLLER},
    )
    await sim.people.say(user, "halo")
    status, body = await asyncio.wait_for(second, 5)
    assert (status, texts(body["result"])) == (200, ["halo"])


@pytest.mark.anyio
async def test_allowed_updates_are_remembered_and_concern_what_comes_later(sim: Simulated, user: int) -> None:
    await sim.people.block(user)
    await sim.ok("getUpdates", {"allowed_updates": ["message"], "limit": 1})
    await sim.people.unblock(user)
    await sim.people.say(user, "halo")
    updates = await sim.ok("getUpdates")
    assert [next(kind for kind in update if kind != "update_id") for update in updates] == [
        "my_chat_member",
        "message",
    ]
    await sim.ok("getUpdates", {"allowed_updates": [], "offset": -1})
    await sim.people.block(user)
    assert "my_chat_member" in (await sim.ok("getUpdates"))[-1]


@pytest.mark.anyio
async def test_polling_is_refused_while_a_webhook_is_set(sim: Simulated) -> None:
    await sim.ok("setWebhook", {"url": "http://127.0.0.1:9/x"})
    assert await sim.api("getUpdates") == (409, {"ok": False, "error_code": 409, "description": ACTIVE})
    assert (await sim.api("deleteWebhook"))[1]["description"] == "Webhook was deleted"
    assert (await sim.api("deleteWebhook"))[1]["description"] == "Webhook is already deleted"
    await sim.ok("getUpdates")


@pytest.mark.anyio
async def test_setting_a_webhook_ends_a_long_poll(sim: Simulated) -> None:
    await sim.people.call("POST", "/sim/stats", {"reset": True})
    poll = asyncio.ensure_future(sim.api("getUpdates", {"timeout": 30}))
    await polling(sim)
    await sim.ok("setWebhook", {"url": "http://127.0.0.1:9/x"})
    assert (await asyncio.wait_for(poll, 5))[1]["description"] == "Conflict: terminated by setWebhook request"


class Receiver:
    """A bot's webhook: `answer` decides about each update."""

    def __init__(self, answer: Callable[[Update], web.Response]) -> None:
        self.answer = answer
        self.got: asyncio.Queue[tuple[Update, str]] = asyncio.Queue()
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.Response:
        update = await request.json()
        await self.got.put((update, request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")))
        return self.answer(update)

    async def next(self) -> Update:
        return (await asyncio.wait_for(self.got.get(), 5))[0]


@contextlib.asynccontextmanager
async def receiving(answer: Callable[[Update], web.Response]) -> AsyncIterator[Receiver]:
    receiver = Receiver(answer)
    runner = web.ServerRunner(web.Server(receiver.handle))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@pytest.mark.anyio
async def test_a_webhook_gets_pending_updates_with_the_secret(sim: Simulated, user: int) -> None:
    await sim.people.say(user, "sebelum")
    async with receiving(lambda _: web.Response()) as receiver:
        await sim.ok("setWebhook", {"url": receiver.url, "secret_token": "r4hasia_-"})
        update, secret = await asyncio.wait_for(receiver.got.get(), 5)
        assert (update["message"]["text"], secret) == ("sebelum", "r4hasia_-")
        await sim.people.say(user, "sesudah")
        assert (await receiver.next())["message"]["text"] == "sesudah"
        info = await sim.ok("getWebhookInfo")
        assert (info["url"], info["max_connections"]) == (receiver.url, 40)
        await sim.ok("deleteWebhook")
        assert await sim.ok("getUpdates") == []


@pytest.mark.anyio
async def test_a_failing_webhook_is_tried_again_and_keeps_the_order_of_a_chat(
    sim: Simulated, user: int
) -> None:
    refusals = iter([500, 503])
    other = await sim.people.create_user("Budi")
    await sim.people.limits(webhook_retry=0.02)

    def answer(update: Update) -> web.Response:
        mine = update["message"]["from"]["id"] == user
        return web.Response(status=next(refusals, 200) if mine else 204)

    async with receiving(answer) as receiver:
        await sim.people.say(user, "satu")
        await sim.people.say(user, "dua")
        await sim.people.say(other, "lain")
        await sim.ok("setWebhook", {"url": receiver.url})
        got = [(await receiver.next())["message"] for _ in range(5)]
        assert [m["text"] for m in got if m["from"]["id"] == user] == ["satu", "satu", "satu", "dua"]
        assert [m["text"] for m in got if m["from"]["id"] == other] == ["lain"]
        info = await sim.ok("getWebhookInfo")
        assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
        assert info["last_error_date"] > 0


@pytest.mark.anyio
async def test_updates_that_a_webhook_refuses_stay_pending(sim: Simulated, user: int) -> None:
    async with receiving(lambda _: web.Response(status=403)) as receiver:
        await sim.people.limits(webhook_retry=30)
        await sim.ok("setWebhook", {"url": receiver.url})
        await sim.people.say(user, "satu")
        await receiver.next()
        assert (await sim.ok("getWebhookInfo"))["pending_update_count"] == 1
        await sim.ok("deleteWebhook")
        assert texts(await sim.ok("getUpdates")) == ["satu"]
        await sim.people.limits(webhook_retry=1)


@pytest.mark.anyio
async def test_a_method_in_the_webhooks_answer_is_played(sim: Simulated, user: int) -> None:
    def answer(update: Update) -> web.Response:
        chat = update["message"]["chat"]["id"]
        return web.json_response({"method": "sendMessage", "chat_id": chat, "text": "Diterima"})

    async with receiving(answer) as receiver:
        await sim.ok("setWebhook", {"url": receiver.url})
        seq = (await sim.people.history(user))["seq"]
        await sim.people.say(user, "halo")
        assert [message["text"] for message in await sim.people.answers(user, seq)] == ["Diterima"]


@pytest.mark.anyio
async def test_a_webhook_is_never_asked_more_than_max_connections_at_once(sim: Simulated) -> None:
    users = await sim.people.create_users([{"first_name": f"ASN {n}"} for n in range(8)])
    open_now, most = 0, 0
    gate = asyncio.Event()

    class Slow(Receiver):
        async def handle(self, request: web.BaseRequest) -> web.Response:
            nonlocal open_now, most
            open_now += 1
            most = max(most, open_now)
            response = await super().handle(request)
            await gate.wait()
            open_now -= 1
            return response

    receiver = Slow(lambda _: web.Response())
    runner = web.ServerRunner(web.Server(receiver.handle))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await sim.ok("setWebhook", {"url": f"http://127.0.0.1:{runner.addresses[0][1]}/", "max_connections": 3})
    await sim.people.batch([{"as": user, "do": "say", "text": "halo"} for user in users])
    for _ in range(3):
        await receiver.next()
    assert (await sim.ok("getWebhookInfo"))["pending_update_count"] == 8
    gate.set()
    for _ in range(5):
        await receiver.next()
    assert most == 3
    await sim.ok("deleteWebhook")
    await runner.cleanup()
