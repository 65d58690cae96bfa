"""Somebody on WhatsApp in tests, who does what a Chatter does; their line is in tests/phoning.py."""

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from models.messages.outbox import Outbound
from tests import papers
from tests.chat import Chatter, Heard
from tests.showing import choices

if TYPE_CHECKING:
    from tests.phoning import WhatsApp

OURS = ("answer", "template")  # rows of which nobody says that the program said something


class Phone(Chatter):
    """Somebody on WhatsApp, who does what a Chatter does."""

    @property
    def address(self) -> str:
        return f"+{self.chat}"

    @property
    def on(self) -> "WhatsApp":
        """The line that this phone is on."""
        return cast("WhatsApp", self.stage.line)

    def _does(self, do: str, **fields_: Any) -> list[Heard]:
        return self._plays(self.on.site.act, self.address, do, **fields_)

    def _plays(self, *call: Any, **fields_: Any) -> list[Heard]:
        after = self._last()
        if self.on.site.account.people[self.address].blocked:
            self.on.portal.call(self.on.site.phones.unblock, self.address)
        self.on.play(self.stage, *call, **fields_)
        self.latest = [heard for heard in self.stage.heard(self.chat, after) if heard.op not in OURS]
        return self.latest

    def says(self, text: str) -> list[Heard]:
        """Nobody types a slash there: a command is its word."""
        return self._does("say", text=text.removeprefix("/"))

    def starts(self, payload: str = "") -> list[Heard]:
        """A link of wa.me opens the chat with these words typed already."""
        return self.says(f"mulai {payload}".strip())

    def is_recognised(self, phone: str, payload: str = "") -> list[Heard]:
        """The first message is enough: with it WhatsApp tells the number."""
        assert self.address.endswith(phone.removeprefix("+")), "somebody's number is the one they write from"
        return self.starts(payload) if payload else self.says("assalamualaikum")

    def presses(self, label: str, *, action: str = "") -> list[Heard]:
        found = self._choice(label, action)
        if found is None and self.on.look(self.stage, self.address):
            found = self._choice(label, action)
        if found is None and not action:
            raise AssertionError(f"{self.name} sees no button {label!r}")
        if found is None:
            pressed = {"ButtonPayload": action, "ButtonText": label or "?"}
            return self._plays(self.on.site.bring, self.address, self.name, **pressed)
        sid, number = found
        return self._does("press", sid=sid, id=number) if sid else self._does("say", text=number)

    def _choice(self, label: str, action: str) -> tuple[str, str] | None:
        """The newest button on the phone: its message and id; of a numbered line "" and its number."""
        line = self.on
        seen = line.portal.call(line.site.seen, self.address)
        rows = select(Outbound).where(Outbound.address == self.address).order_by(Outbound.id.desc())
        with self.stage.session() as session:
            for row in session.scalars(rows).all():
                shown = [seen[sid] for sid in line.site.sent.get(row.id, ()) if sid in seen]
                for name, meant, sid, number in choices(self.stage.words(session, row), shown):
                    if meant == action if action else label in name:
                        return sid, number
        return None

    def sends_photo(
        self,
        caption: str = "",
        file_id: str = "",
        album: str = "",
        reply_to: Outbound | None = None,
        forwarded: bool = False,
        **more: Any,
    ) -> list[Heard]:
        """An album is nothing but pictures one after the other here."""
        assert not more, more
        data = papers.picture(file_id or f"{self.chat}:{next(self.messages)}")
        answers = self.on.site.sent[reply_to.id][-1] if reply_to is not None else ""
        return self.sends_data("photo", data, caption=caption, reply_to=answers, forwarded=forwarded)

    def sends_document(self, name: str, mime: str = "text/csv", file_id: str = "") -> list[Heard]:
        return self.sends_data("document", papers.document(name, mime), name)

    def sends_data(self, kind: str, data: bytes, name: str = "", **fields_: Any) -> list[Heard]:
        """A file of this content."""
        key = self.on.portal.call(self.on.site.phones.upload, data, kind, name)
        given = {field: value for field, value in fields_.items() if value}
        return self._does(kind, file_key=key, **given)

    def shares_contact(self, phone: str, *, own: bool = True) -> list[Heard]:
        """There is nothing to share: WhatsApp tells the number with each message."""
        return self.is_recognised(phone)

    def watches(self, key: str) -> str:
        """Nothing is edited there: how far something has come is asked for, its end comes by itself."""
        self.on.carry(self.stage, self.on.most)
        *_, last = self._told(key)
        return self.says("/siar")[-1].text if last.row.reason == "void" else last.text

    def blocks(self, card: Outbound) -> None:
        """WhatsApp tells nobody: it is the next message that does not arrive."""
        self.on.portal.call(self.on.site.phones.block, self.address)
        self.on.deliver(self.stage, [card.id])

    def hears(self, after: int = 0) -> list[Heard]:
        self.on.carry(self.stage, self.on.most)
        self.on.look(self.stage, self.address)
        sent = self.on.site.sent
        heard = [one for one in self.stage.heard(self.chat, after) if one.op not in OURS]
        return [one for one in heard if one.row.id in sent or one.row.reason == "void"]


class Hidden(Phone):
    """Somebody on WhatsApp who hides the number: we know them by an id that is none."""

    @property
    def address(self) -> str:
        return f"ID.{self.chat}"
