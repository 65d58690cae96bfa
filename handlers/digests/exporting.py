"""`/ekspor`: rows of a week as a file, for a PPID team those of its own OPD: what, which week, which form.

The file is made when it is sent, outside this transaction; here its rows are only counted.
"""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.turn import Turn
from models.figures import exporting, opendata
from models.messages.post import Button
from models.people import audit, roles
from models.people.people import Opd
from models.programme import weeks
from models.refused import Refused

STATE = "export.week"
OPEN = "open"
WHAT = (*exporting.KINDS, OPEN)
FORMS = ("xlsx", "csv")
TAKEN_BY_WHATSAPP = ("xlsx",)  # Twilio lists no other form of ours among what it takes
ALL_WEEKS = "all"


def _begin(turn: Turn, _argument: str) -> None:
    turn.say(
        "export.what", buttons=[[Button(f"export.button_{what}", f"export.what:{what}")] for what in WHAT]
    )


def _what(turn: Turn, what: str) -> None:
    """Open data are of all; of the rest a team gets the own OPD's, and is asked where it has several."""
    allowed = _allowed(turn, what)
    if what == OPEN or allowed is None:
        _ask_week(turn, what, 0)
    elif len(allowed) == 1:
        _ask_week(turn, what, allowed[0])
    else:
        opds = [turn.session.get_one(Opd, one) for one in allowed]
        turn.say(
            "teams.which_opd",
            buttons=[
                [Button("teams.button_opd", f"export.opd:{what}:{opd.id}", {"opd": opd.name})] for opd in opds
            ],
        )


def _allowed(turn: Turn, what: str) -> list[int] | None:
    """The OPD of which the person may have the rows, None for all. Raises Refused."""
    if turn.message.group:
        raise Refused("menu.private_only")
    roles.require(turn.session, turn.person, "export")
    if what not in WHAT:
        raise Refused("menu.old_button")
    return roles.agencies(turn.session, turn.me, "export")


def _checked(turn: Turn, argument: str) -> tuple[str, int, list[str]]:
    """What, the OPD (0 for all) and the rest of a pressed button, where the person may have it."""
    what, _, rest = argument.partition(":")
    number, *more = rest.split(":")
    opd_id, allowed = words.number(number), _allowed(turn, what)
    if what != OPEN and allowed is not None and opd_id not in allowed:
        raise Refused("roles.may_not")
    return what, opd_id, more


# -- which week ------------------------------------------------------------------------------------


def _opd(turn: Turn, argument: str) -> None:
    what, opd_id, _ = _checked(turn, argument)
    _ask_week(turn, what, opd_id)


def _ask_week(turn: Turn, what: str, opd_id: int) -> None:
    turn.end()
    about = f"{what}:{opd_id}"
    if what == OPEN:
        closed = opendata.closed(turn.session, turn.programme.started, turn.week)
        if not closed:
            raise Refused("export.none_closed", at=weeks.closing(turn.week, turn.programme).isoformat())
        chosen = [
            Button("export.button_newest", f"export.week:{about}:{closed[-1].week}"),
            Button("export.button_all", f"export.week:{about}:{ALL_WEEKS}"),
        ]
    else:
        chosen = [
            Button("export.button_this", f"export.week:{about}:{turn.week}"),
            Button("export.button_last", f"export.week:{about}:{weeks.shift(turn.week, -1)}"),
        ]
    turn.say(
        "export.week",
        what=_title(what),
        buttons=[chosen, [Button("export.button_type", f"export.type:{about}")]],
    )


def _type(turn: Turn, argument: str) -> None:
    what, opd_id, _ = _checked(turn, argument)
    turn.ask(STATE, what=what, opd=opd_id)
    turn.say("export.type", buttons=[[Button("button.cancel", "export.cancel")]])


def _typed(turn: Turn, text: str) -> None:
    """The number of a week; the question stays open where it is none."""
    what, opd_id = turn.data["what"], turn.data["opd"]
    _checked(turn, f"{what}:{opd_id}")
    try:
        week = weeks.written(text, turn.now, turn.programme) if text.strip() else ""
    except ValueError:
        week = ""
    if not week:
        raise Refused("export.week_unknown")
    _ask_form(turn, what, opd_id, week)


