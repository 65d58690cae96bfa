"""Every journey is told once for each channel, by the same code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy import Engine

from tests import twilio_world
from tests.chat import Stage
from tests.phoning import WhatsApp
from tests.twilio_world import Made


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "telegram_alone(why): WhatsApp has no such thing (docs/channels.md)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only Telegram has is told there alone."""
    others = [item for item in items if item.get_closest_marker("telegram_alone") and _on_whatsapp(item)]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def _on_whatsapp(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "whatsapp" in item.callspec.params.values()


@pytest.fixture(scope="session")
def made_at_twilio(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Made:
    """What the real command makes at Twilio, once for all tests: messages refer to it by ContentSid."""
    return portal.call(twilio_world.made, tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal("asyncio") as opened:
        yield opened


@pytest.fixture
def whatsapp_stage(
    engine: Engine, tmp_path: Path, portal: BlockingPortal, made_at_twilio: Made
) -> Iterator[Stage]:
    """A programme whose people are on WhatsApp."""
    with portal.wrap_async_context_manager(twilio_world.site(engine, tmp_path, made_at_twilio)) as site:
        yield Stage(engine, line=WhatsApp(portal, site, made_at_twilio))
        assert site.complaints() == []


@pytest.fixture(params=["telegram", "whatsapp"])
def stage(request: pytest.FixtureRequest, engine: Engine) -> Iterator[Stage]:
    """A programme on an empty database, once for each engine and each channel."""
    if request.param == "telegram":
        yield Stage(engine)
        return
    yield request.getfixturevalue("whatsapp_stage")
