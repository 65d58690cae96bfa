"""What tests of receiving begin with: somebody, and what was released to them."""

import pytest

from tests import receiving, scene
from tests.chat import Chatter, Stage


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return stage.person("Siti Rahma")


@pytest.fixture
def item(stage: Stage, siti: Chatter) -> int:
    number = scene.item(stage)
    scene.release(stage)
    return number


@pytest.fixture
def items(stage: Stage, siti: Chatter) -> tuple[int, int]:
    """Last week's item and this week's."""
    return receiving.two_weeks(stage)
