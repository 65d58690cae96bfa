"""A web face that hears Twilio and gives out files, over real HTTP; and Twilio, as it signs."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import uvicorn
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.files.handout import Handout
from bot.files.links import Links
from bot.files.media import Store
from bot.inbound import web, webhooks
from bot.inbound.intake import Intake
from bot.inbound.refusals import Refusals
from bot.running.serving import Server
from bot.storage import database
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from bot.telemetry import metrics
from models.messages import files
from models.messages.inbox import Update
from models.sending.callbacks import Report
from tests import programs

TOKEN = "auth-token-of-this-test"
PUBLIC = "https://pesan.example/satu"
IN, STATUS = "/webhooks/twilio", "/webhooks/twilio/status"
SM = "SM" + "a" * 32
FORM = [
    ("MessageSid", SM), ("From", "whatsapp:+6281317036688"), ("To", "whatsapp:+6281100001111"),
    ("Body", "halo"), ("ProfileName", "Siti"), ("NumMedia", "0"), ("SmsStatus", "received"),
]  # fmt: skip
Fields = Sequence[tuple[str, str]]


def signature(url: str, fields: Fields, token: str = TOKEN) -> str:
    """As Twilio describes it, without the library: the address, then all names with their values."""
    named: dict[str, set[str]] = {}
    for name, value in fields:
        named.setdefault(name, set()).add(value)
    text = url + "".join(name + value for name in sorted(named) for value in sorted(named[name]))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


@dataclass
class Site:
    url: str
    engine: Engine
    session: aiohttp.ClientSession
    clock: Clock
    store: Store
    links: Links
    refusals: Refusals
    telegram_refusals: Refusals
    reports: list[Report] = field(default_factory=list)
    commits: int = 0

    async def post(
        self, fields: Fields | bytes, path: str = IN, headers: dict[str, str] | None = None, query: str = ""
    ) -> tuple[int, str, str]:
        """Brings a form with exactly these headers; status, type and body of the answer."""
        data = BytesIO(fields if isinstance(fields, bytes) else urlencode(list(fields)).encode())
        given = {"Content-Type": "application/x-www-form-urlencoded"} | (headers or {})
        async with self.session.post(self.url + path + query, data=data, headers=given) as answer:
            return answer.status, answer.content_type, await answer.text()

    async def bring(self, fields: Fields, path: str = IN, **more: str) -> tuple[int, str, str]:
        """Brings a form as Twilio does, signed for the address that it was told."""
        query = more.pop("query", "")
        proof = {"X-Twilio-Signature": signature(PUBLIC + path + query, fields)}
        return await self.post(fields, path, proof | more, query)

    def rows(self) -> list[Update]:
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(Update).order_by(Update.id)))

    def note(self, _session: Session, _now: datetime, channel: str, reports: Sequence[Report]) -> int:
        assert channel == "whatsapp"
        new = [one for one in dict.fromkeys(reports) if one not in self.reports]
        self.reports += new
        self.commits += 1
        return len(new)

    def add(self, data: bytes, mime: str, name: str) -> int:
        kept = self.store.put(data, self.clock.now())
        with Session(self.engine) as session, session.begin():
            media = files.add(
                session, self.clock.now(), kind="document", key=kept.key, sha256=kept.sha256, mime=mime,
                size=kept.size, purpose="item", name=name,
            )  # fmt: skip
            return media.id

    async def get(self, url: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        async with self.session.request(method, url.replace(PUBLIC, self.url)) as answer:
            return answer.status, dict(answer.headers), await answer.read()


@contextlib.asynccontextmanager
async def site(engine: Engine, url: str, folder: Path, **more: float) -> AsyncIterator[Site]:
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(engine, wakeups)
    writer.start()
    reader, clock = database.reading(database.url(url)), Clock()
    store, links = Store(f"file://{folder / 'media'}"), Links(TOKEN, PUBLIC)
    refusals, others = Refusals("whatsapp", burst=5), Refusals("telegram")
    port = programs.free_port()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        made = Site(f"http://127.0.0.1:{port}", engine, session, clock, store, links, refusals, others)
        statuses = webhooks.reports(writer, clock, made.note)
        application = web.application(
            reader=reader,
            clock=clock,
            intakes={"telegram": Intake(writer, clock, "telegram")},
            telegram_secret="x",
            twilio=webhooks.Twilio(
                Intake(writer, clock, "whatsapp"), TOKEN, PUBLIC, statuses, refusals, **more
            ),
            handout=Handout(reader, store, clock, links),
            refusals=others,
        )
        server = Server(
            uvicorn.Config(application, host="127.0.0.1", port=port, log_config=None, lifespan="off")
        )
        task = asyncio.create_task(server.serve())
        async with asyncio.timeout(20):
            while not server.started:
                await asyncio.sleep(0.01)
        yield made
    server.should_exit = True
    await task
    writer.close()
    reader.dispose()
    store.close()


def refused() -> float:
    value: float = metrics.webhooks_refused.labels("whatsapp")._value.get()
    return value
