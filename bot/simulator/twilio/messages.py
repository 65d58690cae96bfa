"""The Message resource: create, list, fetch, delete."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.simulator import wire
from bot.simulator.twilio import templates
from bot.simulator.twilio.account import CHANNEL, NUMBER, SCOPED, Account
from bot.simulator.twilio.delivery import Sender
from bot.simulator.twilio.errors import FAILURES, Refused
from bot.simulator.twilio.request import Call, not_played
from bot.simulator.twilio.store import DONE, Message, sid

_PLAYED = {"To", "From", "Body", "MediaUrl", "ContentSid", "ContentVariables", "StatusCallback"}
_MOST_BODY = 1600
_MOST_URL = 4000
_MOST_VALUE = 1600
_HOST = re.compile(r"[A-Za-z0-9.-]+")
_SID = re.compile(r"HX[0-9a-fA-F]{32}")


def create(account: Account, sender: Sender, call: Call) -> dict[str, Any]:
    """Accepts a message; what happens to it comes by callback. Raises Refused."""
    if unplayed := call.values.keys() - _PLAYED:
        raise not_played(account.stats.not_played, f"CreateMessage.{min(unplayed)}")
    address = _address(account, call)
    status_url = call.text("StatusCallback")
    if status_url and not _is_url(status_url, _MOST_URL):
        raise Refused(21609, status_url)
    message = Message(sid("SM"), address, False, "", "queued", account.now(), account.now())
    message.status_url = status_url
    if "ContentSid" in call.values:
        _fill(account, message, call)
    else:
        _write(message, call)
    sender.admit()
    account.log(message)
    sender.offer(message)
    return body(account, message)


def _address(account: Account, call: Call) -> str:
    to, origin = call.text("To"), call.text("From")
    if not to:
        raise Refused(21604)
    if not origin:
        raise Refused(21603)
    if not origin.startswith(CHANNEL):
        raise Refused(21910 if to.startswith(CHANNEL) else 63007)
    if not to.startswith(CHANNEL):
        raise Refused(21910)
    address = to.removeprefix(CHANNEL)
    if not NUMBER.fullmatch(address) and not SCOPED.fullmatch(address):
        raise Refused(21211, to)
    if origin != CHANNEL + account.sender:
        raise Refused(63007)
    return address


def _is_url(value: str, most: int) -> bool:
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and len(value) <= most and bool(_HOST.fullmatch(host))


def _write(message: Message, call: Call) -> None:
    """Body and MediaUrl."""
    if "ContentVariables" in call.values:
        raise Refused(21654)
    text = call.text("Body")
    urls = tuple(call.values.get("MediaUrl", ()))
    if not text.strip() and not urls:
        raise Refused(21619)
    if len(text) > _MOST_BODY:
        raise Refused(21617)
    if wrong := [url for url in urls if not _is_url(url, _MOST_URL)]:
        raise Refused(21620, f"{{{', '.join(wrong)}}}")
    if len(urls) > 1:  # WhatsApp takes one
        raise Refused(21623)
    message.body, message.urls = text, urls
    if urls:
        message.sid = sid("MM")


def _fill(account: Account, message: Message, call: Call) -> None:
    """ContentSid and ContentVariables."""
    if both := call.values.keys() & {"Body", "MediaUrl"}:
        raise Refused(20001, f"{min(both)} beside a ContentSid (Twilio would not send it)")
    wanted = call.text("ContentSid")
    content = account.contents.get(wanted) if _SID.fullmatch(wanted) else None
    if content is None:
        raise Refused(21655, wanted)
    given = _variables(call.text("ContentVariables"))
    needed = templates.places(content.types).keys()
    values = {**{name: value for name, value in content.variables.items() if value}, **given}
    rough = any(templates.ROUGH.search(value) for value in values.values())
    if rough and account.settings.one_line:
        raise Refused(21656)
    message.sid = sid("MM")
    message.content = content.sid
    message.mismatch = bool(needed - values.keys() or given.keys() - needed)
    message.rough = rough
    message.shown = templates.shown(templates.fill(content.types, values))
    message.body, message.urls = message.shown.body, message.shown.media


def _variables(text: str) -> dict[str, str]:
    if not text:
        return {}
    try:
        given = json.loads(text)
        wire.dumps(given)  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Refused(21656) from None
    if not isinstance(given, dict):
        raise Refused(21656)
    for value in given.values():
        if not isinstance(value, str) or not value or len(value) > _MOST_VALUE:
            raise Refused(21656)
    return given


def find(account: Account, call: Call) -> Message:
    """The message that the path names. Raises Refused 20404."""
    found = account.messages.get(call.ids[0])
    if found is None:
        raise Refused(20404, call.path)
    return found


def fetch(account: Account, call: Call) -> dict[str, Any]:
    return body(account, find(account, call))


def delete(account: Account, call: Call) -> None:
    """Out of the log. Raises Refused 20009 while it is under way."""
    message = find(account, call)
    if message.status not in DONE and message.status != "sent":
        raise Refused(20009)
    account.forget(message)


def listed(account: Account, call: Call) -> dict[str, Any]:
    """A page, newest first. Raises Refused."""
    size, (number, token) = call.page_size(), call.page()
    found: list[Message] = []
    seen = not token
    for message in _filtered(account, call):
        if seen:
            found.append(message)
        seen = seen or f"PA{message.sid}" == token
        if len(found) > size:
            break
    if not seen:
        raise Refused(20001, f"PageToken {token} is invalid")
    shown = found[:size]
    kept = {name: call.text(name) for name in call.values if name not in {"Page", "PageToken", "PageSize"}}

    def uri(page: int, last: str = "") -> str:
        fields = {**kept, "PageSize": str(size), "Page": str(page), **({"PageToken": last} if last else {})}
        return f"{call.path}?{urlencode(fields)}"

    return {
        "first_page_uri": uri(0),
        "end": number * size + max(len(shown) - 1, 0),
        "previous_page_uri": uri(number - 1) if number == 1 else None,
        "messages": [body(account, message) for message in shown],
        "uri": uri(number, token),
        "page_size": size,
        "start": number * size,
        "next_page_uri": uri(number + 1, f"PA{shown[-1].sid}") if len(found) > size else None,
        "page": number,
    }


def _filtered(account: Account, call: Call) -> Iterator[Message]:
    to, origin = call.text("To"), call.text("From")
    ours = CHANNEL + account.sender
    person = next((one.removeprefix(CHANNEL) for one in (to, origin) if one and one != ours), "")
    earliest, latest = 0, 0
    if given := call.text("DateSent"):
        earliest = _moment(given)
        latest = earliest + 86_399 if earliest % 86_400 == 0 else earliest  # midnight is the whole day
    if given := call.text("DateSent>"):
        earliest = _moment(given)
    if given := call.text("DateSent<"):
        latest = _moment(given)
    for message in account.newest_first(person):
        there, here = (ours, CHANNEL + message.address)[:: 1 if message.inbound else -1]
        if (to and to != there) or (origin and origin != here):
            continue
        if (earliest and message.sent < earliest) or (latest and not 0 < message.sent <= latest):
            continue
        yield message


def _moment(text: str) -> int:
    """Unix seconds of a date or a moment in GMT."""
    try:
        found = datetime.fromisoformat(text)
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise Refused(20001, f"DateSent {text} is invalid") from None


def rfc2822(seconds: int) -> str | None:
    """A date as the API of 2010 writes it, None for 0."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC)) if seconds else None


def body(account: Account, message: Message) -> dict[str, Any]:
    """The resource."""
    ours, theirs = CHANNEL + account.sender, CHANNEL + message.address
    uri = f"/2010-04-01/Accounts/{account.sid}/Messages/{message.sid}"
    return {
        "body": message.body,
        "num_segments": "1",
        "direction": "inbound" if message.inbound else "outbound-api",
        "from": theirs if message.inbound else ours,
        "date_updated": rfc2822(message.updated),
        "price": None,
        "error_message": FAILURES.get(message.error),
        "uri": f"{uri}.json",
        "account_sid": account.sid,
        "num_media": str(max(len(message.media), 0 if message.inbound else len(message.urls))),
        "to": ours if message.inbound else theirs,
        "date_created": rfc2822(message.created),
        "status": message.status,
        "sid": message.sid,
        "date_sent": rfc2822(message.sent),
        "messaging_service_sid": None,
        "error_code": message.error or None,
        "price_unit": None,
        "api_version": "2010-04-01",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }
