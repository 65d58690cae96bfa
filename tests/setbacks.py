"""Messages to one person on WhatsApp that went out, and the failures that are reported of them."""

from datetime import timedelta

from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people
from models.sending import callbacks
from models.sending.callbacks import Applied, Rules
from models.sending.setbacks import Kind, Patience, Verdict
from models.whatsapp import openers, windows
from tests import scene, windowed
from tests.chat import Stage

NUMBER = "+6281317036688"
HOUR = timedelta(hours=1)
LATER, DAY, NOW, WINDOW, HALT, TEMPLATE, GONE = "63018", "63049", "63012", "63016", "63001", "63042", "63024"
VERDICTS = {
    LATER: Verdict(Kind.AGAIN, "channel", 900),
    DAY: Verdict(Kind.AGAIN, "channel", 86_400),
    NOW: Verdict(Kind.AGAIN, "channel"),
    WINDOW: Verdict(Kind.WINDOW, "window"),
    HALT: Verdict(Kind.HALT, "channel"),
    TEMPLATE: Verdict(Kind.TEMPLATE, "template"),
    GONE: Verdict(Kind.FINAL, "refused"),
}


def report(stage: Stage, row: int, code: str, status: str = "failed") -> Applied:
    """What the channel says of the message that `windowed.deliver` sent for a row."""
    rules = Rules(VERDICTS, Patience(attempts=3), stage.programme)
    with stage.session() as session, session.begin():
        callbacks.note(session, stage.now, "whatsapp", [(f"SM{row}", status, code)])
        return callbacks.apply(session, stage.now, 100, rules)


def a_notice(stage: Stage, heard: timedelta = HOUR, **more: object) -> int:
    """A row that went out, in an open window."""
    windowed.approve(stage)
    windowed.person(stage, "Siti Rahma", NUMBER, heard)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "a", NUMBER, **more)
    (row,) = windowed.deliver(stage)
    return row.id


def write(stage: Stage) -> None:
    """Somebody writes to us, as the worker notes it."""
    with stage.session() as session, session.begin():
        found = people.account(session, "whatsapp", NUMBER)
        assert found is not None
        people.heard([(found, stage.now)])
        windows.opened(session, stage.now, "whatsapp", [NUMBER])


def an_opener(stage: Stage) -> tuple[int, int]:
    """A release whose only card waits, and its opener, which went out; the numbers of both."""
    windowed.approve(stage)
    windowed.person(stage, "Siti Rahma", NUMBER)
    scene.item(stage)
    scene.release(stage, send=False)
    windowed.take(stage)
    (opener,) = windowed.deliver(stage)
    (card,) = scene.cards(stage)
    assert (opener.part, card.status) == (openers.PART, outbox.WAITING)
    return card.id, opener.id


def the_opener(stage: Stage) -> Outbound:
    return scene.rows(stage, Outbound.part == openers.PART)[-1]
