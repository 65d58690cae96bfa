"""What a person does in a Telegram client, and the updates that the bot gets from it.

An impossible act (a button that is not there, a group one is not in) raises ValueError with the reason.
"""

from collections.abc import Mapping
from typing import Any

from bot.simulator import entities
from bot.simulator.contents import MOST_CAPTION, MOST_TEXT
from bot.simulator.files import File, Media
from bot.simulator.html_parser import units
from bot.simulator.store import ADMIN, KICKED, MEMBER, Chat, Message, User
from bot.simulator.world import Callback, World

Body = Mapping[str, Any]


def number(body: Body, name: str) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"{name} must be a number")  # noqa: TRY004 - one error for all refusals
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"{name} must be a number") from None


def chat_of(world: World, user: User, body: Body) -> Chat:
    """The chat of an action, if the person may write there."""
    wanted = number(body, "chat_id") if body.get("chat_id") else user.id
    chat = world.store.chats.get(wanted)
    if chat is None or (chat.private and chat.id != user.id):
        raise ValueError(f"no chat {wanted} of this person")
    if chat.migrated_to:
        raise ValueError(f"the group is now {chat.migrated_to}")
    if not chat.private and user.id not in chat.members:
        raise ValueError("not a member of the group")
    if chat.private and user.blocked:
        raise ValueError("the bot is blocked: unblock it first")
    return chat


def send(world: World, user: User, chat: Chat, kind: str, body: Body, **fields: Any) -> dict[str, Any]:
    reply_to = number(body, "reply_to") if body.get("reply_to") else 0
    if reply_to and reply_to not in chat.messages:
        raise ValueError("the message to reply to is gone")
    if chat.private:
        user.started = True
    message = world.add(chat, user.id, kind, reply_to=reply_to, **fields)
    return {"message_id": message.id, "update_id": _deliver(world, chat, message)}


def _deliver(world: World, chat: Chat, message: Message, kind: str = "message") -> int | None:
    if not sees(world, chat, message):
        return None
    return world.updates.put(kind, world.json(chat, message), chat.id)


def sees(world: World, chat: Chat, message: Message) -> bool:
    """Whether the bot gets it: in groups privacy mode is on (Bot features, "Privacy mode")."""
    if chat.private or chat.bot == ADMIN:
        return True
    if chat.bot != MEMBER:
        return False
    if message.kind == "service":
        return True
    answered = chat.messages.get(message.reply_to)
    if answered is not None and not answered.sender:
        return True
    if not message.entities or message.entities[0]["type"] != "bot_command" or message.entities[0]["offset"]:
        return False
    command = message.text[: message.entities[0]["length"]]
    return "@" not in command or command.partition("@")[2].lower() == world.username.lower()


def _text(value: Any, most: int) -> entities.Formatted:
    if not isinstance(value, str):
        raise ValueError("text must be a string")  # noqa: TRY004 - one error for all refusals
    if units(value) > most:
        raise ValueError(f"at most {most} characters")
    return entities.formatted(value, "")


