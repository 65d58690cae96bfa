"""Each channel at its own pace: one that is slow, told to wait or halted keeps no other waiting."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.channels import Channel, Outgoing, OutgoingButton, OutgoingMedia
from bot.channels.whatsapp import WhatsApp
from bot.outbound.hands import Hands
from bot.outbound.lane import Lane
from bot.outbound.throttle import Throttle
from bot.simulator import process
from bot.simulator.twilio.client import Phones
from models.messages import outbox
from models.messages.outbox import Outbound, Priority
from models.people import people
from models.sending import rests
from tests.bot.channels import twilio_server
from tests.bot.channels.twilio_server import WORDS, serving
from tests.bot.sending import SAY, Bench, at_work, bench
from tests.bot.simulator.twilio.program import FROM

pytestmark = pytest.mark.anyio
CHATS = tuple(range(101, 131))
NUMBERS = tuple(f"+62813{number:07}" for number in range(30))
TWILIO = {"hold": 5, "twilio_webhook": "http://127.0.0.1:9/inbound"}


@dataclass
class Both:
    """A sender with both channels, at both simulators; eight calls at once by WhatsApp."""

    bench: Bench

    @property
    def lane(self) -> Lane:
        return self.bench.sender.lanes["whatsapp"]

    def by(self, channel: Channel) -> None:
        """A new lane for WhatsApp."""
        telegram, throttle = self.bench.lane, Throttle(rate=500.0, chat_rate=500.0)
        lane = Lane(channel, throttle, Hands(8, 500.0), telegram.library, self.bench.clock, telegram.limits)
        self.bench.sender.lanes = {"telegram": telegram, "whatsapp": lane}

    async def fill(self, channel: str, addresses: Sequence[object], priority: Priority) -> None:
        """A message to each of them."""
        now = self.bench.clock.now()
        rows = [
            outbox.row(now, f"{channel}:{one}", channel, str(one), body={"text": SAY}, priority=priority)
            for one in addresses
        ]
        await self.bench.writer.write(lambda session: outbox.add(session, rows))

    def sent(self, channel: str) -> int:
        return self.in_state(channel, outbox.SENT)

    def in_state(self, channel: str, status: str) -> int:
        with Session(self.bench.engine) as session:
            which = (Outbound.channel == channel, Outbound.status == status)
            return session.scalar(select(func.count()).select_from(Outbound).where(*which)) or 0


def everybody_is_here(session: Session, now: datetime) -> None:
    for address in NUMBERS:
        people.meet(session, "whatsapp", address, "Siti", now).last_inbound_at = now


@asynccontextmanager
async def both_channels(engine: Engine, url: str, folder: Path) -> AsyncIterator[Both]:
    async with bench(engine, url, folder, *CHATS, simulator=TWILIO, stop=0.1) as made:
        phones = Phones(made.simulated.people)
        await phones.create_many([{"name": f"P{one}", "phone": one} for one in NUMBERS])
        await phones.batch([{"as": one, "do": "say", "text": "halo"} for one in NUMBERS])
        channel = WhatsApp(
            process.ACCOUNT_SID, process.AUTH_TOKEN, FROM, words=WORDS, api_url=made.simulated.url
        )
        await channel.start()
        both, now = Both(made), made.clock.now()
        both.by(channel)
        await made.writer.write(lambda session: everybody_is_here(session, now))
        try:
            yield both
        finally:
            await channel.close()


async def test_whatsapp_that_does_not_answer_keeps_telegram_from_nothing(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with both_channels(engine, database_url, tmp_path) as both:
        await both.bench.simulated.people.plan_fault("CreateMessage", "timeout_before", count=1000)
        await both.fill("whatsapp", NUMBERS, Priority.REPLY)
        async with at_work(both.bench):
            await both.bench.until(lambda: len(both.lane.under_way) == 8)
            await both.fill("telegram", CHATS, Priority.BULK)
            await both.bench.until(lambda: both.sent("telegram") == len(CHATS))
            assert both.sent("whatsapp") == 0
            assert both.in_state("whatsapp", outbox.SENDING) == 8
            assert both.in_state("whatsapp", outbox.QUEUED) == len(NUMBERS) - 8


async def test_telegram_that_does_not_answer_keeps_whatsapp_from_nothing(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with both_channels(engine, database_url, tmp_path) as both:
        both.bench.lane.hands = Hands(8, 500.0)
        await both.bench.simulated.people.plan_fault("sendMessage", "timeout_before", count=1000)
        await both.fill("telegram", CHATS, Priority.REPLY)
        async with at_work(both.bench):
            await both.bench.until(lambda: len(both.bench.lane.under_way) == 8)
            await both.fill("whatsapp", NUMBERS, Priority.BULK)
            await both.bench.until(lambda: both.sent("whatsapp") == len(NUMBERS))
            assert both.sent("telegram") == 0


async def test_who_is_told_to_wait_claims_nothing_while_the_other_goes_on(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with both_channels(engine, database_url, tmp_path) as both:
        people_ = both.bench.simulated.people
        await people_.plan_fault("CreateMessage", "429", count=1000, retry_after=2)
        await both.fill("whatsapp", NUMBERS, Priority.REPLY)
        async with at_work(both.bench):
            await both.bench.until(lambda: both.lane.throttle.paused() > 0)
            both.lane.throttle.pause(3600)
            await both.fill("telegram", CHATS, Priority.BULK)
            await both.bench.until(lambda: both.sent("telegram") == len(CHATS))
            assert both.lane.rest() > 3500
            assert both.sent("whatsapp") == 0
            taken = both.in_state("whatsapp", outbox.SENDING)
            assert taken <= 8, "no more than were in hand when it was told"
            assert both.in_state("whatsapp", outbox.QUEUED) == len(NUMBERS) - taken
        with Session(engine) as session:
            assert set(session.scalars(select(Outbound.attempts))) == {0}


async def test_one_that_came_at_a_crowded_moment_is_sent_again_and_rests_nobody(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    """Twilio names no time with "too many requests": it counts what is under way at once."""
    async with both_channels(engine, database_url, tmp_path) as both:
        await both.bench.simulated.people.plan_fault("CreateMessage", "429", count=3)
        await both.fill("whatsapp", NUMBERS, Priority.REPLY)
        async with at_work(both.bench):
            await both.bench.until(lambda: both.sent("whatsapp") >= len(NUMBERS) - 3)
            assert both.lane.rest() == 0
            await both.bench.until(lambda: both.sent("whatsapp") == len(NUMBERS))
        with Session(engine) as session:
            assert set(session.scalars(select(Outbound.attempts))) == {0}


async def test_a_channel_that_rests_claims_nothing_and_goes_on_afterwards(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with both_channels(engine, database_url, tmp_path) as both:
        now = both.bench.clock.now()
        until = await both.bench.writer.write(lambda session: rests.rest(session, now, "whatsapp", "63051"))
        await both.fill("whatsapp", NUMBERS, Priority.REPLY)
        await both.fill("telegram", CHATS, Priority.BULK)
        async with at_work(both.bench):
            await both.bench.until(lambda: both.sent("telegram") == len(CHATS))
            assert both.in_state("whatsapp", outbox.QUEUED) == len(NUMBERS)
            assert both.lane.rest() > 20
        both.bench.clock.offset = until - now
        both.by(both.lane.channel)  # half a minute later it asks again
        async with at_work(both.bench):
            await both.bench.until(lambda: both.sent("whatsapp") == len(NUMBERS))


# -- how many messages a call is -------------------------------------------------------------------

PHOTO = OutgoingMedia("photo", url="https://pesan.example/a.jpg")
PAPER = OutgoingMedia("document", url="https://pesan.example/a.pdf")
BUTTONS = ((OutgoingButton("Ya", "yes"), OutgoingButton("Tidak", "no")),)
LONG = "kata " * 700


@pytest.mark.parametrize(
    ("outgoing", "number"),
    [
        (Outgoing("send", NUMBERS[0], "halo"), 1),
        (Outgoing("send", NUMBERS[0], LONG), 3),
        (Outgoing("send", NUMBERS[0], "halo", buttons=BUTTONS), 1),
        (Outgoing("send", NUMBERS[0], LONG, buttons=BUTTONS), 4),
        (Outgoing("edit", NUMBERS[0], LONG, buttons=BUTTONS), 4),
        (Outgoing("answer", NUMBERS[0], "halo", buttons=BUTTONS), 1),
        (Outgoing("send", NUMBERS[0], "halo", media=PHOTO), 1),
        (Outgoing("send", NUMBERS[0], LONG, media=PHOTO), 4),
        (Outgoing("send", NUMBERS[0], "halo", media=PHOTO, buttons=BUTTONS), 2),
        (Outgoing("send", NUMBERS[0], "halo", media=PAPER), 2),
        (Outgoing("send", NUMBERS[0], media=PAPER), 1),
        (Outgoing("send", NUMBERS[0], album=(PHOTO, PHOTO, PHOTO)), 3),
        (Outgoing("send", NUMBERS[0], "halo", buttons=BUTTONS, keyboard="contact"), 1),
        (Outgoing("template", NUMBERS[0], template="buttons-1", variables={"1": "Siti"}), 1),
    ],
)
async def test_a_call_costs_as_many_messages_as_the_channel_makes_of_it(
    outgoing: Outgoing, number: int
) -> None:
    async with serving() as server, twilio_server.channel(server) as channel:
        await channel.send(outgoing)
        assert channel.messages(outgoing) == len(server.calls) == number
