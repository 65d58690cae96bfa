"""`/sim/stats`, `/sim/clock`, `/sim/limits` and the like: watching the simulator and steering it."""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.simulator.stats import Stats
from bot.simulator.world import World

Body = dict[str, Any]


async def _body(request: web.BaseRequest, known: set[str]) -> Body:
    """A JSON object of known fields. Raises ValueError."""
    body = json.loads(await request.read() or b"{}")
    if not isinstance(body, dict) or body.keys() - known:
        raise ValueError(f"fields are {', '.join(sorted(known))}")
    return body


async def stats(world: World, _request: web.BaseRequest) -> Body:
    body = world.stats.body()
    body.update(
        unanswered_callbacks=len(world.callbacks),
        pending_updates=len(world.updates.pending),
        users=len(world.store.users),
        chats=len(world.store.chats),
        messages=sum(len(chat.messages) for chat in world.store.chats.values()),
        uptime=round(world.uptime(), 3),
        seq=world.events.seq,
    )
    return body


async def reset_stats(world: World, request: web.BaseRequest) -> Body:
    if (await _body(request, {"reset"})).get("reset"):
        world.stats = Stats()
    return await stats(world, request)


async def deliveries(world: World, request: web.BaseRequest) -> Body:
    query = request.query
    return world.deliveries.find(
        contains=query.get("contains", ""),
        prefix=query.get("prefix", ""),
        since=int(query.get("since", 0)),
        detail=query.get("detail", "0") not in {"0", ""},
    )


async def clock(world: World, _request: web.BaseRequest) -> Body:
    return {"offset": world.offset, "now": world.now()}


async def set_clock(world: World, request: web.BaseRequest) -> Body:
    body = await _body(request, {"offset", "now", "advance"})
    if "offset" in body:
        world.offset = int(body["offset"])
    if "now" in body:
        world.offset = int(body["now"]) - int(time.time())
    world.offset += int(body.get("advance", 0))
    return await clock(world, request)


async def limits(world: World, _request: web.BaseRequest) -> Body:
    limiter, faults = world.limiter, world.faults
    return {
        "limiter": limiter.kind,
        "rate": limiter.rate,
        "chat_rate": limiter.chat_rate,
        "group_rate": limiter.group_rate,
        "latency_ms": world.latency * 1000,
        "faults": faults.rate,
        "fault_kinds": list(faults.kinds),
        "hold": faults.hold,
        "webhook_retry": world.webhook_delay,
    }


async def set_limits(world: World, request: web.BaseRequest) -> Body:
    old = await limits(world, request)
    given = await _body(request, set(old))
    new = {**old, **given}
    rates = (float(new["rate"]), float(new["chat_rate"]), float(new["group_rate"]))
    if given.keys() & {"limiter", "rate", "chat_rate", "group_rate"}:
        world.limiter.set(str(new["limiter"]), *rates)
    world.faults.set(float(new["faults"]), tuple(new["fault_kinds"]), float(new["hold"]))
    world.latency = float(new["latency_ms"]) / 1000
    world.webhook_delay = float(new["webhook_retry"])
    if world.updates.webhook is not None:
        world.updates.webhook.first_delay = world.webhook_delay
    return await limits(world, request)


async def plan_fault(world: World, request: web.BaseRequest) -> Body:
    body = await _body(request, {"method", "kind", "count", "chat_id", "retry_after"})
    chat = int(body["chat_id"]) if body.get("chat_id") else None
    count, retry_after = int(body.get("count", 1)), int(body.get("retry_after", 0))
    world.faults.plan(str(body["method"]), str(body["kind"]), count, chat, retry_after)
    return {}


async def clear_faults(world: World, _request: web.BaseRequest) -> Body:
    world.faults.clear()
    return {}


async def bot(world: World, _request: web.BaseRequest) -> Body:
    profile = world.profile
    return {
        "id": world.bot["id"],
        "username": world.username,
        "name": world.name,
        "description": profile.descriptions.get("", ""),
        "short_description": profile.short_descriptions.get("", ""),
        "webhook": world.updates.webhook.url if world.updates.webhook else "",
        "deep_link": f"https://t.me/{world.username}?start=",
    }


ROUTES: Mapping[tuple[str, str], Callable[[World, web.BaseRequest], Awaitable[Any]]] = {
    ("GET", "/sim/stats"): stats,
    ("POST", "/sim/stats"): reset_stats,
    ("GET", "/sim/deliveries"): deliveries,
    ("GET", "/sim/clock"): clock,
    ("POST", "/sim/clock"): set_clock,
    ("GET", "/sim/limits"): limits,
    ("POST", "/sim/limits"): set_limits,
    ("POST", "/sim/faults"): plan_fault,
    ("DELETE", "/sim/faults"): clear_faults,
    ("GET", "/sim/bot"): bot,
}
