"""What the people of tests are on, and how our messages come to them: Telegram here, WhatsApp in
tests/phoning.py."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from handlers.turn import Surroundings
from models.messages import files, outbox
from models.messages.outbox import Outbound
from models.sending import recording, sending
from tests.chatter import Chatter

if TYPE_CHECKING:
    from tests.chat import Heard, Stage


class Line(Protocol):
    """What people are on, and how our messages come to them."""

    name: str
    title: str

    def chatter(self, stage: "Stage", chat: int, name: str, person_id: int | None) -> Chatter:
        """Somebody with this chat id, or this number (without its plus)."""

    def around(self, stage: "Stage", around: Surroundings) -> Surroundings:
        """What handlers may know, as it is on this line."""

    def deliver(self, stage: "Stage", ids: Collection[int] | None = None) -> int:
        """Everything unsent (of these rows) arrives, and who is asked to look does; how many rows."""

    def arrive(self, stage: "Stage", ids: Collection[int]) -> None:
        """These rows arrive, whatever waits."""

    def goes_out(self, stage: "Stage") -> None:
        """The sender's turn: what is over ends, what is due goes out, and nothing else."""

    def slow(self) -> None:
        """From now on only replies arrive by themselves, nothing that was not just asked for."""

    def keep(self, stage: "Stage", key: str, sha256: str) -> tuple[str, str]:
        """Key and hash of a picture in the store."""

    def sends_table(self, who: Chatter, name: str, rows: Sequence[Mapping[str, str]]) -> "list[Heard]":
        """Somebody sends a spreadsheet, which is fetched and read; everything said about it."""


class Telegram:
    """People on Telegram, whose messages arrive when a test says so."""

    name = "telegram"
    title = "Telegram"

    def chatter(self, stage: "Stage", chat: int, name: str, person_id: int | None) -> Chatter:
        return Chatter(stage, chat, name, person_id)

    def around(self, stage: "Stage", around: Surroundings) -> Surroundings:
        return around

    def deliver(self, stage: "Stage", ids: Collection[int] | None = None) -> int:
        with stage.session() as session, session.begin():
            query = select(Outbound).where(Outbound.status.in_((outbox.QUEUED, outbox.WAITING)))
            if ids is not None:
                query = query.where(Outbound.id.in_(ids))
            rows = session.scalars(query.order_by(Outbound.id)).all()
            for row in rows:
                row.status, row.sent_at, row.external_id = outbox.SENT, stage.now, f"m{row.id}"
            return len(rows)

    def arrive(self, stage: "Stage", ids: Collection[int]) -> None:
        with stage.session() as session, session.begin():
            for number in ids:
                row = session.get_one(Outbound, number)
                row.status, row.reason = outbox.SENT, ""

    def goes_out(self, stage: "Stage") -> None:
        with stage.session() as session, session.begin():
            sending.expire(session, stage.now)
            lease = stage.now + timedelta(minutes=1)
            rows = sending.claim(session, stage.now, "me", lease, limit=500, bulk=500)
            sent = [recording.Outcome(row.id, row.key, outbox.SENT) for row in rows]
            recording.record(session, stage.now, "me", sent, gap=1.0)

    def slow(self) -> None:
        """Nothing arrives by itself anyway."""

    def keep(self, stage: "Stage", key: str, sha256: str) -> tuple[str, str]:
        return key, sha256

    def sends_table(self, who: Chatter, name: str, rows: Sequence[Mapping[str, str]]) -> "list[Heard]":
        heard = who.sends_document(name)
        with who.stage.session() as session:
            media_id = max(session.scalars(select(files.Media.id)))
        who.stage.tables[media_id] = [(line, dict(row)) for line, row in enumerate(rows, start=2)]
        who.stage.internal(who.chat, f"roster.stored:{media_id}")
        return heard + who.hears(heard[-1].row.id)
