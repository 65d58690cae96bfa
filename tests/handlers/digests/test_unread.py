"""A pack that did not reach its readers, in chat: the clock notices, a controller sends it again."""

from datetime import timedelta

import pytest

from models.messages import outbox
from tests import meeting, missed
from tests.chat import Chatter, Stage
from tests.meeting import WEEK


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    return missed.boss(stage)


@pytest.fixture
def leaders(stage: Stage, boss: Chatter) -> list[Chatter]:
    return missed.leaders(stage)


def test_the_clock_watches_until_all_readers_have_it(
    stage: Stage, boss: Chatter, leaders: list[Chatter]
) -> None:
    missed.arrives(stage, leaders[0])
    missed.fails(stage, leaders[0])
    for _ in range(3):
        assert meeting.tick(stage, stage.now + timedelta(minutes=1))["pack_watch"] == "waits"
    assert len(missed.alarms(boss)) == 1
    boss.presses("Kirim lagi")
    missed.arrives(stage)
    assert "pack_watch" not in meeting.tick(stage, stage.now + timedelta(minutes=1))


def test_a_controller_sends_it_again_to_whom_it_can_be_sent(
    stage: Stage, boss: Chatter, leaders: list[Chatter]
) -> None:
    ali, beni, _ = leaders
    missed.arrives(stage, ali, beni)
    missed.blocks(stage, ali)
    missed.fails(stage, beni)
    missed.watch(stage)
    stage.later(minutes=5)
    (said,) = boss.presses("Kirim lagi")
    assert said.op == "edit"
    assert "dikirim sekali lagi ke 1 orang" in said.text
    assert "1 orang masih memblokir bot ini" in said.text
    assert missed.states(stage, beni) == [outbox.QUEUED, *[outbox.WAITING] * 3]
    assert missed.states(stage, ali)[0] == outbox.FAILED
    action = f"digest.readers:{WEEK}"
    (said,) = boss.presses("", action=action)
    assert (said.text.splitlines()[0], list(said.actions)) == (
        "1 orang masih memblokir bot ini, jadi belum dapat dikirimi.", ["Kirim lagi"],
    )  # fmt: skip
    ali.says("/rekap 48")  # who writes can be written to again
    assert "ke 1 orang" in boss.presses("Kirim lagi")[0].text
    assert "tidak perlu dikirim lagi" in boss.presses("", action=action)[0].text


@pytest.mark.parametrize("role", ["", "editor", "tag", "leader", "admin"])
def test_nobody_but_a_controller_sends_it_again(
    stage: Stage, boss: Chatter, leaders: list[Chatter], role: str
) -> None:
    missed.arrives(stage, leaders[0])
    missed.fails(stage, leaders[0])
    other = stage.person("Orang Lain", role=role)
    assert other.presses("", action=f"digest.readers:{WEEK}")[0].key.endswith(":refused")
    assert missed.states(stage, leaders[0])[0] == outbox.FAILED
    for week in ("2026-W47", "x", ""):
        assert boss.presses("", action=f"digest.readers:{week}")[0].key.endswith(":refused")
