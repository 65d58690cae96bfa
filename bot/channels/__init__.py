"""The one protocol of the house: a channel parses what comes in and sends what goes out.

A channel translates and nothing else. It keeps no queue, no retry and no rule: the sender does
(`bot/outbound/sender.py`), from the `SendError` that the channel raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from handlers.message import Message


class Failure(StrEnum):
    """What a failed call means for the row, for the person and for everybody else."""

    RETRY = "retry"  # try again with backoff
    RETRY_AFTER = "retry_after"  # everybody waits; no attempt is burnt
    CROWDED = "crowded"  # this message again in a moment, and all a little slower; no attempt is burnt
    LATER = "later"  # this message alone is tried again, after a long while
    PERMANENT = "permanent"  # this message will never go out
    BROKEN = (
        "broken"  # nor will this one, because of a fault of ours: it cannot be written, or its file not made
    )
    STOP_CONTACT = "stop_contact"  # this account is not to be written to any more
    HALT_CHANNEL = "halt_channel"  # nothing can go out until somebody mends it
    MIGRATED = "migrated"  # the conversation has a new address
    NEEDS_TEMPLATE = "needs_template"  # the channel takes an approved template now, and nothing else
    TEMPLATE = "template"  # the channel takes this template no more
    ANEW = "anew"  # not taken in this form: again at once in another one, which the channel sees to


class SendError(Exception):
    """A call that did not succeed.

    `retry_after` is in seconds. `maybe_sent` is true where the server may have acted all the same
    (a timeout after the request had gone out), `answered` where it has said that it failed: then it is not
    busy with the call any more. `pieces` are the names of those pieces that are out, of a
    message that takes several calls.
    """

    def __init__(
        self,
        kind: Failure,
        detail: str,
        *,
        retry_after: float = 0.0,
        new_address: str = "",
        maybe_sent: bool = False,
        answered: bool = False,
        pieces: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
        self.retry_after = retry_after
        self.new_address = new_address
        self.maybe_sent = maybe_sent
        self.answered = answered
        self.pieces = pieces


@dataclass(frozen=True, slots=True)
class OutgoingButton:
    label: str
    action: str = ""
    url: str = ""
    contact: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingMedia:
    """A file to send: by the channel's own id where it has one, else from `path`; a channel that fetches
    files itself gets a `url` instead, good for a short while.

    `kind` is photo, video or document.
    """

    kind: str
    remote_id: str = ""
    path: Path | None = None
    name: str = ""
    mime: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call to a channel, already in the channel's own markup.

    `op` is send, edit (replace text and buttons of `target`), answer (a pressed button, `target` is
    the callback's id, `text` an optional toast), delete (`target`), or commands (`commands` of
    `scope` for `address`, as (name, description); scope is default, chat or group).
    `album` are two to ten files sent as one, which takes neither text nor buttons.
    `keyboard` is "contact" (buttons become a reply keyboard) or "remove".
    `template` names a text that the channel has approved, sent with `variables` in place of text and
    buttons. `reference` is the same whenever the same message is tried again; `ref` says the same to others,
    in a few characters for the address of reports (models/sending/references.py). `out` are the names of
    those of its pieces that went out before: a channel that needs several calls for one message goes on
    behind them.
    """

    op: str
    address: str
    text: str = ""
    buttons: tuple[tuple[OutgoingButton, ...], ...] = ()
    keyboard: str = ""
    media: OutgoingMedia | None = None
    album: tuple[OutgoingMedia, ...] = ()
    target: str = ""
    commands: tuple[tuple[str, str], ...] = ()
    scope: str = ""
    template: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    reference: str = field(default="", compare=False)
    ref: str = field(default="", compare=False)
    out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel said: the id of the message, and of the file if one was uploaded.

    For an album `external_id` names all its messages ("11,12,13"), `remote_ids` its files in order. `pieces`
    are all names of a message that took several calls, and whose last one is `external_id`.
    `details` with "void" say that there was nothing to do, and why: this channel has no such thing.
    """

    external_id: str = ""
    remote_id: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    remote_ids: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()


class Channel(Protocol):
    """Raw ⇄ ours, nothing else. Every call raises `SendError` and no other expected error."""

    name: str

    def parse(self, raw: Mapping[str, Any]) -> Message | None:
        """Our message, or None for an update that asks nothing of us.

        Raises ValueError for an update that cannot be understood.
        """

    async def send(self, message: Outgoing) -> Receipt: ...

    async def download(self, remote_id: str, target: Path) -> int:
        """Fetches a file into `target`; the number of bytes."""
