"""`/sim/wa/…`: the phones and the account's steering over HTTP, in JSON. A refusal is 400 with a sentence."""

import asyncio
import json
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.simulator import wire
from bot.simulator.stats import Stats
from bot.simulator.twilio import phones
from bot.simulator.twilio.account import Account, failure
from bot.simulator.twilio.rest import Rest
from bot.simulator.twilio.store import BODIES, Media, sid

PREFIX = "/sim/wa/"
DECISIONS = ("approved", "rejected", "pending", "paused", "disabled")
_MISUSE = (ValueError, TypeError, KeyError, AttributeError)  # whatever a wrong shape of JSON leads to
_BREATH = 100  # actions of a batch after which others get a turn

Body = dict[str, Any]
Route = Callable[[Rest, web.BaseRequest], Awaitable[Any]]


async def respond(rest: Rest | None, request: web.BaseRequest) -> web.StreamResponse:
    """Answers one request of the phones' face; without an account there are no phones."""
    path = request.path.rstrip("/")
    route = ROUTES.get((request.method, path))
    if rest is None:
        return _json({"error": "the Twilio half is off"}, 404)
    try:
        if path.startswith("/sim/wa/media/"):
            return _media(rest.account, path.removeprefix("/sim/wa/media/"))
        if route is None:
            return _json({"error": f"no {request.method} {path}"}, 404)
        return _json(await route(rest, request))
    except _MISUSE as error:
        return _json({"error": str(error)}, 400)
    except web.HTTPRequestEntityTooLarge:
        return _json({"error": f"at most {wire.BODY_LIMIT} bytes"}, 413)


def _json(body: Any, status: int = 200) -> web.Response:
    return web.Response(status=status, body=wire.dumps(body), headers=wire.JSON_HEADERS)


async def _body(request: web.BaseRequest, known: set[str] | None = None) -> Body:
    body = json.loads(await request.read() or b"{}")
    if not isinstance(body, dict) or (known is not None and body.keys() - known):
        raise ValueError(f"fields are {', '.join(sorted(known or ()))}")
    return body


async def create_people(rest: Rest, request: web.BaseRequest) -> Body:
    body = await _body(request, {"name", "phone", "user_id", "people"})
    if "people" not in body:
        return {"address": _create(rest, body)}
    return {"addresses": [_create(rest, one) for one in body["people"]]}


def _create(rest: Rest, body: Mapping[str, Any]) -> str:
    name, phone, scoped = (str(body.get(field) or "") for field in ("name", "phone", "user_id"))
    return rest.account.add_person(name, phone, scoped).address


async def list_people(rest: Rest, request: web.BaseRequest) -> Body:
    wanted = request.query.get("q", "").lower()
    found = [one for one in rest.account.people.values() if wanted in f"{one.name} {one.address}".lower()]
    first, limit = int(request.query.get("offset", 0)), int(request.query.get("limit", 100))
    names = ("id", "address", "name", "phone", "blocked", "on", "last_inbound", "seq")
    shown = [{name: getattr(one, name) for name in names} for one in found[first : first + limit]]
    return {"total": len(found), "people": shown}


async def upload(rest: Rest, request: web.BaseRequest) -> Body:
    kind, name = request.query.get("kind", "photo"), request.query.get("name", "")
    data = await request.read()
    mime = request.query.get("mime") or _sniffed(data) or mimetypes.guess_type(name)[0]
    mime = mime or "application/octet-stream"
    phones.check_file(kind, mime, len(data))
    if kind == "photo" and not _sniffed(data).startswith("image/"):
        raise ValueError("this is no picture")
    account = rest.account
    key = f"w{next(account.numbers)}"
    path = account.folder() / key
    await asyncio.to_thread(path.write_bytes, data)
    account.files[key] = Media(sid("ME"), name, mime, path, len(data), account.now())
    return {"file_key": key, "kind": kind, "mime": mime, "size": len(data)}


