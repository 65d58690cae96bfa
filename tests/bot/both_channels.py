"""A sender with both channels, whose WhatsApp is a server that answers what a test says."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.files.links import Links
from bot.outbound.hands import Hands
from bot.outbound.lane import Lane
from bot.outbound.throttle import Throttle
from models.messages import files, outbox
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.people import people
from models.whatsapp import openers
from tests.bot import sending
from tests.bot.channels import twilio_server
from tests.bot.channels.twilio_server import Server, channel, serving
from tests.bot.sending import Bench, at_work

PUBLIC = "https://pesan.example"
SITI, ANI = "+6281317036688", "+6281317036689"


@dataclass
class Both:
    """A sender with both channels."""

    bench: Bench
    server: Server

    @property
    def lane(self) -> Lane:
        """How it sends by WhatsApp."""
        return self.bench.sender.lanes["whatsapp"]

    def opener(self) -> Outbound:
        """The one opener that there is."""
        with Session(self.bench.engine) as session:
            return session.scalars(select(Outbound).where(Outbound.part == openers.PART)).one()

    async def queue(self, key: str, address: str = SITI, post: Post | None = None, **more: Any) -> None:
        now, name = self.bench.clock.now(), "whatsapp" if address.startswith("+") else "telegram"
        said = None if "body" in more else post or Post(sending.SAY)
        await self.bench.writer.write(
            lambda session: outbox.queue(session, now, key, name, address, said, **more)
        )

    async def ended(self, *keys: str) -> list[Outbound]:
        over = (outbox.SENT, outbox.FAILED, outbox.CANCELLED)
        await self.bench.until(lambda: all(self.bench.row(key).status in over for key in keys))
        return [self.bench.row(key) for key in keys]


def both_are_here(session: Session, now: datetime) -> None:
    """They have just written to us: their windows are open."""
    for address in (SITI, ANI):
        people.meet(session, "whatsapp", address, "Siti", now).last_inbound_at = now


@contextlib.asynccontextmanager
async def both_channels(engine: Engine, url: str, folder: Path) -> AsyncIterator[Both]:
    """A sender at work on both channels, to people whose windows are open."""
    async with (
        serving() as server,
        channel(server) as whatsapp,
        sending.bench(engine, url, folder, 7) as made,
    ):
        by_telegram = made.lane
        by_telegram.library.links = {"whatsapp": Links(twilio_server.TOKEN, PUBLIC).make}
        throttle = Throttle(rate=500.0, chat_rate=500.0)
        lane = Lane(whatsapp, throttle, Hands(64, 80.0), by_telegram.library, made.clock, by_telegram.limits)
        made.sender.listings = {"whatsapp": whatsapp.bodies}
        made.sender.lanes = {"telegram": by_telegram, "whatsapp": lane}
        await made.writer.write(partial(both_are_here, now=made.clock.now()))
        async with at_work(made):
            yield Both(made, server)


async def a_paper(both: Both, name: str = "") -> int:
    """A document in our store."""
    kept = both.bench.store.put(b"%PDF-1.4 x", both.bench.clock.now())

    def add(session: Session) -> int:
        return files.add(
            session, both.bench.clock.now(), kind="document", key=kept.key, sha256=kept.sha256,
            mime=kept.mime, size=kept.size, purpose="item", name=name,
        ).id  # fmt: skip

    return await both.bench.writer.write(add)
