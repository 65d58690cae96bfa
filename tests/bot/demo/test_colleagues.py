"""The played editors against the real simulator; the bot is played by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.demo.colleagues import Colleagues
from bot.simulator.process import Started
from tests.bot.demo.by_hand import Bot
from tests.simulated import connect

pytestmark = pytest.mark.anyio
CUT_OFF = 2100  # acts at once: more events than the simulator keeps for a slow watcher


@asynccontextmanager
async def working(started: Started, editor: int) -> AsyncIterator[tuple[Bot, Colleagues]]:
    """An editor who has started the bot and reads what comes."""
    async with connect(started) as simulated:
        await simulated.ok("deleteWebhook", {"drop_pending_updates": "true"})
        bot, made = Bot(simulated), Colleagues(simulated.people, [editor], 0)
        await simulated.people.create_users([{"id": editor, "first_name": "Ratna"}])
        await simulated.people.start(editor)
        running = asyncio.create_task(made.run())
        try:
            await made.watching()
            yield bot, made
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def pressed(bot: Bot) -> str:
    """The next button that came, whatever else did before it."""
    while True:
        update = await bot.hears()
        if "callback_query" in update:
            return str(update["callback_query"]["data"])


async def test_an_item_is_opened_passed_on_and_counted(started: Started) -> None:
    editor = 5001
    async with working(started, editor) as (bot, made):
        await bot.sends(editor, "Konten menunggu Anda", [[("Buka", "review.open:7")]])
        assert await pressed(bot) == "review.open:7"
        await bot.sends(
            editor, "Judul", [[("Teruskan", "review.endorse:7"), ("Kembalikan", "review.return:7")]]
        )
        assert await pressed(bot) == "review.endorse:7"
        await bot.sends(editor, "Sudah diteruskan")
        async with asyncio.timeout(10):
            while not made.passed:
                await asyncio.sleep(0.02)


async def test_who_was_cut_off_for_being_slow_reads_what_was_missed(started: Started) -> None:
    editor = 5002
    async with working(started, editor) as (bot, made):
        people = made.people
        await people.batch([{"as": editor, "do": "say", "text": f"catatan {n}"} for n in range(CUT_OFF)])
        await bot.sends(editor, "Konten menunggu Anda", [[("Buka", "review.open:8")]])
        async with asyncio.timeout(60):
            assert await pressed(bot) == "review.open:8"
