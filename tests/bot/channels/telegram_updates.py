"""Raw updates as the Bot API sends them, and what our messages of them have in common."""

from datetime import UTC, datetime
from typing import Any

from handlers.message import Kind, Message, RemoteFile

SITI: dict[str, Any] = {
    "id": 9007199254,
    "is_bot": False,
    "first_name": "Siti",
    "last_name": "Rahma",
    "language_code": "id",
}
PRIVATE: dict[str, Any] = {"id": 9007199254, "first_name": "Siti", "type": "private"}
GROUP: dict[str, Any] = {"id": -1001234567890, "title": "Rapat Rabuan", "type": "supergroup"}
SMALL: dict[str, Any] = {
    "file_id": "small",
    "file_unique_id": "s",
    "width": 90,
    "height": 67,
    "file_size": 900,
}
LARGE: dict[str, Any] = {
    "file_id": "large",
    "file_unique_id": "l",
    "width": 1280,
    "height": 960,
    "file_size": 99000,
}
VIDEO: dict[str, Any] = {
    "file_id": "vid",
    "file_unique_id": "v",
    "width": 720,
    "height": 1280,
    "duration": 45,
    "mime_type": "video/mp4",
    "file_name": "jalan.mp4",
    "file_size": 5_000_000,
}
PAPER: dict[str, Any] = {
    "file_id": "doc",
    "file_unique_id": "d",
    "mime_type": "image/png",
    "file_name": "bukti.png",
    "file_size": 77,
}
VOICE: dict[str, Any] = {"file_id": "a", "file_unique_id": "a", "duration": 3}
CLIP = RemoteFile("vid", "v", "video", "video/mp4", 5_000_000, "jalan.mp4", 720, 1280, 45)
FILE = RemoteFile("large", "l", "photo", "image/jpeg", 99000, "", 1280, 960)


def message(**fields: Any) -> dict[str, Any]:
    base = {"message_id": 42, "from": SITI, "chat": PRIVATE, "date": 1_795_500_000}
    return {"update_id": 7, "message": base | fields}


def edited(**fields: Any) -> dict[str, Any]:
    return {"update_id": 7, "edited_message": message(**fields)["message"] | {"edit_date": 1_795_500_001}}


def contact(**fields: Any) -> dict[str, Any]:
    return message(contact={"phone_number": "6281317036688", "first_name": "Siti"} | fields)


def press(**fields: Any) -> dict[str, Any]:
    carrier = message(text="Sudah?")["message"] | {"message_id": 41}
    base = {"id": "777", "from": SITI, "chat_instance": "1", "data": "share:1361", "message": carrier}
    return {"update_id": 7, "callback_query": base | fields}


def member(chat: dict[str, Any], before: str, after: str, **new: Any) -> dict[str, Any]:
    bot = {"id": 1, "is_bot": True, "first_name": "Satu Pesan"}
    change = {
        "chat": chat,
        "from": SITI,
        "date": 1_795_500_000,
        "old_chat_member": {"user": bot, "status": before},
        "new_chat_member": {"user": bot, "status": after} | new,
    }
    return {"update_id": 7, "my_chat_member": change}


def expected(kind: Kind, **fields: Any) -> Message:
    base: dict[str, Any] = {
        "address": "9007199254",
        "sender": "9007199254",
        "sender_name": "Siti Rahma",
        "message_id": "42",
    }
    if kind in (Kind.TEXT, Kind.FILE, Kind.CONTACT, Kind.OTHER):
        base["sent_at"] = SENT
    return Message(channel="telegram", kind=kind, **(base | fields))


# Within the second that Telegram's server names, as late as may be.
SENT = datetime(2026, 11, 24, 6, 0, 0, 999_999, tzinfo=UTC)
IN_GROUP: dict[str, Any] = {"address": "-1001234567890", "group": True, "group_title": "Rapat Rabuan"}
