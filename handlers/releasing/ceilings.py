"""The month's ceiling of what WhatsApp may cost: the answer to the question where it is reached."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from handlers.turn import Turn
from models.refused import Refused
from models.whatsapp import ceilings, openers


def _raise(turn: Turn, argument: str) -> None:
    """[Naikkan batas]: what was held is asked for at once."""
    month, step = _step(argument)
    ceiling = ceilings.raise_once(turn.session, month, step, turn.person, turn.now, turn.programme)
    openers.keep(turn.session, turn.now, turn.programme)
    turn.edit("ceiling.raised", month=f"{month:%Y-%m}", ceiling=ceiling)
    turn.answered()


def _keep(turn: Turn, argument: str) -> None:
    """[Tetap tahan]: it can still be raised."""
    month, step = _step(argument)
    ceiling = ceilings.keep(turn.session, month, step, turn.person, turn.now, turn.programme)
    buttons = [[ceilings.raising(month, step)]]
    turn.edit("ceiling.kept", month=f"{month:%Y-%m}", ceiling=ceiling, buttons=buttons)
    turn.choose_from(buttons)


def _step(argument: str) -> tuple[date, int]:
    """The month and the step that a button names."""
    month, _, step = argument.partition(":")
    try:
        return date.fromisoformat(f"{month}-01"), int(step)
    except ValueError:
        raise Refused("menu.old_button") from None


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"ceiling.raise": _raise, "ceiling.keep": _keep}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
