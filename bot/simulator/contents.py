"""What a method call wants to say: text, caption, reply and media, checked as Telegram checks them."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.simulator import entities
from bot.simulator.entities import Formatted
from bot.simulator.files import Media
from bot.simulator.html_parser import units
from bot.simulator.store import Chat
from bot.simulator.wire import Call, Upload, bad, whole
from bot.simulator.world import World

MOST_TEXT = 4096  # UTF-16 units after parsing (Bot API, sendMessage)
MOST_CAPTION = 1024
_MOST_RAW = 1 << 15  # bytes before parsing
_KINDS = ("photo", "video", "document")
_ITEM_FIELDS = {
    "type", "media", "caption", "parse_mode", "caption_entities", "has_spoiler", "width", "height",
    "duration", "supports_streaming", "thumbnail", "disable_content_type_detection",
    "show_caption_above_media",
}  # fmt: skip


def text_of(call: Call) -> Formatted:
    """The text of a message. Raises Refusal: empty, too long, or not to be parsed."""
    raw = call.text("text")
    if not raw:
        raise bad("message text is empty")
    text, found = _parse(raw, call.text("parse_mode"), call.array("entities"))
    if not text:
        raise bad("text must be non-empty")
    if len(text) > MOST_TEXT or units(text) > MOST_TEXT:
        raise bad("message is too long")
    return text, found


def caption_of(call: Call) -> Formatted:
    """The caption of a media message, empty for none. Raises Refusal."""
    return _caption(call.text("caption"), call.text("parse_mode"), call.array("caption_entities"))


def _caption(raw: str, parse_mode: str, given: list[Any] | None) -> Formatted:
    if not raw:
        return "", ()
    text, found = _parse(raw, parse_mode, given)
    if units(text) > MOST_CAPTION:
        raise bad("message caption is too long")
    return text, found


def _parse(raw: str, parse_mode: str, given: list[Any] | None) -> Formatted:
    if len(raw) > _MOST_RAW // 4 and len(raw.encode()) > _MOST_RAW:
        raise bad("text is too long")
    if parse_mode or not given:
        return entities.formatted(raw, parse_mode)
    return entities.from_entities(raw, given)


def reply_of(chat: Chat, call: Call) -> int:
    """The id of the message to reply to, 0 for none. Raises Refusal when it is gone."""
    value = call.parsed("reply_parameters", "can't parse reply parameters JSON object")
    if value is None:
        return 0
    if not isinstance(value, dict):
        raise bad("object expected as reply parameters")
    if value.get("chat_id") not in {None, chat.id, str(chat.id)}:
        raise bad("reply to another chat not played by this simulator")
    number = value.get("message_id")
    if isinstance(number, int) and number in chat.messages:
        return number
    if value.get("allow_sending_without_reply"):
        return 0
    raise bad("message to be replied not found")


async def media_of(world: World, call: Call, kind: str) -> Media:
    """The media of sendPhoto, sendVideo or sendDocument. Raises Refusal."""
    if kind in call.files:
        return await _store(world, kind, call.files[kind], _shape(call.params))
    value = call.text(kind)
    if not value:
        raise bad(f"there is no {kind} in the request")
    return await _named(world, call, kind, value, _shape(call.params))


async def item_of(world: World, call: Call, item: Any) -> tuple[Media, Formatted]:
    """One InputMedia of editMessageMedia or sendMediaGroup, with its caption. Raises Refusal."""
    if not isinstance(item, dict):
        raise bad("can't parse InputMedia: expected an Object")
    kind = str(item.get("type"))
    if kind not in _KINDS:
        raise bad(f"can't parse InputMedia: type {kind} not played by this simulator")
    if unknown := item.keys() - _ITEM_FIELDS:
        raise bad(f"can't parse InputMedia: unknown field {min(unknown)}")
    raw, mode, given = (item.get(name) for name in ("caption", "parse_mode", "caption_entities"))
    if not isinstance(given, list | None):
        raise bad("can't parse InputMedia: expected an Array in caption_entities")
    caption = _caption(str(raw or ""), str(mode or ""), given)
    value = item.get("media")
    if not isinstance(value, str) or not value:
        raise bad("can't parse InputMedia: media not found")
    return await _named(world, call, kind, value, _shape(item)), caption


async def _named(world: World, call: Call, kind: str, value: str, shape: tuple[int, int, int]) -> Media:
    if value.startswith("attach://"):
        upload = call.files.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return await _store(world, kind, upload, shape)
    if value.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")  # the simulator fetches nothing from elsewhere
    return world.files.resend(value, kind)


async def _store(world: World, kind: str, upload: Upload, shape: tuple[int, int, int]) -> Media:
    stored = await asyncio.to_thread(world.files.add, kind, upload.data, upload.name, upload.mime, shape)
    return world.files.use(stored)


def _shape(params: Mapping[str, Any]) -> tuple[int, int, int]:
    numbers = [whole(params.get(name)) for name in ("width", "height", "duration")]
    return numbers[0], numbers[1], numbers[2]
