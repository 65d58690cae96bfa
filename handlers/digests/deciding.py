"""`/keputusan`: what the Rabuan meeting decided, who does it, until when; and how it ends.

Whoever reads the pack sees the list, in the bound group as well; it is written down in private, one question
a message.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from handlers import words
from handlers.digests import recaps
from handlers.items import items
from handlers.turn import Turn
from models.digests import decisions
from models.digests.decisions import Decision
from models.messages.post import Button
from models.people import roles
from models.people.people import Person
from models.programme import deadlines, weeks
from models.refused import Refused

TEXT, WHO, DUE, CONFIRM = "decision.text", "decision.who", "decision.due", "decision.confirm"
NOTE, MOVE = "decision.note", "decision.move"
PAGE = 7  # with turning the page and a new one: a list of WhatsApp has ten lines
_CANCEL = [Button("button.cancel", "decision.stop")]


# -- the list --------------------------------------------------------------------------------------


def _begin(turn: Turn, _argument: str) -> None:
    if not turn.message.group:
        turn.end()
    recaps.require(turn)
    _list(turn, "0")


def _pressed(turn: Turn, argument: str) -> None:
    recaps.require(turn)
    _list(turn, argument or "0")


def _list(turn: Turn, argument: str) -> None:
    """The open decisions, what is late first, and those that were closed since the meeting before. Where an
    old button turns to a page that is gone, the last one."""
    found = decisions.opened(turn.session)
    shown = min(words.number(argument), max(len(found) - 1, 0) // PAGE)
    part = found[shown * PAGE : (shown + 1) * PAGE]
    lines = [_line(turn, decision, n) for n, decision in enumerate(part, 1)]
    since = weeks.opening(weeks.shift(turn.week, -1), turn.programme)
    closed = [
        {"text": f"decision.line_{decision.status}", "params": {"text": decision.text, "note": decision.note}}
        for decision in decisions.closed(turn.session, since)[:PAGE]
    ]
    may = _may(turn)
    rows = items.turning("decision.list", shown, len(found), PAGE)
    if may:
        ways = [
            Button("decision.button_number", f"decision.open:{one.id}", {"n": n})
            for n, one in enumerate(part, 1)
        ]
        rows = [ways[first : first + 4] for first in range(0, len(ways), 4)] + rows
        rows.append([Button("decision.button_new", "decision.new")])
    turn.say(
        "decision.list" if found else "decision.list_empty",
        number=len(found),
        lines=lines,
        closed={"text": "decision.closed", "params": {"lines": closed}} if closed else "",
        how=_how(turn),
        buttons=rows,
    )


def _how(turn: Turn) -> Any:
    """In a group: where it is written down."""
    if not turn.message.group:
        return ""
    return {"text": "decision.in_private", "params": {"bot": turn.around.bot_name}}


def _may(turn: Turn) -> bool:
    """Whether decisions may be written down and closed here: in private, by who has the right."""
    return not turn.message.group and roles.may(turn.session, turn.person, "decide")


def _line(turn: Turn, decision: Decision, n: int) -> dict[str, Any]:
    late = decision.due < decisions.today(turn.now, turn.programme)
    params = {"n": n, "text": decision.text, "who": decision.who, "due": decision.due.isoformat()}
    return {"text": "decision.line_late" if late else "decision.line_open", "params": params}


def _require(turn: Turn) -> Person:
    if turn.message.group:
        raise Refused("menu.private_only")
    return roles.require(turn.session, turn.person, "decide")


# -- a new one -------------------------------------------------------------------------------------


def _new(turn: Turn, _argument: str) -> None:
    _require(turn)
    turn.ask(TEXT)
    turn.say("decision.ask_text", most=decisions.TEXT, buttons=[_CANCEL])


def _text(turn: Turn, text: str) -> None:
    said = decisions.worded(text)
    turn.ask(WHO, text=said)
    turn.say("decision.ask_who", buttons=[_CANCEL])


def _who(turn: Turn, text: str) -> None:
    _ask_due(turn, DUE, text=turn.data["text"], who=decisions.named(text))


def _ask_due(turn: Turn, state: str, **data: Any) -> None:
    today = decisions.today(turn.now, turn.programme)
    turn.ask(state, **data)
    days = [
        [Button(f"decision.button_{name}", f"decision.by:{day.isoformat()}", {"at": day.isoformat()})]
        for name, day in deadlines.offers(today)
    ]
    turn.say("decision.ask_due", buttons=[*days, _CANCEL])


def _due(turn: Turn, text: str) -> None:
    _until(turn, deadlines.written(text, decisions.today(turn.now, turn.programme)))


def _by(turn: Turn, argument: str) -> None:
    """[Rabu depan] and the others: the button knows its day."""
    _require(turn)
    try:
        day = date.fromisoformat(argument)
    except ValueError:
        raise Refused("menu.old_button") from None
    if turn.conversation.state not in (DUE, MOVE):
        raise Refused("menu.old_button")
    _until(turn, deadlines.require(day, decisions.today(turn.now, turn.programme)))


def _until(turn: Turn, day: date) -> None:
    """The day is known: of a new decision it is shown as a whole, of an old one it is asked why."""
    if turn.conversation.state == MOVE:
        _ask_note(turn, int(turn.data["id"]), "move", due=day.isoformat())
        return
    data = {"text": turn.data["text"], "who": turn.data["who"], "due": day.isoformat()}
    turn.ask(CONFIRM, **data)
    save = Button("decision.button_save", f"decision.save:{_mark(data)}")
    turn.say("decision.confirm", **data, buttons=[[save], _CANCEL])


def _mark(data: Mapping[str, str]) -> str:
    """Short, and another one for another draft: what [Simpan] was shown for."""
    shown = json.dumps([data[name] for name in ("text", "who", "due")])
    return hashlib.sha256(shown.encode()).hexdigest()[:12]


def _unsure(turn: Turn, _text: str) -> None:
    turn.remind("decision.press_save")


def _save(turn: Turn, argument: str) -> None:
    """[Simpan]: only the draft that stands above the button."""
    me = _require(turn)
    if turn.conversation.state != CONFIRM or argument != _mark(turn.data):
        raise Refused("menu.old_button")
    data = turn.data
    due = date.fromisoformat(data["due"])
    made = decisions.record(turn.session, data["text"], data["who"], due, me, turn.now, turn.programme)
    turn.end()
    turn.edit("decision.saved", id=made.id, text=made.text, who=made.who, due=made.due.isoformat())
    turn.say("decision.another", buttons=[[Button("decision.button_new", "decision.new"), _TO_LIST]])


def _stop(turn: Turn, _argument: str) -> None:
    if turn.conversation.state.startswith("decision."):
        turn.end()
    turn.edit("decision.stopped")


# -- one of them -----------------------------------------------------------------------------------

_TO_LIST = Button("decision.button_list", "decision.list")
_ACTS = ("done", "move", "drop")


def _open(turn: Turn, argument: str) -> None:
    """One decision, and what can be done about it."""
    _require(turn)
    decision = decisions.one(turn.session, words.number(argument))
    by = turn.session.get(Person, decision.by) if decision.by else None
    acts = [
        [Button(f"decision.button_{act}", f"decision.{act}:{decision.id}")]
        for act in _ACTS
        if decision.status == decisions.OPEN
    ]
    state = _line(turn, decision, 0)["text"] if decision.status == decisions.OPEN else ""
    turn.end()
    turn.say(
        "decision.card",
        id=decision.id,
        text=decision.text,
        who=decision.who,
        due=decision.due.isoformat(),
        state={"text": "decision.state_late"} if state == "decision.line_late" else
        {"text": f"decision.state_{decision.status}"},
        note=decision.note,
        by=by.name if by else "",
        at=decision.at.isoformat(),
        buttons=[*acts, [_TO_LIST]],
    )  # fmt: skip


def _act(turn: Turn, argument: str, act: str) -> None:
    """[Selesai], [Ubah tenggat], [Batalkan keputusan]: until when, and in which words."""
    _require(turn)
    decision = decisions.one(turn.session, words.number(argument))
    if decision.status != decisions.OPEN:
        raise Refused("decision.closed_before", id=decision.id)
    if act == "move":
        _ask_due(turn, MOVE, id=decision.id)
    else:
        _ask_note(turn, decision.id, act)


def _ask_note(turn: Turn, number: int, act: str, **data: str) -> None:
    turn.ask(NOTE, id=number, act=act, **data)
    skip = [] if act == "drop" else [[Button("decision.button_no_note", "decision.plain")]]
    turn.say(f"decision.ask_note_{act}", id=number, buttons=[*skip, _CANCEL])


def _noted(turn: Turn, text: str) -> None:
    _close(turn, text)


def _plain(turn: Turn, _argument: str) -> None:
    if turn.conversation.state != NOTE:
        raise Refused("menu.old_button")
    _close(turn, "")


def _close(turn: Turn, note: str) -> None:
    me, data = _require(turn), turn.data
    number, act = int(data["id"]), data["act"]
    if act == "done":
        decisions.finish(turn.session, number, note, me, turn.now)
    elif act == "drop":
        decisions.drop(turn.session, number, note, me, turn.now)
    else:
        due = date.fromisoformat(data["due"])
        decisions.postpone(turn.session, number, due, note, me, turn.now, turn.programme)
    found = decisions.one(turn.session, number)
    turn.end()
    turn.say(f"decision.became_{act}", text=found.text, due=found.due.isoformat(), buttons=[[_TO_LIST]])


COMMANDS: Mapping[str, Any] = {"keputusan": {"handler": _begin, "capability": "digest", "group": True}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "decision.list": _pressed,
    "decision.new": _new,
    "decision.by": _by,
    "decision.save": _save,
    "decision.stop": _stop,
    "decision.open": _open,
    "decision.done": lambda turn, argument: _act(turn, argument, "done"),
    "decision.move": lambda turn, argument: _act(turn, argument, "move"),
    "decision.drop": lambda turn, argument: _act(turn, argument, "drop"),
    "decision.plain": _plain,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {
    TEXT: _text,
    WHO: _who,
    DUE: _due,
    CONFIRM: _unsure,
    NOTE: _noted,
    MOVE: _due,
}
