"""Methods about chats and about the bot itself: members, files, commands, descriptions."""

import re
from typing import Any

from bot.simulator import files
from bot.simulator.store import ADMIN, LEFT, Chat, check_membership
from bot.simulator.wire import Call, bad, whole
from bot.simulator.world import World, member

_SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
}  # fmt: skip
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
LINK_SECONDS = 3600  # how long a download link lasts (Bot API, getFile)


def get_me(world: World, _call: Call) -> Any:
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, call: Call) -> Any:
    chat = world.store.chat(call.text("chat_id"))
    body = chat.json()
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        True,
    )
    body.update(accent_color_id=chat.id % 7, max_reaction_count=11, accepted_gift_types=gifts)
    if chat.user is None:
        check_membership(chat)
        body["permissions"] = {"can_send_messages": True}
    elif chat.user.username:
        body["active_usernames"] = [chat.user.username]
    if pinned := [chat.messages[number] for number in chat.pinned if number in chat.messages]:
        body["pinned_message"] = world.json(chat, pinned[-1])
    return body


def get_chat_member(world: World, call: Call) -> Any:
    chat = world.store.chat(call.text("chat_id"))
    if chat.user is None:
        check_membership(chat)
    number = call.integer("user_id")
    if number <= 0:
        raise bad("invalid user_id specified")
    if number == world.bot["id"]:
        return member(world.bot, "member" if chat.private else chat.bot)
    user = world.store.users.get(number)
    if user is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return member(user.json(), standing(chat, number))


def standing(chat: Chat, user: int) -> str:
    """A person's status in a chat."""
    if chat.private:
        return "member" if user == chat.id else LEFT
    if user == chat.creator:
        return "creator"
    return "member" if user in chat.members else LEFT


def leave_chat(world: World, call: Call) -> Any:
    chat = world.store.chat(call.text("chat_id"))
    if chat.user is not None:
        raise bad("chat member status can't be changed in private chats")
    check_membership(chat)
    old, chat.bot = chat.bot, LEFT
    body = {
        "chat": chat.json(),
        "from": world.bot,
        "date": world.now(),
        "old_chat_member": world.bot_member(old),
        "new_chat_member": world.bot_member(LEFT),
    }
    world.updates.put("my_chat_member", body, chat.id)
    return True


def get_file(world: World, call: Call) -> Any:
    file_id = call.text("file_id")
    if not file_id:
        raise bad("file_id not specified")
    found = world.files.by_id(file_id)
    if found is None:
        raise bad("invalid file_id")
    media, index = found
    copy = media.file.copies[index]
    if copy.size > files.DOWNLOAD_BYTES:
        raise bad("file is too big")
    folder = f"{media.file.kind}s"
    path = f"{folder}/file_{media.file.number}_{index}{copy.path.suffix}"
    world.links[path] = (copy.path, world.now() + LINK_SECONDS)
    _, unique = world.files.ids(media, index)
    return {"file_id": file_id, "file_unique_id": unique, "file_size": copy.size, "file_path": path}


def _scope(world: World, call: Call) -> tuple[str, int, int, str]:
    """What a set of commands is kept under: scope, chat, user, language."""
    language = call.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad("invalid language code specified")
    value = call.parsed("scope", "can't parse BotCommandScope JSON object")
    if value is None:
        return "default", 0, 0, language
    if not isinstance(value, dict) or str(value.get("type")) not in _SCOPES:
        raise bad("can't parse BotCommandScope: unsupported type specified")
    kind = str(value["type"])
    if kind not in {"chat", "chat_administrators", "chat_member"}:
        return kind, 0, 0, language
    if not value.get("chat_id"):
        raise bad("can't parse BotCommandScope: empty chat_id specified")
    chat = world.store.chat(str(value["chat_id"]))
    if kind == "chat_administrators" and chat.private:
        raise bad("can't use specified scope in private chats")
    user = 0
    if kind == "chat_member":
        user = whole(value.get("user_id"))
        if user not in world.store.users:
            raise bad("can't parse BotCommandScope: invalid user_id specified")
    return kind, chat.id, user, language


