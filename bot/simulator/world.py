"""The simulated Telegram: one bot, its people, and everything that a method or a person may touch."""

import itertools
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.simulator import payloads
from bot.simulator.events import Events
from bot.simulator.faults import Faults
from bot.simulator.files import Files
from bot.simulator.limits import Limiter
from bot.simulator.stats import Deliveries, Stats
from bot.simulator.store import ADMIN, KICKED, LEFT, Chat, Message, Store, Toast, User
from bot.simulator.updates import Updates
from bot.simulator.webhook import Answered
from bot.simulator.wire import Call, too_many

ADMIN_RIGHTS = {
    "can_be_edited": False, "is_anonymous": False, "can_manage_chat": True, "can_delete_messages": True,
    "can_manage_video_chats": True, "can_restrict_members": True, "can_promote_members": False,
    "can_change_info": True, "can_invite_users": True, "can_post_stories": False, "can_edit_stories": False,
    "can_delete_stories": False, "can_pin_messages": True,
}  # fmt: skip


@dataclass(slots=True)
class Callback:
    """A pressed button that waits for its answer. `date` is the simulator's."""

    chat: int
    user: int
    message: int
    date: int


@dataclass(slots=True)
class Profile:
    """What the bot says of itself, per language; commands per (scope, chat, user, language)."""

    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, int, int, str], list[dict[str, str]]] = field(default_factory=dict)
    menu_buttons: dict[int, Mapping[str, Any]] = field(default_factory=dict)


async def _ignore(_body: dict[str, Any]) -> None:
    return None


