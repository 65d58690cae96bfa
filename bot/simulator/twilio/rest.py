"""From a request to Twilio's API to the operation that plays it, and back to an answer."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.simulator import wire
from bot.simulator.faults import Fault
from bot.simulator.twilio import contents, media, messages, request
from bot.simulator.twilio.account import CHANNEL, Account
from bot.simulator.twilio.delivery import Sender
from bot.simulator.twilio.errors import Refused
from bot.simulator.twilio.hooks import Hooks
from bot.simulator.twilio.request import Call, not_played
from bot.simulator.twilio.spec import OPERATIONS
from bot.simulator.twilio.store import sid

PREFIXES = ("/2010-04-01/", "/v1/", "/v2/", media.STORE)

_DIGITS = re.compile(r"[0-9]{1,15}")

Play = Callable[[Account, Call], Any]

PLAYED: dict[str, Play] = {
    "ListMessage": messages.listed,
    "FetchMessage": messages.fetch,
    "DeleteMessage": messages.delete,
    "ListMedia": media.listed,
    "FetchMedia": media.fetch,
    "DeleteMedia": media.delete,
    "CreateContent": contents.create,
    "ListContent": contents.listed,
    "FetchContent": contents.fetch,
    "DeleteContent": contents.delete,
    "ListContentAndApprovals": contents.listed_with_approvals,
    "CreateApprovalCreate": contents.submit,
    "FetchApprovalFetch": contents.approval,
}


def _pattern(path: str) -> "re.Pattern[str]":
    """A path of the table as an expression: the account is checked apart, other ids are groups."""
    return re.compile(re.sub(r"\{(\w+)\}", "([^/]+)", path.replace("{AccountSid}", "(?P<account>[^/]+)")))


_PATHS = [(_pattern(one.path), one.method, name) for name, one in OPERATIONS.items()]
_REDIRECT = _pattern(OPERATIONS["FetchMedia"].path.removesuffix(".json"))


class Rest:
    """The account's face for programs."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.hooks = Hooks(account)
        self.sender = Sender(account, self.hooks)

    async def close(self) -> None:
        await self.sender.close()
        await self.hooks.close()

    async def respond(self, asked: web.BaseRequest, path: str) -> web.StreamResponse:
        """Plays one request; also fails it where a fault is due."""
        if path.startswith(media.STORE):
            return media.serve(self.account, asked, path)
        try:
            request.check_credentials(self.account, asked)
            name, ids = self._route(asked.method, path)
            operation = OPERATIONS[name]
            self.account.stats.calls[name] += 1
            call = await request.read(asked, operation, path, ids)
        except Refused as refused:
            return self._refuse(refused)
        if self.account.world.latency:
            await asyncio.sleep(self.account.world.latency)
        to = call.text("To").removeprefix(f"{CHANNEL}+")
        fault = self.account.world.faults.pick(name.lower(), int(to) if _DIGITS.fullmatch(to) else 0)
        if fault is not None:
            self.account.stats.faults[fault.kind] += 1
            if fault.kind != "timeout_after":
                return await self._fail(asked, fault)
        try:
            answer = self._perform(call)
            self.account.stats.ok += 1
        except Refused as refused:
            answer = self._refuse(refused)
        return await self._silence(asked) if fault is not None else answer

    def _route(self, method: str, path: str) -> tuple[str, tuple[str, ...]]:
        """The operation and the ids of a path. Raises Refused 20404 or 20004."""
        known = False
        redirects = [(_REDIRECT, "GET", "FetchMedia")] if not path.endswith(".json") else []
        for pattern, verb, name in _PATHS + redirects:
            match = pattern.fullmatch(path)
            if match is None:
                continue
            account = match.groupdict().get("account")
            if account not in {None, self.account.sid}:
                break
            if verb == method:
                return name, match.groups()[1 if account else 0 :]
            known = True
        raise Refused(20004) if known else Refused(20404, path)

    def _perform(self, call: Call) -> web.Response:
        name = call.operation.name
        if name == "CreateMessage":
            return _json(201, messages.create(self.account, self.sender, call))
        if name == "FetchMedia" and not call.path.endswith(".json"):
            return media.redirect(self.account, call)
        play = PLAYED.get(name)
        if play is None:
            raise not_played(self.account.stats.not_played, name)
        result = play(self.account, call)
        if result is None:
            return web.Response(status=204, headers={"Twilio-Request-Id": sid("RQ")})
        return _json(201 if call.operation.method == "POST" else 200, result)

    def _refuse(self, refused: Refused) -> web.Response:
        self.account.stats.errors[f"{refused.status} {refused}"] += 1
        if refused.status == 429:
            self.account.stats.too_many_requests += 1
        return _json(refused.status, refused.body())

    async def _fail(self, asked: web.BaseRequest, fault: Fault) -> web.StreamResponse:
        if fault.kind == "500":
            return self._refuse(Refused(20500))
        if fault.kind == "502":
            body = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
            return web.Response(status=502, text=body, content_type="text/html")
        if fault.kind == "429":
            answer = self._refuse(Refused(20429))
            if fault.retry_after:
                answer.headers["Retry-After"] = str(fault.retry_after)
            return answer
        if fault.kind == "reset":
            return wire.cut(asked)
        return await self._silence(asked)

    async def _silence(self, asked: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(self.account.world.faults.hold)
        return wire.cut(asked)


def _json(status: int, body: Any) -> web.Response:
    headers = {**wire.JSON_HEADERS, "Twilio-Request-Id": sid("RQ")}
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return web.Response(status=status, body=wire.dumps(body), headers=headers)
