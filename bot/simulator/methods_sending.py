"""Methods that put messages into chats."""

from typing import Any

from bot.simulator import contents, markup
from bot.simulator.entities import Formatted
from bot.simulator.files import Media
from bot.simulator.store import Chat, Message
from bot.simulator.wire import Call, bad
from bot.simulator.world import World

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
_ACTION_SECONDS = 5.0  # Bot API, sendChatAction
_COPIED = ("text", "photo", "video", "document", "contact")


def send_message(world: World, call: Call) -> Any:
    chat = world.store.writable(call.text("chat_id"))
    said = contents.text_of(call)
    return world.json(chat, _post(world, chat, call, "text", said, None))


async def send_photo(world: World, call: Call) -> Any:
    return await _send_media(world, call, "photo")


async def send_video(world: World, call: Call) -> Any:
    return await _send_media(world, call, "video")


async def send_document(world: World, call: Call) -> Any:
    return await _send_media(world, call, "document")


async def _send_media(world: World, call: Call, kind: str) -> Any:
    chat = world.store.writable(call.text("chat_id"))
    caption = contents.caption_of(call)
    media = await contents.media_of(world, call, kind)
    return world.json(chat, _post(world, chat, call, kind, caption, media))


def _post(
    world: World,
    chat: Chat,
    call: Call,
    kind: str,
    said: Formatted,
    media: Media | None,
    extra: dict[str, Any] | None = None,
) -> Message:
    """Checks what all messages share, counts it against the limits, and sends it."""
    form, buttons = markup.of(call, private=chat.private)
    reply_to = contents.reply_of(chat, call)
    world.admit(chat, call)
    message = world.add(
        chat,
        0,
        kind,
        text=said[0],
        entities=said[1],
        media=media,
        reply_to=reply_to,
        markup=buttons if form == markup.INLINE else None,
        extra=extra,
    )
    chat.action = ("", 0.0)
    if form == markup.KEYBOARD:
        world.show_keyboard(chat, buttons)
    elif form == markup.REMOVE and chat.keyboard is not None:
        world.show_keyboard(chat, None)
    return message


async def send_media_group(world: World, call: Call) -> Any:
    chat = world.store.writable(call.text("chat_id"))
    items = call.array("media")
    if items is None:
        raise bad("there are no messages to send")
    if len(items) > 10:
        raise bad("too many messages to send as an album")
    if len(items) < 2:
        raise bad("too few messages to send as an album")
    ready = [await contents.item_of(world, call, item) for item in items]
    kinds = {media.file.kind for media, _ in ready}
    if "document" in kinds and len(kinds) > 1:
        raise bad("document can't be mixed with other media types")
    reply_to = contents.reply_of(chat, call)
    world.admit(chat, call, cost=len(ready))
    album = str(world.events.seq * 1000 + 13_000_000_000_000_000)
    sent = [
        world.add(
            chat,
            0,
            media.file.kind,
            text=said[0],
            entities=said[1],
            media=media,
            album=album,
            reply_to=reply_to,
        )
        for media, said in ready
    ]
    return [world.json(chat, message) for message in sent]


def _source(world: World, call: Call, purpose: str) -> tuple[Chat, Message]:
    chat = world.store.chat(call.text("from_chat_id"))
    message = chat.messages.get(call.integer("message_id"))
    if message is None or message.faded:
        raise bad(f"message to {purpose} not found")
    if message.kind not in _COPIED:
        raise bad(f"message can't be {'copied' if purpose == 'copy' else 'forwarded'}")
    return chat, message


def copy_message(world: World, call: Call) -> Any:
    chat = world.store.writable(call.text("chat_id"))
    _, source = _source(world, call, "copy")
    said: Formatted = (source.text, source.entities)
    if source.media is not None and "caption" in call.params:
        said = contents.caption_of(call)
    extra = {name: source.extra[name] for name in ("contact",) if source.extra and name in source.extra}
    return {"message_id": _post(world, chat, call, source.kind, said, source.media, extra or None).id}


def forward_message(world: World, call: Call) -> Any:
    chat = world.store.writable(call.text("chat_id"))
    _, source = _source(world, call, "forward")
    origin = (source.extra or {}).get("forward_origin") or {
        "type": "user",
        "date": source.date,
        "sender_user": world.sender_json(source),
    }
    extra = {**(source.extra or {}), "forward_origin": origin}
    said = (source.text, source.entities)
    return world.json(chat, _post(world, chat, call, source.kind, said, source.media, extra))


def send_chat_action(world: World, call: Call) -> Any:
    chat = world.store.writable(call.text("chat_id"))
    action = call.text("action")
    if action not in _ACTIONS:
        raise bad("wrong parameter action in request")
    chat.action = (action, world.uptime() + _ACTION_SECONDS)
    world.events.publish(chat.id, world.events.next(), "action", lambda: {"action": action})
    return True
