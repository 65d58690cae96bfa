"""`/sim/…`: the people's face over HTTP, in JSON. A refusal is 400 with `{"error": sentence}`."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.simulator import acts, steering
from bot.simulator.events import Event, Watcher
from bot.simulator.methods_chats import commands_for
from bot.simulator.payloads import keyboard_view
from bot.simulator.store import BODIES, Chat, User
from bot.simulator.wire import BODY_LIMIT, JSON_HEADERS, Refusal, dumps
from bot.simulator.world import World, toast_view

Body = dict[str, Any]
Route = Callable[[World, web.BaseRequest], Awaitable[Any]]
_MISUSE = (ValueError, TypeError, KeyError, AttributeError)  # whatever a wrong shape of JSON leads to
_PING = 15.0  # seconds between two signs of life in an event stream
_BREATH = 100  # actions of a batch after which others get a turn


async def respond(world: World, request: web.BaseRequest) -> web.StreamResponse:
    """Answers one request of the people's face."""
    try:
        return await _answer(world, request, request.path.rstrip("/"))
    except _MISUSE as error:
        return _json({"error": str(error)}, 400)
    except Refusal as refusal:
        return _json({"error": refusal.description}, 400)
    except web.HTTPRequestEntityTooLarge:
        return _json({"error": f"at most {BODY_LIMIT} bytes"}, 413)


async def _answer(world: World, request: web.BaseRequest, path: str) -> web.StreamResponse:
    if path == "/sim/events":
        return await _events(world, request)
    if path.startswith("/sim/media/"):
        return _media(world, request, path.removeprefix("/sim/media/"))
    if path.startswith("/sim/chats/"):
        return _json(_chat_body(world, _chat(world, path.removeprefix("/sim/chats/")), members=True))
    route = ROUTES.get((request.method, path))
    if route is None:
        return _json({"error": f"no {request.method} {path}"}, 404)
    return _json(await route(world, request))


def _json(body: Any, status: int = 200) -> web.Response:
    return web.Response(status=status, body=dumps(body), headers=JSON_HEADERS)


async def body_of(request: web.BaseRequest) -> Body:
    value = json.loads(await request.read() or b"{}")
    if not isinstance(value, dict):
        raise TypeError("a JSON object is expected")
    return value


def _chat(world: World, number: str | None) -> Chat:
    chat = world.store.chats.get(int(number or 0))
    if chat is None:
        raise ValueError(f"no chat {number}")
    return chat


async def create_users(world: World, request: web.BaseRequest) -> Body:
    body = await body_of(request)
    if "users" not in body:
        return {"id": _create_user(world, body)}
    return {"ids": [_create_user(world, one) for one in body["users"]]}


def _create_user(world: World, body: Mapping[str, Any]) -> int:
    if unknown := body.keys() - {"id", "first_name", "last_name", "username", "phone", "language_code"}:
        raise ValueError(f"unknown field {min(unknown)}")
    if not body.get("first_name"):
        raise ValueError("first_name is missing")
    number = int(body.get("id") or world.store.next_user)
    last_name, username, phone = (str(body.get(name) or "") for name in ("last_name", "username", "phone"))
    language = str(body.get("language_code") or "id")
    user = User(number, str(body["first_name"]), last_name, username, phone, language)
    world.store.add_user(user)
    return number


async def list_users(world: World, request: web.BaseRequest) -> Body:
    wanted = request.query.get("q", "").lower()
    users = [
        user
        for user in world.store.users.values()
        if wanted in f"{user.name} {user.username} {user.phone}".lower()
    ]
    first = int(request.query.get("offset", 0))
    names = ("id", "first_name", "last_name", "username", "phone", "started", "blocked", "deactivated")
    shown = users[first : first + int(request.query.get("limit", 100))]
    return {"total": len(users), "users": [{name: getattr(user, name) for name in names} for user in shown]}


async def create_group(world: World, request: web.BaseRequest) -> Body:
    body = await body_of(request)
    creator = int(body["creator"])
    members = {creator, *(int(one) for one in body.get("members") or ())}
    if missing := members - world.store.users.keys():
        raise ValueError(f"no user {min(missing)}")
    if not body.get("title"):
        raise ValueError("title is missing")
    chat = world.store.add_group(
        str(body["title"]),
        creator,
        members,
        big=bool(body.get("supergroup")),
        chat_id=int(body.get("id") or 0),
    )
    return {"chat_id": chat.id}


def _chat_body(world: World, chat: Chat, *, members: bool = False) -> Body:
    last = next((one for one in reversed(chat.messages.values()) if not one.faded), None)
    body: Body = {
        "id": chat.id,
        "type": chat.kind,
        "title": chat.user.name if chat.user else chat.title,
        "seq": chat.seq,
        "bot": chat.bot if chat.user is None else "member",
        "migrated_to": chat.migrated_to,
        "last": world.view(chat, last) if last else None,
    }
    if members:
        body["members"] = sorted(chat.members) or [chat.id]
    return body


