"""One simulator process a module, with Twilio on; every test brings its own people and its own program."""

import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict

import aiohttp
import pytest
from twilio.http.http_client import TwilioHttpClient

from bot.simulator import process
from bot.simulator.client import People
from bot.simulator.twilio.account import Settings
from bot.simulator.twilio.client import Phones
from tests.bot.simulator.twilio.program import LIBRARY, Program, Twilio, listening

_numbers = itertools.count(1)


@pytest.fixture
async def program(anyio_backend: str) -> AsyncIterator[Program]:
    async with listening() as made:
        yield made


@pytest.fixture(scope="module")
def started() -> Iterator[process.Started]:
    simulator = process.start(limiter="off", hold=0.2, twilio_webhook="http://127.0.0.1:9/inbound")
    yield simulator
    simulator.stop()


@pytest.fixture
async def twilio(started: process.Started, program: Program) -> AsyncIterator[Twilio]:
    http = TwilioHttpClient(timeout=10)
    client = LIBRARY(process.ACCOUNT_SID, process.AUTH_TOKEN, http_client=http)
    client.api.base_url = client.content.base_url = started.url
    async with People(started.url) as people, aiohttp.ClientSession() as session:
        phones = Phones(people)
        await phones.set_webhook(f"{program.url}/inbound")
        await people.limits(webhook_retry=0.05)
        yield Twilio(started.url, phones, program, client, session)
        await people.call("DELETE", "/sim/faults")
        await phones.settings(**asdict(Settings()))
        await phones.set_webhook("")
    if http.session is not None:
        http.session.close()


@pytest.fixture
async def stranger(twilio: Twilio) -> str:
    """Somebody on WhatsApp who never wrote to the program."""
    return await twilio.phones.create("Budi Santoso", f"+62812{next(_numbers):08}")


@pytest.fixture
async def siti(twilio: Twilio) -> str:
    """Somebody who has just written: the window is open."""
    address = await twilio.phones.create("Siti Rahma", f"+62813{next(_numbers):08}")
    await twilio.phones.say(address, "halo")
    await twilio.program.got("/inbound", 1)
    twilio.program.requests.clear()
    return address
