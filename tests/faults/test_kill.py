"""The program is killed at random moments of a release and a flood of proofs: nothing is lost.

This is a small version of `python -m tests.faults.kill`; FAULT_PEOPLE, FAULT_KILLS and FAULT_SEED make
it another one.
"""

import os
from pathlib import Path

import pytest

from tests.faults import kill

pytestmark = pytest.mark.anyio


async def test_a_program_killed_again_and_again_loses_nobody_and_counts_nothing_twice(
    database_url: str, tmp_path: Path
) -> None:
    figures = await kill.play(
        database_url,
        tmp_path,
        people=int(os.environ.get("FAULT_PEOPLE", "160")),
        kills=int(os.environ.get("FAULT_KILLS", "6")),
        seed=int(os.environ.get("FAULT_SEED", "48")),
    )
    print(figures.table())  # noqa: T201 - the figures, for whoever asks with -s
    assert figures.problems() == []
    assert figures.kills > 0
    assert figures.in_release > 0, "the kills must fall into the release, or they show nothing"
