"""Somebody on Telegram in tests: what they write, press and send, as raw updates of the Bot API.

`tests/phoning.py` has somebody on WhatsApp, who can do the same.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people

if TYPE_CHECKING:
    from tests.chat import Heard, Stage


@dataclass
class Chatter:
    """A person with a phone. Every act returns what the bot answered to them. `latest` is what it answered
    last."""

    stage: "Stage"
    chat: int
    name: str
    person_id: int | None
    messages: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    latest: "list[Heard]" = field(default_factory=list)

    @property
    def address(self) -> str:
        """How the channel names the conversation."""
        return str(self.chat)

    @property
    def handle(self) -> str:
        """A name for accounts elsewhere, of letters and digits."""
        return f"asn{self.chat}"

    def _from(self) -> dict[str, Any]:
        return {"id": self.chat, "is_bot": False, "first_name": self.name}

    def _message(self, **content_: Any) -> dict[str, Any]:
        return {
            "message": {
                "message_id": next(self.messages),
                "date": int(self.stage.now.timestamp()),
                "chat": {"id": self.chat, "type": "private", "first_name": self.name},
                "from": self._from(),
                **content_,
            }
        }

    def _act(self, raw: dict[str, Any]) -> "list[Heard]":
        after = self._last()
        self.stage.receive(raw, self.chat)
        self.latest = [heard for heard in self.stage.heard(self.chat, after) if heard.op != "answer"]
        return self.latest

    def _last(self) -> int:
        return self.stage.last(self.chat)

    def says(self, text: str) -> "list[Heard]":
        entities = (
            [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
            if text.startswith("/")
            else []
        )
        return self._act(self._message(text=text, **({"entities": entities} if entities else {})))

    def presses(self, label: str, *, action: str = "") -> "list[Heard]":
        """Presses the newest button with this label (or with this very action)."""
        action = action or self.stage.button(self.chat, label)
        if not action:
            raise AssertionError(f"{self.name} sees no button {label!r}")
        query = {
            "id": f"q{next(self.messages)}",
            "from": self._from(),
            "chat_instance": "1",
            "data": action,
            "message": self._message()["message"],
        }
        return self._act({"callback_query": query})

    def starts(self, payload: str = "") -> "list[Heard]":
        """Follows an invitation: a poster or a link."""
        return self.says(f"/start {payload}".strip())

    def is_recognised(self, phone: str, payload: str = "") -> "list[Heard]":
        """Comes by an invitation, and shows the own number; the question that follows."""
        hello = self.starts(payload)
        assert "Bagikan nomor saya" in hello[-1].text
        assert not payload or "Anda diundang oleh" in hello[-1].text
        return self.shares_contact(phone)

    def sends_photo(
        self,
        caption: str = "",
        file_id: str = "",
        album: str = "",
        reply_to: Outbound | None = None,
        forwarded: bool = False,
        **more: Any,
    ) -> "list[Heard]":
        """A photo, in answer to a message of ours, or from another chat; `more` are further fields of the
        message, as Telegram has them."""
        if reply_to is not None:
            chat = {"id": self.chat, "type": "private", "first_name": self.name}
            more["reply_to_message"] = {"message_id": self._named(reply_to), "date": 0, "chat": chat}
        if forwarded:
            more["forward_origin"] = {"type": "hidden_user", "sender_user_name": "Grup", "date": 1}
        number = next(self.messages)
        file_id = file_id or f"photo-{self.chat}-{number}"
        sizes = [
            {"file_id": f"{file_id}-s", "file_unique_id": f"u{file_id}-s", "width": 90, "height": 160},
            {
                "file_id": file_id,
                "file_unique_id": f"u{file_id}",
                "width": 1080,
                "height": 1920,
                "file_size": 99,
            },
        ]
        extra: dict[str, Any] = {**more, "caption": caption} if caption else dict(more)
        if album:
            extra["media_group_id"] = album
        return self._act(self._message(photo=sizes, **extra))

    def sends_document(self, name: str, mime: str = "text/csv", file_id: str = "") -> "list[Heard]":
        document = {
            "file_id": file_id or f"doc-{self.chat}-{next(self.messages)}",
            "file_unique_id": f"u{self.chat}-{next(self.messages)}",
            "file_name": name,
            "mime_type": mime,
            "file_size": 1000,
        }
        return self._act(self._message(document=document))

    def _named(self, row: Outbound) -> int:
        """Gives a message that was sent a number, as Telegram has them."""
        with self.stage.session() as session, session.begin():
            session.get_one(Outbound, row.id).external_id = str(700_000 + row.id)
        return 700_000 + row.id

    def shares_contact(self, phone: str, *, own: bool = True) -> "list[Heard]":
        contact = {"phone_number": phone, "first_name": self.name, "user_id": self.chat if own else 1}
        return self._act(self._message(contact=contact))

    def _told(self, key: str) -> "list[Heard]":
        return [one for one in self.stage.heard(self.chat) if one.key == key or one.row.target_key == key]

    def watches(self, key: str) -> str:
        """A message that changes, as it stands in the chat now."""
        return self._told(key)[-1].text

    def blocks(self, card: Outbound) -> None:
        """Stops us, and what was on its way does not arrive."""
        with self.stage.session() as session, session.begin():
            people.block(session, "telegram", self.address, self.stage.now)
            row = session.get_one(Outbound, card.id)
            row.status, row.reason = outbox.FAILED, "blocked"
            outbox.cancel(session, Outbound.follows == row.key, reason="blocked")

    def hears(self, after: int = 0) -> "list[Heard]":
        """Everything this chat was ever sent, or since an outbox id."""
        return [heard for heard in self.stage.heard(self.chat, after) if heard.op != "answer"]