def _sniffed(data: bytes) -> str:
    """The MIME type by the first bytes, empty for unknown."""
    if data[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    if data[:4] == b"OggS":
        return "audio/ogg"
    return "application/pdf" if data[:5] == b"%PDF-" else ""


def _media(account: Account, key: str) -> web.StreamResponse:
    found = account.media.get(key) or account.files.get(key)
    if found is None:
        return _json({"error": f"no file {key}"}, 404)
    return web.FileResponse(found.path, headers={"Content-Type": found.mime})


async def act(rest: Rest, request: web.BaseRequest) -> Body:
    return phones.act(rest, await _body(request, None))


async def batch(rest: Rest, request: web.BaseRequest) -> Body:
    results: list[Body] = []
    for number, action in enumerate((await _body(request, {"actions"}))["actions"], 1):
        try:
            results.append(phones.act(rest, action))
        except _MISUSE as error:
            results.append({"error": str(error)})
        if number % _BREATH == 0:
            await asyncio.sleep(0)
    return {"results": results}


async def history(rest: Rest, request: web.BaseRequest) -> Body:
    query = request.query
    person = rest.account.person(query.get("address"))
    return phones.history(person, int(query.get("since", 0)), int(query.get("limit", BODIES)))


async def wait(rest: Rest, request: web.BaseRequest) -> Body:
    query = request.query
    person, since = rest.account.person(query.get("address")), int(query.get("since", 0))
    if person.seq <= since:
        await rest.account.world.events.news_of(person.id, min(float(query.get("timeout", 10)), 60.0))
    return phones.history(person, since, int(query.get("limit", BODIES)))


async def deliveries(rest: Rest, request: web.BaseRequest) -> Body:
    """Who got a text and how often, by address."""
    query = request.query
    found = rest.account.deliveries.find(
        contains=query.get("contains", ""),
        prefix=query.get("prefix", ""),
        since=int(query.get("since", 0)),
        detail=False,
    )
    addresses = {str(one.id): one.address for one in rest.account.people.values()}
    return {"total": found["total"], "chats": {addresses[key]: n for key, n in found["chats"].items()}}


async def stats(rest: Rest, _request: web.BaseRequest) -> Body:
    account = rest.account
    return {
        **account.stats.body(),
        "people": len(account.people),
        "messages": len(account.messages),
        "contents": len(account.contents),
        "queued": rest.sender.waiting,
        "pending_inbound": rest.hooks.inbound_lanes.waiting,
        "pending_callbacks": rest.hooks.status_lanes.waiting,
        "opened": len(account.opened),
    }


async def reset_stats(rest: Rest, request: web.BaseRequest) -> Body:
    if (await _body(request, {"reset"})).get("reset"):
        rest.account.stats = Stats()
    return await stats(rest, request)


async def settings(rest: Rest, _request: web.BaseRequest) -> Body:
    return asdict(rest.account.settings)


async def set_settings(rest: Rest, request: web.BaseRequest) -> Body:
    change = await _body(request, set(asdict(rest.account.settings)))
    rest.account.settings.set(change)
    if "rate" in change:
        rest.sender.rate_changed()
    return asdict(rest.account.settings)


async def fail_next(rest: Rest, request: web.BaseRequest) -> Body:
    """The next `count` messages to a person fail by callback with a code."""
    body = await _body(request, {"address", "code", "count"})
    person = rest.account.person(body.get("address"))
    person.failures += [failure(body.get("code"))] * int(body.get("count", 1))
    return {"planned": len(person.failures)}


async def decide(rest: Rest, request: web.BaseRequest) -> Body:
    """WhatsApp decides about a submitted template, now."""
    body = await _body(request, {"sid", "status", "reason"})
    content = rest.account.contents.get(str(body.get("sid")))
    if content is None or not content.submitted:
        raise ValueError(f"no template {body.get('sid')} was submitted")
    if body.get("status") not in DECISIONS:
        raise ValueError(f"status is one of {', '.join(DECISIONS)}")
    content.decided, content.problem = str(body["status"]), str(body.get("reason") or "")
    return {}


async def account(rest: Rest, _request: web.BaseRequest) -> Body:
    one = rest.account
    link = f"https://wa.me/{one.sender[1:]}?text="
    return {"sid": one.sid, "sender": one.sender, "webhook": one.webhook, "deep_link": link}


async def set_account(rest: Rest, request: web.BaseRequest) -> Body:
    """Another URL for inbound messages: in the console the sender's "Webhook URL"."""
    webhook = (await _body(request, {"webhook"}))["webhook"]
    if not isinstance(webhook, str):
        raise ValueError("webhook is a URL")  # noqa: TRY004 - one error for all refusals
    rest.account.webhook = webhook
    return await account(rest, request)


ROUTES: Mapping[tuple[str, str], Route] = {
    ("POST", "/sim/wa/people"): create_people,
    ("GET", "/sim/wa/people"): list_people,
    ("POST", "/sim/wa/files"): upload,
    ("POST", "/sim/wa/act"): act,
    ("POST", "/sim/wa/batch"): batch,
    ("GET", "/sim/wa/history"): history,
    ("GET", "/sim/wa/wait"): wait,
    ("GET", "/sim/wa/deliveries"): deliveries,
    ("GET", "/sim/wa/stats"): stats,
    ("POST", "/sim/wa/stats"): reset_stats,
    ("GET", "/sim/wa/settings"): settings,
    ("POST", "/sim/wa/settings"): set_settings,
    ("POST", "/sim/wa/failures"): fail_next,
    ("POST", "/sim/wa/approvals"): decide,
    ("GET", "/sim/wa/account"): account,
    ("POST", "/sim/wa/account"): set_account,
}
