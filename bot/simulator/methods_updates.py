"""Methods by which the bot gets its updates: long polling and the webhook."""

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.updates import LONGEST_POLL, WEBHOOK_SET
from bot.simulator.webhook import Webhook
from bot.simulator.wire import Call, Described, bad
from bot.simulator.world import World

_PORTS = {80, 88, 443, 8443}  # Bot API, setWebhook
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


async def get_updates(world: World, call: Call) -> bytes:
    world.updates.allow(call.array("allowed_updates"))
    limit = min(max(call.integer("limit", 100), 1), 100)
    timeout = min(max(call.integer("timeout"), 0), LONGEST_POLL)
    return await world.updates.poll(call.integer("offset"), limit, timeout)


async def set_webhook(world: World, call: Call) -> Any:
    url = call.text("url").strip()
    if not url:
        return await delete_webhook(world, call)
    if "certificate" in call.params or "certificate" in call.files:
        raise bad("parameter not played by this simulator: certificate")
    check_url(url)
    secret = call.text("secret_token")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    updates = world.updates
    updates.interrupt(WEBHOOK_SET)
    updates.allow(call.array("allowed_updates"))
    old, updates.webhook = updates.webhook, None
    if old is not None:
        await old.close()
    if call.flag("drop_pending_updates"):
        updates.drop()
    updates.webhook = Webhook(
        url,
        updates.pending,
        secret=secret,
        connections=min(max(call.integer("max_connections", 40), 1), 100),
        first_delay=world.webhook_delay,
        answered=world.answered,
        now=world.now,
    )
    return Described(True, "Webhook was set")


def check_url(url: str) -> None:
    """HTTPS on one of Telegram's ports; on this machine itself anything goes. Raises Refusal(400)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad("invalid webhook URL specified") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad("invalid webhook URL specified")
    if _loopback(parts.hostname):
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in _PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def delete_webhook(world: World, call: Call) -> Any:
    webhook, world.updates.webhook = world.updates.webhook, None
    if webhook is not None:
        await webhook.close()
    if call.flag("drop_pending_updates"):
        world.updates.drop()
    said = "Webhook was deleted" if webhook is not None else "Webhook is already deleted"
    return Described(True, said)


def get_webhook_info(world: World, _call: Call) -> Any:
    updates = world.updates
    body: dict[str, Any] = {
        "url": updates.webhook.url if updates.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if updates.webhook is not None:
        body["max_connections"] = updates.webhook.connections
        if updates.webhook.last_error:
            body["last_error_date"] = updates.webhook.last_error_date
            body["last_error_message"] = updates.webhook.last_error
    if updates.allowed is not None:
        body["allowed_updates"] = sorted(updates.allowed)
    return body
