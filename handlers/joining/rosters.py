"""`/roster`: an admin sends a list of people (or of OPD), looks at what it would change, applies it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import words
from handlers.turn import Turn
from models.membership import roster
from models.messages.post import Button
from models.people import people, roles
from models.refused import Refused

FILE = "roster.file"
# States in which a file that somebody sends is a list.
TAKES_FILES = frozenset({FILE})
_MOST_NAMED = 5  # moves, or wrong lines of a list of OPD, that a preview names


def _begin(turn: Turn, _argument: str) -> None:
    """Says what the list looks like, and waits for it."""
    turn.ask(FILE)
    turn.say("roster.send", buttons=[[Button("button.cancel", "roster.cancel")]])


def _file(turn: Turn, _text: str) -> None:
    """A document is fetched first; `roster.stored` follows."""
    roles.require(turn.session, turn.person, "roster")
    sent = turn.message.file
    if sent is None or sent.kind != "document":
        raise Refused("roster.no_list")
    turn.keep("roster", notify=turn.message.address)
    turn.end()
    turn.say("roster.received", name=sent.name or "–")


def _stored(turn: Turn, argument: str) -> None:
    """The file is here: shows what it would change. Nobody pressed a button, so what is wrong is said."""
    try:
        roles.require(turn.session, turn.person, "roster")
        _preview(turn, words.number(argument))
    except Refused as refused:
        turn.say(refused.key, **refused.params)


def _not_fetched(turn: Turn, _argument: str) -> None:
    most = 16 if turn.on_whatsapp else 20  # megabytes that each of them brings
    turn.say("roster.not_fetched", most=most)


def _rows(turn: Turn, media_id: int) -> Sequence[roster.Row]:
    table = turn.around.table
    assert table is not None, "the composition root gives a reader of tables"
    return table(turn.session, media_id)


# -- preview -------------------------------------------------------------------------------------


def _preview(turn: Turn, media_id: int) -> None:
    rows = _rows(turn, media_id)
    if roster.is_agencies(rows):
        _preview_agencies(turn, media_id, rows)
        return
    plan = roster.plan(turn.session, roster.entries(rows))
    if plan.empty:
        turn.say("roster.no_change", total=plan.summary()["total"])
    else:
        turn.say(
            "roster.preview",
            **_numbers(plan),
            moves=[_move(turn, entry, before) for entry, before in plan.moved[:_MOST_NAMED]],
            buttons=_buttons(media_id),
        )
    _rejects(turn, media_id, len(plan.rejected))


def _move(turn: Turn, entry: roster.Entry, before: str) -> dict[str, Any]:
    opd = people.opd(turn.session, entry.opd)
    after = opd.name if opd is not None else entry.opd
    return {"text": "roster.move", "params": {"name": entry.name, "before": before, "after": after}}


def _numbers(plan: roster.Plan) -> dict[str, Any]:
    """The numbers of a plan; what is zero is None, and its line is left out."""
    numbers = {name: count or None for name, count in plan.summary().items()}
    return {**numbers, "total": plan.summary()["total"]}


def _buttons(media_id: int) -> list[list[Button]]:
    return [
        [
            Button("roster.button_apply", f"roster.apply:{media_id}"),
            Button("button.cancel", "roster.cancel"),
        ]
    ]


def _preview_agencies(turn: Turn, media_id: int, rows: Sequence[roster.Row]) -> None:
    changes, rejected = roster.plan_agencies(turn.session, roster.agency_rows(rows))
    if changes:
        turn.say("roster.preview_opd", number=len(changes), buttons=_buttons(media_id))
    else:
        turn.say("roster.no_change", total=len(rows))
    if rejected:
        lines = [
            {
                "text": "roster.line",
                "params": {"line": line.line, "why": {"text": line.why, "params": line.params}},
            }
            for line in rejected[:_MOST_NAMED]
        ]
        turn.say("roster.rejects_opd", number=len(rejected), lines=lines)


def _rejects(turn: Turn, media_id: int, number: int) -> None:
    """The lines that cannot be used, with their reasons, as a file to mend."""
    if number:
        turn.say("roster.rejects", number=number, report=f"rejects:{media_id}")


# -- applying ------------------------------------------------------------------------------------


def _apply(turn: Turn, argument: str) -> None:
    """Compares again, for the roster may have changed since, and applies in this transaction.

    `argument` is the media id, and after a second question the number of people who would leave.
    """
    roles.require(turn.session, turn.person, "roster")
    number, _, confirmed = argument.partition(":")
    rows = _rows(turn, words.number(number))
    if roster.is_agencies(rows):
        changes, _rejected = roster.plan_agencies(turn.session, roster.agency_rows(rows))
        roster.apply_agencies(turn.session, changes, turn.now, by=turn.me.id)
        if changes:
            turn.edit("roster.applied_opd", number=len(changes))
        else:
            turn.edit("roster.applied_before")
        return
    plan = roster.plan(turn.session, roster.entries(rows))
    if plan.empty:
        turn.edit("roster.applied_before")
        return
    if plan.drastic and confirmed != str(len(plan.left)):
        sure = Button("roster.button_sure", f"roster.apply:{number}:{len(plan.left)}")
        turn.say(
            "roster.sure",
            left=len(plan.left),
            active=plan.active,
            share=len(plan.left) / plan.active,
            buttons=[[sure], [Button("button.cancel", "roster.cancel")]],
        )
        return
    roster.apply(turn.session, plan, turn.now, by=turn.me.id)
    turn.edit("roster.applied", **_numbers(plan))


def _cancel(turn: Turn, _argument: str) -> None:
    turn.end()
    turn.edit("roster.cancelled")


COMMANDS: Mapping[str, Any] = {"roster": {"handler": _begin, "capability": "roster"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "roster.stored": _stored,
    "roster.failed": _not_fetched,
    "roster.apply": _apply,
    "roster.cancel": _cancel,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {FILE: _file}
