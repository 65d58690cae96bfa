"""`/konten` with a word, and `/kontenku`: finding items, the own ones and those of other OPD."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from handlers import words
from handlers.items import items
from handlers.joining import agency_list
from handlers.planning import browsing
from handlers.sharing import sharing
from handlers.turn import Turn
from models.content import rubrics, states
from models.content.content import Item
from models.editorial import listings, searching
from models.editorial.searching import Wish
from models.messages.post import Button
from models.people import agencies, people, roles
from models.people.people import Opd
from models.programme import weeks
from models.refused import Refused

STATE, OPD = "find.words", "find.opd"  # a word is typed next; the name of an OPD
_LONGEST = 60  # characters of a search


def asked(turn: Turn, argument: str) -> None:
    """`/konten` is the list (for those who make none this week's item), `/konten 42` one item,
    `/konten vaksin` a search."""
    number = words.item_number(argument)
    if number is not None:
        open_(turn, str(number))
    elif argument:
        _show(turn, understood(turn, argument), 0)
    elif roles.may(turn.session, turn.me, "compose"):
        listed(turn, "0")
    else:
        browsing.this_week(turn)


def listed(turn: Turn, argument: str) -> None:
    """[Daftar konten]: all that may be seen, by page; a word or the number of an item may be typed next."""
    turn.ask(STATE, **Wish().stored())
    browsing.page(turn, argument)


def own(turn: Turn, _argument: str) -> None:
    """`/kontenku`: the own items with their states."""
    _show(turn, Wish(mine=True), 0)


def understood(turn: Turn, written: str) -> Wish:
    """What somebody looks for: an OPD by its code or whole name, a rubric, a week, else words."""
    plain = " ".join(written.lower().split())[:_LONGEST]
    exact = [
        opd for opd in agencies.find(turn.session, plain) if plain in (opd.code.lower(), opd.name.lower())
    ]
    if exact:
        return Wish(opd=exact[0].id)
    if plain in rubrics.RUBRICS:
        return Wish(rubric=plain)
    if plain == "minggu ini":
        return Wish(week=turn.week)
    if plain.startswith(("minggu ", "w", "20")):
        try:
            return Wish(week=weeks.written(plain, turn.now, turn.programme))
        except ValueError:
            pass  # a word that begins so
    return Wish(words=plain)


# -- what was found ----------------------------------------------------------------------------


def _wish(turn: Turn) -> Wish:
    """What is being looked for in this conversation; nothing in particular where nothing is."""
    return Wish.of(turn.data) if turn.conversation.state in (STATE, OPD) else Wish()


def _show(turn: Turn, wish: Wish, shown: int) -> None:
    """One page of what was found, with the ways to look for less or for more."""
    found, total = searching.find(turn.session, turn.me, wish, shown, turn.programme.provincial_opd)
    if not found and shown:
        shown = 0
        found, total = searching.find(turn.session, turn.me, wish, 0, turn.programme.provincial_opd)
    turn.ask(STATE, **wish.stored())
    looked_for = _looked_for(turn, wish)
    if not found:
        text = "searching.none_own" if wish.mine else "searching.none"
        ways = [[Button("searching.button_new", "submit.new")]] if wish.mine else _ways(turn, wish)
        turn.say(text, wish=looked_for, buttons=ways)
        return
    lines = [_line(turn, nth, item) for nth, item in enumerate(found, 1)]
    buttons = [
        [Button("searching.button_item", f"find.open:{item.id}", {"n": nth, "title": items.short(item)})]
        for nth, item in enumerate(found, 1)
    ]
    turn.say(
        "searching.own" if wish.mine else "searching.found",
        wish=looked_for,
        total=total,
        lines=lines,
        buttons=[
            *buttons,
            *items.turning("find.page", shown, total, searching.PAGE),
            *_below(turn, wish, shown),
        ],
    )


def _line(turn: Turn, nth: int, item: Item) -> dict[str, Any]:
    params = {"n": nth, "id": item.id, "title": items.title(item), "owner": items.owner(turn, item)}
    at = weeks.moment(item.week, turn.programme.release, turn.programme).isoformat() if item.week else ""
    when = {"text": "searching.at", "params": {"at": at}} if at else {"text": "searching.no_week"}
    return {"text": "searching.line", "params": {**params, "status": items.status(item), "when": when}}


def _looked_for(turn: Turn, wish: Wish) -> list[dict[str, Any]]:
    opd = turn.session.get(Opd, wish.opd) if wish.opd else None
    parts: list[tuple[str, dict[str, Any]]] = []
    if wish.words:
        parts.append(("words", {"words": wish.words}))
    if wish.rubric:
        parts.append(("rubric", {"rubric": {"text": f"searching.rubric_{wish.rubric}"}}))
    if opd:
        parts.append(("opd", {"opd": opd.name}))
    if wish.week:
        parts.append(("week", {"week": wish.week}))
    return [{"text": f"searching.by_{name}", "params": params} for name, params in parts]


def _ways(turn: Turn, wish: Wish) -> list[list[Button]]:
    row = [Button("searching.button_rubric", "find.rubrics"), Button("searching.button_opd", "find.opds:0")]
    if wish.week != turn.week:
        row.append(Button("searching.button_week", "find.week"))
    clear = [] if wish.empty else [[Button("searching.button_clear", "find.all")]]
    return [row, *clear]


def _below(turn: Turn, wish: Wish, shown: int) -> list[list[Button]]:
    """The ways below what was found; on later pages as many as a list of WhatsApp has room for, which has ten
    lines."""
    if wish.mine:
        return []
    ways = _ways(turn, wish)
    return ways[-1:] if shown else ways


def page(turn: Turn, argument: str) -> None:
    """Another page of what is being looked for."""
    if turn.conversation.state not in (STATE, OPD):
        raise Refused("searching.over")
    _show(turn, _wish(turn), words.number(argument))


def open_(turn: Turn, argument: str) -> None:
    """One item: with its history for those who see it, to be shared where it is this week's, else to read."""
    wanted = words.number(argument)
    item = searching.visible(turn.session, turn.me, wanted, turn.programme.provincial_opd)
    try:
        listings.visible(turn.session, turn.me, wanted, turn.programme.provincial_opd)
    except Refused:
        if item.status == states.RELEASED and item.week == turn.week:
            browsing.card(turn, argument)
        elif item.status in searching.OUT:
            items.show(turn, item, [[Button("searching.button_back", "find.again")]])
        else:
            raise
        return
    browsing.detail(turn, argument)


def again(turn: Turn, _argument: str) -> None:
    """Back to what was found."""
    _show(turn, _wish(turn), 0)


# -- looking for less or more ------------------------------------------------------------------


def everything(turn: Turn, _argument: str) -> None:
    """[Cari konten] and [Tampilkan semua]: all that may be seen."""
    _show(turn, Wish(), 0)


def this_week(turn: Turn, _argument: str) -> None:
    _show(turn, replace(_wish(turn), week=turn.week, mine=False), 0)


def which_rubric(turn: Turn, _argument: str) -> None:
    wish = _wish(turn)
    turn.ask(STATE, **wish.stored())
    rows = [[Button(f"searching.rubric_{rubric}", f"find.rubric:{rubric}")] for rubric in rubrics.RUBRICS]
    turn.say("searching.which_rubric", buttons=[*rows, [Button("button.back", "find.again")]])


def of_rubric(turn: Turn, argument: str) -> None:
    if argument not in rubrics.RUBRICS:
        raise Refused("menu.old_button")
    _show(turn, replace(_wish(turn), rubric=argument, mine=False), 0)


def which_opd(turn: Turn, argument: str) -> None:
    """All OPD by page; a part of the name may be typed as well."""
    turn.ask(OPD, **_wish(turn).stored())
    everybody = people.agencies(turn.session)
    agency_list.offer(turn, everybody, words.number(argument), "find.opd", "find.opds")


def of_opd(turn: Turn, argument: str) -> None:
    opd = turn.session.get(Opd, words.number(argument))
    if opd is None:
        raise Refused("menu.old_button")
    _show(turn, replace(_wish(turn), opd=opd.id, mine=False), 0)


def _opd_said(turn: Turn, text: str) -> None:
    if sharing.hears(turn, text):
        return
    opd = agency_list.typed(turn, text, people.agencies(turn.session), "find.opd", "find.opds")
    if opd is not None:
        of_opd(turn, str(opd.id))


def _said(turn: Turn, text: str) -> None:
    """The number of an item, or other words to look for; "sudah" and links are still news about a share.

    A number alone may be a word of a text as well ("2026"): it is looked for where no item has it.
    """
    number = words.item_number(text)
    if number is not None and (words.names_item(text) or _there(turn, number)):
        open_(turn, str(number))
    elif not sharing.hears(turn, text):
        _show(turn, understood(turn, text), 0)


def _there(turn: Turn, number: int) -> bool:
    try:
        searching.visible(turn.session, turn.me, number, turn.programme.provincial_opd)
    except Refused:
        return False
    return True


COMMANDS: Mapping[str, Any] = {
    "konten": asked,
    "kontenku": {"handler": own, "capability": "compose"},
}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "content.list": listed,
    "find.page": page,
    "find.open": open_,
    "find.again": again,
    "find.all": everything,
    "find.week": this_week,
    "find.rubrics": which_rubric,
    "find.rubric": of_rubric,
    "find.opds": which_opd,
    "find.opd": of_opd,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {STATE: _said, OPD: _opd_said}
