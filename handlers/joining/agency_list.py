"""Choosing one OPD of many: a list by page, or a part of its name."""

from collections.abc import Sequence

from handlers.items import items
from handlers.turn import Turn
from models.messages.post import Button
from models.people import agencies
from models.people.people import Opd
from models.refused import Refused

PAGE = 8


def offer(turn: Turn, opds: Sequence[Opd], shown: int, action: str, more: str) -> None:
    """One page of OPD, two in a row; `action` chooses one, `more` turns the page."""
    some = opds[shown * PAGE : (shown + 1) * PAGE] or opds[:PAGE]
    lines = [
        {"text": "choosing.line", "params": {"n": nth, "name": opd.name}} for nth, opd in enumerate(some, 1)
    ]
    buttons = [
        Button("choosing.button", f"{action}:{opd.id}", {"n": nth, "code": opd.code})
        for nth, opd in enumerate(some, 1)
    ]
    rows = [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
    turn.say(
        "choosing.which",
        total=len(opds),
        lines=lines,
        buttons=[*rows, *items.turning(more, shown, len(opds), PAGE)],
    )


def typed(turn: Turn, written: str, opds: Sequence[Opd], action: str, more: str) -> Opd | None:
    """The OPD that somebody typed; None where several could be meant and buttons ask which.

    Raises Refused where none is.
    """
    allowed = {opd.id: opd for opd in opds}
    found = [opd for opd in agencies.find(turn.session, written) if opd.id in allowed]
    if len(found) == 1:
        return found[0]
    found = found or [opd for opd in agencies.near(turn.session, written) if opd.id in allowed]
    if not found:
        raise Refused("choosing.unknown", name=written[:40])
    offer(turn, found[:PAGE], 0, action, more)
    return None
