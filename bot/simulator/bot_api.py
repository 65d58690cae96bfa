"""`/bot<token>/<method>`: from a request to the method that plays it, and back to an answer."""

import asyncio
import inspect
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from bot.simulator import methods_chats as chats
from bot.simulator import methods_editing as editing
from bot.simulator import methods_sending as sending
from bot.simulator import methods_updates as updates
from bot.simulator import wire
from bot.simulator.faults import Fault
from bot.simulator.spec import METHODS, Method
from bot.simulator.wire import Call, Refusal, bad, too_many
from bot.simulator.world import World

Play = Callable[[World, Call], Any]

PLAYED: Mapping[str, Play] = {
    "getMe": chats.get_me,
    "getUpdates": updates.get_updates,
    "setWebhook": updates.set_webhook,
    "deleteWebhook": updates.delete_webhook,
    "getWebhookInfo": updates.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendVideo": sending.send_video,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "copyMessage": sending.copy_message,
    "forwardMessage": sending.forward_message,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "editMessageMedia": editing.edit_message_media,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": editing.answer_callback_query,
    "pinChatMessage": editing.pin_chat_message,
    "getFile": chats.get_file,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "leaveChat": chats.leave_chat,
    "setMyCommands": chats.set_my_commands,
    "getMyCommands": chats.get_my_commands,
    "deleteMyCommands": chats.delete_my_commands,
    "setMyDescription": chats.set_my_description,
    "getMyDescription": chats.get_my_description,
    "setMyShortDescription": chats.set_my_short_description,
    "getMyShortDescription": chats.get_my_short_description,
    "setChatMenuButton": chats.set_chat_menu_button,
    "getChatMenuButton": chats.get_chat_menu_button,
}

# Answered by the Bot API server itself: a flood lockout does not reach them.
_LOCAL = {"getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"}
_UNPLAYED_PARAMETERS = {
    "business_connection_id", "message_thread_id", "direct_messages_topic_id", "suggested_post_parameters",
    "message_effect_id", "cover", "start_timestamp", "video_start_timestamp", "rich_message",
}  # fmt: skip
_MISSING = {
    "chat_id": "chat_id is empty",
    "deleteMessage.chat_id": "chat identifier is not specified",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "photo": "there is no photo in the request",
    "video": "there is no video in the request",
    "document": "there is no document in the request",
    "file_id": "file_id not specified",
    "user_id": "invalid user_id specified",
    "callback_query_id": editing.TOO_OLD,
}


async def respond(world: World, request: web.BaseRequest, token: str, name: str) -> web.StreamResponse:
    """Plays one request of the bot; also fails it where a fault is due."""
    try:
        method = _known(world, token, name)
        call = await wire.read_call(request, method.name)
    except Refusal as refusal:
        return _refuse(world, refusal)
    world.stats.calls[method.name] += 1
    if world.latency:
        await asyncio.sleep(world.latency)
    fault = world.faults.pick(name.lower(), call.integer("chat_id"))
    if fault is not None:
        world.stats.faults[fault.kind] += 1
        if fault.kind != "timeout_after":
            return await _fail(world, request, fault)
    try:
        answer = wire.answer(await perform(world, method, call))
        world.stats.ok += 1
    except Refusal as refusal:
        answer = _refuse(world, refusal)
    return await _silence(world, request) if fault is not None else answer


def _known(world: World, token: str, name: str) -> Method:
    if ":" not in token or len(token) > 80:
        raise Refusal(401, "Unauthorized: invalid token specified")
    if not secrets.compare_digest(token.encode(), world.token.encode()):
        raise Refusal(401, "Unauthorized")
    method = METHODS.get(name.lower())
    if method is None:
        raise Refusal(404, "Not Found: method not found" if name else "Not Found")
    return method


async def perform(world: World, method: Method, call: Call) -> Any:
    """The result of a call, ready for `wire.answer`. Raises Refusal."""
    play = PLAYED.get(method.name)
    if play is None:
        world.stats.not_played[method.name] += 1
        raise bad(f"method not played by this simulator: {method.name}")
    _check_parameters(world, method, call)
    if method.name not in _LOCAL and (wait := world.limiter.locked(time.monotonic())):
        raise too_many(wait)
    result = play(world, call)
    return await result if inspect.isawaitable(result) else result


def _check_parameters(world: World, method: Method, call: Call) -> None:
    params = call.params
    if method.parameters is not None and not params.keys() <= method.parameters:
        unknown = min(params.keys() - method.parameters)
        raise bad(f'unknown parameter "{unknown}" of {method.name} (Telegram would ignore it)')
    if unplayed := params.keys() & _UNPLAYED_PARAMETERS:
        world.stats.not_played[f"{method.name}.{min(unplayed)}"] += 1
        raise bad(f"parameter not played by this simulator: {min(unplayed)}")
    for name in method.required:
        if name not in params and name not in call.files:
            generic = _MISSING.get(name, f'parameter "{name}" is required')
            raise bad(_MISSING.get(f"{method.name}.{name}", generic))


async def webhook_answer(world: World, body: dict[str, Any]) -> None:
    """Plays the method call that came as a webhook's answer; nobody hears of its result."""
    method = METHODS.get(str(body.get("method")).lower())
    if method is None:
        _refuse(world, Refusal(404, "Not Found: method not found"))
        return
    world.stats.calls[method.name] += 1
    call = Call(method.name, {key: value for key, value in body.items() if key != "method"}, {})
    try:
        await perform(world, method, call)
        world.stats.ok += 1
    except Refusal as refusal:
        _refuse(world, refusal)


def _refuse(world: World, refusal: Refusal) -> web.Response:
    world.stats.errors[f"{refusal.code} {refusal.description}"] += 1
    if refusal.code == 429:
        world.stats.too_many_requests += 1
    return wire.refuse(refusal)


async def _fail(world: World, request: web.BaseRequest, fault: Fault) -> web.StreamResponse:
    if fault.kind == "500":
        return _refuse(world, Refusal(500, "Internal Server Error"))
    if fault.kind == "502":  # what stands before the servers answers in HTML
        body = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
        return web.Response(status=502, text=body, content_type="text/html")
    if fault.kind == "429":
        return _refuse(world, too_many(fault.retry_after or fault.usual))
    if fault.kind == "reset":
        return wire.cut(request)
    return await _silence(world, request)


async def _silence(world: World, request: web.BaseRequest) -> web.StreamResponse:
    """No answer within a client's patience, then the line is cut."""
    await asyncio.sleep(world.faults.hold)
    return wire.cut(request)


def file_path(world: World, token: str, path: str) -> web.StreamResponse:
    """`/file/bot<token>/<path>`: what getFile pointed to, while the link lasts."""
    if not secrets.compare_digest(token.encode(), world.token.encode()):
        return _refuse(world, Refusal(401, "Unauthorized"))
    link = world.links.get(path)
    if link is None or link[1] < world.now():
        return _refuse(world, Refusal(404, "Not Found"))
    return web.FileResponse(link[0], headers={"Content-Type": "application/octet-stream"})
