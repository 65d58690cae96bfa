"""Reports are made aside, so that who asks something in chat waits for none of them."""

import asyncio
from functools import partial
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels import Failure, SendError
from bot.clock import Clock
from bot.files.media import Store
from bot.outbound.library import Library, Paper
from bot.running import runtime
from bot.running.aside import Aside
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.messages import outbox
from models.messages.post import NO_WORDS, Post
from models.programme.programme import Programme
from tests import printing
from tests.bot.running.test_runtime import loaded
from tests.bot.sending import at_work, bench
from tests.faults import cluster as clusters
from tests.simulated import start_simulator

pytestmark = pytest.mark.anyio
ANI, SITI = 11, 12
WEEK = "2026-W48"


async def test_a_reply_goes_out_while_a_big_export_is_being_built(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    media = f"file://{tmp_path / 'media'}"
    zone = Programme().zone
    press = Aside("tests.bot.asides:SlowPress", tmp_path, database_url, media, 10**7, "bot", zone, at_once=1)
    make = partial(press.call, "make")
    async with bench(engine, database_url, tmp_path, ANI, SITI, make=make) as made:
        await made.queue("export", ANI, Post(NO_WORDS, report=f"export:people:{WEEK}:xlsx:0:1"))
        async with at_work(made):
            await made.until((tmp_path / "begun").exists)
            await made.queue("reply", SITI)
            await made.sent("reply")
            assert made.row("export").status == outbox.SENDING
            (tmp_path / "go").touch()
            await made.sent("export")
        history = await made.simulated.people.history(ANI)
        assert [one["media"]["kind"] for one in history["messages"] if one["from"]["bot"]] == ["document"]
    await press.close()


async def test_the_program_makes_its_reports_in_another_process(database_url: str, tmp_path: Path) -> None:
    clusters.prepare(database_url).dispose()

    def asides() -> int:
        return sum("bot.running.aside" in child.cmdline() for child in psutil.Process().children())

    async with start_simulator(limiter="off") as simulated:
        async with runtime.program(loaded(database_url, simulated, tmp_path)) as program:
            before = asides()
            paper = await program.library.make("dictionary:people", program.clock.now())
            assert (paper.name, asides()) == ("people.kamus.csv", before + 1)
            with pytest.raises(SendError) as refused:
                await program.library.report("nothing:1")
            assert refused.value.kind is Failure.BROKEN
        assert asides() == before, "it ends with the program"


async def test_a_report_that_several_want_at_once_is_made_once(engine: Engine, tmp_path: Path) -> None:
    writer = Writer(engine, Wakeups())
    writer.start()
    made: list[str] = []

    def sheet(_session: Session, about: str, _now: object) -> Paper:
        made.append(about)
        return Paper(b"1;2", "document", "satu.csv", "text/csv")

    make = printing.here(engine, {"sheet": sheet})
    library = Library(engine, writer, Store(f"file://{tmp_path / 'media'}"), Clock(), make)
    found = await asyncio.gather(*(library.report("sheet:1") for _ in range(5)))
    writer.close()
    assert (len(set(found)), made) == (1, ["1"])