async def list_chats(world: World, request: web.BaseRequest) -> Body:
    limit = int(request.query.get("limit", 100))
    newest = sorted(world.store.chats.values(), key=lambda chat: -chat.seq)[:limit]
    return {"chats": [_chat_body(world, chat) for chat in newest]}


async def upload(world: World, request: web.BaseRequest) -> Body:
    query = request.query
    kind = query.get("kind", "photo")
    if kind not in {"photo", "video", "document"}:
        raise ValueError("kind is photo, video or document")
    shape = (int(query.get("width", 0)), int(query.get("height", 0)), int(query.get("duration", 0)))
    data = await request.read()
    name, mime = query.get("name", ""), query.get("mime", "")
    stored = await asyncio.to_thread(world.files.add, kind, data, name, mime, shape)
    best = stored.best
    return {
        "file_key": stored.key,
        "kind": kind,
        "mime": stored.mime,
        "size": best.size,
        "width": best.width,
        "height": best.height,
        "duration": stored.duration,
    }


def _media(world: World, request: web.BaseRequest, key: str) -> web.StreamResponse:
    stored = world.files.find(key)
    if stored is None:
        return _json({"error": f"no file {key}"}, 404)
    index = int(request.query.get("size", -1))
    copy = stored.copies[index] if -1 <= index < len(stored.copies) else stored.best
    return web.FileResponse(copy.path, headers={"Content-Type": stored.mime})


async def act(world: World, request: web.BaseRequest) -> Body:
    return acts.act(world, await body_of(request))


async def batch(world: World, request: web.BaseRequest) -> Body:
    results: list[Body] = []
    for number, action in enumerate((await body_of(request))["actions"], 1):
        try:
            results.append(acts.act(world, action))
        except _MISUSE as error:
            results.append({"error": str(error)})
        if number % _BREATH == 0:
            await asyncio.sleep(0)
    return {"results": results}


def _history(world: World, chat: Chat, since: int, limit: int) -> Body:
    messages = [one for one in chat.messages.values() if one.seq > since and not one.faded]
    action, until = chat.action
    return {
        "seq": chat.seq,
        "messages": [world.view(chat, one) for one in messages[-limit:]],
        "deleted": [number for seq, number in chat.deleted or () if seq > since],
        "toasts": [toast_view(toast) for toast in chat.toasts or () if toast.seq > since],
        "reply_keyboard": keyboard_view(chat),
        "pinned": chat.pinned,
        "action": action if until > world.uptime() else "",
    }


async def history(world: World, request: web.BaseRequest) -> Body:
    query = request.query
    chat = _chat(world, query.get("chat_id"))
    return _history(world, chat, int(query.get("since", 0)), int(query.get("limit", BODIES)))


async def wait(world: World, request: web.BaseRequest) -> Body:
    query = request.query
    chat, since = _chat(world, query.get("chat_id")), int(query.get("since", 0))
    if chat.seq <= since:
        await world.events.news_of(chat.id, min(float(query.get("timeout", 10)), 60.0))
    return _history(world, chat, since, int(query.get("limit", BODIES)))


async def commands(world: World, request: web.BaseRequest) -> Body:
    chat = _chat(world, request.query.get("chat_id"))
    user = world.store.users[int(request.query.get("user_id", chat.id))]
    buttons = world.profile.menu_buttons
    return {
        "commands": commands_for(world, chat, user.id, user.language_code),
        "menu_button": buttons.get(chat.id) or buttons.get(0) or {"type": "default"},
    }


async def _events(world: World, request: web.BaseRequest) -> web.StreamResponse:
    chats = frozenset(int(number) for number in request.query.getall("chat_id", []))
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    with world.events.watch(chats) as watcher:
        await response.prepare(request)
        await response.write(b": connected\n\n")
        with contextlib.suppress(ConnectionError):  # the page was closed
            await _stream(watcher, response)
    return response


async def _stream(watcher: Watcher, response: web.StreamResponse) -> None:
    while True:
        try:
            event: Event | None = await asyncio.wait_for(watcher.queue.get(), _PING)
        except TimeoutError:
            await response.write(b": ping\n\n")
            continue
        if event is None:
            return
        await response.write(
            b"event: %s\nid: %d\ndata: %s\n\n" % (event["type"].encode(), event["seq"], dumps(event))
        )


ROUTES: Mapping[tuple[str, str], Route] = {
    ("POST", "/sim/users"): create_users,
    ("GET", "/sim/users"): list_users,
    ("POST", "/sim/groups"): create_group,
    ("GET", "/sim/chats"): list_chats,
    ("POST", "/sim/files"): upload,
    ("POST", "/sim/act"): act,
    ("POST", "/sim/batch"): batch,
    ("GET", "/sim/history"): history,
    ("GET", "/sim/wait"): wait,
    ("GET", "/sim/commands"): commands,
    **steering.ROUTES,
}