@dataclass(slots=True)
class World:
    """`folder` is where files go; `token` the bot's, its number before the colon is the bot's id."""

    token: str
    folder: Path
    username: str = "satu_pesan_bot"
    name: str = "Satu Pesan"
    latency: float = 0.0  # seconds added to every method call
    offset: int = 0  # seconds that the simulator's clock is ahead
    limiter: Limiter = field(default_factory=Limiter)
    faults: Faults = field(default_factory=Faults)
    store: Store = field(default_factory=Store)
    stats: Stats = field(default_factory=Stats)
    deliveries: Deliveries = field(default_factory=Deliveries)
    events: Events = field(default_factory=Events)
    updates: Updates = field(default_factory=Updates)
    profile: Profile = field(default_factory=Profile)
    callbacks: dict[str, Callback] = field(default_factory=dict)
    files: Files = field(init=False)
    bot: dict[str, Any] = field(init=False)
    links: dict[str, tuple[Path, int]] = field(default_factory=dict)  # file_path → (file, valid until)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(70_000_001))
    born: float = field(default_factory=time.monotonic)
    answered: Answered = field(default=_ignore)  # plays a method that came in a webhook's answer
    webhook_delay: float = 1.0  # seconds before the first retry of a webhook

    def __post_init__(self) -> None:
        self.files = Files(self.folder)
        self.bot = {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": self.name,
            "username": self.username,
        }

    def now(self) -> int:
        """Unix seconds of the simulator's clock."""
        return int(time.time()) + self.offset

    def uptime(self) -> float:
        """Seconds of wall time since the start."""
        return time.monotonic() - self.born

    def admit(self, chat: Chat, call: Call, cost: int = 1) -> None:
        """Counts a message that is about to be sent. Raises Refusal 429."""
        paid = call.flag("allow_paid_broadcast")
        wait = self.limiter.take(chat.id, time.monotonic(), cost=cost, paid=paid)
        if wait:
            raise too_many(wait)
        for _ in range(cost):
            self.stats.count_sent(paid)

    def add(self, chat: Chat, sender: int, kind: str, **fields: Any) -> Message:
        """Puts a message into a chat (`fields` are Message's) and shows it to those who watch."""
        chat.seq = self.events.next()
        message = Message(chat.next_message, chat.seq, self.now(), sender, kind, **fields)
        chat.next_message += 1
        chat.add(message)
        if not sender and kind != "service":
            self.deliveries.add(chat.id, message.id, chat.seq, message.date, message.text)
        self.events.publish(chat.id, chat.seq, "message", lambda: {"message": self.view(chat, message)})
        return message

    def edited(self, chat: Chat, message: Message, *, mark: bool = True) -> None:
        """A message has changed; `mark` says "edited" (new buttons alone do not)."""
        message.seq = chat.seq = self.events.next()
        if mark:
            message.edit_date = self.now()
        self.events.publish(chat.id, chat.seq, "edited", lambda: {"message": self.view(chat, message)})

    def delete(self, chat: Chat, message: Message) -> None:
        del chat.messages[message.id]
        if message.id in chat.pinned:
            chat.pinned.remove(message.id)
        chat.seq = self.events.next()
        chat.deleted = chat.deleted if chat.deleted is not None else deque(maxlen=200)
        chat.deleted.append((chat.seq, message.id))
        self.events.publish(chat.id, chat.seq, "deleted", lambda: {"message_id": message.id})

    def toast(self, callback: Callback, text: str, alert: bool, url: str) -> None:
        chat = self.store.chats[callback.chat]
        chat.seq = self.events.next()
        chat.toasts = chat.toasts if chat.toasts is not None else deque(maxlen=50)
        toast = Toast(chat.seq, callback.user, callback.message, text, alert, url)
        chat.toasts.append(toast)
        self.events.publish(chat.id, chat.seq, "toast", lambda: {"toast": toast_view(toast)})

    def show_keyboard(self, chat: Chat, keyboard: Mapping[str, Any] | None) -> None:
        chat.keyboard = keyboard
        chat.keyboard_seq = chat.seq = self.events.next()
        self.events.publish(
            chat.id, chat.seq, "keyboard", lambda: {"reply_keyboard": payloads.keyboard_view(chat)}
        )

    def sender_json(self, message: Message) -> dict[str, Any]:
        return self.store.users[message.sender].json() if message.sender else self.bot

    def json(self, chat: Chat, message: Message) -> dict[str, Any]:
        """The message as the Bot API gives it, with the one that it answers."""
        reply = None
        if message.reply_to and (answered := chat.messages.get(message.reply_to)) and not answered.faded:
            reply = payloads.message_json(self.files, self.sender_json(answered), chat, answered)
        return payloads.message_json(self.files, self.sender_json(message), chat, message, reply)

    def view(self, chat: Chat, message: Message) -> dict[str, Any]:
        """The message as /sim/history gives it."""
        sender = self.store.users[message.sender] if message.sender else None
        return payloads.view(chat, message, sender, self.bot["id"], self.name)

    def bot_member(self, status: str) -> dict[str, Any]:
        """The bot as ChatMember of a status."""
        return member(self.bot, status)

    def tell_membership(self, chat: Chat, by: User, old: str, new: str) -> int | None:
        """The update my_chat_member."""
        body = {
            "chat": chat.json(),
            "from": by.json(),
            "date": self.now(),
            "old_chat_member": self.bot_member(old),
            "new_chat_member": self.bot_member(new),
        }
        return self.updates.put("my_chat_member", body, chat.id)


def member(user: Mapping[str, Any], status: str) -> dict[str, Any]:
    """A ChatMember of any status that we play."""
    body: dict[str, Any] = {"user": user, "status": status}
    if status == KICKED:
        body["until_date"] = 0
    elif status == ADMIN:
        body.update(ADMIN_RIGHTS)
    elif status == "creator":
        body["is_anonymous"] = False
    elif status not in {"member", LEFT}:
        raise ValueError(f"unknown status {status}")
    return body


def toast_view(toast: Toast) -> dict[str, Any]:
    return {
        "seq": toast.seq,
        "user_id": toast.user,
        "message_id": toast.message,
        "text": toast.text,
        "alert": toast.alert,
        "url": toast.url,
    }
