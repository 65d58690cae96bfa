"""Who of an OPD did not share in a week: names for its own PPID, in private, with a friendly text to copy."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import channels, words
from handlers.digests import recaps
from handlers.items import items
from handlers.turn import Turn
from models.digests import summaries
from models.figures import absent, snapshots
from models.messages.post import Button
from models.people import roles
from models.people.people import Opd
from models.refused import Refused

PAGE = 20


def button(turn: Turn, opd: Opd, week: str) -> list[list[Button]]:
    """[Lihat siapa yang belum] for who may see it where this is said; no row for anybody else."""
    if turn.message.group or not roles.may(turn.session, turn.person, "missing", opd.id):
        return []
    return [[Button("digest.button_missing", f"digest.team:{week}:{opd.id}")]]


def _asked(turn: Turn, argument: str) -> tuple[str, Opd, int]:
    """Week, OPD and page of a button. Raises Refused in groups, and for who may not see that OPD's people."""
    if turn.message.group:
        raise Refused("menu.private_only")
    week, _, rest = argument.partition(":")
    number, _, shown = rest.partition(":")
    opd = turn.session.get(Opd, words.number(number))
    if opd is None:
        raise Refused("menu.old_button")
    roles.require(turn.session, turn.person, "missing", opd.id)
    return recaps.week_of(turn, week), opd, words.number(shown or "0")


def _first(turn: Turn, argument: str) -> None:
    _list(turn, argument, turned=False)


def _turned(turn: Turn, argument: str) -> None:
    _list(turn, argument, turned=True)


def _list(turn: Turn, argument: str, *, turned: bool) -> None:
    week, opd, shown = _asked(turn, argument)
    snapshot = snapshots.newest(turn.session, week)
    total = absent.count(turn.session, opd, week, snapshot)
    names = absent.page(turn.session, opd, week, snapshot, shown, PAGE)
    if not names:
        if total:
            raise Refused("absent.all_shown")
        turn.say("absent.nobody", opd=opd.name, week=week)
        return
    buttons = [
        *items.turning(f"absent.page:{week}:{opd.id}", shown, total, PAGE),
        [Button("absent.button_draft", f"absent.draft:{week}:{opd.id}")],
    ]
    if roles.may(turn.session, turn.person, "greet", opd.id):
        buttons.append([Button("absent.button_greet", f"missing.of:{opd.id}")])
    params: dict[str, Any] = {
        "opd": opd.name,
        "week": week,
        "first": shown * PAGE + 1,
        "last": shown * PAGE + len(names),
        "total": total,
        "lines": [{"text": "absent.line", "params": {"name": name}} for name in names],
    }
    if turned:
        turn.edit("absent.list", buttons=buttons, **params)
        turn.choose_from(buttons)
    else:
        turn.say("absent.list", buttons=buttons, **params)


def _draft(turn: Turn, argument: str) -> None:
    """A friendly message to all of the OPD, to be copied: it names nobody."""
    week, opd, _ = _asked(turn, argument)
    figures, _ = recaps.known(turn, week)
    page = summaries.page(figures, opd.code)
    if page is None:
        raise Refused("digest.no_people", opd=opd.name)
    about: dict[str, Any] = {
        "opd": page["opd"],
        "where": channels.where(turn.around.bot_name, turn.around.whatsapp),
    }
    turn.say("absent.how_to_use", opd=opd.name)
    if page["active"]:
        turn.say("absent.draft", week=week, active=page["active"], roster=page["roster"], **about)
    else:
        turn.say("absent.draft_none", **about)


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "digest.team": _first,
    "absent.page": _turned,
    "absent.draft": _draft,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
