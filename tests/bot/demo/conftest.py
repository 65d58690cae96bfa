"""What tests of the played people begin with."""

from collections.abc import Iterator

import pytest

from bot.simulator import process
from bot.simulator.process import Started


@pytest.fixture(scope="module")
def started() -> Iterator[Started]:
    """One simulator for all tests of a file: it takes longer to start than most of them take."""
    made = process.start(limiter="off")
    yield made
    made.stop()
