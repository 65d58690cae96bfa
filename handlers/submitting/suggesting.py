"""`/usul`: an idea of any civil servant for their PPID team, and the team's answer."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.sharing import sharing
from handlers.submitting import drafting
from handlers.turn import Turn
from models.content import fields
from models.editorial import suggestions
from models.editorial.suggestions import Suggestion
from models.messages.post import Button
from models.people import roles

_SHOWN = 5


def _begin(turn: Turn, argument: str) -> None:
    """`/usul` asks for the idea, `/usul …` is one; a PPID team sees what waits for its answer first."""
    if argument:
        _keep(turn, argument)
    elif roles.may(turn.session, turn.me, "compose") and _list(turn):
        return
    else:
        _ask(turn, "")


def _ask(turn: Turn, _argument: str) -> None:
    suggestions.check(turn.session, turn.me, turn.now)
    turn.ask("suggest.text")
    turn.say("suggesting.ask", opd=turn.me.opd.name)


def _written(turn: Turn, text: str) -> None:
    """The idea; what is too short for one may be news about a share."""
    if fields.length(text) < suggestions.LENGTH[0] and sharing.hears(turn, text):
        return
    _keep(turn, text)


def _keep(turn: Turn, text: str) -> None:
    made, team = suggestions.suggest(turn.session, turn.me, text, turn.now)
    turn.end()
    for one in team:
        turn.tell(one, f"suggestion:{made.id}", "suggesting.card", buttons=_answers(made), **_params(made))
    turn.say("suggesting.kept" if team else "suggesting.kept_no_team", opd=turn.me.opd.name)


def _params(made: Suggestion) -> dict[str, Any]:
    return {
        "name": made.person.name,
        "opd": made.person.opd.name,
        "idea": made.text,
        "at": made.at.isoformat(),
    }


def _answers(made: Suggestion) -> list[list[Button]]:
    return [
        [
            Button("suggesting.button_take", f"suggest.take:{made.id}"),
            Button("suggesting.button_thank", f"suggest.thank:{made.id}"),
        ]
    ]


def _list(turn: Turn) -> bool:
    """The ideas that wait for this person's answer; False when there are none."""
    found, total = suggestions.waiting(turn.session, turn.me, _SHOWN)
    if not found:
        return False
    lines = [
        {"text": "suggesting.line", "params": {"n": nth, "name": one.person.name, "idea": _short(one.text)}}
        for nth, one in enumerate(found, 1)
    ]
    buttons = [
        [Button("suggesting.button_open", f"suggest.open:{one.id}", {"n": nth, "idea": _short(one.text)})]
        for nth, one in enumerate(found, 1)
    ]
    turn.say(
        "suggesting.list",
        lines=lines,
        total=total,
        buttons=[*buttons, [Button("suggesting.button_write", "suggest.write")]],
    )
    return True


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39].rstrip()}…"


def _opened(turn: Turn, argument: str) -> None:
    found = suggestions.open_one(turn.session, words.number(argument), turn.me)
    turn.say("suggesting.card", buttons=_answers(found), **_params(found))


def _taken(turn: Turn, argument: str) -> None:
    """[Jadikan konsep]: the idea becomes a draft, and who had it is told."""
    number = words.number(argument)
    found, item = suggestions.take(turn.session, number, turn.me, turn.now, turn.programme.provincial_opd)
    turn.tell(found.person, f"suggestion:{number}:taken", "suggesting.taken_up", idea=_short(found.text))
    turn.edit("suggesting.taken", idea=found.text, id=item.id)
    drafting.go_on(turn, item)


def _thanked(turn: Turn, argument: str) -> None:
    """[Belum sekarang]: thanks, and who had the idea is told kindly."""
    number = words.number(argument)
    found = suggestions.thank(turn.session, number, turn.me, turn.now)
    turn.tell(found.person, f"suggestion:{number}:thanked", "suggesting.not_now", idea=_short(found.text))
    turn.edit("suggesting.thanked", name=found.person.name)


COMMANDS: Mapping[str, Any] = {"usul": _begin}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "suggest.write": _ask,
    "suggest.open": _opened,
    "suggest.take": _taken,
    "suggest.thank": _thanked,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {"suggest.text": _written}
