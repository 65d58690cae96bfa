"""What tests of the weekly cycle begin with: approved items, a release, and what became of its rows."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.content import states, variants
from models.content.content import Item
from models.messages import files, outbox
from models.messages.outbox import Outbound
from models.people.people import Opd, Person
from models.programme import weeks
from models.releases import releases
from models.releases.releases import Release
from tests.chat import Chatter, Heard, Stage


def item(
    stage: Stage,
    opd: str | None = "DINKES",
    *,
    week: str = "",
    title: str = "Imunisasi gratis",
    media: bool = False,
    status: str = states.APPROVED,
    album: int = 0,
    small: bool = False,
    **more: Any,
) -> int:
    """An item as it is after its approval, of an OPD or (None) of the province; its number.

    `album` further pictures hang on it; `more` are further fields.
    """
    agency = stage.agency(opd, f"Dinas {opd}" if opd != "DINKES" else "Dinas Kesehatan") if opd else None
    with stage.session() as session, session.begin():
        author = _author(session, stage)
        picture = _picture(session, stage, f"k{title}", "0" * 64, size=9) if media else None
        made = Item(
            opd_id=agency.id if agency else None,
            author_id=author.id,
            week=week or weeks.of(stage.now, stage.programme),
            status=status,
            version=1,
            title=title,
            what="Imunisasi gratis untuk balita di semua Puskesmas.",
            why="Anak yang diimunisasi terlindung dari campak dan polio.",
            caption="Ayo ke Puskesmas! #JambiSehat",
            source_url="https://dinkes.jambiprov.go.id/imunisasi",
            media_id=picture.id if picture else None,
            no_media=not media,
            created_at=stage.now,
            updated_at=stage.now,
        )
        for name, value in more.items():
            setattr(made, name, value)
        session.add(made)
        session.flush()
        if small and picture:
            _shrunk(session, stage, picture, f"s{title}")
        further = [
            _picture(session, stage, f"k{title}{nth}", "2" * 64, size=1_000_000).id for nth in range(album)
        ]
        variants.hang(session, made.id, further)
        return made.id


def _author(session: Session, stage: Stage) -> Person:
    """Who wrote all of them, and takes no part otherwise."""
    author = session.scalar(select(Person).where(Person.name == "Penulis"))
    if author is None:
        home = session.scalar(select(Opd).limit(1)) or Opd(code="DISKOMINFO", name="Dinas Kominfo")
        session.add(home)
        session.flush()
        author = Person(name="Penulis", opd_id=home.id, active=False, created_at=stage.now)
        session.add(author)
        session.flush()
    return author


def _picture(session: Session, stage: Stage, key: str, sha256: str, *, size: int) -> files.Media:
    key, sha256 = stage.line.keep(stage, key, sha256)
    return files.add(
        session, stage.now, kind="photo", key=key, sha256=sha256, mime="image/jpeg", size=size, purpose="item"
    )


def _shrunk(session: Session, stage: Stage, picture: files.Media, key: str) -> None:
    key, sha256 = stage.line.keep(stage, key, "1" * 64)
    files.shrink(session, picture, stage.now, key=key, sha256=sha256, size=9000, width=480, height=270)


def found(stage: Stage, number: int) -> Item:
    """An item as it is now."""
    with stage.session() as session:
        return session.get_one(Item, number)


def status(stage: Stage, number: int) -> str:
    """The state of an item."""
    return found(stage, number).status


def release(stage: Stage, week: str = "", by: Chatter | None = None, *, send: bool = True) -> int:
    """Releases a week now; with `send` everything has arrived. The id of the release."""
    name = week or weeks.of(stage.now, stage.programme)
    with stage.session() as session, session.begin():
        started = releases.start(
            session,
            name,
            stage.now,
            weeks.closing(name, stage.programme),
            province=stage.programme.province_short,
            by=session.get_one(Person, by.person_id) if by else None,
        )
        number = started.id
    if send:
        stage.sent(release_id=number)
    return number


def receiver(stage: Stage, name: str = "Siti", **item_: Any) -> Chatter:
    """Somebody who has received the week's item; `item_` says more about the item."""
    who = stage.person(name)
    item(stage, **item_)
    release(stage)
    return who


