"""Raw Bot API updates → our `Message`, without objects in between.

Works on the JSON as it came, so that a field Telegram adds tomorrow is ignored today instead of
stopping everything. Field names: https://core.telegram.org/bots/api#update and #message.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handlers.message import Kind, Message, RemoteFile

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

# Updates that exist but that nothing here asks for; we never request them, a webhook set by somebody
# else might. A kind that is in neither list is an unknown shape.
UNASKED = frozenset(
    {
        "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result", "shipping_query",
        "pre_checkout_query", "poll", "poll_answer", "chat_member", "chat_join_request", "chat_boost",
        "removed_chat_boost", "message_reaction", "message_reaction_count", "business_connection",
        "business_message", "edited_business_message", "deleted_business_messages",
        "purchased_paid_media", "managed_bot", "guest_message",
    }
)  # fmt: skip

# Messages in which Telegram reports something that happened; nobody waits for an answer to them.
SERVICE = frozenset(
    {
        "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
        "group_chat_created", "supergroup_chat_created", "channel_chat_created", "pinned_message",
        "message_auto_delete_timer_changed", "migrate_from_chat_id", "invoice", "successful_payment",
        "refunded_payment", "users_shared", "chat_shared", "connected_website", "write_access_allowed",
        "passport_data", "proximity_alert_triggered", "boost_added", "chat_background_set",
        "chat_owner_changed", "chat_owner_left", "checklist_tasks_added", "checklist_tasks_done",
        "direct_message_price_changed", "paid_message_price_changed", "forum_topic_created",
        "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden",
        "general_forum_topic_unhidden", "giveaway_created", "giveaway_completed", "gift",
        "gift_upgrade_sent", "unique_gift", "managed_bot_created", "poll_option_added",
        "poll_option_deleted", "suggested_post_approved", "suggested_post_approval_failed",
        "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded",
        "video_chat_scheduled", "video_chat_started", "video_chat_ended",
        "video_chat_participants_invited", "web_app_data",
    }
)  # fmt: skip

GROUPS = frozenset({"group", "supergroup"})
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?=\s|$)")
HERE = frozenset({"creator", "administrator", "member"})
BROKEN = (KeyError, TypeError, AttributeError, IndexError, OverflowError)


def parse(raw: Mapping[str, Any], *, username: str = "") -> Message | None:
    """Our message for one update, or None where nobody asks us anything.

    `username` is the bot's own, without @: a command addressed to another bot is then not ours.
    In the text of a command `@username` is cut off, and `/start payload` becomes the text `/start`
    with `start` set. Raises ValueError for an update that cannot be understood.
    """
    try:
        return _parse(raw, username.lower())
    except BROKEN as error:
        raise ValueError(f"update {raw.get('update_id')}: {type(error).__name__} {error}") from error


def update_id(raw: Mapping[str, Any]) -> int:
    """The number that orders and identifies updates. Raises ValueError where there is none."""
    number = raw.get("update_id")
    if type(number) is not int:  # True is an int, too
        raise ValueError("an update without update_id")
    return number


def address_of(raw: Mapping[str, Any]) -> str:
    """The conversation an update belongs to, even one that `parse` cannot understand; "" if none.

    Never raises: it decides which lane of the inbox a row goes to, before anybody reads it.
    """
    for part in raw.values():
        if isinstance(part, Mapping):
            inner = part.get("message")
            for holder in (part, inner if isinstance(inner, Mapping) else {}):
                if found := _id_in(holder.get("chat")):
                    return found
            if found := _id_in(part.get("from")):
                return found
    return ""


def _id_in(holder: object) -> str:
    number = holder.get("id") if isinstance(holder, Mapping) else None
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else ""


def _parse(raw: Mapping[str, Any], username: str) -> Message | None:
    if "message" in raw:
        return _message(raw["message"], username, edited=False)
    if "edited_message" in raw:
        return _message(raw["edited_message"], username, edited=True)
    if "callback_query" in raw:
        return _button(raw["callback_query"])
    if "my_chat_member" in raw:
        return _membership(raw["my_chat_member"])
    if not UNASKED.isdisjoint(raw):
        return None
    raise ValueError(f"update {raw.get('update_id')}: unknown kind {sorted(set(raw) - {'update_id'})}")


def _message(raw: Mapping[str, Any], username: str, *, edited: bool) -> Message | None:
    chat = raw["chat"]
    group = chat["type"] in GROUPS
    if chat["type"] == "channel" or raw.get("is_automatic_forward"):
        return None
    if "migrate_to_chat_id" in raw:
        return _empty(raw, Kind.GROUP_MIGRATED, new_address=_number(raw["migrate_to_chat_id"]))
    if not SERVICE.isdisjoint(raw) or _is_bot(raw):
        return None
    contact = raw.get("contact")
    file = _file(raw)
    kind = _kind(raw, file)
    if edited and kind is Kind.OTHER:  # a live location reports itself every few seconds
        return None
    text = _text(raw.get("text") or raw.get("caption") or "")
    start = ""
    if kind is Kind.TEXT and (found := COMMAND.match(text)):
        if username and found[2] and found[2].lower() != username:
            return None
        rest = text[found.end() :].strip()
        text = f"/{found[1]} {rest}".strip()
        if found[1].lower() == "start":
            text, start = "/start", rest
    return Message(
        channel=CHANNEL,
        address=_number(chat["id"]),
        kind=kind,
        sender=_sender(raw),
        sender_name=_name(raw.get("from")),
        text=text,
        start=start,
        file=file,
        phone=_own_phone(raw) if contact else "",
        foreign_contact=contact is not None and not _is_own(raw),
        group=group,
        group_title=_text(chat.get("title", "")),
        message_id=_number(raw["message_id"]),
        album=_text(raw.get("media_group_id", "")),
        forwarded="forward_origin" in raw or "forward_date" in raw,
        edited=edited,
        reply_to=_number(raw["reply_to_message"]["message_id"]) if "reply_to_message" in raw else "",
        sent_at=_moment(raw.get("date")),
    )


def _empty(raw: Mapping[str, Any], kind: Kind, *, new_address: str = "") -> Message:
    """A message about the conversation itself."""
    chat = raw["chat"]
    return Message(
        channel=CHANNEL,
        address=_number(chat["id"]),
        kind=kind,
        sender=_sender(raw),
        sender_name=_name(raw.get("from")),
        group=chat["type"] in GROUPS,
        group_title=_text(chat.get("title", "")),
        message_id=_number(raw["message_id"]) if "message_id" in raw else "",
        new_address=new_address,
    )


def _kind(raw: Mapping[str, Any], file: RemoteFile | None) -> Kind:
    if file is not None:
        return Kind.FILE
    if "text" in raw:
        return Kind.TEXT
    return Kind.CONTACT if "contact" in raw else Kind.OTHER


def _button(raw: Mapping[str, Any]) -> Message:
    # `message` is absent for buttons of inline mode, and without text when it is older than 48 hours.
    # Telegram shows a waiting clock until each of them is answered, so each becomes a message.
    message = raw.get("message")
    chat = message["chat"] if message else {"id": raw["from"]["id"], "type": "private"}
    return Message(
        channel=CHANNEL,
        address=_number(chat["id"]),
        kind=Kind.BUTTON,
        sender=_number(raw["from"]["id"]),
        sender_name=_name(raw["from"]),
        action=_text(raw.get("data", "")),
        group=chat["type"] in GROUPS,
        group_title=_text(chat.get("title", "")),
        message_id=_number(message["message_id"]) if message else "",
        callback_id=_text(raw["id"]),
    )


def _membership(raw: Mapping[str, Any]) -> Message | None:
    before, after = _is_here(raw["old_chat_member"]), _is_here(raw["new_chat_member"])
    if raw["chat"]["type"] == "channel":
        return None
    if raw["chat"]["type"] in GROUPS:
        if before == after:  # made an administrator, or given other rights
            return None
        return _empty(raw, Kind.GROUP_JOINED if after else Kind.GROUP_LEFT)
    return _empty(raw, Kind.UNBLOCKED if after else Kind.BLOCKED)


def _is_here(member: Mapping[str, Any]) -> bool:
    status = member["status"]
    return status in HERE or (status == "restricted" and member.get("is_member") is True)


def _file(raw: Mapping[str, Any]) -> RemoteFile | None:
    if sizes := raw.get("photo"):
        best = max(sizes, key=lambda size: size["width"] * size["height"])
        return _remote(best, "photo", "image/jpeg")  # Telegram makes a JPEG of every photo
    # An animation also carries `document`, for programs that do not know animations.
    for kind in ("animation", "video", "document"):
        if kind in raw:
            return _remote(raw[kind], kind)
    return None


def _remote(raw: Mapping[str, Any], kind: str, mime: str = "") -> RemoteFile:
    return RemoteFile(
        remote_id=_text(raw["file_id"]),
        unique_id=_text(raw["file_unique_id"]),
        kind=kind,
        mime=_text(raw.get("mime_type", mime)),
        size=int(raw.get("file_size", 0)),
        name=_text(raw.get("file_name", "")),
        width=int(raw.get("width", 0)),
        height=int(raw.get("height", 0)),
        duration=int(raw.get("duration", 0)),
    )


def _is_own(raw: Mapping[str, Any]) -> bool:
    # Telegram sets user_id from the number itself; without it, anybody's card looks like one's own.
    return "user_id" in raw["contact"] and raw["contact"]["user_id"] == raw["from"]["id"]


def _own_phone(raw: Mapping[str, Any]) -> str:
    """The sender's own number as E.164 with its plus; Telegram writes it with or without."""
    digits = re.sub(r"\D", "", _text(raw["contact"]["phone_number"]))
    return f"+{digits}" if _is_own(raw) and 7 <= len(digits) <= 15 and digits[0] != "0" else ""


def _is_bot(raw: Mapping[str, Any]) -> bool:
    # An answer to another bot in the group could go on for ever. An anonymous administrator is a
    # person, though Telegram puts a bot in `from`.
    return "sender_chat" not in raw and bool(raw.get("from", {}).get("is_bot"))


def _sender(raw: Mapping[str, Any]) -> str:
    # With sender_chat, `from` is a placeholder that all anonymous administrators share: nobody.
    return _number(raw["from"]["id"]) if "from" in raw and "sender_chat" not in raw else ""


def _name(user: Mapping[str, Any] | None) -> str:
    if not user:
        return ""
    return f"{_text(user.get('first_name', ''))} {_text(user.get('last_name', ''))}".strip()


def _moment(value: object) -> datetime | None:
    """Unix seconds, as Telegram's server cuts them off: the last moment that they may stand for."""
    if type(value) is not int or not 0 < value < 2**40:
        return None
    return datetime.fromtimestamp(value, UTC).replace(microsecond=999_999)


def _number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{type(value).__name__} instead of a number")
    return str(value)


def _text(value: object) -> str:
    """A string that every database takes: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a text")
    if value.isascii():
        return value.replace("\0", "")
    return value.replace("\0", "").encode("utf-8", "replace").decode()
