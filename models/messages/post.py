"""What we want to tell somebody: keys and parameters, never a sentence.

A `Post` is stored as JSON in the outbox and becomes words only in `bot/`, for one channel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

NO_WORDS = ""  # the key of a message that is a file alone


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its label is the catalogue key `text`, pressing it sends `action` (64 bytes at most).

    With `url` it opens a page instead; with `contact` (reply keyboard) it shares the own number.
    """

    text: str
    action: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    contact: bool = False


Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True, slots=True)
class Post:
    """One message to one conversation.

    `item` names a content version whose fields join the parameters when it is rendered; `media` a
    stored file; `report` a picture or paper made when it is sent (`digest-chart:12`).
    `album` stands for all pictures and films of the item, without words and buttons.
    `keyboard` is "contact" (a reply keyboard made of `buttons`) or "remove".
    """

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    buttons: Rows = ()
    media: int | None = None
    report: str = ""
    item: int | None = None
    keyboard: str = ""
    album: bool = False

    def body(self) -> dict[str, Any]:
        """The JSON that the outbox keeps; what is empty is left out."""
        body: dict[str, Any] = {"text": self.text}
        if self.params:
            body["params"] = dict(self.params)
        if self.buttons:
            body["buttons"] = [[stored(button) for button in row] for row in self.buttons]
        for name in ("media", "report", "item", "keyboard", "album"):
            if value := getattr(self, name):
                body[name] = value
        return body


def stored(button: Button) -> dict[str, Any]:
    """A button as JSON, what is empty left out; `Button(**stored(button))` is the same button."""
    made: dict[str, Any] = {"text": button.text}
    if button.action:
        made["action"] = button.action
    if button.params:
        made["params"] = dict(button.params)
    if button.url:
        made["url"] = button.url
    if button.contact:
        made["contact"] = True
    return made
