"""Methods that change, delete or pin what stands in a chat, and answers to pressed buttons."""

from typing import Any

from bot.simulator import contents, markup
from bot.simulator.store import ADMIN, Chat, Message, check_membership
from bot.simulator.wire import Call, bad, forbidden
from bot.simulator.world import World

DELETABLE = 48 * 3600  # seconds (Bot API, deleteMessage)
ANSWERABLE = 15 * 60  # seconds a pressed button waits for its answer
MOST_TOAST = 200  # characters (Bot API, answerCallbackQuery)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def _target(world: World, call: Call) -> tuple[Chat, Message]:
    if call.text("inline_message_id"):
        raise bad("inline messages not played by this simulator")
    if not call.text("chat_id") or not call.integer("message_id"):
        raise bad("message identifier is not specified")
    chat = _reachable(world, call)
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad("message to edit not found")
    if message.sender or message.kind == "service":
        raise bad("message can't be edited")
    return chat, message


def _reachable(world: World, call: Call) -> Chat:
    chat = world.store.chat(call.text("chat_id"))
    if chat.user is None:
        check_membership(chat)
    elif chat.user.deactivated:
        raise forbidden("user is deactivated")
    return chat


def _change(world: World, chat: Chat, message: Message, **fields: Any) -> Any:
    """Takes over the fields. Raises Refusal when nothing would change."""
    if not message.faded and all(getattr(message, name) == value for name, value in fields.items()):
        raise bad(NOT_MODIFIED)
    message.faded = False
    for name, value in fields.items():
        setattr(message, name, value)
    world.edited(chat, message, mark=fields.keys() != {"markup"})
    return world.json(chat, message)


def edit_message_text(world: World, call: Call) -> Any:
    chat, message = _target(world, call)
    text, found = contents.text_of(call)
    buttons = markup.inline_of(call)
    if message.kind != "text":
        raise bad("there is no text in the message to edit")
    return _change(world, chat, message, text=text, entities=found, markup=buttons)


def edit_message_caption(world: World, call: Call) -> Any:
    chat, message = _target(world, call)
    text, found = contents.caption_of(call)
    buttons = markup.inline_of(call)
    if message.kind not in {"photo", "video", "document"}:
        raise bad("there is no caption in the message to edit")
    if message.media is None:
        raise bad("message can't be edited")  # faded: its media has been given up
    return _change(world, chat, message, text=text, entities=found, markup=buttons)


def edit_message_reply_markup(world: World, call: Call) -> Any:
    chat, message = _target(world, call)
    if message.faded:
        raise bad("message can't be edited")
    return _change(world, chat, message, markup=markup.inline_of(call))


async def edit_message_media(world: World, call: Call) -> Any:
    item = call.parsed("media", "can't parse input media JSON object")
    media, said = await contents.item_of(world, call, item)
    buttons = markup.inline_of(call)
    chat, message = _target(world, call)
    return _change(
        world,
        chat,
        message,
        media=media,
        kind=media.file.kind,
        text=said[0],
        entities=said[1],
        markup=buttons,
    )


def delete_message(world: World, call: Call) -> Any:
    if not call.text("chat_id"):
        raise bad("chat identifier is not specified")
    number = call.integer("message_id")
    if not number:
        raise bad("message identifier is not specified")
    chat = _reachable(world, call)
    message = chat.messages.get(number)
    if message is None:
        raise bad("message to delete not found")
    _check_deletable(world, chat, message)
    world.delete(chat, message)
    return True


def delete_messages(world: World, call: Call) -> Any:
    numbers = call.array("message_ids")
    if not numbers:
        raise bad("message identifiers are not specified")
    if len(numbers) > 100:
        raise bad("too many message identifiers specified")
    if not all(isinstance(number, int) for number in numbers):
        raise bad("message identifier must be a Number")
    chat = _reachable(world, call)
    found = [chat.messages[number] for number in dict.fromkeys(numbers) if number in chat.messages]
    for message in found:
        _check_deletable(world, chat, message)
    for message in found:
        world.delete(chat, message)
    return True


def _check_deletable(world: World, chat: Chat, message: Message) -> None:
    """Bot API, deleteMessage: 48 hours; in groups only its own, unless it is an administrator."""
    if not chat.private and chat.bot == ADMIN:
        return
    if not chat.private and message.sender:
        raise bad("message can't be deleted")
    if world.now() - message.date > DELETABLE:
        raise bad("message can't be deleted for everyone")


def answer_callback_query(world: World, call: Call) -> Any:
    text = call.text("text")
    if len(text) > MOST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    url = call.text("url")
    if url and not url.startswith(
        (f"https://t.me/{world.username}?start=", f"tg://resolve?domain={world.username}")
    ):
        raise bad("URL_INVALID")
    callback = world.callbacks.pop(call.text("callback_query_id"), None)
    if callback is None or world.now() - callback.date > ANSWERABLE:
        raise bad(TOO_OLD)
    world.toast(callback, text, call.flag("show_alert"), url)
    return True


def pin_chat_message(world: World, call: Call) -> Any:
    chat = world.store.writable(call.text("chat_id"))
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad("message to pin not found")
    if not chat.private and chat.bot != ADMIN:
        raise bad("not enough rights to manage pinned messages in the chat")
    if message.id in chat.pinned:
        raise bad("CHAT_NOT_MODIFIED")
    chat.pinned.append(message.id)
    world.add(chat, 0, "service", extra={"pinned_message": world.json(chat, message)})
    return True
