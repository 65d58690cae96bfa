"""Where Twilio answers that it failed it is done with a call: who waits for a reply waits few seconds."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.channels import Outgoing
from models.messages import outbox
from tests.bot.unsettled import SITI, Site, unsettled

pytestmark = pytest.mark.anyio
CREATE = "createmessage"


@pytest.fixture
async def site(engine: Engine, database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    async with unsettled(engine, database_url, tmp_path) as made:
        yield made


@pytest.mark.parametrize("fault", ["500", "502"])
async def test_after_an_answer_that_twilio_failed_a_reply_waits_few_seconds(site: Site, fault: str) -> None:
    """Asked twice: what is not in the list the second time was never taken."""
    await site.people.plan_fault(CREATE, fault)
    await site.queue("a")
    await site.doubted("a")
    site.later(timedelta(seconds=5))
    assert await site.settler.sweep() == 0, "it may be missing from the list for a moment"
    assert site.row("a").unsettled
    site.later(timedelta(seconds=4))
    assert await site.settler.sweep() == 1
    await site.sent("a")
    assert (site.row("a").resent, site.row("a").attempts) == (1, 1)
    await site.arrived("Pesan a.")
    assert await site.came("Pesan a.") == 1


async def test_what_twilio_took_although_it_answered_that_it_failed_is_there_once(site: Site) -> None:
    await site.people.plan_fault(CREATE, "500")
    await site.queue("a")
    await site.doubted("a")
    await site.whatsapp.send(Outgoing("send", SITI, "Pesan a."))  # which the list shows a little late
    site.later(timedelta(seconds=5))
    assert await site.settler.sweep() == 1
    assert (site.row("a").status, site.row("a").resent) == (outbox.SENT, 0)
    await site.arrived("Pesan a.")
    assert await site.came("Pesan a.") == 1


async def test_whoever_settles_wakes_up_when_a_row_is_due(site: Site) -> None:
    await site.people.plan_fault(CREATE, "502")
    await site.queue("a")
    loop = asyncio.create_task(site.settler.run())
    try:
        async with asyncio.timeout(15):  # of real seconds: 5 to the first question, 3 more to the second
            await site.sent("a")
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
    assert site.row("a").resent == 1
