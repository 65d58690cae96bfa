"""Which methods and parameters Bot API 10.x has.

Read once from python-telegram-bot's coroutine signatures (release 22.8 follows Bot API 10), minus the
keywords that are the library's own; what 10.1 added since stands here by name. Telegram ignores unknown
parameters silently; we refuse them, because a misspelt parameter is a bug of the bot.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass

from telegram import Bot

# Every PTB coroutine takes these; they never reach the wire (the last three travel in newer objects).
_LIBRARY = {
    "self", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout", "api_kwargs", "filename",
    "allow_sending_without_reply", "reply_to_message_id", "disable_web_page_preview",
}  # fmt: skip
# Conveniences of single methods: an object that PTB takes apart before it sends.
_CONVENIENCES: Mapping[str, frozenset[str]] = {
    "answerInlineQuery": frozenset({"current_offset"}),
    "editMessageLiveLocation": frozenset({"location"}),
    "sendContact": frozenset({"contact"}),
    "sendLocation": frozenset({"location"}),
    "sendMediaGroup": frozenset({"caption", "parse_mode", "caption_entities"}),
    "sendPoll": frozenset({"correct_option_id"}),
    "sendVenue": frozenset({"venue"}),
}
# Required on the wire although PTB also accepts the object instead.
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "editMessageLiveLocation": ("latitude", "longitude"),
    "sendContact": ("phone_number", "first_name"),
    "sendLocation": ("latitude", "longitude"),
    "sendVenue": ("latitude", "longitude", "title", "address"),
}
# Bot API 10.1 (June 2026), not yet in PTB 22.8: known, so that nobody is told that they don't exist.
_NEWER_METHODS = (
    "answerChatJoinRequestQuery",
    "sendChatJoinRequestWebApp",
    "sendRichMessage",
    "sendRichMessageDraft",
)
_NEWER_PARAMETERS: Mapping[str, frozenset[str]] = {"editMessageText": frozenset({"rich_message"})}
_NOT_ON_THE_WIRE = frozenset({"initialize", "shutdown"})


@dataclass(frozen=True, slots=True)
class Method:
    """`parameters` is None where the names are not known (a method newer than the library)."""

    name: str
    parameters: frozenset[str] | None
    required: tuple[str, ...]


def _introspect() -> dict[str, Method]:
    methods = {}
    for name, function in inspect.getmembers(Bot, inspect.iscoroutinefunction):
        if "_" in name or name in _NOT_ON_THE_WIRE:
            continue
        own = _LIBRARY | _CONVENIENCES.get(name, frozenset())
        parameters = [p for p in inspect.signature(function).parameters.values() if p.name not in own]
        required = tuple(p.name for p in parameters if p.default is p.empty)
        newer = _NEWER_PARAMETERS.get(name, frozenset())
        names = frozenset(p.name for p in parameters) | newer
        methods[name.lower()] = Method(name, names, () if newer else required + _REQUIRED.get(name, ()))
    for name in _NEWER_METHODS:
        methods.setdefault(name.lower(), Method(name, None, ()))
    return methods


METHODS: Mapping[str, Method] = _introspect()
