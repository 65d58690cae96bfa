"""One simulator process a module; every test brings its own people."""

from collections.abc import AsyncIterator, Iterator
from io import BytesIO

import pytest
from PIL import Image

from bot.simulator import process
from tests.simulated import Simulated, connect


@pytest.fixture(scope="module")
def started() -> Iterator[process.Started]:
    simulator = process.start(limiter="off", hold=0.2)
    yield simulator
    simulator.stop()


@pytest.fixture
async def sim(started: process.Started, anyio_backend: str) -> AsyncIterator[Simulated]:
    async with connect(started) as simulated:
        yield simulated
        await simulated.ok("deleteWebhook", {"drop_pending_updates": True})
        await simulated.people.call("DELETE", "/sim/faults")


@pytest.fixture
async def user(sim: Simulated) -> int:
    """Somebody who has started the bot; the /start is no longer pending."""
    number = await sim.people.create_user("Siti", "Rahma", phone="+6281317036688")
    await sim.people.start(number)
    await sim.ok("getUpdates", {"offset": 2**31 - 1})
    return number


@pytest.fixture
def picture() -> bytes:
    """A JPEG of 1600x1200 with EXIF in it."""
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    buffer = BytesIO()
    Image.new("RGB", (1600, 1200), "teal").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def small() -> bytes:
    """A JPEG of 64x48, for those who need just any."""
    buffer = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(buffer, "JPEG")
    return buffer.getvalue()
