"""A month that costs more than was meant: from the question to the opener that was held."""

from models.messages import outbox
from models.messages.outbox import Outbound, Priority
from models.whatsapp import openers
from tests import scene, windowed
from tests.chat import Stage
from tests.opening import programme
from tests.phoning import WhatsApp


def sleepers(stage: Stage, number: int) -> list[str]:
    """People on WhatsApp who have not written for days; their addresses."""
    if isinstance(stage.line, WhatsApp):
        addresses = [stage.person(f"Orang {nth}").address for nth in range(number)]
        stage.later(days=3)
        return addresses
    windowed.approve(stage)
    addresses = [f"+62813{nth:07}" for nth in range(number)]
    for nth, address in enumerate(addresses):
        windowed.person(stage, f"Orang {nth}", address)
    return addresses


def goes_out(stage: Stage) -> None:
    if isinstance(stage.line, WhatsApp):
        stage.line.carry(stage, Priority.NOTICE)
    else:
        windowed.deliver(stage, rounds=2)


def asked(stage: Stage) -> int:
    return len(scene.rows(stage, Outbound.part == openers.PART, Outbound.status == outbox.SENT))


def test_from_the_ceiling_to_the_opener_that_was_held(stage: Stage) -> None:
    stage.programme = programme(ceiling=200)
    addresses = sleepers(stage, 3)
    boss = stage.person("Budi Santoso", "BAPPEDA", role="controller")
    boss.says("/menu")
    with stage.session() as session, session.begin():
        for address in addresses:
            windowed.write(session, stage.now, f"to:{address}", address)
    goes_out(stage)
    assert asked(stage) == 2

    (question,) = [one for one in boss.hears() if "Batas biaya" in one.text]
    assert "Bolehkah batasnya ditambah Rp200 menjadi Rp400?" in question.text
    stage.later(minutes=1)
    (answer,) = boss.presses("Naikkan batas")
    assert "November 2026 sekarang Rp400" in answer.text
    goes_out(stage)
    assert asked(stage) == 3
