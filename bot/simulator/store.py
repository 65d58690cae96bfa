"""Users, chats and messages of the simulated Telegram, kept small: many chats, few full bodies each."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.entities import Entity
from bot.simulator.files import Media
from bot.simulator.wire import Refusal, bad, forbidden

BODIES = 50  # full messages kept in a chat
SHELLS = 1000  # messages of which we still know that they were there
MEMBER, ADMIN, LEFT, KICKED = "member", "administrator", "left", "kicked"


@dataclass(slots=True)
class User:
    """A person. `started` once they wrote to the bot in private: only then may it write to them."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    phone: str = ""
    language_code: str = "id"
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def json(self) -> dict[str, Any]:
        """As Bot API's User."""
        body: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            body["last_name"] = self.last_name
        if self.username:
            body["username"] = self.username
        body["language_code"] = self.language_code
        return body

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".rstrip()


@dataclass(slots=True)
class Message:
    """A message of a chat; `sender` 0 is the bot. `seq` moves on with every change.

    `extra` are Bot API fields beyond these (contact, forward_origin, service fields). A message that is
    `faded` was here, but its body has been given up to save memory.
    """

    id: int
    seq: int
    date: int
    sender: int
    kind: str
    text: str = ""
    entities: tuple[Entity, ...] = ()
    media: Media | None = None
    markup: Mapping[str, Any] | None = None
    reply_to: int = 0
    album: str = ""
    edit_date: int = 0
    extra: Mapping[str, Any] | None = None
    faded: bool = False

    def fade(self) -> None:
        self.text, self.entities, self.media, self.markup, self.extra = "", (), None, None, None
        self.faded = True


@dataclass(slots=True)
class Toast:
    """An answered callback, as the person saw it."""

    seq: int
    user: int
    message: int
    text: str
    alert: bool
    url: str


@dataclass(slots=True)
class Chat:
    """A private chat (`user` set, id equal to the user's) or a group; there `bot` is the bot's status."""

    id: int
    kind: str
    title: str = ""
    user: User | None = None
    creator: int = 0
    members: set[int] = field(default_factory=set)
    bot: str = LEFT
    seq: int = 0
    next_message: int = 1
    messages: dict[int, Message] = field(default_factory=dict)
    deleted: "deque[tuple[int, int]] | None" = None  # (seq, message id)
    toasts: deque[Toast] | None = None
    keyboard: Mapping[str, Any] | None = None
    keyboard_seq: int = 0
    pinned: list[int] = field(default_factory=list)
    migrated_to: int = 0
    action: tuple[str, float] = ("", 0.0)  # chat action and until when, in seconds of wall time

    @property
    def private(self) -> bool:
        return self.user is not None

    def json(self) -> dict[str, Any]:
        """As Bot API's Chat."""
        if self.user is None:
            return {"id": self.id, "title": self.title, "type": self.kind}
        body = self.user.json()
        del body["is_bot"], body["language_code"]
        body["type"] = "private"
        return body

    def add(self, message: Message) -> None:
        """Keeps it, and lets the old ones fade."""
        self.messages[message.id] = message
        if old := self.messages.get(message.id - BODIES):
            old.fade()
        self.messages.pop(message.id - SHELLS, None)


@dataclass(slots=True)
class Store:
    """Everybody and every chat. Ids that nobody asked for are counted upwards, groups downwards."""

    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)  # lower-case username → user id
    next_user: int = 1001
    next_group: int = -4001

    def add_user(self, user: User) -> None:
        """Raises ValueError when the id or the username is taken."""
        if user.id in self.users:
            raise ValueError(f"user {user.id} exists")
        if user.username:
            if user.username.lower() in self.names:
                raise ValueError(f"username {user.username} is taken")
            self.names[user.username.lower()] = user.id
        self.users[user.id] = user
        self.chats[user.id] = Chat(user.id, "private", user=user)
        self.next_user = max(self.next_user, user.id + 1)

    def add_group(self, title: str, creator: int, members: set[int], *, big: bool, chat_id: int = 0) -> Chat:
        """A group, or where `big` a supergroup. Raises ValueError when the id is taken."""
        if chat_id in self.chats:
            raise ValueError(f"chat {chat_id} exists")
        if not chat_id:
            self.next_group -= 1
            chat_id = self.next_group - 1_000_000_000_000 if big else self.next_group
        chat = Chat(chat_id, "supergroup" if big else "group", title, creator=creator, members=members)
        self.chats[chat_id] = chat
        return chat

    def chat(self, named: str) -> Chat:
        """The chat that a `chat_id` parameter names. Raises Refusal: empty, or not found."""
        if not named:
            raise bad("chat_id is empty")
        try:
            chat = self.chats.get(int(named))
        except ValueError:
            chat = None
        if chat is None:
            raise bad("chat not found")
        return chat

    def writable(self, named: str) -> Chat:
        """The same, if the bot may write there. Raises Refusal: 403, or 400 for a group that has moved."""
        chat = self.chat(named)
        if chat.user is not None:
            if chat.user.deactivated:
                raise forbidden("user is deactivated")
            if chat.user.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.user.started:
                raise forbidden("bot can't initiate conversation with a user")
        else:
            check_membership(chat)
        return chat


def check_membership(chat: Chat) -> None:
    """Raises Refusal where the bot is not in the group, or the group has become another."""
    if chat.migrated_to:
        raise Refusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to=chat.migrated_to,
        )
    noun = "supergroup" if chat.kind == "supergroup" else "group"
    if chat.bot == KICKED:
        raise forbidden(f"bot was kicked from the {noun} chat")
    if chat.bot == LEFT:
        raise forbidden(f"bot is not a member of the {noun} chat")
