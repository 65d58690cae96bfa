"""A sender whose calls to Twilio break off, and a settler that nobody runs but a test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels.whatsapp import WhatsApp
from bot.outbound.hands import Hands
from bot.outbound.lane import Lane
from bot.outbound.settler import Settler
from bot.outbound.throttle import Throttle
from bot.simulator import process
from bot.simulator.client import People
from bot.simulator.twilio.client import Phones
from models.messages import outbox
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.people import people
from tests.bot import sending
from tests.bot.channels.twilio_server import WORDS
from tests.bot.sending import Bench, at_work

SITI, ANI = "+6281317036688", "+6281317036689"
SURE = timedelta(seconds=60)


@dataclass
class Site:
    """A sender, a settler, and Twilio with the phones of Siti and Ani."""

    bench: Bench
    people: People
    phones: Phones
    whatsapp: WhatsApp
    settler: Settler

    async def queue(self, key: str, said: str = "", address: str = SITI, **more: object) -> None:
        post, now = Post("verdict.reason_else", {"note": said or f"Pesan {key}."}), self.bench.clock.now()

        def write(session: Session) -> None:
            outbox.queue(session, now, key, "whatsapp", address, post, **more)  # type: ignore[arg-type]

        await self.bench.writer.write(write)

    def row(self, key: str) -> Outbound:
        return self.bench.row(key)

    async def until(self, condition: Callable[[], bool]) -> None:
        await self.bench.until(condition)

    async def doubted(self, *keys: str) -> None:
        """The calls have broken off."""
        await self.until(lambda: all(self.row(key).unsettled for key in keys))

    async def sent(self, *keys: str) -> None:
        await self.until(lambda: all(self.row(key).status == outbox.SENT for key in keys))

    def later(self, by: timedelta) -> None:
        self.bench.clock.offset += by

    async def came(self, said: str) -> int:
        """How often a text came to the phones."""
        return int((await self.phones.deliveries(contains=said))["total"])

    async def arrived(self, said: str) -> None:
        async with asyncio.timeout(20):
            while not await self.came(said):
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def unsettled(engine: Engine, database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    simulator = {"hold": 1.0, "twilio_webhook": "http://127.0.0.1:9/inbound"}
    async with contextlib.AsyncExitStack() as stack:
        made = await stack.enter_async_context(
            sending.bench(engine, database_url, tmp_path, 7, simulator=simulator)
        )
        persons, url = made.simulated.people, made.simulated.url
        phones = Phones(persons)
        for address in (SITI, ANI):
            await phones.create("Siti", address)
            await phones.say(address, "halo")  # which opens the window
        sid, token, ours = process.ACCOUNT_SID, process.AUTH_TOKEN, f"whatsapp:{process.SENDER}"
        whatsapp = WhatsApp(sid, token, ours, words=WORDS, api_url=url, read_timeout=0.6)
        await whatsapp.start()
        stack.push_async_callback(whatsapp.close)
        throttle, telegram = Throttle(rate=500.0, chat_rate=500.0), made.lane
        lane = Lane(whatsapp, throttle, Hands(64, 80.0), telegram.library, made.clock, telegram.limits)
        made.sender.lanes = {"telegram": telegram, "whatsapp": lane}
        made.sender.listings = {"whatsapp": whatsapp.bodies}

        def meet(session: Session) -> None:
            now = made.clock.now()
            for address in (SITI, ANI):
                people.meet(session, "whatsapp", address, "Siti", now).last_inbound_at = now

        await made.writer.write(meet)
        recent = {"whatsapp": whatsapp.recent}
        settler = Settler(made.writer, made.clock, recent, 0.0, attempts=8, sure=SURE)
        await stack.enter_async_context(at_work(made))
        yield Site(made, persons, phones, whatsapp, settler)
