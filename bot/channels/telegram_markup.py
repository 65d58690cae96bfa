"""Buttons and keyboards of an `Outgoing` → the `reply_markup` of the Bot API, as JSON.

Plain JSON, not PTB's objects: building those costs more than all the rest of a message.
Field names: https://core.telegram.org/bots/api#inlinekeyboardmarkup and #replykeyboardmarkup.
"""

import json
from typing import Any

from bot.channels import Outgoing, OutgoingButton


def of(message: Outgoing) -> dict[str, str]:
    """The `reply_markup` parameter of a new message; empty where it has none."""
    if message.keyboard == "contact":
        rows = [[_key(button) for button in row] for row in message.buttons]
        keyboard = {"keyboard": rows, "one_time_keyboard": True, "resize_keyboard": True}
        return {"reply_markup": json.dumps(keyboard)}
    if message.keyboard == "remove" and not message.buttons:
        return {"reply_markup": json.dumps({"remove_keyboard": True})}
    # A message carries one markup only. Its own buttons matter more than putting away a keyboard that
    # has hidden itself already (one_time_keyboard).
    return inline(message)


def inline(message: Outgoing) -> dict[str, str]:
    """The `reply_markup` parameter of an edit, which knows inline buttons only; without it they go."""
    if not message.buttons:
        return {}
    rows = [[_button(button) for button in row] for row in message.buttons]
    return {"reply_markup": json.dumps({"inline_keyboard": rows})}


def _key(button: OutgoingButton) -> dict[str, Any]:
    return {"text": button.label, "request_contact": True} if button.contact else {"text": button.label}


def _button(button: OutgoingButton) -> dict[str, str]:
    target = {"url": button.url} if button.url else {"callback_data": button.action}
    return {"text": button.label, **target}
