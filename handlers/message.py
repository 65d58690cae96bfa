"""What somebody sent us, in the same words for every channel.

`bot/channels/*` turns a raw update into a `Message`; nothing in here knows Telegram or WhatsApp.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a message is, before anybody asks what it means."""

    TEXT = "text"
    BUTTON = "button"
    FILE = "file"
    CONTACT = "contact"
    BLOCKED = "blocked"  # the account stopped us (my_chat_member: kicked)
    UNBLOCKED = "unblocked"
    GROUP_JOINED = "group_joined"
    GROUP_LEFT = "group_left"
    GROUP_MIGRATED = "group_migrated"
    INTERNAL = "internal"  # an event of our own: a file arrived in the store
    OTHER = "other"  # sticker, location, voice: answered with what to do instead


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that the channel keeps for us until we fetch it.

    `kind` is photo, video, document or animation; `size` is in bytes, `duration` in seconds.
    """

    remote_id: str
    unique_id: str
    kind: str
    mime: str = ""
    size: int = 0
    name: str = ""
    width: int = 0
    height: int = 0
    duration: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One inbound message.

    `address` is the conversation (a chat id on Telegram); `sender` the account that wrote, which
    differs from `address` in a group. `phone` is set only when the channel itself vouches that the
    number is the sender's own; `foreign_contact` says that somebody else's card was sent.
    """

    channel: str
    address: str
    kind: Kind
    sender: str = ""
    sender_name: str = ""
    text: str = ""
    action: str = ""  # payload of the pressed button
    start: str = ""  # payload of a deep link
    file: RemoteFile | None = None
    phone: str = ""
    foreign_contact: bool = False
    group: bool = False
    group_title: str = ""
    message_id: str = ""  # of this message; for a button, of the message that carried it
    callback_id: str = ""  # set when the channel waits for an answer to a button
    album: str = ""
    forwarded: bool = False
    edited: bool = False
    new_address: str = ""  # where a migrated group lives now
    reply_to: str = ""  # the message that this one answers, as the channel names it
    opted: str = ""  # "stop" or "start", where the channel has taken the words so, and answered them itself
    sent_at: datetime | None = None  # when the channel's own server took it, where the channel says so
