"""Chats in tests: people write, press and send pictures; the real handlers answer.

On Telegram there is no network: raw updates go into the real inbox, the real worker handles them, and what
it queued is rendered by the real catalogue. On WhatsApp (`tests/phoning.py`) there is all of it. `Stage` is
one programme with its database, its time, and the `Line` that its people are on.
"""

import functools
import itertools
import json
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from bot.channels import telegram_inbound, whatsapp_inbound
from bot.config import settings, wordlists
from bot.inbound.handling import Handling, work
from bot.texts import rendering
from handlers import routing
from handlers.turn import Surroundings, Turn
from models.content import content, postings, variants
from models.content.wordlists import Wordlists
from models.membership import consents
from models.messages import inbox
from models.messages.outbox import Outbound
from models.people import people, roles
from models.people.people import Opd, Person
from models.programme.programme import Programme
from tests.chatter import Chatter
from tests.lines import Line, Telegram

__all__ = ["WEDNESDAY", "Chatter", "Heard", "Line", "Stage", "Telegram"]
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
    line: Line = field(default_factory=Telegram)

    def handling(self) -> Handling:
        around = Surroundings(
            self.programme,
            "satupesan_bot",
            30.0,
            lambda _s, media_id: self.tables[media_id],
            words=shipped_words(),
            signature=rendering.signature(self.programme.province_short),
            label=partial(rendering.known_label, zone=self.programme.time_zone),
        )
        parsers = {"telegram": telegram_inbound.parse, "whatsapp": whatsapp_inbound.parse}
        return Handling(parsers, self.line.around(self, around), self.handle)

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
        line: Line | None = None,
    ) -> Chatter:
        """Somebody of the roster, with a chat of their own, joined unless said otherwise; on another `line`
        than the others where that is named."""
        line = line or self.line
        chat = chat or self._chat(line, phone)
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
            who = line.chatter(self, chat, name, person.id)
            if joined:
                account = people.meet(session, line.name, who.address, name, self.now)
                people.link(session, account, person, self.now)
                consents.give(session, account, self.programme.consent_version, self.now)
            if role:
                roles.grant(session, person, role, None, self.now, by=None)
        return who

    def stranger(self, name: str = "Orang Baru", phone: str = "") -> Chatter:
        """Somebody whom the bot has never met."""
        return self.line.chatter(self, self._chat(self.line, phone), name, None)

    def _chat(self, line: Line, phone: str) -> int:
        if line.name == "whatsapp" and phone:
            return int(phone.removeprefix("+"))
        return (1000 if line.name == "telegram" else 628_120_000_000) + next(self.updates)

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
            while work(session, self.now, self.handling(), 16):
                pass
            broken = session.scalars(select(inbox.Update).where(inbox.Update.error != "")).first()
            if broken is not None:
                raise AssertionError(f"a message met a bug: {broken.error}")

    def heard(self, address: int, after: int = 0) -> list[Heard]:
        """What a conversation was sent since the outbox row `after`, in order, due by now."""
        with self.session() as session:
            rows = session.scalars(
                select(Outbound).where(_of(address), Outbound.id > after).order_by(Outbound.id)
            ).all()
            return [self.words(session, row) for row in rows]

    def button(self, address: int, label: str) -> str:
        """What the newest button with these words does, "" where there is none.

        Read from the end: to render a long chat for every act in it takes most of a test.
        """
        which = select(Outbound).where(_of(address)).order_by(Outbound.id.desc())
        with self.session() as session:
            for row in session.scalars(which).all():
                for name, action in self.words(session, row).actions.items():
                    if label in name:
                        return action
        return ""

    def last(self, address: int) -> int:
        """The outbox row that a conversation was sent last, 0 where there is none."""
        with self.session() as session:
            return session.scalar(select(func.max(Outbound.id)).where(_of(address))) or 0

    def words(self, session: Session, row: Outbound) -> Heard:
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
        """Everything queued (of a release) has arrived; how many rows."""
        if release_id is None:
            return self.line.deliver(self)
        with self.session() as session:
            ids = session.scalars(select(Outbound.id).where(Outbound.release_id == release_id)).all()
        return self.line.deliver(self, ids)


def _of(chat: int) -> ColumnElement[bool]:
    """The rows to a chat: on Telegram its id, on WhatsApp a number with its plus, or who hides it."""
    return Outbound.address.in_((str(chat), f"+{chat}", f"ID.{chat}"))
