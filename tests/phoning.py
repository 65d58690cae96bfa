"""People on WhatsApp in tests: phones of Twilio's simulator, and all of ours between them and the rows.

What a person does goes as a signed webhook through the real web face into the inbox; what is queued for them
goes by the real channel, in real shapes of Content, to their phone. There it is compared with what was to be
said: a journey goes on only from what can be read and pressed on the phone. docs/channels.md says where
WhatsApp differs from Telegram, and why.
"""

import functools
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

from anyio.from_thread import BlockingPortal
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.channels import whatsapp_errors
from bot.outbound import outcomes
from bot.outbound.compose import Composer, Letter
from bot.reports import reading
from handlers.turn import Surroundings
from models.messages import files, outbox
from models.messages.claims import Claimed
from models.messages.outbox import Outbound, Priority
from models.sending import callbacks, gates, sending
from models.whatsapp import windows
from models.whatsapp.templates import Template
from tests import papers
from tests.chat import Chatter, Heard, Stage, Telegram
from tests.phones import Hidden, Phone
from tests.showing import compared
from tests.twilio_world import Made, Site

CHANNEL = "whatsapp"
OPENER = "window.open"


@dataclass
class WhatsApp:
    """People on WhatsApp, all of one simulator, whose loop runs in another thread, behind `portal`.

    Replies and notices arrive at once, as they do with a sender that runs; what goes to many arrives when a
    test says so (`most`)."""

    portal: BlockingPortal
    site: Site
    made: Made
    name: str = CHANNEL
    title: str = "WhatsApp"
    most: Priority = Priority.NOTICE

    def __post_init__(self) -> None:
        self._sending = threading.Lock()
        self._prepared = False

    # -- the line --------------------------------------------------------------------------------

    def chatter(self, stage: Stage, chat: int, name: str, person_id: int | None) -> Phone:
        address = f"+{chat}"
        if address not in self.site.account.people:
            self.portal.call(self.site.phones.create, name, address)
        if person_id is not None:  # whoever joined has written to us just now
            self.site.account.people[address].last_inbound = int(stage.now.timestamp())
        return Phone(stage, chat, name, person_id)

    def hidden(self, stage: Stage, name: str) -> Hidden:
        """Somebody whom the bot has never met, who hides the number."""
        who = Hidden(stage, 13_491_208_655_302 + next(stage.updates), name, None)
        self.portal.call(self.site.phones.create, name, "", who.address)
        return who

    def around(self, stage: Stage, around: Surroundings) -> Surroundings:
        reader = reading.Reader(self.site.store)

        def table(session: Session, media_id: int) -> list[tuple[int, Mapping[str, str]]]:
            media = session.get_one(files.Media, media_id)
            read = reader.read(media.key, media.name)
            assert not read.problems, read.problems
            return [(row.line, row.cells) for row in read.rows]

        return replace(around, table=table, whatsapp=self.site.account.sender.removeprefix("+"))

    def deliver(self, stage: Stage, ids: Collection[int] | None = None) -> int:
        with stage.session() as session, session.begin():
            unsent = select(Outbound).where(Outbound.status.in_(outbox.UNSENT))
            rows = session.scalars(unsent if ids is None else unsent.where(Outbound.id.in_(ids))).all()
            for row in rows:
                row.due_at = min(row.due_at, stage.now)
            elsewhere = [row.id for row in rows if row.channel != CHANNEL]
            here = [row.id for row in rows if row.channel == CHANNEL]
            addresses = sorted({row.address for row in rows if row.channel == CHANNEL})
        Telegram().deliver(stage, elsewhere)
        self.carry(stage, Priority.BULK, here)
        for address in addresses:  # they look at their phones
            if self.look(stage, address):
                self.carry(stage, Priority.BULK, here)
        return len(rows)

    def arrive(self, stage: Stage, ids: Collection[int]) -> None:
        self.deliver(stage, ids)

    def goes_out(self, stage: Stage) -> None:
        with stage.session() as session, session.begin():
            sending.expire(session, stage.now)
        self.carry(stage, Priority.BULK)
        with stage.session() as session:
            held = select(Outbound.address).distinct().where(windows.waits())
            addresses = session.scalars(held.order_by(Outbound.address)).all()
        for address in addresses:  # they look at their phones
            if self.look(stage, address):
                self.carry(stage, Priority.BULK)

    def slow(self) -> None:
        self.most = Priority.REPLY

    def keep(self, stage: Stage, key: str, sha256: str) -> tuple[str, str]:
        kept = self.site.store.put(papers.picture(key), stage.now)
        return kept.key, kept.sha256

    def sends_table(self, who: Chatter, name: str, rows: Sequence[Mapping[str, str]]) -> list[Heard]:
        assert isinstance(who, Phone)
        return who.sends_data("document", papers.workbook(rows), name)

    # -- what happens ------------------------------------------------------------------------------

    def prepare(self, stage: Stage) -> None:
        """It is now for everybody; our rows of the templates are there."""
        self.portal.call(self.site.tell_time, stage.now)
        if self._prepared:
            return
        self._prepared = True
        with stage.session() as session, session.begin():
            session.add_all(Template(**row) for row in self.made.rows)

    def play(self, stage: Stage, do: Any, *args: Any, **fields_: Any) -> None:
        """Somebody does something; it is handled, files are fetched, and what was said to it arrives."""
        self.prepare(stage)
        self.portal.call(functools.partial(do, *args, **fields_))
        stage.work()
        while self.portal.call(self.site.fetch):
            stage.work()
        self.carry(stage, self.most)

    def carry(self, stage: Stage, most: Priority, ids: Collection[int] | None = None) -> None:
        """What is due, and no less urgent than `most`, goes out; through the gates of the real sender."""
        self.prepare(stage)
        with self._sending:
            while taken := self._claim(stage, most, ids):
                self._send(stage, [row for row in taken if row is not None])

    def _claim(self, stage: Stage, most: Priority, ids: Collection[int] | None) -> list[Claimed | None]:
        """Rows that were taken; None for each that a gate has kept back."""
        due = (Outbound.status == outbox.QUEUED, Outbound.channel == CHANNEL, Outbound.due_at <= stage.now)
        which = select(Outbound).where(*due, Outbound.priority <= int(most))
        if ids is not None:
            wanted = Outbound.id.in_(ids) | (Outbound.op == "template")
            which = which.where(wanted)
        with stage.session() as session, session.begin():
            found = session.scalars(which.order_by(Outbound.priority, Outbound.id).limit(100)).all()
            rows = [Claimed(**{one.name: getattr(row, one.name) for one in fields(Claimed)}) for row in found]
            session.execute(
                update(Outbound)
                .where(Outbound.id.in_([row.id for row in rows]))
                .values(
                    status=outbox.SENDING, lease_owner="stage", tried_at=stage.now,
                    lease_until=stage.now + timedelta(minutes=1),
                )
            )  # fmt: skip
            through = gates.through(session, stage.now, rows, stage.programme)
        return [*through, *[None] * (len(rows) - len(through))]

    def _send(self, stage: Stage, rows: Sequence[Claimed]) -> None:
        if not rows:
            return
        with stage.session() as session:
            letters = Composer(stage.programme, {CHANNEL: self.site.downloads}).letters(session, rows)
        results = self.portal.call(self.site.deliver, letters)
        with stage.session() as session, session.begin():
            outcomes.write(session, stage.now, "stage", results, 0.0)
        with stage.session() as session, session.begin():
            rules = callbacks.Rules(whatsapp_errors.VERDICTS, programme=stage.programme)
            while callbacks.apply(session, stage.now, 500, rules).met:
                pass
        self._compare(stage, letters)

    def _compare(self, stage: Stage, letters: Sequence[Letter]) -> None:
        """What is on the phones says what was to be said."""
        addresses = {letter.row.address for letter in letters}
        seen = {address: self.portal.call(self.site.seen, address) for address in addresses}
        with stage.session() as session:
            for letter in letters:
                row = session.get_one(Outbound, letter.row.id)
                if row.status == outbox.FAILED:
                    assert row.reason == "blocked", f"{row.key} has failed: {row.reason} {row.error}"
                elif row.status == outbox.SENT and row.op != "template":
                    shown = [seen[row.address].get(sid) for sid in self.site.sent[row.id]]
                    there = [one for one in shown if one is not None]
                    file = bool(letter.media or letter.album or letter.report)
                    compared(stage.words(session, row), there, file=file)

    def look(self, stage: Stage, address: str) -> bool:
        """Somebody looks at the phone: where nothing but an opener is new, its button is pressed."""
        held = select(Outbound.id).where(
            Outbound.status == outbox.WAITING, Outbound.follows == windows.name(CHANNEL, address)
        )
        with stage.session() as session:
            if session.scalars(held.limit(1)).first() is None:
                return False
        messages = self.portal.call(self.site.seen, address).values()
        asked = [one for one in messages if any(button["id"] == OPENER for button in one["buttons"])]
        if not asked:
            return False
        self.play(stage, self.site.act, address, "press", sid=asked[-1]["sid"], id=OPENER)
        return True
