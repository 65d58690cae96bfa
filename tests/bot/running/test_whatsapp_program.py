"""WhatsApp in the program as a whole: there with an account, and nothing of it without."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.channels.whatsapp import WhatsApp
from bot.clock import Clock
from bot.config import settings
from bot.files.fetcher import Fetcher
from bot.files.media import Store
from bot.running import runtime
from bot.running.program import Program
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.messages import files, inbox, outbox
from models.messages.inbox import Update
from models.messages.outbox import Outbound
from tests import programs
from tests.bot.channels import twilio_server
from tests.bot.channels.twilio_server import SENDER, SID, channel, created, serving
from tests.bot.twilio_site import signature
from tests.faults import cluster as clusters
from tests.simulated import start_simulator

pytestmark = pytest.mark.anyio
CONFIG = programs.ROOT / "config.yaml"
PUBLIC = "https://pesan.example"
SITI, ANI = "+6281317036688", "+6281317036689"


# -- the program -----------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def started(
    url: str, folder: Path, twilio_url: str = "", **more: object
) -> AsyncIterator[tuple[Program, str]]:
    """A program with all roles, and the address of its web face; with WhatsApp where there is a Twilio."""
    clusters.prepare(url).dispose()
    port = programs.free_port()
    async with start_simulator(limiter="off") as simulated:
        env = programs.environment(url, simulated.url, folder, web__port=port, **more)
        if twilio_url:
            env |= {
                "TWILIO_ACCOUNT_SID": SID,
                "TWILIO_AUTH_TOKEN": twilio_server.TOKEN,
                "TWILIO_WHATSAPP_FROM": SENDER,
                "TWILIO_API_URL": twilio_url,
                "PUBLIC_URL": PUBLIC,
            }
        loaded = settings.load(CONFIG, env, ["TELEGRAM_TOKEN"])
        async with runtime.program(loaded) as program:
            yield program, f"http://127.0.0.1:{port}"


@contextlib.asynccontextmanager
async def running(program: Program, url: str) -> AsyncIterator[aiohttp.ClientSession]:
    task = asyncio.create_task(program.run())
    async with aiohttp.ClientSession() as http:
        async with asyncio.timeout(30):
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with http.get(f"{url}/health") as answer:
                        if answer.status == 200:
                            break
                await asyncio.sleep(0.05)
        yield http
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(done: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not done():
            await asyncio.sleep(0.02)


async def test_without_an_account_there_is_no_whatsapp(database_url: str, tmp_path: Path) -> None:
    async with started(database_url, tmp_path) as (program, url):
        assert program.whatsapp is None
        assert program.library.links == {}
        async with running(program, url) as http:
            for path in ("/webhooks/twilio", "/webhooks/twilio/status", "/media/1.2.x/y"):
                async with http.post(url + path) as answer:
                    assert answer.status == 404


def test_without_an_account_the_library_is_not_even_loaded() -> None:
    code = "import bot.running.runtime, bot.cli, sys; print('twilio.rest' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=programs.ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "False", done.stderr


async def test_with_an_account_a_message_comes_in_and_its_answer_goes_out(
    database_url: str, tmp_path: Path
) -> None:
    form = [("MessageSid", "SM1"), ("From", f"whatsapp:{SITI}"), ("Body", "halo"), ("ProfileName", "Siti")]
    proof = {"X-Twilio-Signature": signature(f"{PUBLIC}/webhooks/twilio", form, twilio_server.TOKEN)}
    async with (
        serving(created(1), created(2)) as server,
        started(database_url, tmp_path, server.url) as (program, url),
        running(program, url) as http,
    ):
        async with http.post(f"{url}/webhooks/twilio", data=dict(form), headers=proof) as answer:
            assert answer.status == 200
        await until(lambda: bool(server.calls))
        async with http.post(f"{url}/webhooks/twilio", data=dict(form)) as answer:
            assert answer.status == 403
        await until(lambda: all(one.status == outbox.SENT for one in _rows(program, Outbound)))
        updates, said = _rows(program, Update), _rows(program, Outbound)
    assert {call.only()["To"] for call in server.calls} == {f"whatsapp:{SITI}"}
    assert server.calls[0].only()["Body"]
    assert [one.status for one in updates] == [inbox.DONE]
    # Nobody is asked to share a number that WhatsApp has told us.
    assert [row.body["text"] for row in said] == ["joining.no_match", "joining.ask_nip"]
    assert [row.external_id for row in said] == [f"SM{1:032x}", f"SM{2:032x}"]


def _rows(program: Program, kind: Any) -> list[Any]:
    """Of a program that runs: its engines are gone when it has ended."""
    with Session(program.reader) as session:
        return [one for one in session.scalars(select(kind)) if one.channel == "whatsapp"]


# -- files that come in ----------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def fetching(engine: Engine, whatsapp: WhatsApp, store: Store) -> AsyncIterator[Writer]:
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(engine, wakeups)
    writer.start()
    fetcher = Fetcher(writer, Clock(), {"whatsapp": whatsapp}, store, discard={"whatsapp": whatsapp.discard})
    task = asyncio.create_task(fetcher.run())
    try:
        yield writer
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        writer.close()


PATH = f"/2010-04-01/Accounts/{SID}/Messages/MM1/Media/ME1"


@pytest.mark.parametrize(
    ("data", "status"), [(b"%PDF-1.4 x", files.STORED), (b"", files.FAILED)], ids=["good", "empty"]
)
async def test_a_file_is_fetched_kept_and_only_then_deleted_at_twilio(
    engine: Engine, tmp_path: Path, data: bytes, status: str
) -> None:
    states: list[str] = []

    async def media(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.Response(body=data)
        with Session(engine) as session:
            states.append(session.scalars(select(files.Media)).one().status)
        return web.Response(status=204)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", media)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with serving() as server, channel(server, api_url=url) as whatsapp:
        store = Store(f"file://{tmp_path / 'media'}")
        async with fetching(engine, whatsapp, store) as writer:
            await writer.write(
                lambda session: files.register(
                    session, Clock().now(), "whatsapp", remote_id=url + PATH, unique_id="ME1",
                    kind="document", purpose="roster", mime="application/pdf",
                )
            )  # fmt: skip
            await until(lambda: bool(states))
    await runner.cleanup()
    assert states == [status]
