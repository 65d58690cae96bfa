"""Work aside: a bounded number of processes of low priority, which may crash, and which end when we do."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from bot.files.pictures import Refused
from bot.running.aside import NICENESS, Aside, EndedError
from tests import programs

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def hands(folder: Path, at_once: int = 1, idle: float = 60.0) -> AsyncIterator[Aside]:
    aside = Aside("tests.bot.asides:Hand", folder, at_once=at_once, idle=idle)
    try:
        yield aside
    finally:
        await aside.close()


async def gone(pid: int) -> None:
    async with asyncio.timeout(30):
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.01)


async def test_there_are_never_more_at_work_than_were_allowed(tmp_path: Path) -> None:
    async with hands(tmp_path, at_once=2) as aside:
        done = await asyncio.gather(*(aside.call("together", 2) for _ in range(9)))
    assert len({pid for pid, _ in done}) == 2
    assert max(here for _, here in done) == 2


async def test_whoever_asks_comes_before_what_is_done_aside(tmp_path: Path) -> None:
    async with hands(tmp_path) as aside:
        assert await aside.call("niceness") == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)
    waited_for = Aside("tests.bot.asides:Hand", tmp_path, niceness=0)
    assert await waited_for.call("niceness") == os.getpriority(os.PRIO_PROCESS, 0)
    await waited_for.close()


async def test_what_it_raises_arrives_as_it_was_or_in_words(tmp_path: Path) -> None:
    async with hands(tmp_path) as aside:
        with pytest.raises(Refused) as refused:
            await aside.call("refuses")
        assert (refused.value.key, refused.value.params) == ("media.too_large", {"size": 7})
        with pytest.raises(RuntimeError, match="Strange"):
            await aside.call("fails")
        assert await aside.call("prints") == "said"


async def test_a_process_that_ends_is_replaced(tmp_path: Path) -> None:
    async with hands(tmp_path) as aside:
        first = await aside.call("who")
        with pytest.raises(EndedError):
            await aside.call("dies")
        second = await aside.call("who")
        os.kill(second, signal.SIGKILL)  # by somebody else, while it has nothing to do
        with pytest.raises(EndedError):
            await aside.call("who")
        assert len({first, second, await aside.call("who")}) == 3


async def test_what_nobody_waits_for_any_more_is_ended(tmp_path: Path) -> None:
    async with hands(tmp_path) as aside:
        waiting = asyncio.create_task(aside.call("hangs"))
        async with asyncio.timeout(30):
            while not (found := os.listdir(tmp_path)):  # noqa: PTH208
                await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        pid = int(found[0].partition("-")[2])
        await gone(pid)
        assert await aside.call("who") != pid


async def test_what_has_nothing_to_do_gives_its_memory_back(tmp_path: Path) -> None:
    async with hands(tmp_path, idle=0.0) as aside:
        first = await aside.call("who")
        await gone(first)
        assert await aside.call("who") != first


async def test_it_ends_with_us_however_we_end(tmp_path: Path) -> None:
    """The power goes: nobody is there to end it."""
    script = f"""
import asyncio
from pathlib import Path
from bot.running.aside import Aside
async def main():
    aside = Aside("tests.bot.asides:Hand", Path({str(tmp_path)!r}))
    print(await aside.call("who"), flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""
    with subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", script], cwd=programs.ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        pid = int(await asyncio.to_thread(process.stdout.readline))
        process.kill()
    await gone(pid)
