"""The question where the month's ceiling is reached, and what its buttons do."""

import pytest

from models.messages.outbox import Outbound
from models.whatsapp import openers
from tests import scene, windowed
from tests.chat import Chatter, Stage
from tests.opening import beyond


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    """A controller, with one opener that went out and one that is held."""
    boss = beyond(stage, ceiling=100, people_=2)
    windowed.deliver(stage, rounds=2)
    assert asked(stage) == 1
    return boss


def asked(stage: Stage) -> int:
    return len(scene.rows(stage, Outbound.part == openers.PART))


def test_the_first_button_raises_it_and_what_was_held_is_asked_at_once(stage: Stage, boss: Chatter) -> None:
    stage.later(minutes=1)
    (answer,) = boss.presses("Naikkan batas")
    assert answer.op == "edit"
    assert "Batas biaya WhatsApp November 2026 sekarang Rp200." in answer.text
    assert asked(stage) == 2


def test_the_second_leaves_it_and_it_can_still_be_raised(stage: Stage, boss: Chatter) -> None:
    stage.later(minutes=1)
    (kept,) = boss.presses("Tetap tahan")
    assert "November 2026 tetap Rp100" in kept.text
    assert asked(stage) == 1
    boss.says("1")
    assert asked(stage) == 2


def test_a_second_press_is_answered_with_who_did_it(stage: Stage, boss: Chatter) -> None:
    other = stage.person("Rina", "BAPPEDA", role="controller")
    boss.presses("Tetap tahan")
    (answer,) = other.presses("", action="ceiling.keep:2026-11:1")
    assert "Budi Santoso sudah memilih tetap menahan" in answer.text
    boss.presses("Naikkan batas")
    for who in (boss, other):
        for action in ("raise", "keep"):
            (answer,) = who.presses("", action=f"ceiling.{action}:2026-11:1")
            assert "sudah dinaikkan oleh Budi Santoso" in answer.text
            assert "Sekarang batasnya Rp200" in answer.text


@pytest.mark.parametrize("action", ["raise", "keep"])
def test_who_may_not_decide_is_refused(stage: Stage, boss: Chatter, action: str) -> None:
    (answer,) = stage.person("Siti").presses("", action=f"ceiling.{action}:2026-11:1")
    assert "Batas biaya" not in answer.text
    assert asked(stage) == 1


@pytest.mark.parametrize("argument", ["", "x:1", "2026-11:x", "2026-11"])
def test_a_button_that_was_never_shown_does_nothing(stage: Stage, boss: Chatter, argument: str) -> None:
    boss.presses("", action=f"ceiling.raise:{argument}")
    assert asked(stage) == 1
