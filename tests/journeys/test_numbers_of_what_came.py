"""On WhatsApp buttons may stand as numbered lines: the number of what came last is typed for it."""

from datetime import timedelta

from models.shares.shares import Share
from models.shares.standings import CLAIMED
from tests import scene
from tests.chat import Chatter, Stage


def with_a_card(stage: Stage) -> Chatter:
    """Somebody who has just got the card of the week."""
    siti = stage.person("Siti Rahma")
    scene.item(stage)
    scene.release(stage)
    assert siti.hears()
    return siti


def test_a_number_means_the_card_that_came_after_the_menu(whatsapp_stage: Stage) -> None:
    stage = whatsapp_stage
    siti = stage.person("Siti Rahma")
    assert siti.says("menu")
    scene.item(stage)
    stage.later(minutes=5)
    scene.release(stage)
    assert any(next(iter(heard.actions), "") == "Sudah saya bagikan" for heard in siti.hears())
    stage.later(minutes=5)
    [asked] = siti.says("1")
    assert "Satu langkah lagi" in asked.text
    assert scene.count(stage, Share, Share.status == CLAIMED) == 1


def test_a_number_means_the_answer_that_came_after_the_card(whatsapp_stage: Stage) -> None:
    siti, stage = with_a_card(whatsapp_stage), whatsapp_stage
    stage.later(minutes=5)
    assert siti.says("menu")
    siti.says("1")
    assert scene.count(stage, Share) == 0, "it was the menu's"


def test_a_number_long_after_the_card_means_nothing(whatsapp_stage: Stage) -> None:
    siti, stage = with_a_card(whatsapp_stage), whatsapp_stage
    stage.now += timedelta(days=4)
    siti.says("1")
    assert scene.count(stage, Share) == 0