def say(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = chat_of(world, user, body)
    text, found = _text(body.get("text"), MOST_TEXT)
    if not text:
        raise ValueError("the text is empty")
    return send(world, user, chat, "text", body, text=text, entities=found)


def start(world: World, user: User, body: Body) -> dict[str, Any]:
    if user.blocked:
        unblock(world, user, body)
    payload = str(body.get("payload") or "")
    return say(world, user, {"text": f"/start {payload}".strip()})


def _file(world: World, body: Body, kind: str) -> File:
    stored = world.files.find(str(body.get("file_key")))
    if stored is None:
        raise ValueError(f"no file {body.get('file_key')}")
    if stored.kind != kind:
        raise ValueError(f"the file was uploaded as {stored.kind}")
    return stored


def _media(world: World, body: Body, kind: str) -> dict[str, Any]:
    media: Media = world.files.use(_file(world, body, kind))
    text, found = _text(body.get("caption") or "", MOST_CAPTION)
    return {"media": media, "text": text, "entities": found}


def photo(world: World, user: User, body: Body) -> dict[str, Any]:
    return send(world, user, chat_of(world, user, body), "photo", body, **_media(world, body, "photo"))


def video(world: World, user: User, body: Body) -> dict[str, Any]:
    return send(world, user, chat_of(world, user, body), "video", body, **_media(world, body, "video"))


def document(world: World, user: User, body: Body) -> dict[str, Any]:
    return send(world, user, chat_of(world, user, body), "document", body, **_media(world, body, "document"))


def album(world: World, user: User, body: Body) -> dict[str, Any]:
    chat, items = chat_of(world, user, body), body.get("items")
    if not isinstance(items, list) or not 2 <= len(items) <= 10:
        raise ValueError("an album has 2 to 10 items")
    kinds = [str(item.get("kind", "photo")) for item in items]
    if "document" in kinds and len(set(kinds)) > 1:
        raise ValueError("documents can't be mixed with other media")
    ready = [_media(world, item, kind) for item, kind in zip(items, kinds, strict=True)]
    group = str(13_500_000_000_000_000 + next(world.numbers))
    sent = [
        send(world, user, chat, kind, body, album=group, **fields)
        for kind, fields in zip(kinds, ready, strict=True)
    ]
    return {"message_ids": [one["message_id"] for one in sent], "media_group_id": group}


def contact(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = chat_of(world, user, body)
    if body.get("phone"):
        card: dict[str, Any] = {
            "phone_number": str(body["phone"]),
            "first_name": str(body.get("first_name") or "?"),
        }
        card.update({name: body[name] for name in ("last_name", "user_id") if body.get(name)})
    else:
        if not user.phone:
            raise ValueError("the person has no phone number")
        card = {"phone_number": user.phone, "first_name": user.first_name}
        card.update({"last_name": user.last_name} if user.last_name else {})
        card["user_id"] = user.id
    return send(world, user, chat, "contact", body, extra={"contact": card})


def press(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = chat_of(world, user, body)
    message = chat.messages.get(number(body, "message_id"))
    if message is None or message.faded:
        raise ValueError("the message is gone")
    rows = (message.markup or {}).get("inline_keyboard", ())
    for button in (button for row in rows for button in row):
        if "callback_data" in button and (
            button["callback_data"] == body.get("data")
            if "data" in body
            else button["text"] == body.get("text")
        ):
            break
    else:
        raise ValueError("the message has no such button")
    query_id = str((chat.id << 32 | next(world.numbers)) & 0x7FFF_FFFF_FFFF_FFFF)
    world.callbacks[query_id] = Callback(chat.id, user.id, message.id, world.now())
    query = {
        "id": query_id,
        "from": user.json(),
        "message": world.json(chat, message),
        "chat_instance": str(chat.id * 7_919),
        "data": button["callback_data"],
    }
    update = world.updates.put("callback_query", query, chat.id)
    return {"callback_id": query_id, "update_id": update}


def tap(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = chat_of(world, user, body)
    keys = [key for row in (chat.keyboard or {}).get("keyboard", ()) for key in row]
    for key in keys:
        if key["text"] == body.get("text"):
            if key.get("request_contact"):
                return contact(world, user, {"chat_id": chat.id})
            return say(world, user, {"chat_id": chat.id, "text": key["text"]})
    raise ValueError("the keyboard has no such button")


def edit(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = chat_of(world, user, body)
    message = chat.messages.get(number(body, "message_id"))
    if message is None or message.faded or message.sender != user.id:
        raise ValueError("no such message of this person")
    if message.kind not in {"text", "photo", "video", "document"}:
        raise ValueError("this kind of message can't be edited")
    most = MOST_TEXT if message.kind == "text" else MOST_CAPTION
    message.text, message.entities = _text(body.get("text"), most)
    world.edited(chat, message)
    return {"message_id": message.id, "update_id": _deliver(world, chat, message, "edited_message")}


def block(world: World, user: User, _body: Body) -> dict[str, Any]:
    if user.blocked or not user.started:
        raise ValueError("there is nothing to block")
    user.blocked = True
    chat = world.store.chats[user.id]
    return {"update_id": world.tell_membership(chat, user, MEMBER, KICKED)}


def unblock(world: World, user: User, _body: Body) -> dict[str, Any]:
    if not user.blocked:
        raise ValueError("the bot is not blocked")
    user.blocked = False
    chat = world.store.chats[user.id]
    return {"update_id": world.tell_membership(chat, user, KICKED, MEMBER)}


def delete_account(_world: World, user: User, _body: Body) -> dict[str, Any]:
    user.deactivated = True
    return {}


def sticker(world: World, user: User, body: Body) -> dict[str, Any]:
    return _other(world, user, body, "sticker", {"type": "regular", "width": 512, "height": 512,
                                                 "is_animated": False, "is_video": False})  # fmt: skip


def voice(world: World, user: User, body: Body) -> dict[str, Any]:
    return _other(world, user, body, "voice", {"duration": 4, "mime_type": "audio/ogg", "file_size": 9000})


def location(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = chat_of(world, user, body)
    place = {"latitude": -1.6101, "longitude": 103.6131}  # Jambi
    return send(world, user, chat, "location", body, extra={"location": place})


def _other(world: World, user: User, body: Body, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    serial = next(world.numbers)
    ids = {"file_id": f"CAACAgUAAxkBAAI{serial}", "file_unique_id": f"AgAD{serial}"}
    return send(world, user, chat_of(world, user, body), kind, body, extra={kind: {**ids, **fields}})
