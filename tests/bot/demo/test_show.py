"""The demo in the browser: what it prepares, and that the page reaches it."""

import asyncio
import io
import re
from pathlib import Path

import aiohttp
import pytest
from rich.console import Console

from bot.demo import show
from bot.demo.board import Board

pytestmark = pytest.mark.anyio


async def _address(printed: io.StringIO, running: "asyncio.Task[None]") -> str:
    """Where the page is, once it says so."""
    async with asyncio.timeout(120):
        while not (found := re.search(r"Open (http://\S+)", printed.getvalue())):
            if running.done():
                running.result()
            await asyncio.sleep(0.05)
    return found[1]


async def test_the_page_finds_everybody_it_plays_and_the_release_five_minutes_ahead(tmp_path: Path) -> None:
    printed = io.StringIO()
    board = Board(Console(file=printed, width=200, highlight=False))
    running = asyncio.create_task(show.run(150, 0, board, browser=False, folder=tmp_path))
    try:
        url = await _address(printed, running)
        async with aiohttp.ClientSession() as http:
            async with http.get(f"{url}/") as page:
                assert "<!doctype html" in (await page.text()).lower()
            async with http.get(f"{url}/program/state") as answer:
                state = await answer.json()
            people = state["people"]
            there = {people.pop(role) for role in ("whatsapp", "newcomer_whatsapp")}
            assert people.keys() == {"asn", "ppid", "controller", "newcomer", "admin", "group"}
            assert len(set(people.values()) | there) == 8
            for chat in people.values():
                async with http.get(f"{url}/sim/chats/{chat}") as answer:
                    assert answer.status == 200
            for address in there:
                async with http.get(f"{url}/sim/wa/history", params={"address": address}) as answer:
                    assert answer.status == 200
            async with http.get(f"{url}/sim/history", params={"chat_id": people["group"]}) as answer:
                messages = (await answer.json())["messages"]
            assert any("Rekap" in message["text"] and message["media"] for message in messages)
            assert state["next"][0]["name"] == "release"
            assert state["counts"]["release"] is None
            async with http.post(f"{url}/program/clock", json={"next": True}) as answer:
                assert (await answer.json())["next"][0]["name"] == "teams"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert "one waits for the controller" in printed.getvalue()
