"""The Media resource, and the store behind it that takes signed addresses and nothing else."""

import hashlib
import hmac
import re
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from bot.simulator.twilio import messages
from bot.simulator.twilio.account import Account
from bot.simulator.twilio.errors import Refused
from bot.simulator.twilio.request import Call
from bot.simulator.twilio.store import Media

STORE = "/twilio-media/"
_MOMENT = re.compile(r"[0-9]{1,12}")
VALID = 4 * 3600  # seconds that a signed address lasts


def find(account: Account, call: Call) -> Media:
    """The media that the path names. Raises Refused 20404."""
    found = account.media.get(call.ids[1])
    if found is None or found.message != call.ids[0]:
        raise Refused(20404, call.path)
    return found


def listed(account: Account, call: Call) -> dict[str, Any]:
    """All media of a message: there are few, so always one page. Raises Refused."""
    message, size = messages.find(account, call), call.page_size()
    uri = f"{call.path}?PageSize={size}&Page=0"
    return {
        "first_page_uri": uri,
        "end": max(len(message.media) - 1, 0),
        "previous_page_uri": None,
        "media_list": [body(account, one) for one in message.media],
        "uri": uri,
        "page_size": size,
        "start": 0,
        "next_page_uri": None,
        "page": 0,
    }


def fetch(account: Account, call: Call) -> dict[str, Any]:
    return body(account, find(account, call))


def delete(account: Account, call: Call) -> None:
    """Raises Refused 20404."""
    found = find(account, call)
    del account.media[found.sid]
    message = account.messages.get(found.message)
    if message is not None:
        message.media.remove(found)


def body(account: Account, media: Media) -> dict[str, Any]:
    """The resource."""
    uri = f"/2010-04-01/Accounts/{account.sid}/Messages/{media.message}/Media/{media.sid}.json"
    return {
        "sid": media.sid,
        "account_sid": account.sid,
        "parent_sid": media.message,
        "content_type": media.mime,
        "date_created": messages.rfc2822(media.created),
        "date_updated": messages.rfc2822(media.created),
        "uri": uri,
    }


def redirect(account: Account, call: Call) -> web.Response:
    """To the signed address of the bytes. Raises Refused 20404."""
    found = find(account, call)
    until = account.now() + VALID
    query = f"Expires={until}&Signature={_signature(account, found.sid, until)}"
    return web.Response(status=307, headers={"Location": f"http://{call.host}{STORE}{found.sid}?{query}"})


def _signature(account: Account, name: str, until: int) -> str:
    return hmac.new(account.token.encode(), f"{name}{until}".encode(), hashlib.sha256).hexdigest()


def serve(account: Account, request: web.BaseRequest, path: str) -> web.StreamResponse:
    """The bytes; credentials of another kind beside the signature are refused, as S3 does."""
    if "Authorization" in request.headers:
        return _refuse(400, "InvalidArgument", "Only one auth mechanism allowed")
    query = parse_qs(request.raw_path.partition("?")[2])
    until, given = query.get("Expires", [""])[0], query.get("Signature", [""])[0]
    name = path.removeprefix(STORE)
    if not _MOMENT.fullmatch(until) or not hmac.compare_digest(
        _signature(account, name, int(until)).encode(), given.encode()
    ):
        return _refuse(403, "SignatureDoesNotMatch", "The request signature does not match")
    if int(until) < account.now():
        return _refuse(403, "AccessDenied", "Request has expired")
    found = account.media.get(name)
    if found is None:
        return _refuse(404, "NoSuchKey", "The specified key does not exist.")
    return web.FileResponse(found.path, headers={"Content-Type": found.mime})


def _refuse(status: int, code: str, words: str) -> web.Response:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    text = f"{head}\n<Error><Code>{code}</Code><Message>{words}</Message></Error>"
    return web.Response(status=status, text=text, content_type="application/xml")
