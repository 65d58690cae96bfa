"""The simulator is stopped while it has something to tell the program: quietly."""

import asyncio
from pathlib import Path

import pytest

from bot.simulator import process
from bot.simulator.twilio.account import Account
from bot.simulator.twilio.hooks import Hooks
from bot.simulator.twilio.store import Message, sid
from bot.simulator.world import World
from tests.bot.simulator.twilio.program import Program

pytestmark = pytest.mark.anyio


async def test_reports_that_come_while_it_stops_are_given_up_quietly(
    tmp_path: Path, program: Program
) -> None:
    troubles: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: troubles.append(about))
    world = World("1:token", tmp_path)
    hooks = Hooks(
        Account(world, process.ACCOUNT_SID, process.AUTH_TOKEN, "+6281100000000", f"{program.url}/inbound")
    )
    message = Message(sid("SM"), "+6281200000000", False, "", "sent", 0, status_url=f"{program.url}/status")
    hooks.status(message)
    await asyncio.sleep(0.1)  # the session is open
    for _ in range(3):
        hooks.status(message)
    closing = asyncio.ensure_future(hooks.close())
    for _ in range(5):  # phones go on while it closes
        await asyncio.sleep(0)
        hooks.status(message)
    await closing
    hooks.status(message)
    hooks.inbound(message, {})
    await asyncio.sleep(0.1)
    assert troubles == []
    assert (hooks.status_lanes.waiting, hooks.inbound_lanes.waiting) == (0, 0)
