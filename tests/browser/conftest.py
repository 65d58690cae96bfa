"""Debian's Chromium, and one simulator, one echo bot and one programme's face for all tests here."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.browser import echo_bot, programme_face
from tests.browser.acting import Cast, Scene, Visitor, new_cast
from tests.simulated import start_simulator

expect.set_options(timeout=10_000)  # milliseconds: the machine may be busy with other tests


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    """As everywhere, but living as long as the browser."""
    return "asyncio"


@pytest.fixture(scope="package")
def chromium() -> str:
    """The path of the browser. Missing, it is a failure in CI, elsewhere a skip."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have a browser: install Debian's package chromium")
        pytest.skip(
            "The page is tested in Debian's Chromium, which is not installed here (apt install chromium)."
        )
    return path


@pytest.fixture(scope="package")
async def browser(chromium: str, anyio_backend: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest.fixture(scope="package")
async def scene(anyio_backend: str) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        face = await stack.enter_async_context(programme_face.listening())
        sim = await stack.enter_async_context(start_simulator(limiter="off", program=face.url))
        yield Scene(sim, await stack.enter_async_context(echo_bot.running(sim)), face)


@pytest.fixture
async def visitor(browser: Browser) -> AsyncIterator[Visitor]:
    """A desktop of 1440×900. The test fails if the page threw or its content policy was broken."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="id-ID")
    context.set_default_timeout(10_000)
    page, faults = await context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda message: faults.append(message.text) if "Content Security" in message.text else None
    )
    yield Visitor(page, context, faults)
    await context.close()
    assert not faults


@pytest.fixture
async def cast(scene: Scene) -> Cast:
    return await new_cast(scene)
