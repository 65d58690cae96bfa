"""The program is killed at every step of a message's way to WhatsApp: everybody has it, and has it once.

This is `python -m tests.faults.kill_twilio --fast`; without --fast it tells what each step did.
"""

from pathlib import Path

import pytest

from tests.faults import kill_twilio, steps

pytestmark = pytest.mark.anyio


async def test_a_program_killed_at_every_step_sends_every_message_once(
    database_url: str, tmp_path: Path
) -> None:
    figures = await kill_twilio.play(database_url, tmp_path, patient=False)
    print(figures.table())  # noqa: T201 - the figures, for whoever asks with -s
    assert figures.problems() == []
    assert [one.step for one in figures.seen] == [step.name for step in steps.STEPS]
    assert sum(one.in_hand for one in figures.seen) > 0, "the kills must fall into the sending"
    assert sum(one.taken for one in figures.seen) > 0, "some of it must have arrived unseen"
