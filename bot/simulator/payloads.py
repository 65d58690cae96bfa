"""A stored message as JSON: as the Bot API gives it to the bot, and as a person's client shows it."""

from typing import Any

from bot.simulator import entities, markup
from bot.simulator.files import Files, Media
from bot.simulator.store import Chat, Message, User


def media_json(files: Files, media: Media) -> dict[str, Any]:
    """The Bot API field of a photo, video or document."""
    stored = media.file
    if stored.kind == "photo":
        sizes = []
        for index, copy in enumerate(stored.copies):
            file_id, unique = files.ids(media, index)
            sizes.append(
                {
                    "file_id": file_id,
                    "file_unique_id": unique,
                    "file_size": copy.size,
                    "width": copy.width,
                    "height": copy.height,
                }
            )
        return {"photo": sizes}
    file_id, unique = files.ids(media, 0)
    body: dict[str, Any] = {"file_id": file_id, "file_unique_id": unique, "file_size": stored.best.size}
    if stored.name:
        body["file_name"] = stored.name
    body["mime_type"] = stored.mime
    if stored.kind == "video":
        body.update(width=stored.best.width, height=stored.best.height, duration=stored.duration)
    return {stored.kind: body}


def message_json(
    files: Files, sender: dict[str, Any], chat: Chat, message: Message, reply: dict[str, Any] | None = None
) -> dict[str, Any]:
    """As Bot API's Message; `sender` is the User, `reply` the message it answers."""
    body: dict[str, Any] = {
        "message_id": message.id,
        "from": sender,
        "chat": chat.json(),
        "date": message.date,
    }
    if message.edit_date:
        body["edit_date"] = message.edit_date
    if reply:
        body["reply_to_message"] = reply
    if message.album:
        body["media_group_id"] = message.album
    if message.media is not None:
        body.update(media_json(files, message.media))
        if message.text:
            body["caption"] = message.text
            if message.entities:
                body["caption_entities"] = message.entities
    elif message.kind == "text":
        body["text"] = message.text
        if message.entities:
            body["entities"] = message.entities
    if message.extra:
        body.update(message.extra)
    if message.markup:
        body["reply_markup"] = message.markup
    return body


def view(chat: Chat, message: Message, sender: User | None, bot_id: int, bot_name: str) -> dict[str, Any]:
    """As /sim/history shows it."""
    extra = message.extra or {}
    author = {"id": bot_id, "name": bot_name, "bot": True}
    if sender is not None:
        author = {"id": sender.id, "name": sender.name, "bot": False}
    text = message.text
    if message.kind == "service":
        text = service_text(extra)
    return {
        "seq": message.seq,
        "message_id": message.id,
        "chat_id": chat.id,
        "from": author,
        "date": message.date,
        "edit_date": message.edit_date or None,
        "kind": message.kind,
        "text": text,
        "entities": list(message.entities),
        "html": entities.to_html(text, message.entities),
        "media": _media_view(message.media),
        "inline": _inline_view(message),
        "album": message.album,
        "reply_to": message.reply_to,
        "forwarded": "forward_origin" in extra,
        "contact": extra.get("contact"),
    }


def _media_view(media: Media | None) -> dict[str, Any] | None:
    if media is None:
        return None
    stored, best = media.file, media.file.best
    return {
        "kind": stored.kind,
        "url": f"/sim/media/{stored.key}",
        "name": stored.name,
        "mime": stored.mime,
        "size": best.size,
        "width": best.width,
        "height": best.height,
        "duration": stored.duration,
    }


def _inline_view(message: Message) -> list[list[dict[str, Any]]]:
    rows = (message.markup or {}).get("inline_keyboard", ())
    shown = {"text": "text", "callback_data": "data", "url": "url", "copy_text": "copy_text"}
    return [
        [{shown[name]: button[name] for name in shown if name in button} for button in row] for row in rows
    ]


def keyboard_view(chat: Chat) -> dict[str, Any] | None:
    """The reply keyboard that the chat shows now."""
    if chat.keyboard is None:
        return None
    return {
        "rows": [
            [{"text": key["text"], "contact": bool(key.get("request_contact"))} for key in row]
            for row in chat.keyboard[markup.KEYBOARD]
        ],
        "one_time": bool(chat.keyboard.get("one_time_keyboard")),
        "placeholder": chat.keyboard.get("input_field_placeholder", ""),
    }


def service_text(extra: Any) -> str:
    """A service message in a few words, for the page."""
    if members := extra.get("new_chat_members"):
        return "+ " + ", ".join(member["first_name"] for member in members)
    if member := extra.get("left_chat_member"):
        return "− " + str(member["first_name"])
    if "pinned_message" in extra:
        return "📌"
    return "↑ supergroup"
