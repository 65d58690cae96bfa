"""`/rencana`: the next eight weeks of an OPD, and for those who see to all of them the whole board."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import words
from handlers.items import items
from handlers.joining import agency_list
from handlers.planning import overview
from handlers.sharing import sharing
from handlers.submitting import drafting
from handlers.turn import Turn
from models.content import states
from models.content.content import Item
from models.editorial import listings
from models.figures import staffing
from models.messages.post import Button
from models.people import authors
from models.people.people import Opd
from models.programme import weeks
from models.refused import Refused
from models.releases import plans
from models.releases.plans import Place

ALL = "all"  # the province, in a button
_IN_A_ROW = 4


def begin(turn: Turn, argument: str) -> None:
    """`/rencana`: the own OPD; the board for whoever sees all; `/rencana kesehatan` one of them."""
    homes = _homes(turn)
    if not homes and not overview.sees_all(turn):
        raise Refused("roles.may_not")
    if argument:
        _typed(turn, argument)
    elif overview.sees_all(turn):
        overview.board(turn, "")
    elif len(homes) == 1:
        show(turn, homes[0])
    else:
        _which(turn, homes)


def _homes(turn: Turn) -> list[Opd | None]:
    """The OPD that somebody writes for; None is the province."""
    return authors.homes(turn.session, turn.me, turn.programme.provincial_opd)


def _which(turn: Turn, homes: Sequence[Opd | None]) -> None:
    rows = [
        [Button("planning.button_home", f"plan.of:{opd.id}", {"name": opd.name})]
        if opd
        else [_province(turn)]
        for opd in homes
    ]
    turn.say("planning.ask_whose", buttons=rows)


def _province(turn: Turn) -> Button:
    return Button("planning.button_home", f"plan.of:{ALL}", {"name": turn.programme.province})


def opd_of(turn: Turn, argument: str) -> Opd | None:
    """The OPD of a button ("all": the province). Raises Refused for one whose plan is not theirs to see."""
    opd = None
    if argument != ALL:
        opd = turn.session.get(Opd, words.number(argument))
        if opd is None:
            raise Refused("menu.old_button")
    own = {_token(home) for home in _homes(turn)}
    if _token(opd) not in own and not overview.sees_all(turn):
        raise Refused("roles.may_not")
    return opd


def week_of(written: str) -> str:
    """The week of a button. Raises Refused for what is none."""
    try:
        return weeks.parse(written)
    except ValueError:
        raise Refused("menu.old_button") from None


# -- which OPD ------------------------------------------------------------------------------


def opds(turn: Turn, argument: str) -> None:
    """[Pilih OPD]: a list by page; a part of the name may be typed as well."""
    if not overview.sees_all(turn):
        raise Refused("roles.may_not")
    turn.ask(overview.STATE)
    agency_list.offer(turn, staffing.agencies(turn.session), words.number(argument), "plan.of", "plan.opds")


def _said(turn: Turn, text: str) -> None:
    """Part of an OPD's name; "sudah" and links are still news about a share."""
    if not sharing.hears(turn, text):
        _typed(turn, text)


def _typed(turn: Turn, text: str) -> None:
    own = [home for home in _homes(turn) if home is not None]
    allowed = staffing.agencies(turn.session) if overview.sees_all(turn) else own
    opd = agency_list.typed(turn, text, allowed, "plan.of", "plan.opds")
    if opd is not None:
        show(turn, opd)


# -- one OPD -----------------------------------------------------------------------------------


def of(turn: Turn, argument: str) -> None:
    """The weeks of an OPD that was chosen."""
    show(turn, opd_of(turn, argument))


def show(turn: Turn, opd: Opd | None) -> None:
    """The next eight weeks of an OPD (None: the province), one line each."""
    opd_id = opd.id if opd else None
    names = plans.coming(turn.session, turn.now, turn.programme)
    found = plans.board(turn.session, names, [opd_id])
    lines = [_line(turn, nth, week, found.get((opd_id, week), Place())) for nth, week in enumerate(names, 1)]
    buttons = [
        Button(
            "planning.button_week",
            f"plan.week:{_token(opd)}:{week}",
            {"n": nth, "at": overview.at(turn, week)},
        )
        for nth, week in enumerate(names, 1)
    ]
    rows = [buttons[first : first + _IN_A_ROW] for first in range(0, len(buttons), _IN_A_ROW)]
    if overview.sees_all(turn):
        rows.append([Button("planning.button_all", "plan.all")])
    loose = len(plans.without_week(turn.session, [opd_id]))
    turn.end()
    turn.say(
        "planning.weeks",
        owner=opd.name if opd else turn.programme.province,
        lines=lines,
        loose={"text": "planning.loose", "params": {"number": loose}} if loose else "",
        small=_few(turn, opd),
        buttons=rows,
    )


