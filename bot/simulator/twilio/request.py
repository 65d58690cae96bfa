"""One REST request, read and checked against the table of operations."""

import base64
import binascii
import json
import re
import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.simulator import wire
from bot.simulator.twilio import spec
from bot.simulator.twilio.account import Account
from bot.simulator.twilio.errors import Refused
from bot.simulator.twilio.spec import Operation

MOST_PAGE = 1000
_PAGE = 50
_WHOLE = re.compile(r"[0-9]{1,9}")


@dataclass(slots=True)
class Call:
    """`values` are the form's or the query's fields, in order; `body` a JSON body; `ids` are in the path."""

    operation: Operation
    path: str
    query: str
    host: str
    ids: tuple[str, ...]
    values: dict[str, list[str]]
    body: dict[str, Any]

    def text(self, name: str) -> str:
        """The last value of a field, empty for none."""
        return self.values.get(name, [""])[-1]

    def page_size(self) -> int:
        """PageSize, 50 by default. Raises Refused."""
        given = self._whole("PageSize", _PAGE)
        if given > MOST_PAGE:
            raise Refused(20007, str(given))
        if not given:
            raise Refused(20001, "PageSize 0 is invalid")
        return given

    def page(self) -> tuple[int, str]:
        """Page and PageToken: a page but the first has a token. Raises Refused."""
        number, token = self._whole("Page", 0), self.text("PageToken")
        if number and not token:
            raise Refused(20001, f"Page {number} without a PageToken")
        return number, token

    def _whole(self, name: str, default: int) -> int:
        given = self.text(name)
        if given and not _WHOLE.fullmatch(given):
            raise Refused(20001, f"{name} {given} is invalid")
        return int(given) if given else default


def check_credentials(account: Account, request: web.BaseRequest) -> None:
    """Raises Refused 20003 for anything but the account's sid and token by basic authentication."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        known = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        known = b""
    wanted = f"{account.sid}:{account.token}".encode()
    if scheme.lower() != "basic" or not secrets.compare_digest(known, wanted):
        raise Refused(20003)


async def read(request: web.BaseRequest, operation: Operation, path: str, ids: tuple[str, ...]) -> Call:
    """The call, with fields that the operation has. Raises Refused."""
    query = request.raw_path.partition("?")[2]
    body: dict[str, Any] = {}
    values: dict[str, list[str]] = {}
    try:
        raw = await request.read() if request.method in {"POST", "PUT"} else b""
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
        if operation.body:
            body = _json(request, operation, raw)
        elif request.content_type == "application/x-www-form-urlencoded":
            pairs += parse_qsl(raw.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Refused(20001, "the request is not encoded in UTF-8") from None
    except web.HTTPRequestEntityTooLarge:
        raise Refused(20001, "the request is too large") from None
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    call = Call(operation, path, query, request.host, ids, values, body)
    _check_names(call)
    return call


def _json(request: web.BaseRequest, operation: Operation, raw: bytes) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Refused(20001, f"Content-Type {request.content_type} is not application/json")
    try:
        given = spec.fit(operation.body, json.loads(raw))
        wire.dumps(given)  # half of a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise Refused(20001, str(error)) from None
    return given


def _check_names(call: Call) -> None:
    known = call.operation.parameters
    if unknown := call.values.keys() - known:
        raise Refused(20001, f"Unknown parameter {min(unknown)} of {call.operation.name}")
    for name, given in call.values.items():
        if len(given) > 1 and name not in {"MediaUrl", "PersistentAction"}:
            raise Refused(20001, f"Parameter {name} is given {len(given)} times")


def not_played(counted: "Counter[str]", what: str) -> Refused:
    """The refusal of something that Twilio has and we do not; counted by name."""
    counted[what] += 1
    return Refused(20001, f"not played by this simulator: {what}")
