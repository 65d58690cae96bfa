"""What tests of reminders begin with."""

import pytest

from tests import scene
from tests.chat import Chatter, Stage


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    """Somebody who has received the week's item."""
    return scene.receiver(stage, media=True)
