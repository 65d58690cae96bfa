"""What somebody may do whose proof was rejected: send another one, or appeal."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.sharing import subjects
from handlers.turn import Turn
from models.messages.post import Button
from models.proofs import verdicts
from models.shares import shares

STATE = "appeal.text"


def _ask(turn: Turn, argument: str) -> None:
    """[Banding]: in which words? They may be left out."""
    share = shares.own(turn.session, turn.me, words.number(argument))
    verdicts.require_appeal(turn.session, share, turn.me, turn.now, turn.programme)
    turn.ask(STATE, share=share.id)
    turn.say(
        "appeal.ask",
        receipt=share.id,
        most=verdicts.NOTE,
        buttons=[
            [Button("appeal.button_send", f"appeal.send:{share.id}")],
            [Button("button.cancel", "appeal.stop")],
        ],
    )


def _written(turn: Turn, text: str) -> None:
    _appeal(turn, int(turn.data["share"]), text)


def _send(turn: Turn, argument: str) -> None:
    """[Tanpa penjelasan]."""
    _appeal(turn, words.number(argument), "")


def _appeal(turn: Turn, share_id: int, text: str) -> None:
    share = shares.own(turn.session, turn.me, share_id)
    verdicts.appeal(turn.session, share, turn.me, text, turn.now, turn.programme)
    turn.end()
    turn.say("appeal.sent", receipt=share.id)


def _stop(turn: Turn, _argument: str) -> None:
    turn.end()
    turn.say("appeal.stopped")


def _resend(turn: Turn, argument: str) -> None:
    """[Kirim ulang]: nothing has to be asked; what comes next is taken as a proof of the same item."""
    if argument:  # the buttons of older messages name no share
        subjects.remember_share(turn, words.number(argument))
    turn.say("appeal.resend")


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "appeal.ask": _ask,
    "appeal.send": _send,
    "appeal.stop": _stop,
    "share.resend": _resend,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {STATE: _written}
