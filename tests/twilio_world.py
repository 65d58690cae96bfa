"""WhatsApp around a programme of tests: Twilio's simulator, the web face that hears it and gives out files,
the channel that sends; all of it over real HTTP, signed as Twilio signs."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.channels import Outgoing, Receipt, SendError
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_content import Words
from bot.clock import Clock
from bot.files.fetcher import Fetcher
from bot.files.handout import Handout
from bot.files.links import Links
from bot.files.media import Store
from bot.inbound import web, webhooks
from bot.inbound.intake import Intake
from bot.outbound import outcomes
from bot.outbound.compose import Letter
from bot.outbound.downloads import Downloads
from bot.outbound.library import Library
from bot.reports import makers
from bot.running.serving import Server
from bot.simulator.client import People
from bot.simulator.process import ACCOUNT_SID, AUTH_TOKEN, SENDER, TOKEN
from bot.simulator.server import Server as Simulator
from bot.simulator.twilio.account import Account
from bot.simulator.twilio.client import Phones
from bot.simulator.twilio.signing import headers
from bot.simulator.twilio.store import Content
from bot.simulator.world import World
from bot.storage import database
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from bot.telemetry import metrics
from bot.texts import rendering
from models.programme.programme import Programme
from models.sending import callbacks
from models.whatsapp.templates import Template
from tests import databases, printing, programs
from tests.faults import cluster

BOT = "satupesan_bot"
PATIENCE = 20.0  # seconds


class Told(Clock):
    """A clock that shows what a test says."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class Made:
    """What the command `whatsapp templates` made at Twilio: the Contents there, and our rows of them."""

    contents: Mapping[str, Content]
    rows: Sequence[Mapping[str, Any]]

    def sids(self) -> dict[str, str]:
        return {str(row["name"]): str(row["content_sid"]) for row in self.rows}


@dataclass
class Site:
    """One programme's WhatsApp. All of it lives in one loop of asyncio."""

    account: Account
    simulator: Simulator
    url: str
    public: str
    phones: Phones
    people: People
    channel: WhatsApp
    library: Library
    downloads: Downloads
    store: Store
    fetcher: Fetcher
    clock: Told
    http: aiohttp.ClientSession
    sent: dict[int, list[str]] = field(default_factory=dict)  # row → its messages at Twilio
    forged: int = 0

    async def tell_time(self, moment: datetime) -> None:
        """It is this moment for everybody."""
        self.clock.moment = moment
        await self.people.clock(now=int(moment.timestamp()))

    async def act(self, address: str, do: str, **fields: Any) -> None:
        """Somebody does something on the phone; returns when the program has been told of it."""
        await self.phones.act(address, do, **fields)
        await self.quiet()

    async def bring(self, address: str, name: str, **fields: str) -> None:
        """A message that no phone sent, signed all the same: the press of a button that is not (or no longer)
        there, as an altered app could send it."""
        self.forged += 1
        self.account.people[address].last_inbound = int(self.clock.moment.timestamp())
        form = {
            "MessageSid": f"SM{self.forged:032x}", "From": f"whatsapp:{address}", "ProfileName": name,
            "To": f"whatsapp:{SENDER}", "SmsStatus": "received", "NumMedia": "0", "Body": "", **fields,
        }  # fmt: skip
        url = self.public + webhooks.TWILIO_PATH
        async with self.http.post(url, data=form, headers=headers(AUTH_TOKEN, url, form)) as answer:
            assert answer.status == 200, await answer.text()

    async def quiet(self) -> None:
        """Until nothing is under way at Twilio: messages are on the phones, the program has heard of all."""
        assert self.simulator.twilio is not None
        hooks, sender = self.simulator.twilio.hooks, self.simulator.twilio.sender
        async with asyncio.timeout(PATIENCE):
            while sender.waiting or hooks.inbound_lanes.waiting or hooks.status_lanes.waiting:
                await asyncio.sleep(0.001)

    async def deliver(self, letters: Sequence[Letter]) -> list[outcomes.Result]:
        """Sends letters one after the other, as the sender does with those to one conversation."""
        found = [await self._deliver(letter) for letter in letters]
        await self.quiet()
        return found

    async def _deliver(self, letter: Letter) -> outcomes.Result:
        if letter.void:
            return outcomes.void(letter)
        assert not letter.broken, letter.broken
        expires = letter.row.expires_at
        if expires is not None and expires <= self.clock.now():
            return outcomes.expired(letter)
        try:
            receipt = await self._call(letter)
        except SendError as error:
            raise AssertionError(f"WhatsApp refused {letter.outgoing}: {error}") from error
        if void := receipt.details.get("void"):
            return outcomes.void(dataclasses.replace(letter, void=void))
        self.sent[letter.row.id] = list(receipt.pieces) or [receipt.external_id]
        return outcomes.sent(letter, receipt)

    async def _call(self, letter: Letter) -> Receipt:
        outgoing: Outgoing = letter.outgoing
        if letter.album:
            async with self.library.lend_album(letter.album, "whatsapp") as (album, _):
                return await self.channel.send(outcomes.with_album(outgoing, album))
        media = await self.library.report(letter.report) if letter.report else letter.media
        if media is None:
            return await self.channel.send(outgoing)
        async with self.library.lend(media, "whatsapp") as (lent, _):
            return await self.channel.send(outcomes.with_media(outgoing, lent))

    async def seen(self, address: str) -> dict[str, dict[str, Any]]:
        """The messages on somebody's phone, by sid."""
        history = await self.phones.history(address)
        return {str(one["sid"]): one for one in history["messages"]}

    async def fetch(self) -> int:
        """The files that people sent are brought into our store; how many."""
        return await self.fetcher.sweep()

    def complaints(self) -> list[str]:
        """What Twilio had to complain about."""
        stats = self.account.stats
        return [f"{what}: {number}" for what, number in {**stats.errors, **stats.not_played}.items()]