def _few(turn: Turn, opd: Opd | None) -> Any:
    """That the team of an OPD is too small."""
    few = staffing.small(staffing.teams(turn.session))
    team = next((team for team in few if opd and team.opd.id == opd.id), None)
    if team is None:
        return ""
    return {"text": "planning.small_team", "params": {"number": team.people, "least": staffing.LEAST}}


def _line(turn: Turn, nth: int, week: str, place: Place) -> dict[str, Any]:
    more = len(place.items) - 1
    return {
        "text": "planning.line",
        "params": {
            "n": nth,
            "at": overview.at(turn, week),
            "what": _what(place),
            "more": {"text": "planning.more", "params": {"number": more}} if more > 0 else "",
        },
    }


def _what(place: Place) -> dict[str, Any]:
    """What stands in a week, with its sign: "✅ disetujui: Imunisasi gratis"."""
    if not place.items:
        return {"text": "planning.state_empty"}
    return {"text": f"planning.state_{place.status}", "params": {"title": items.short(place.items[0])}}


def _token(opd: Opd | None) -> str:
    return str(opd.id) if opd else ALL


def week(turn: Turn, argument: str) -> None:
    """What stands in one week: an item, several, or nothing yet."""
    whose, _, name = argument.partition(":")
    opd, name = opd_of(turn, whose), week_of(name)
    opd_id = opd.id if opd else None
    place = plans.board(turn.session, [name], [opd_id]).get((opd_id, name), Place())
    if len(place.items) == 1:
        _show_item(turn, place.items[0])
    elif place.items:
        _several(turn, opd, name, place)
    else:
        _empty(turn, opd, name)


def _several(turn: Turn, opd: Opd | None, name: str, place: Place) -> None:
    lines = [
        {"text": "planning.line_item", "params": {"n": nth, "id": item.id, "what": _what(Place((item,)))}}
        for nth, item in enumerate(place.items, 1)
    ]
    rows = [
        [Button("browsing.button_item", f"plan.item:{item.id}", {"n": nth, "title": items.short(item)})]
        for nth, item in enumerate(place.items, 1)
    ]
    turn.say("planning.several", at=overview.at(turn, name), lines=lines, buttons=[*rows, [_back(opd)]])


def _empty(turn: Turn, opd: Opd | None, name: str) -> None:
    writes = authors.may_write(turn.session, turn.me, opd.id if opd else None, turn.programme.provincial_opd)
    start = [[Button("planning.button_start", f"plan.start:{_token(opd)}:{name}")]] if writes else []
    turn.say("planning.empty_week", at=overview.at(turn, name), buttons=[*start, [_back(opd)]])


def _back(opd: Opd | None) -> Button:
    return Button("planning.button_back", f"plan.of:{_token(opd)}")


def item_of(turn: Turn, argument: str) -> Item:
    """An item of a plan that this person may see. Raises the same Refused whether hidden or not there."""
    found = turn.session.get(Item, words.number(argument))
    if found is None or found.status == states.DROPPED:
        raise Refused("browsing.unknown", id=argument)
    opd_of(turn, str(found.opd_id) if found.opd_id else ALL)
    return found


def item(turn: Turn, argument: str) -> None:
    _show_item(turn, item_of(turn, argument))


def _show_item(turn: Turn, item: Item) -> None:
    """An item in its week, and what this person can do with it."""
    acts = []
    if (
        item.status in plans.MOVABLE
        and not item.urgent
        and plans.may_plan(turn.session, turn.me, item.opd_id, turn.programme)
    ):
        acts.append(Button("planning.button_move", f"plan.move:{item.id}"))
    if item.author_id == turn.me.id and item.status in states.OPEN_TO_AUTHOR:
        acts.append(Button("planning.button_go_on", f"submit.resume:{item.id}"))
    elif _visible(turn, item):
        acts.append(Button("planning.button_look_inside", f"content.show:{item.id}"))
    turn.say(
        "planning.item",
        id=item.id,
        title=items.title(item),
        what=_what(Place((item,))),
        owner=items.owner(turn, item),
        author=item.author.name,
        at=overview.at(turn, item.week) if item.week else "",
        buttons=[*([acts] if acts else []), [_back(item.opd)]],
    )


def _visible(turn: Turn, item: Item) -> bool:
    try:
        listings.visible(turn.session, turn.me, item.id, turn.programme.provincial_opd)
    except Refused:
        return False
    return True


def start(turn: Turn, argument: str) -> None:
    """[Ajukan untuk minggu ini]: a draft whose week is chosen already."""
    whose, _, name = argument.partition(":")
    opd, name = opd_of(turn, whose), week_of(name)
    draft = plans.start(turn.session, turn.me, opd.id if opd else None, name, turn.now, turn.programme)
    drafting.go_on(turn, draft)


COMMANDS: Mapping[str, Any] = {"rencana": begin}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    **overview.BUTTONS,
    "plan.opds": opds,
    "plan.of": of,
    "plan.week": week,
    "plan.item": item,
    "plan.start": start,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {overview.STATE: _said}
