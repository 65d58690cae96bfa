"""The real demo, and what people do on its page: for its test, and for the pictures of the guides."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Locator, Page, expect
from rich.console import Console

from bot.demo import pictures, show
from bot.demo.board import Board
from bot.demo.topics import Topic
from tests.browser.acting import bubble, chosen, file_of, phone, write

PATIENCE = 120.0  # seconds until the demo has been prepared
SLOW = 60_000  # milliseconds that the page may take where hundreds of others are served as well


@dataclass(frozen=True)
class Playing:
    """A demo under way: the page's address, and the chats (on WhatsApp the numbers) that it plays."""

    url: str
    asn: int
    whatsapp: str
    ppid: int
    controller: int
    newcomer: int
    newcomer_whatsapp: str
    group: int


@asynccontextmanager
async def playing(people: int, folder: Path) -> AsyncIterator[Playing]:
    """`python -m bot demo --no-browser` in this process, a few minutes before the release.

    Raises what ended the demo, or TimeoutError.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    board = Board(Console(file=io.StringIO(), width=200))
    running = asyncio.create_task(show.run(people, port, board, browser=False, folder=folder))
    url = f"http://127.0.0.1:{port}"
    try:
        cast = await _cast(url, running)
        cast.pop("admin")
        yield Playing(url, **cast)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _cast(url: str, running: "asyncio.Task[None]") -> dict[str, Any]:
    """Who the page plays, as soon as the demo tells."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as http:
        while True:
            if running.done():
                running.result()
            with suppress(aiohttp.ClientError):
                async with http.get(f"{url}/program/state") as answer:
                    if answer.status == 200:
                        return dict((await answer.json())["people"])
            await asyncio.sleep(0.2)


async def opened(page: Page, demo: Playing, *chats: int | str) -> None:
    """The page with these phones; none: the five that the demo names."""
    await page.goto(f"{demo.url}/#{','.join(str(chat) for chat in chats)}")
    await page.reload()  # another # alone is no new page
    await expect(page.locator(".phone h2:not(:empty)")).to_have_count(len(chats) or 5, timeout=SLOW)


async def pressed(page: Page, chat: int | str, label: str) -> None:
    """Presses the newest button with these words under a message, or in the reply keyboard."""
    button = phone(page, chat).get_by_role("button", name=label).last
    await expect(button).to_be_visible(timeout=SLOW)
    await button.click()


async def heard(page: Page, chat: int | str, words: str) -> Locator:
    """The newest message of the phone with these words, once it is there."""
    found = bubble(page, chat, words).last
    await expect(found).to_be_visible(timeout=SLOW)
    return found


async def sends_picture(page: Page, chat: int | str, name: str, data: bytes) -> None:
    await chosen(page, chat, "Foto atau video", [file_of(name, "image/jpeg", data)])
    await phone(page, chat).get_by_label("Kirim", exact=True).click()


async def begins_to_join(page: Page, demo: Playing) -> None:
    """The newcomer starts and shares the own number; the bot asks for consent."""
    await pressed(page, demo.newcomer, "Mulai")
    await heard(page, demo.newcomer, "Selamat datang di")
    await pressed(page, demo.newcomer, "Bagikan nomor saya")
    await heard(page, demo.newcomer, "Bila setuju ikut")


async def begins_to_submit(page: Page, demo: Playing, topic: Topic) -> None:
    """The PPID answers the first questions of /ajukan, those about words."""
    await write(page, demo.ppid, "/ajukan")
    answers = ("capaian", topic.title, topic.what, topic.why, topic.caption)
    for step, words in enumerate(answers, start=1):
        await heard(page, demo.ppid, f"Langkah {step}/10")
        await write(page, demo.ppid, words)
    await heard(page, demo.ppid, "Langkah 6/10")


async def ends_to_submit(page: Page, demo: Playing, topic: Topic) -> None:
    """Picture, source, week, and "for everybody"; the preview stands there, nothing has been sent yet."""
    await sends_picture(page, demo.ppid, "gambar.jpg", pictures.infographic(topic))
    await heard(page, demo.ppid, "Langkah 7/10")
    await write(page, demo.ppid, topic.source)
    await heard(page, demo.ppid, "Langkah 8/10")
    await write(page, demo.ppid, "ya")
    await heard(page, demo.ppid, "Langkah 9/10")
    await write(page, demo.ppid, "ya")
    await heard(page, demo.ppid, "Langkah 10/10")


async def reviews(page: Page, demo: Playing) -> None:
    """The controller opens what was just submitted; it stands there with its buttons, nothing is decided."""
    await pressed(page, demo.controller, "Periksa")
    await heard(page, demo.controller, "Bagaimana keputusan Anda?")


async def jumps(page: Page, event: str) -> None:
    """Moves the clock to the next event of this name, through everything on the way."""
    await expect(page.get_by_label("Peristiwa sesudahnya")).to_be_enabled(timeout=SLOW)
    if event in await page.locator(".event").inner_text():
        await page.get_by_role("button", name="Lompat ke sana").click()
        return
    await page.get_by_label("Peristiwa sesudahnya").click()
    await page.get_by_role("menuitem", name=event).first.click()
