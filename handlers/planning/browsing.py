"""Items to look at: those of a team, and this week's items of other OPD for everybody. Searching is in
searching.py."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.items import history, items
from handlers.sharing import sharing
from handlers.submitting import adopting, renewing
from handlers.turn import Turn
from models.content import drafts, states
from models.content.content import Item
from models.editorial import listings, moves
from models.messages.post import Button
from models.people import authors
from models.programme import weeks
from models.refused import Refused

OTHERS = "browsing.others"  # part of an OPD's name is typed next
_EVENTS = 3  # of an item's history that its own message shows


# -- the items of a team -----------------------------------------------------------------------


def page(turn: Turn, argument: str) -> None:
    """One page of the items that this person may see, the newest change first; where there is none, how
    the first one is made, by who may."""
    shown = words.number(argument)
    found, total = listings.latest(turn.session, turn.me, shown, turn.programme.provincial_opd)
    if not found and shown:
        page(turn, "0")
        return
    if not found:
        _nothing_yet(turn)
        return
    lines = [
        {
            "text": "browsing.line",
            "params": {
                "n": nth,
                "id": item.id,
                "title": items.title(item),
                "status": items.status(item),
            },
        }
        for nth, item in enumerate(found, 1)
    ]
    buttons = [
        [Button("browsing.button_item", f"content.show:{item.id}", {"n": nth, "title": items.short(item)})]
        for nth, item in enumerate(found, 1)
    ]
    ways = [
        Button("searching.button_rubric", "find.rubrics"),
        Button("searching.button_opd", "find.opds:0"),
        Button("searching.button_week", "find.week"),
    ]
    turn.say(
        "browsing.list",
        lines=lines,
        total=total,
        buttons=[*buttons, *items.turning("content.list", shown, total, listings.LATEST), ways],
    )


def _nothing_yet(turn: Turn) -> None:
    ways = [[Button("searching.button_all", "find.all")]]
    if authors.homes(turn.session, turn.me, turn.programme.provincial_opd):
        turn.say("browsing.nothing_yet", buttons=[[Button("searching.button_new", "submit.new")], *ways])
    else:
        turn.say("browsing.nothing_to_see", buttons=ways)


def detail(turn: Turn, argument: str) -> None:
    """A line of the list, pressed."""
    _detail(turn, words.number(argument))


def _detail(turn: Turn, wanted: int) -> None:
    """One item with its state and what happened to it last."""
    item = listings.visible(turn.session, turn.me, wanted, turn.programme.provincial_opd)
    release_at = weeks.moment(item.week, turn.programme.release, turn.programme) if item.week else None
    turn.say(
        "browsing.item",
        id=item.id,
        title=items.title(item),
        status=items.status(item),
        owner=items.owner(turn, item),
        author=item.author.name,
        at=release_at.isoformat() if release_at else "",
        lines=history.events(turn, item)[-_EVENTS:],
        buttons=_acts(turn, item),
    )


def _acts(turn: Turn, item: Item) -> list[list[Button]]:
    acts = []
    mine = item.author_id == turn.me.id
    if not drafts.missing(item):
        acts.append(Button("browsing.button_see", f"content.see:{item.id}"))
    if mine and item.status in states.OPEN_TO_AUTHOR:
        acts.append(Button("browsing.button_go_on", f"submit.resume:{item.id}"))
    capability = states.REVIEWERS.get(item.status, "approve")
    decidable = item.status in (*states.WAITING, states.APPROVED)
    if not mine and decidable and moves.may(turn.session, turn.me, capability, item.opd_id, turn.programme):
        acts.append(Button("reviewing.button_open", f"review.open:{item.id}"))
    acts += renewing.buttons(turn, item) + adopting.buttons(turn, item)
    story = Button("history.button", f"history.story:{item.id}")
    return [*([acts] if acts else []), [story, Button("browsing.button_list", "content.list:0")]]


def see(turn: Turn, argument: str) -> None:
    """An item of the list as it is received."""
    item = listings.visible(turn.session, turn.me, words.number(argument), turn.programme.provincial_opd)
    if drafts.missing(item):
        raise Refused("browsing.unfinished", id=item.id)
    items.show(turn, item)


# -- what may be shared this week -----------------------------------------------------------


def this_week(turn: Turn) -> None:
    """The item that this person received this week once more; where there is none, those of other OPD."""
    item = listings.received(turn.session, turn.me, turn.week)
    if item is None:
        others(turn, "")
        return
    other = Button("sharing.button_other_opd", "content.others")
    search = Button("searching.button_search", "find.all")
    rows = [[Button("sharing.button_shared", f"share.done:{item.id}")], [other, search]]
    items.show(turn, item, rows, light=turn.me.saver)


def others(turn: Turn, argument: str) -> None:
    """[Konten OPD lain]: what else may be shared this week, to choose from or to search by a name."""
    name = str(turn.data.get("name", "")) if turn.conversation.state == OTHERS and argument else ""
    _offer(turn, name, words.number(argument or "0"))


def _searched(turn: Turn, text: str) -> None:
    """Part of an OPD's name; "sudah" and links are still news about a share."""
    if not sharing.hears(turn, text):
        _offer(turn, text, 0)


def _offer(turn: Turn, name: str, shown: int) -> None:
    found, total = listings.others(turn.session, turn.me, turn.week, name, shown)
    if not found:
        raise Refused("browsing.no_such_opd", name=name) if name else Refused("browsing.none_this_week")
    turn.ask(OTHERS, name=name)
    if name and total == 1:
        card(turn, str(found[0].id))
        return
    lines = [
        {
            "text": "browsing.other",
            "params": {"n": nth, "owner": items.owner(turn, item), "title": item.title},
        }
        for nth, item in enumerate(found, 1)
    ]
    buttons = [
        [Button("browsing.button_other", f"content.card:{item.id}", {"owner": items.owner(turn, item)})]
        for item in found
    ]
    turn.say(
        "browsing.others",
        week=turn.week,
        lines=lines,
        buttons=[*buttons, *items.turning("content.others", shown, total)],
    )


def card(turn: Turn, argument: str) -> None:
    """An item of another OPD, to be shared like the own one."""
    item = listings.released(turn.session, words.number(argument), turn.week)
    turn.end()  # the search is over: what is written next is about something else
    items.show(turn, item, [[Button("sharing.button_shared", "share.done")]], light=turn.me.saver)


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "content.show": detail,
    "content.see": see,
    "content.others": others,
    "content.card": card,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {OTHERS: _searched}
