"""Reply markups: what Telegram accepts, in its own words where it refuses (Bot API, "ReplyMarkup")."""

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from bot.simulator.wire import Call, Refusal, bad, dumps

INLINE, KEYBOARD, REMOVE, FORCE, NONE = "inline", "keyboard", "remove", "force", ""
Markup = tuple[str, Mapping[str, Any]]
NO_MARKUP: Markup = (NONE, {})

_MOST_BYTES = 10_000
_MOST_BUTTONS = 100
_DATA_BYTES = 64  # Bot API: InlineKeyboardButton.callback_data
_STYLES = {"danger", "success", "primary"}
_INLINE_FIELDS = {"text", "url", "callback_data", "copy_text", "style", "icon_custom_emoji_id"}
_INLINE_UNPLAYED = {
    "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "callback_game", "pay",
}  # fmt: skip
_KEY_FIELDS = {"text", "request_contact", "style", "icon_custom_emoji_id"}
_KEY_UNPLAYED = {
    "request_users", "request_chat", "request_managed_bot", "request_location", "request_poll", "web_app",
}  # fmt: skip
_FIELDS = {
    "keyboard", "inline_keyboard", "remove_keyboard", "force_reply", "selective", "is_persistent",
    "resize_keyboard", "one_time_keyboard", "input_field_placeholder",
}  # fmt: skip
_URL = re.compile(r"(?:(https?)://)?([^\s/?#:@]+)(?::(\d{1,5}))?(?:[/?#]\S*)?", re.IGNORECASE)
_APP_URL = re.compile(r"(?:tg|ton|tonsite)://[\w.\-]+\S*", re.IGNORECASE)


def of(call: Call, *, private: bool) -> Markup:
    """The checked `reply_markup` of a call. Raises Refusal(400)."""
    value = call.params.get("reply_markup")
    if not value:
        return NO_MARKUP
    text = value if isinstance(value, str) else dumps(value).decode()
    markup = _checked(text)
    if not private and markup[0] == KEYBOARD:
        _refuse_contact_requests(markup[1])
    return markup


def inline_of(call: Call) -> Mapping[str, Any] | None:
    """The same where only an inline keyboard may stand (edits): None for none."""
    kind, body = of(call, private=True)
    if kind not in {INLINE, NONE}:
        raise bad("inline keyboard expected")
    return body if kind == INLINE else None


@lru_cache(maxsize=1024)
def _checked(text: str) -> Markup:
    try:
        value = json.loads(text)
    except ValueError:
        raise bad("can't parse reply keyboard markup JSON object") from None
    if not isinstance(value, dict):
        raise bad("object expected as reply markup")
    if len(text.encode()) > _MOST_BYTES:
        raise bad("reply markup is too long")
    if unknown := value.keys() - _FIELDS:
        raise bad(f"unknown field {min(unknown)} in reply markup")
    if "inline_keyboard" in value:
        name = 'field "inline_keyboard" of the InlineKeyboardMarkup'
        rows = _rows(value["inline_keyboard"], name, "inline keyboard button", _inline_button)
        return (INLINE, {"inline_keyboard": rows}) if rows else NO_MARKUP
    if "keyboard" in value:
        rows = _rows(value["keyboard"], 'field "keyboard"', "keyboard button", _key)
        return (KEYBOARD, {**value, "keyboard": rows}) if rows else NO_MARKUP
    if value.get("remove_keyboard"):
        return REMOVE, value
    if value.get("force_reply"):
        return FORCE, value
    return NO_MARKUP


def _rows(value: Any, name: str, noun: str, check: Callable[[Any], Mapping[str, Any]]) -> list[list[Any]]:
    if not isinstance(value, list):
        raise bad(f"{name} must be an Array")
    rows = []
    for row in value:
        if not isinstance(row, list):
            raise bad(f"{name} must be an Array of Arrays")
        try:
            checked = [check(button) for button in row]
        except (ValueError, TypeError) as error:
            raise bad(f"can't parse {noun}: {error}") from None
        if checked:
            rows.append(checked)
    if sum(len(row) for row in rows) > _MOST_BUTTONS:
        raise bad("reply markup is too long")
    return rows


def _inline_button(button: Any) -> Mapping[str, Any]:
    if not isinstance(button, dict):
        raise TypeError("InlineKeyboardButton must be an Object")
    _label(button, "inline keyboard button", _INLINE_FIELDS, _INLINE_UNPLAYED)
    kinds = [name for name in ("url", "callback_data", "copy_text") if name in button]
    if not kinds:
        raise ValueError("Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise bad("BUTTON_TYPE_INVALID")
    value = button[kinds[0]]
    if kinds == ["callback_data"]:
        if not isinstance(value, str) or not 1 <= len(value.encode()) <= _DATA_BYTES:
            raise bad("BUTTON_DATA_INVALID")
    elif kinds == ["url"]:
        if not isinstance(value, str) or not valid_url(value):
            raise bad("BUTTON_URL_INVALID")
    elif not isinstance(value, dict) or not 1 <= len(str(value.get("text", ""))) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    return button


def _key(button: Any) -> Mapping[str, Any]:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise TypeError("KeyboardButton must be a String or an Object")
    _label(button, "keyboard button", _KEY_FIELDS, _KEY_UNPLAYED)
    return button


def _label(button: Mapping[str, Any], noun: str, fields: set[str], unplayed: set[str]) -> None:
    if not isinstance(button.get("text"), str):
        raise TypeError('can\'t find field "text"')
    if not button["text"].strip():
        raise bad(f"{noun} text must be non-empty")
    for name in button.keys() - fields:
        if name in unplayed:
            raise bad(f"{noun} field not played by this simulator: {name}")
        raise bad(f"unknown field {name} in {noun}")
    if "style" in button and button["style"] not in _STYLES:
        raise ValueError("invalid button style specified")


def valid_url(url: str) -> bool:
    """Whether a button may open it: a public looking host or an address, or one of Telegram's own schemes."""
    if _APP_URL.fullmatch(url):
        return True
    match = _URL.fullmatch(url)
    if match is None or (match[3] and not 1 <= int(match[3]) <= 65535):
        return False
    labels = match[2].split(".")
    return len(labels) > 1 and all(label and not label.startswith("-") for label in labels)


def _refuse_contact_requests(keyboard: Mapping[str, Any]) -> None:
    for row in keyboard["keyboard"]:
        for button in row:
            if button.get("request_contact"):
                raise Refusal(400, "Bad Request: phone number can be requested in private chats only")
