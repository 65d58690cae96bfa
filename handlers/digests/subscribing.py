"""`/langganan`: whoever may read the pack turns it on or off for the own chat; in the group it stays."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.turn import Turn
from models.digests import packs
from models.messages.post import Button
from models.people import roles
from models.refused import Refused


def _show(turn: Turn, _argument: str) -> None:
    """How it is now, and the button for the other way."""
    on = packs.subscribed(turn.session, turn.me)
    turn.say("subscription.is_on" if on else "subscription.is_off", buttons=_button(on))


def _button(on: bool) -> list[list[Button]]:
    if on:
        return [[Button("subscription.button_stop", "pack.stop")]]
    return [[Button("subscription.button_resume", "pack.resume")]]


def _stop(turn: Turn, _argument: str) -> None:
    _turned(turn, wanted=False)


def _resume(turn: Turn, _argument: str) -> None:
    _turned(turn, wanted=True)


def _turned(turn: Turn, *, wanted: bool) -> None:
    """Pressed twice, or from an old message, it says once more how it is."""
    if turn.message.group:
        raise Refused("menu.private_only")
    me = roles.require(turn.session, turn.person, "digest")
    packs.subscribe(turn.session, me, turn.now, wanted=wanted)
    turn.edit("subscription.resumed" if wanted else "subscription.stopped", buttons=_button(wanted))
    turn.choose_from(_button(wanted))


COMMANDS: Mapping[str, Any] = {"langganan": {"handler": _show, "capability": "digest"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"pack.stop": _stop, "pack.resume": _resume}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