def _week(turn: Turn, argument: str) -> None:
    what, opd_id, more = _checked(turn, argument)
    _ask_form(turn, what, opd_id, more[0] if more else "")


# -- which form, and the file -----------------------------------------------------------------------


def _ask_form(turn: Turn, what: str, opd_id: int, week: str) -> None:
    """How many rows it will be, and the question."""
    span = _span(turn, what, week)
    number = _count(turn, what, opd_id, span)
    turn.end()
    turn.say(
        "export.form",
        **_about(turn, what, opd_id, span, number),
        buttons=[
            [
                Button(f"export.button_{form}", f"export.form:{what}:{opd_id}:{week}:{form}")
                for form in _forms(turn)
            ]
        ],
    )


def _forms(turn: Turn) -> tuple[str, ...]:
    return TAKEN_BY_WHATSAPP if turn.on_whatsapp else FORMS


def _span(turn: Turn, what: str, week: str) -> list[str]:
    """The weeks of a button or a typed number. Raises Refused for one that nothing is known of."""
    if what == OPEN and week == ALL_WEEKS:
        return [digest.week for digest in opendata.closed(turn.session, turn.programme.started, turn.week)]
    try:
        return exporting.span(week, week, turn.now, turn.programme)
    except ValueError:
        first = min(turn.programme.started, turn.week)
        raise Refused("export.no_such_week", first=first, last=turn.week) from None


def _count(turn: Turn, what: str, opd_id: int, span: list[str]) -> int:
    """How many rows. Raises Refused where there are none, and where there are too many for a chat."""
    if what == OPEN:
        closed = opendata.closed(turn.session, span[0], span[-1]) if span else []
        number = sum(len(digest.figures["opd"]) for digest in closed)
    else:
        number = exporting.count(turn.session, what, span[0], opd_id or None)
    if not number:
        raise Refused("export.not_closed" if what == OPEN else "export.empty", what=_title(what))
    if number > turn.programme.export_rows:
        raise Refused("export.too_many", number=number, what=what, week=span[0])
    return number


def _form(turn: Turn, argument: str) -> None:
    """Queues the document, with the dictionary beside a CSV, and notes who asked for what."""
    what, opd_id, more = _checked(turn, argument)
    if len(more) != 2 or more[1] not in FORMS:
        raise Refused("menu.old_button")
    week, form = more
    if form not in _forms(turn):
        raise Refused("export.excel_only")
    span = _span(turn, what, week)
    number = _count(turn, what, opd_id, span)
    audit.record(
        turn.session, turn.now, "export", "export", what, by=turn.me.id,
        first=span[0], last=span[-1], form=form, rows=number, opd=opd_id or None,
    )  # fmt: skip
    name = span[0] if len(span) == 1 else f"{span[0]}_{span[-1]}"
    # The moment makes it a new name: the same export asked for again is made again.
    report = f"export:{what}:{name}:{form}:{opd_id}:{int(turn.now.timestamp())}"
    if turn.on_whatsapp:
        report += f":{turn.message.channel}"  # which takes smaller files
    turn.say(
        f"export.file_{'open' if what == OPEN else 'people'}",
        report=report,
        **_about(turn, what, opd_id, span, number),
    )
    if form == "csv":
        turn.say("export.dictionary", report=f"dictionary:{what}")


def _about(turn: Turn, what: str, opd_id: int, span: list[str], number: int) -> dict[str, Any]:
    opd = turn.session.get_one(Opd, opd_id).name if opd_id else ""
    several = {"text": "export.several", "params": {"first": span[0], "last": span[-1]}}
    one = {"text": "export.one", "params": {"week": span[0]}}
    return {"what": _title(what), "opd": opd, "span": one if len(span) == 1 else several, "number": number}


def _title(what: str) -> dict[str, str]:
    return {"text": f"export.button_{what}"}


def _cancel(turn: Turn, _argument: str) -> None:
    turn.end()
    turn.edit("export.cancelled")


COMMANDS: Mapping[str, Any] = {"ekspor": {"handler": _begin, "capability": "export"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "export.what": _what,
    "export.opd": _opd,
    "export.week": _week,
    "export.type": _type,
    "export.form": _form,
    "export.cancel": _cancel,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {STATE: _typed}
