"""What people do with groups: bring the bot in, throw it out, come and go, and move to a supergroup."""

from typing import Any

from bot.simulator import people
from bot.simulator.people import Body
from bot.simulator.store import ADMIN, KICKED, LEFT, MEMBER, Chat, User
from bot.simulator.world import World


def add_bot(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = _group(world, user, body)
    old, chat.bot = chat.bot, ADMIN if body.get("admin") else MEMBER
    if chat.bot == old:
        raise ValueError("the bot is already there")
    update = world.tell_membership(chat, user, old, chat.bot)
    if old in {LEFT, KICKED}:
        service = {"new_chat_members": [world.bot]}
        return {**people.send(world, user, chat, "service", {}, extra=service), "update_id": update}
    return {"update_id": update}


def remove_bot(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = _group(world, user, body)
    if chat.bot in {LEFT, KICKED}:
        raise ValueError("the bot is not there")
    old, chat.bot = chat.bot, KICKED
    return {"update_id": world.tell_membership(chat, user, old, KICKED)}


def _group(world: World, user: User, body: Body) -> Chat:
    chat = people.chat_of(world, user, body)
    if chat.private:
        raise ValueError("not a group")
    return chat


def join(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = world.store.chats.get(people.number(body, "chat_id"))
    if chat is None or chat.private or chat.migrated_to:
        raise ValueError("no such group")
    if user.id in chat.members:
        raise ValueError("already a member")
    chat.members.add(user.id)
    return people.send(world, user, chat, "service", {}, extra={"new_chat_members": [user.json()]})


def leave(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = _group(world, user, body)
    chat.members.discard(user.id)
    return people.send(world, user, chat, "service", {}, extra={"left_chat_member": user.json()})


def migrate(world: World, user: User, body: Body) -> dict[str, Any]:
    chat = _group(world, user, body)
    if chat.kind == "supergroup":
        raise ValueError("it is a supergroup already")
    new = world.store.add_group(chat.title, chat.creator, set(chat.members), big=True)
    new.bot = chat.bot
    people.send(world, user, chat, "service", {}, extra={"migrate_to_chat_id": new.id})
    people.send(world, user, new, "service", {}, extra={"migrate_from_chat_id": chat.id})
    chat.migrated_to = new.id
    return {"chat_id": new.id}
