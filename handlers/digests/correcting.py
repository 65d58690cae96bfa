"""`/koreksi 48`: what is otherwise now than in the pack of a closed week, and a new version of it."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.digests import recaps
from handlers.turn import Turn
from models.digests import corrections, differences, packs
from models.digests.corrections import Correction
from models.messages.post import Button
from models.people import roles
from models.programme import weeks
from models.refused import Refused


def _begin(turn: Turn, argument: str) -> None:
    """`/koreksi 48`; without a number the week that was closed last."""
    turn.end()
    if not argument.strip():
        week = weeks.shift(turn.week, -1)
    else:
        try:
            week = weeks.written(argument, turn.now, turn.programme)
        except ValueError:
            raise Refused("correction.week_unknown") from None
    found = _found(turn, week)
    turn.say("correction.proposed", buttons=_buttons(found), **_params(found))


def _found(turn: Turn, week: str) -> Correction:
    """What is otherwise now. Raises Refused where nothing is."""
    found = corrections.proposed(turn.session, week, turn.programme)
    if found is None:
        raise Refused("correction.nothing", week=week, number=weeks.short(week, turn.now, turn.programme))
    return found


def _params(found: Correction) -> dict[str, Any]:
    return {
        "week": found.before.week,
        "version": found.before.version,
        "next": found.before.version + 1,
        "lines": differences.lines(found.changes),
    }


def _buttons(found: Correction) -> list[list[Button]]:
    week = found.before.week
    return [
        [Button("correction.button_make", f"correction.make:{week}:{found.mark}")],
        [Button("button.cancel", "correction.no")],
    ]


def _make(turn: Turn, argument: str) -> None:
    """[Buat versi baru]: only of what was shown; what has changed meanwhile is shown first."""
    me = roles.require(turn.session, turn.person, "correct")
    if turn.message.group:
        raise Refused("menu.private_only")
    written, _, mark = argument.partition(":")
    week = recaps.week_of(turn, written)
    found = _found(turn, week)
    if found.mark != mark:
        turn.edit("correction.proposed_anew", buttons=_buttons(found), **_params(found))
        turn.choose_from(_buttons(found))
        return
    digest = corrections.make(turn.session, found, turn.now, me)
    groups = packs.correct(turn.session, digest, turn.now, turn.programme)
    turn.edit("correction.made", week=week, version=digest.version, groups=groups)
    turn.conversation.choices = []


def _no(turn: Turn, _argument: str) -> None:
    turn.edit("correction.not_made")
    turn.conversation.choices = []


COMMANDS: Mapping[str, Any] = {"koreksi": {"handler": _begin, "capability": "correct"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"correction.make": _make, "correction.no": _no}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
