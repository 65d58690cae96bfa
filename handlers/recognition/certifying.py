"""`/cek` and the code on a certificate: whether it is genuine, to anybody who asks, and nothing more."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.turn import Turn
from models.recognition import certificates


def _command(turn: Turn, argument: str) -> None:
    """`/cek ABCD-EFGH-JKMN-PQRS`, or `/cek 003/SP/XI/2026`."""
    if argument.strip():
        check(turn, argument)
    else:
        turn.say("certificate.how")


def check(turn: Turn, typed: str) -> None:
    """Says what a code stands for; a number alone, which anybody can guess, names nobody. An unknown one is
    answered, not refused: it has to count."""
    found = certificates.look_up(turn.session, turn.account, typed, turn.now, turn.programme)
    if found is None:
        turn.say("certificate.unknown")
    elif found.revoked_at is not None:
        turn.say("certificate.revoked")
    else:
        category = {"text": f"award.category_{found.category}"}
        about: dict[str, Any] = {"category": category, "month": found.month}
        if found.code == certificates.plain(typed):
            turn.say("certificate.genuine", name=found.name, **about)
        else:
            turn.say("certificate.number_known", number=found.number, **about)


COMMANDS: Mapping[str, Any] = {"cek": {"handler": _command, "open": True}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
