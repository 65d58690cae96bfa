"""The rounds beside the sender: a release that had finished and is sent from again."""

import pytest

from bot.clock import Clock
from bot.running.reconciler import Reconciler
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.releases import releases
from tests.chat import Stage
from tests.models.releases.test_deliveries import fails_later, finished, status

pytestmark = pytest.mark.anyio


async def test_a_round_lets_a_finished_release_run_again_whose_messages_failed_later(stage: Stage) -> None:
    number, _ = finished(stage)
    stage.later(minutes=5)
    fails_later(stage)
    clock, wakeups = Clock(), Wakeups()
    clock.offset = stage.now - clock.now()
    wakeups.start()
    writer = Writer(stage.engine, wakeups)
    writer.start()
    try:
        await Reconciler(writer, clock, set).round(audience=False)
    finally:
        writer.close()
    assert status(stage, number) == releases.RUNNING