def set_my_commands(world: World, call: Call) -> Any:
    given = call.array("commands")
    if given is None:
        raise bad("expected an Array of BotCommand")
    if len(given) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(item) for item in given]
    world.profile.commands[_scope(world, call)] = commands
    return True


def _command(item: Any) -> dict[str, str]:
    if not isinstance(item, dict) or not isinstance(item.get("command"), str):
        raise bad("can't parse BotCommand: expected an Object")
    name = item["command"].strip().removeprefix("/")
    description = str(item.get("description") or "").strip()
    if not name:
        raise bad("command must be non-empty")
    if len(name) > 32:
        raise bad("command length must not exceed 32")
    if not _COMMAND.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID")
    if not description:
        raise bad("command description must be non-empty")
    if len(description) > 256:
        raise bad("command description length must not exceed 256")
    return {"command": name, "description": description}


def get_my_commands(world: World, call: Call) -> Any:
    return world.profile.commands.get(_scope(world, call), [])


def delete_my_commands(world: World, call: Call) -> Any:
    world.profile.commands.pop(_scope(world, call), None)
    return True


def commands_for(world: World, chat: Chat, user: int, language: str) -> list[dict[str, str]]:
    """What that person's client lists in that chat (Bot API, "Determining list of commands")."""
    if chat.private:
        order = [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    else:
        admin = standing(chat, user) in {"creator", ADMIN}
        order = [("chat_member", chat.id, user)]
        order += [("chat_administrators", chat.id, 0)] if admin else []
        order += [("chat", chat.id, 0)]
        order += [("all_chat_administrators", 0, 0)] if admin else []
        order += [("all_group_chats", 0, 0), ("default", 0, 0)]
    for scope in order:
        for spoken in (language, ""):
            if commands := world.profile.commands.get((*scope, spoken)):
                return commands
    return []


def set_my_description(world: World, call: Call) -> Any:
    return _describe(world.profile.descriptions, call, "description", 512)


def set_my_short_description(world: World, call: Call) -> Any:
    return _describe(world.profile.short_descriptions, call, "short_description", 120)


def _describe(kept: dict[str, str], call: Call, name: str, most: int) -> bool:
    language, text = call.text("language_code"), call.text(name).strip()
    if not _LANGUAGE.fullmatch(language):
        raise bad("invalid language code specified")
    if len(text) > most:
        raise bad(f"{name.replace('_', ' ')} length must not exceed {most}")
    kept[language] = text
    return True


def get_my_description(world: World, call: Call) -> Any:
    kept = world.profile.descriptions
    return {"description": kept.get(call.text("language_code")) or kept.get("", "")}


def get_my_short_description(world: World, call: Call) -> Any:
    kept = world.profile.short_descriptions
    return {"short_description": kept.get(call.text("language_code")) or kept.get("", "")}


def set_chat_menu_button(world: World, call: Call) -> Any:
    number = _private(world, call)
    button = call.parsed("menu_button", "can't parse menu button JSON object") or {"type": "default"}
    if not isinstance(button, dict):
        raise bad("MenuButton must be an Object")
    if str(button.get("type")) not in {"default", "commands"}:
        raise bad("MenuButton type not played by this simulator")
    world.profile.menu_buttons[number] = {"type": button["type"]}
    return True


def get_chat_menu_button(world: World, call: Call) -> Any:
    kept = world.profile.menu_buttons
    return kept.get(_private(world, call)) or kept.get(0) or {"type": "default"}


def _private(world: World, call: Call) -> int:
    if "chat_id" not in call.params:
        return 0
    chat = world.store.chat(call.text("chat_id"))
    if not chat.private:
        raise bad("user not found")
    return chat.id
