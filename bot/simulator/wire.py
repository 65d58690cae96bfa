"""Requests and answers as bytes: what a method call says, and how a refusal looks."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

from aiohttp import web

UPLOAD_LIMIT = 50 * 1024 * 1024  # bytes a bot may upload (Bot API: "Sending files")
BODY_LIMIT = UPLOAD_LIMIT + 1024 * 1024
JSON_HEADERS = {"Content-Type": "application/json"}

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Refusal(Exception):  # noqa: N818 - it is what Telegram does, no error of ours
    """An answer with `ok: false`; the HTTP status is `code`."""

    def __init__(self, code: int, description: str, *, retry_after: int = 0, migrate_to: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to


def bad(description: str) -> Refusal:
    """400 with Telegram's prefix."""
    return Refusal(400, f"Bad Request: {description}")


def forbidden(description: str) -> Refusal:
    """403 with Telegram's prefix."""
    return Refusal(403, f"Forbidden: {description}")


def too_many(seconds: int) -> Refusal:
    """429 in Telegram's words."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


@dataclass(frozen=True, slots=True)
class Described:
    """A result that carries a description, as setWebhook's does."""

    result: Any
    description: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body."""

    name: str
    mime: str
    data: bytes


def whole(value: Any, default: int = 0) -> int:
    """A number however it is written; what is none counts as `default`."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return default


class Call:
    """One method call: parameters as they came (strings, or JSON values) and uploaded files."""

    __slots__ = ("files", "method", "params")

    def __init__(self, method: str, params: dict[str, Any], files: dict[str, Upload]) -> None:
        self.method = method
        self.params = params
        self.files = files

    def text(self, name: str) -> str:
        value = self.params.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        return _encode(value) if isinstance(value, dict | list | bool) else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """What is no number counts as `default`, as on the real server."""
        return whole(self.params.get(name), default)

    def flag(self, name: str) -> bool:
        value = self.params.get(name)
        if isinstance(value, str):
            return value.lower() in {"true", "yes", "1"}
        return bool(value)

    def parsed(self, name: str, complaint: str) -> Any:
        """A JSON parameter, whichever way it came; None when absent. Raises Refusal(400, complaint)."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(complaint) from None

    def array(self, name: str) -> list[Any] | None:
        value = self.parsed(name, f"can't parse {name} JSON object")
        if value is not None and not isinstance(value, list):
            raise bad(f"expected an Array in {name}")
        return value


async def read_call(request: web.BaseRequest, method: str) -> Call:
    """The call of a request. Raises Refusal: 413 for a body over the limit, 400 for an unreadable one."""
    params: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    try:
        query = request.raw_path.partition("?")[2]
        if query:
            params.update(_pairs(query))
        if request.method == "POST" and request.body_exists:
            await _read_body(request, params, files)
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, "Request Entity Too Large") from None
    except UnicodeDecodeError:
        raise bad("strings must be encoded in UTF-8") from None
    return Call(method, params, files)


async def _read_body(request: web.BaseRequest, params: dict[str, Any], files: dict[str, Upload]) -> None:
    kind = request.content_type
    if kind.startswith("multipart/"):
        await _multipart(request, params, files)
        return
    body = await request.read()
    if kind == "application/json":
        params.update(_json_object(body))
    elif kind == "application/x-www-form-urlencoded":
        params.update(_pairs(body.decode()))
    elif body:
        raise bad(f"unsupported content type {kind}")


def _pairs(encoded: str) -> Iterator[tuple[str, str]]:
    for pair in encoded.split("&"):
        name, _, value = pair.partition("=")
        if name:
            yield name, _unquoted(value) if "%" in value or "+" in value else value


@lru_cache(maxsize=4096)
def _unquoted(value: str) -> str:
    """Cached, since a broadcast repeats its text and buttons; decoding was a quarter of a call's time."""
    return unquote_plus(value, errors="strict")


async def _multipart(request: web.BaseRequest, params: dict[str, Any], files: dict[str, Upload]) -> None:
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            data = value.file.read()
            if len(data) > UPLOAD_LIMIT:
                raise Refusal(413, "Request Entity Too Large")
            files[name] = Upload(value.filename or "file", value.content_type, data)
        elif isinstance(value, bytes | bytearray):
            params[name] = value.decode()
        else:
            params[name] = value


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body) if body else {}
    except ValueError:
        raise bad("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad("object expected as parameters")
    return {name: item for name, item in value.items() if item is not None}


def dumps(value: Any) -> bytes:
    return _encode(value).encode()


def answer(result: Any) -> web.Response:
    """200 with `ok: true`; `result` may be ready JSON bytes."""
    if isinstance(result, bytes):
        body = b'{"ok":true,"result":' + result + b"}"
    elif isinstance(result, Described):
        body = dumps({"ok": True, "result": result.result, "description": result.description})
    else:
        body = b'{"ok":true,"result":' + dumps(result) + b"}"
    return web.Response(body=body, headers=JSON_HEADERS)


def refuse(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    headers = JSON_HEADERS
    if refusal.retry_after:
        body["parameters"] = {"retry_after": refusal.retry_after}
        headers = {**JSON_HEADERS, "Retry-After": str(refusal.retry_after)}
    elif refusal.migrate_to:
        body["parameters"] = {"migrate_to_chat_id": refusal.migrate_to}
    return web.Response(status=refusal.code, body=dumps(body), headers=headers)


def cut(request: web.BaseRequest) -> web.Response:
    """The line is cut: the client sees no answer at all."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
