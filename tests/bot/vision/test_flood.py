"""More pictures than can be taken at once: they wait in the database, and none is lost."""

import asyncio
import hashlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import psutil
import pytest
from aiohttp import web
from sqlalchemy import func, select

from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.demo import pictures
from bot.files.fetcher import Fetcher
from bot.files.media import Store
from bot.running.aside import Aside
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from bot.vision.examiner import Examiner
from models.messages import files
from models.messages.files import FileCopy, Media
from models.shares import standings
from models.shares.shares import Evidence, Share
from tests import proving
from tests.bot.channels.telegram_server import TOKEN, ok
from tests.bot.vision.test_examiner import ROAD, World
from tests.chat import Stage

MANY, AT_ONCE = 8, 2
PASSES = timedelta(minutes=3)  # on the clock, at the most: less than a lease


@dataclass
class Files:
    """A Bot API that hands out files, and sees how many are fetched at a time."""

    contents: dict[str, bytes] = field(default_factory=dict)
    open: int = 0
    most: int = 0

    async def call(self, request: web.Request) -> web.StreamResponse:
        number = str((await request.post())["file_id"])
        return ok({"file_id": number, "file_path": number, "file_size": len(self.contents[number])})

    async def file(self, request: web.Request) -> web.StreamResponse:
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            response = web.StreamResponse()
            await response.prepare(request)
            data = self.contents[request.match_info["path"]]
            for start in range(0, len(data), 16_384):
                await response.write(data[start : start + 16_384])
                await asyncio.sleep(0)  # the others come in between
            await response.write_eof()
        finally:
            self.open -= 1
        return response


@asynccontextmanager
async def serving(server: Files) -> AsyncIterator[Telegram]:
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", server.call)
    app.router.add_get("/file/bot{token}/{path:.+}", server.file)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    telegram = Telegram(TOKEN, api_url=f"http://127.0.0.1:{runner.addresses[0][1]}")
    await telegram.start()
    try:
        yield telegram
    finally:
        await telegram.close()
        await runner.cleanup()


def _left(stage: Stage) -> tuple[int, int]:
    """How many wait to be fetched, and to be looked at."""
    with stage.session() as session:
        remote = select(func.count()).where(Media.status == files.REMOTE)
        return session.scalar(remote) or 0, session.scalar(
            select(func.count()).where(Evidence.examine_at.is_not(None))
        ) or 0


async def _played(stage: Stage, server: Files, store: Store, aside: Aside) -> None:
    """Until all is fetched and looked at; when the first is, whatever works aside is killed."""
    clock, wakeups = Clock(), Wakeups()
    clock.move_to(stage.now)
    wakeups.start()
    writer = Writer(stage.engine, wakeups)
    writer.start()
    async with serving(server) as telegram:
        channels, put = {"telegram": telegram}, partial(aside.call, "put")
        fetching = Fetcher(writer, clock, channels, store, at_once=AT_ONCE, put=put)
        look, compare = partial(aside.call, "look"), partial(aside.call, "compare")
        examiner = Examiner(writer, clock, stage.programme, look, compare, at_once=AT_ONCE)
        running = [asyncio.create_task(fetching.run()), asyncio.create_task(examiner.run())]
        killed = False
        async with asyncio.timeout(300):
            while (left := _left(stage)) != (0, 0):
                await asyncio.sleep(0.05)
                if not killed and left[1] < MANY:
                    for child in psutil.Process().children():
                        if "bot.running.aside" in child.cmdline():
                            os.kill(child.pid, signal.SIGKILL)
                    killed = True
                elif killed and clock.now() < stage.now + PASSES:
                    clock.offset += timedelta(seconds=1)  # the killed ones are due again
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    writer.close()
    assert killed


def test_a_flood_waits_in_the_database_and_loses_nothing(stage: Stage, tmp_path: Path) -> None:
    world = World(stage, tmp_path, people=MANY)
    receipts = [proving.shows(prover) for prover in world.people]
    server = Files()
    with stage.session() as session:
        copies = session.execute(
            select(FileCopy.media_id, FileCopy.remote_id)
            .join(Evidence, Evidence.media_id == FileCopy.media_id)
            .order_by(FileCopy.media_id)
        ).all()
    assert len(copies) == MANY
    for number, copy in enumerate(copies):
        server.contents[copy.remote_id] = pictures.screenshot(number, ROAD)
    url = stage.engine.url.render_as_string(hide_password=False)

    async def play() -> None:
        aside = Aside("bot.vision.sight:Sight", url, world.media_url, 20_000_000, at_once=AT_ONCE)
        try:
            await _played(stage, server, world.store, aside)
        finally:
            await aside.close()

    asyncio.run(play())
    assert 0 < server.most <= AT_ONCE
    with stage.session() as session:
        for copy in copies:
            media = session.get_one(Media, copy.media_id)
            sent = server.contents[copy.remote_id]
            assert media.status == files.STORED
            assert media.sha256 == hashlib.sha256(sent).hexdigest()
            assert world.store.get(media.key) == sent
        assert {session.get_one(Share, one).status for one in receipts} == {standings.ACCEPTED}


@pytest.mark.anyio
async def test_a_download_goes_to_the_disk_piece_by_piece(tmp_path: Path) -> None:
    """The server sends the second half only when it has seen the first one on the disk."""
    half = b"x" * 1_000_000
    target = tmp_path / "file"

    def on_disk() -> int:
        return sum(one.stat().st_size for one in tmp_path.iterdir())

    class Halves(Files):
        async def file(self, request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(half)
            async with asyncio.timeout(30):
                # What fills no piece of its own is still under way, and in a buffer.
                while on_disk() < len(half) // 2:
                    await asyncio.sleep(0.01)
            await response.write(half)
            await response.write_eof()
            return response

    async with serving(Halves({"big": half * 2})) as telegram:
        assert await telegram.download("big", target) == 2 * len(half)
    assert target.read_bytes() == half * 2