@contextlib.asynccontextmanager
async def site(engine: Engine, folder: Path, made: Made) -> AsyncIterator[Site]:
    """WhatsApp for the database behind `engine`; `folder` is for files."""
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(engine, wakeups)
    writer.start()
    reader = database.reading(database.url(databases.address(engine)))
    clock, port = Told(), programs.free_port()
    public = f"http://127.0.0.1:{port}"
    clock.moment = datetime.fromtimestamp(0).astimezone()
    store, links = Store(f"file://{folder / 'media'}"), Links(AUTH_TOKEN, public)
    reports = makers.makers(store, BOT, Programme().zone)
    (folder / "twilio").mkdir()
    account = Account(
        World(TOKEN, folder / "twilio"), ACCOUNT_SID, AUTH_TOKEN, SENDER, public + webhooks.TWILIO_PATH
    )
    account.contents = dict(made.contents)
    account.settings.set({"rate": 0})
    simulator = Simulator(account.world, account=account)
    url = f"http://127.0.0.1:{await simulator.start(0)}"
    channel = WhatsApp(
        ACCOUNT_SID, AUTH_TOKEN, f"whatsapp:{SENDER}",
        words=Words(rendering.label("whatsapp.choose", {}), rendering.label("whatsapp.please", {})),
        contents=made.sids, api_url=url, status_url=public + webhooks.STATUS_PATH,
    )  # fmt: skip
    await channel.start()
    handout = Handout(reader, store, clock, links)
    face = asyncio.create_task((server := _face(writer, reader, clock, public, port, handout)).serve())
    async with asyncio.timeout(PATIENCE):
        while not server.started:
            await asyncio.sleep(0.001)
    downloads = Downloads(links.make, clock)
    library = Library(reader, writer, store, clock, printing.here(reader, reports), {"whatsapp": links.make})
    fetcher = Fetcher(writer, clock, {"whatsapp": channel}, store, discard={"whatsapp": channel.discard})
    refused = metrics.webhooks_refused.labels("whatsapp")._value.get()
    async with People(url) as people, aiohttp.ClientSession() as http:
        yield Site(
            account, simulator, url, public, Phones(people), people, channel, library, downloads, store,
            fetcher, clock, http,
        )  # fmt: skip
    assert metrics.webhooks_refused.labels("whatsapp")._value.get() == refused, "a signature was refused"
    await channel.close()
    await simulator.stop()
    server.should_exit = True
    await face
    writer.close()
    reader.dispose()
    store.close()


def _face(writer: Writer, reader: Engine, clock: Clock, public: str, port: int, handout: Handout) -> Server:
    """The web face, which hears Twilio and gives out files."""
    intakes = {name: Intake(writer, clock, name) for name in ("telegram", "whatsapp")}
    statuses = webhooks.reports(writer, clock, callbacks.note)
    application = web.application(
        reader=reader, clock=clock, intakes=intakes, telegram_secret="x", handout=handout,
        twilio=webhooks.Twilio(intakes["whatsapp"], AUTH_TOKEN, public, statuses),
    )  # fmt: skip
    config = uvicorn.Config(application, host="127.0.0.1", port=port, log_config=None, lifespan="off")
    return Server(config)


async def made(folder: Path) -> Made:
    """Runs the real command against a simulator, with a database in `folder`."""
    account = Account(World(TOKEN, folder), ACCOUNT_SID, AUTH_TOKEN, SENDER, "")
    account.settings.set({"review": 0})
    simulator = Simulator(account.world, account=account)
    api = f"http://127.0.0.1:{await simulator.start(0)}"
    url = f"sqlite:///{folder / 'templates.db'}"
    cluster.prepare(url).dispose()
    env = programs.environment(url, api, folder) | {
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN, "TWILIO_API_URL": api,
        "TWILIO_WHATSAPP_FROM": f"whatsapp:{SENDER}", "PUBLIC_URL": "https://pesan.example",
    }  # fmt: skip
    await asyncio.to_thread(programs.command, env, "whatsapp", "templates")
    await simulator.stop()
    engine = database.reading(database.url(url))
    with Session(engine) as session:
        columns = Template.__table__.columns.keys()
        rows = [{name: getattr(row, name) for name in columns} for row in session.scalars(select(Template))]
    engine.dispose()
    return Made(account.contents, rows)