def settle(stage: Stage) -> list[Release]:
    """One round of looking after the releases; those that ended."""
    with stage.session() as session, session.begin():
        return releases.settle(session, stage.now)


def rows(stage: Stage, *which: object) -> list[Outbound]:
    """Rows of the outbox, in order."""
    with stage.session() as session:
        query = select(Outbound).where(*which).order_by(Outbound.id)  # type: ignore[arg-type]
        return list(session.scalars(query))


def cards(stage: Stage, who: Chatter | None = None) -> list[Outbound]:
    """The cards of releases, of everybody or of one person."""
    mine = () if who is None else (Outbound.person_id == who.person_id,)
    return rows(stage, Outbound.part == "card", *mine)


def statuses(stage: Stage, *which: object) -> dict[str, int]:
    """How many rows are in which state."""
    with stage.session() as session:
        query = select(Outbound.status, func.count()).where(*which).group_by(Outbound.status)  # type: ignore[arg-type]
        return {status: number for status, number in session.execute(query)}


def turned_out(stage: Stage, rows_: Iterable[Outbound], status: str, reason: str = "") -> None:
    """Says what became of rows, as the sender would have written it; what is sent arrives."""
    rows_ = list(rows_)
    if status == outbox.SENT:
        stage.line.arrive(stage, [row.id for row in rows_])
        return
    with stage.session() as session, session.begin():
        for row in rows_:
            found = session.get_one(Outbound, row.id)
            found.status, found.reason = status, reason
            if status == outbox.FAILED:
                outbox.cancel(session, Outbound.follows == found.key, reason=reason)


def count(stage: Stage, table: type, *which: object) -> int:
    """How many rows a table has that fit."""
    with stage.session() as session:
        return session.scalar(select(func.count()).select_from(table).where(*which)) or 0  # type: ignore[arg-type]


@dataclass
class Group:
    """A Telegram group with the bot in it. Every act returns what the bot said there."""

    stage: Stage
    chat: int = -1001
    title: str = "Rapat Rabuan"
    messages: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def _chat(self) -> dict[str, Any]:
        return {"id": self.chat, "type": "supergroup", "title": self.title}

    def _act(self, raw: dict[str, Any]) -> list[Heard]:
        heard = self.stage.heard(self.chat)
        self.stage.receive(raw, self.chat)
        after = heard[-1].row.id if heard else 0
        return [said for said in self.stage.heard(self.chat, after) if said.op != "answer"]

    def _member(self, by: Chatter, before: str, after: str) -> list[Heard]:
        bot = {"id": 1, "is_bot": True, "first_name": "Satu Pesan"}
        return self._act(
            {
                "my_chat_member": {
                    "chat": self._chat(),
                    "from": {"id": by.chat, "is_bot": False, "first_name": by.name},
                    "date": int(self.stage.now.timestamp()),
                    "old_chat_member": {"user": bot, "status": before},
                    "new_chat_member": {"user": bot, "status": after},
                }
            }
        )

    def invites(self, by: Chatter) -> list[Heard]:
        """Somebody adds the bot."""
        return self._member(by, "left", "member")

    def removes(self, by: Chatter) -> list[Heard]:
        """Somebody removes the bot."""
        return self._member(by, "member", "kicked")

    def hears(self, who: Chatter, text: str) -> list[Heard]:
        """Somebody writes in the group."""
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return self._act(
            {
                "message": {
                    "message_id": next(self.messages),
                    "date": int(self.stage.now.timestamp()),
                    "chat": self._chat(),
                    "from": {"id": who.chat, "is_bot": False, "first_name": who.name},
                    "text": text,
                    **({"entities": entities} if text.startswith("/") else {}),
                }
            }
        )

    def moves(self, to: int) -> None:
        """The group becomes a supergroup with another id."""
        self._act(
            {
                "message": {
                    "message_id": next(self.messages),
                    "date": int(self.stage.now.timestamp()),
                    "chat": self._chat(),
                    "from": {"id": 5, "is_bot": False, "first_name": "Admin"},
                    "migrate_to_chat_id": to,
                }
            }
        )
        self.chat = to


def open_releases(stage: Stage) -> list[Release]:
    """The releases that are running or paused."""
    with stage.session() as session:
        return releases.running(session)


def person(session: Session, who: Chatter) -> Person:
    """The row of somebody, in a session."""
    return session.get_one(Person, who.person_id)
