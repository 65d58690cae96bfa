"""A call whose answer is lost, over real HTTP: Twilio's own report settles it, before anybody asks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels import whatsapp_errors
from bot.channels.whatsapp import WhatsApp
from bot.inbound import web, webhooks
from bot.inbound.callbacks import Callbacks
from bot.inbound.intake import Intake
from bot.outbound.hands import Hands
from bot.outbound.lane import Lane
from bot.outbound.throttle import Throttle
from bot.running.serving import Server
from bot.simulator import process
from bot.simulator.client import People
from bot.simulator.twilio.client import Phones
from bot.storage import database
from bot.telemetry import metrics
from models.messages import outbox
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.people import people
from models.sending import callbacks, reported
from models.sending.callbacks import Rules
from tests import programs
from tests.bot import sending
from tests.bot.channels.twilio_server import WORDS
from tests.bot.sending import Bench, at_work

pytestmark = pytest.mark.anyio
SITI = "+6281317036688"
CREATE = "createmessage"
HOLD = 1.0  # seconds for which the simulator keeps an answer back


@dataclass
class Site:
    """A sender, a web face that hears Twilio, and what applies reports. Nobody asks for lists."""

    bench: Bench
    people: People
    phones: Phones

    async def queue(self, key: str, said: str) -> None:
        post, now = Post("verdict.reason_else", {"note": said}), self.bench.clock.now()
        await self.bench.writer.write(lambda session: outbox.queue(session, now, key, "whatsapp", SITI, post))

    async def row(self, key: str, status: str = outbox.SENT, delivery: str = reported.DELIVERED) -> Outbound:
        """The row, as soon as it has come so far."""

        def there() -> bool:
            row = self.bench.row(key)
            return (row.status, row.delivery) == (status, delivery)

        await self.bench.until(there, 30)
        return self.bench.row(key)

    async def calls(self, name: str) -> int:
        return int((await self.phones.stats())["calls"].get(name, 0))

    async def came(self, said: str) -> int:
        return int((await self.phones.deliveries(contains=said))["total"])


@contextlib.asynccontextmanager
async def site(engine: Engine, url: str, folder: Path, patience: float) -> AsyncIterator[Site]:
    """`patience` is how long an answer of Twilio is waited for, in seconds."""
    simulator = {"hold": HOLD, "twilio_webhook": "http://127.0.0.1:9/inbound"}
    async with contextlib.AsyncExitStack() as stack:
        made = await stack.enter_async_context(sending.bench(engine, url, folder, 7, simulator=simulator))
        persons, phones = made.simulated.people, Phones(made.simulated.people)
        await phones.create("Siti", SITI)
        await phones.say(SITI, "halo")  # which opens the window
        port = programs.free_port()
        public = f"http://127.0.0.1:{port}"
        whatsapp = WhatsApp(
            process.ACCOUNT_SID, process.AUTH_TOKEN, f"whatsapp:{process.SENDER}", words=WORDS,
            api_url=made.simulated.url, status_url=public + webhooks.STATUS_PATH, read_timeout=patience,
        )  # fmt: skip
        await whatsapp.start()
        stack.push_async_callback(whatsapp.close)
        lane = Lane(
            whatsapp, Throttle(rate=500.0, chat_rate=500.0), Hands(64, 80.0), made.lane.library, made.clock,
            made.lane.limits,
        )  # fmt: skip
        made.sender.lanes = {"telegram": made.lane, "whatsapp": lane}
        made.sender.listings = {"whatsapp": whatsapp.bodies}

        def meet(session: Session) -> None:
            now = made.clock.now()
            people.meet(session, "whatsapp", SITI, "Siti", now).last_inbound_at = now

        await made.writer.write(meet)
        reader = database.reading(database.url(url))
        stack.callback(reader.dispose)
        twilio = webhooks.Twilio(
            Intake(made.writer, made.clock, "whatsapp"), process.AUTH_TOKEN, public,
            webhooks.reports(made.writer, made.clock, callbacks.note),
        )  # fmt: skip
        intakes = {"telegram": Intake(made.writer, made.clock, "telegram")}
        application = web.application(
            reader=reader, clock=made.clock, intakes=intakes, telegram_secret="x", twilio=twilio
        )
        server = Server(
            uvicorn.Config(application, host="127.0.0.1", port=port, log_config=None, lifespan="off")
        )
        rules = Rules(whatsapp_errors.VERDICTS)
        await stack.enter_async_context(running(server.serve(), server))
        await stack.enter_async_context(running(Callbacks(made.writer, made.clock, rules).run()))
        await stack.enter_async_context(at_work(made))
        yield Site(made, persons, phones)


@contextlib.asynccontextmanager
async def running(loop: Any, server: Server | None = None) -> AsyncIterator[None]:
    task = asyncio.create_task(loop)
    async with asyncio.timeout(20):
        while server is not None and not server.started:
            await asyncio.sleep(0.01)
    try:
        yield
    finally:
        if server is None:
            task.cancel()
        else:
            server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)


async def test_twilios_report_settles_a_call_whose_answer_was_lost(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    refused = metrics.webhooks_refused.labels("whatsapp")._value.get()
    async with site(engine, database_url, tmp_path, patience=0.5) as made:
        await made.people.plan_fault(CREATE, "timeout_after")
        await made.queue("a", "Pesan a.")
        row = await made.row("a")
        [shown] = [one for one in (await made.phones.history(SITI))["messages"] if one["body"] == "Pesan a."]
        assert (row.external_id, row.resent, row.unsettled) == (shown["sid"], 0, False)
        assert (await made.came("Pesan a."), await made.calls("ListMessage")) == (1, 0)
    assert metrics.webhooks_refused.labels("whatsapp")._value.get() == refused, "the query is signed, too"


async def test_a_report_that_comes_long_before_the_call_breaks_off_neither_confuses_nor_doubles(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with site(engine, database_url, tmp_path, patience=20) as made:
        await made.people.plan_fault(CREATE, "timeout_after")
        await made.queue("a", "Pesan a.")
        await made.queue("b", "Pesan b.")
        for key in ("a", "b"):
            assert (await made.row(key)).resent == 0
            assert await made.came(f"Pesan {key}.") == 1


async def test_the_last_piece_of_a_message_is_settled_by_its_report(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    said = "\n\n".join(f"Bagian {nth}. " + "kata " * 295 for nth in (1, 2))
    async with site(engine, database_url, tmp_path, patience=0.5) as made:
        await made.people.limits(latency_ms=150)
        await made.queue("a", said)
        async with asyncio.timeout(20):
            while await made.calls("CreateMessage") < 2:
                await asyncio.sleep(0.005)
        await made.people.plan_fault(CREATE, "timeout_after")
        row = await made.row("a")
        assert len(row.pieces.split(",")) == 2
        assert all(row.pieces.split(","))
        assert [await made.came(f"Bagian {nth}.") for nth in (1, 2)] == [1, 1]
        assert await made.calls("CreateMessage") == 2
