"""Chats in tests: people write, press and send pictures; the real handlers answer.

No network: raw Telegram updates go into the real inbox, the real worker handles them, and what it
queued is rendered by the real catalogue. `Stage` is one programme with its database and its time.
"""

import functools
import itertools
import json
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot import settings, wordlists, worker
from bot.channels import telegram_inbound
from bot.texts import rendering
from handlers import routing
from handlers.turn import Surroundings, Turn
from models import consents, content, inbox, outbox, people, postings, roles, variants
from models.outbox import Outbound
from models.people import Opd, Person
from models.programme import Programme
from models.wordlists import Wordlists

WEDNESDAY = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # 10.00 WIB in 2026-W48


@functools.cache
def shipped_words() -> Wordlists:
    """The lists of words that come with the programme; read once, because YAML is slow."""
    return wordlists.load(settings.Content())


@dataclass(frozen=True, slots=True)
class Heard:
    """One message that somebody received, as words; `actions` are its buttons' payloads by label."""

    op: str
    text: str
    actions: dict[str, str]
    key: str
    row: Outbound


@dataclass
class Stage:
    """A programme with its database. `now` is the time of everything that happens next."""

    engine: Engine
    now: datetime = WEDNESDAY
    programme: Programme = field(default_factory=Programme)
    updates: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    tables: MutableMapping[int, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    handle: Callable[[Turn], None] = routing.handle

    def handling(self) -> worker.Handling:
        around = Surroundings(
            self.programme,
            "satupesan_bot",
            30.0,
            lambda _s, media_id: self.tables[media_id],
            words=shipped_words(),
            signature=rendering.signature(self.programme.province_short),
            label=partial(rendering.known_label, zone=self.programme.time_zone),
        )
        return worker.Handling({"telegram": telegram_inbound.parse}, around, self.handle)

    def session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def agency(self, code: str = "DINKES", name: str = "Dinas Kesehatan") -> Opd:
        with self.session() as session, session.begin():
            found = people.opd(session, code)
            if found is None:
                found = Opd(code=code, name=name)
                session.add(found)
        return found

    def person(
        self,
        name: str = "Siti Rahma",
        opd: str = "DINKES",
        *,
        chat: int | None = None,
        joined: bool = True,
        role: str = "",
        nip: str | None = None,
        phone: str = "",
    ) -> "Chatter":
        """Somebody of the roster, with a chat of their own, joined unless said otherwise."""
        chat = chat or 1000 + next(self.updates)
        agency = self.agency(opd, "Dinas Kesehatan" if opd == "DINKES" else f"Dinas {opd}")
        with self.session() as session, session.begin():
            person = Person(
                nip=nip,
                name=name,
                opd_id=agency.id,
                phone=phone,
                active=True,
                created_at=self.now,
            )
            session.add(person)
            session.flush()
            if joined:
                account = people.meet(session, "telegram", str(chat), name, self.now)
                people.link(session, account, person, self.now)
                consents.give(session, account, self.programme.consent_version, self.now)
            if role:
                roles.grant(session, person, role, None, self.now, by=None)
        return Chatter(self, chat, name, person.id)

    def stranger(self, name: str = "Orang Baru") -> "Chatter":
        """Somebody whom the bot has never met."""
        return Chatter(self, 1000 + next(self.updates), name, None)

    def receive(self, raw: dict[str, Any], address: int) -> None:
        """One raw update through the inbox and the worker."""
        number = next(self.updates)
        raw = {"update_id": number, **raw}
        arrival = inbox.Arrival(str(number), str(address), number, json.dumps(raw))
        with self.session() as session, session.begin():
            inbox.receive(session, self.now, "telegram", [arrival])
        self.work()

    def internal(self, address: int, action: str) -> None:
        """An event of our own for a conversation, as the fetcher makes it."""
        arrival = inbox.Arrival(f"internal:{action}", str(address), 0, json.dumps({"internal": action}))
        with self.session() as session, session.begin():
            inbox.receive(session, self.now, "telegram", [arrival])
        self.work()

    def work(self) -> None:
        """The worker handles what waits. A message that meets a bug fails the test at once."""
        with self.session() as session, session.begin():
            while worker.work(session, self.now, self.handling(), 16):
                pass
            broken = session.scalars(select(inbox.Update).where(inbox.Update.error != "")).first()
            if broken is not None:
                raise AssertionError(f"a message met a bug: {broken.error}")

    def heard(self, address: int, after: int = 0) -> list[Heard]:
        """What a conversation was sent since the outbox row `after`, in order, due by now."""
        with self.session() as session:
            rows = session.scalars(
                select(Outbound)
                .where(Outbound.address == str(address), Outbound.id > after)
                .order_by(Outbound.id)
            ).all()
            return [self._words(session, row) for row in rows]

    def button(self, address: int, label: str) -> str:
        """What the newest button with these words does, "" where there is none.

        Read from the end: to render a long chat for every act in it takes most of a test.
        """
        which = select(Outbound).where(Outbound.address == str(address)).order_by(Outbound.id.desc())
        with self.session() as session:
            for row in session.scalars(which).all():
                for name, action in self._words(session, row).actions.items():
                    if label in name:
                        return action
        return ""

    def last(self, address: int) -> int:
        """The outbox row that a conversation was sent last, 0 where there is none."""
        with self.session() as session:
            return session.scalar(select(func.max(Outbound.id)).where(Outbound.address == str(address))) or 0

    def _words(self, session: Session, row: Outbound) -> Heard:
        body = row.body or {}
        params = dict(body.get("params", {}))
        if row.item_id is not None:
            item = session.get_one(content.Item, row.item_id)
            words = variants.turn(postings.texts(session, item), row.person_id, item.id)
            params = {**content.params(session, item.id), "caption": words, **params}
        zone = self.programme.time_zone
        text = rendering.render(body["text"], params, markup="plain", zone=zone) if body.get("text") else ""
        actions = {
            rendering.label(button["text"], button.get("params", {}), zone=zone): button.get("action", "")
            for line in body.get("buttons", ())
            for button in line
        }
        return Heard(row.op, text, actions, row.key, row)

    def sent(self, *, release_id: int | None = None) -> int:
        """Marks everything queued as sent, as the sender would; how many rows."""
        with self.session() as session, session.begin():
            query = select(Outbound).where(Outbound.status.in_((outbox.QUEUED, outbox.WAITING)))
            if release_id is not None:
                query = query.where(Outbound.release_id == release_id)
            rows = session.scalars(query.order_by(Outbound.id)).all()
            for row in rows:
                row.status, row.sent_at, row.external_id = outbox.SENT, self.now, f"m{row.id}"
            return len(rows)


@dataclass
class Chatter:
    """A person with a phone. Every act returns what the bot answered to them."""

    stage: Stage
    chat: int
    name: str
    person_id: int | None
    messages: Iterator[int] = field(default_factory=lambda: itertools.count(1))

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

    def _act(self, raw: dict[str, Any]) -> list[Heard]:
        after = self._last()
        self.stage.receive(raw, self.chat)
        return [heard for heard in self.stage.heard(self.chat, after) if heard.op != "answer"]

    def _last(self) -> int:
        return self.stage.last(self.chat)

    def says(self, text: str) -> list[Heard]:
        entities = (
            [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
            if text.startswith("/")
            else []
        )
        return self._act(self._message(text=text, **({"entities": entities} if entities else {})))

    def presses(self, label: str, *, action: str = "") -> list[Heard]:
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

    def sends_photo(self, caption: str = "", file_id: str = "", album: str = "", **more: Any) -> list[Heard]:
        """A photo; `more` are further fields of the message, as Telegram has them."""
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

    def sends_document(self, name: str, mime: str = "text/csv", file_id: str = "") -> list[Heard]:
        document = {
            "file_id": file_id or f"doc-{self.chat}-{next(self.messages)}",
            "file_unique_id": f"u{self.chat}-{next(self.messages)}",
            "file_name": name,
            "mime_type": mime,
            "file_size": 1000,
        }
        return self._act(self._message(document=document))

    def shares_contact(self, phone: str, *, own: bool = True) -> list[Heard]:
        contact = {"phone_number": phone, "first_name": self.name, "user_id": self.chat if own else 1}
        return self._act(self._message(contact=contact))

    def hears(self, after: int = 0) -> list[Heard]:
        """Everything this chat was ever sent, or since an outbox id."""
        return [heard for heard in self.stage.heard(self.chat, after) if heard.op != "answer"]
