"""The database goes away and the Bot API fails at random: nothing is lost, and nobody has to restart.

This is a small version of `python -m tests.faults.outage`.
"""

from pathlib import Path

import pytest

from tests.faults import outage

pytestmark = pytest.mark.anyio


async def test_a_database_that_is_away_and_a_bot_api_that_fails_lose_nothing_and_need_no_restart(
    database_url: str, tmp_path: Path
) -> None:
    told = await outage.play(database_url, tmp_path, people=120, seconds=7, api_seconds=8)
    print(told.table())  # noqa: T201 - the figures, for whoever asks with -s
    assert told.problems() == []
    assert sum(told.faults.values()) > 0, "nothing failed, so nothing was shown"
