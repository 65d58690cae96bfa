"""Items to look at: those of a team, and this week's items of other OPD for everybody. Searching is in
searching.py."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import history, renewing, sharing
from handlers.turn import Turn
from models import cards, content, listings, moves, states, weeks
from models.content import Item
from models.post import Button
from models.refused import Refused

_EVENTS = 3  # of an item's history that its own message shows
_SHORT = 40  # characters of a title on a button


def number(argument: str, otherwise: str = "menu.old_button") -> int:
    """The number in a button's payload or behind a command. Raises Refused for anything else."""
    if not (argument.isascii() and argument.isdecimal()) or len(argument) > 9:
        raise Refused(otherwise)
    return int(argument)


def title(item: Item) -> Any:
    """The title as a parameter; a sentence where there is none yet."""
    return item.title or {"text": "browsing.untitled"}


def short(item: Item) -> Any:
    """The title for a button: phones cut a long one without a sign."""
    if len(item.title) > _SHORT:
        return f"{item.title[: _SHORT - 1].rstrip()}…"
    return title(item)


def status(item: Item) -> dict[str, str]:
    return {"text": f"browsing.status_{item.status}"}


def owner(turn: Turn, item: Item) -> str:
    """Whose item it is: the OPD, or the province."""
    return item.opd.name if item.opd else turn.programme.province


def show(turn: Turn, item: Item, buttons: Sequence[Sequence[Button]] = (), *, light: bool = False) -> None:
    """The item exactly as an ASN receives it: the album where it has one, the card, and the caption as a
    message of its own. `light` is as somebody gets it who saves data."""
    media, rows = item.media_id, list(buttons)
    if light and item.media is not None:
        media = item.media.small_id
        rows.append([cards.whole(cards.of(turn.session, [item.id])[0])])
    elif len(content.pictures(turn.session, item)) > 1:
        turn.album(item.id)
        media = None
    if item.live_at and item.live_url:
        rows.insert(0, [Button("live.button_watch", url=item.live_url)])
    turn.say(cards.text(live=item.live_at is not None), item=item.id, media=media, buttons=rows)
    turn.say("sharing.caption", item=item.id, province=turn.programme.province_short)


# -- the items of a team -----------------------------------------------------------------------


def page(turn: Turn, argument: str) -> None:
    """One page of the items that this person may see, the newest change first."""
    shown = number(argument)
    found, total = listings.latest(turn.session, turn.me, shown)
    if not found:
        raise Refused("browsing.nothing_yet")
    lines = [
        {
            "text": "browsing.line",
            "params": {
                "n": nth,
                "id": item.id,
                "title": title(item),
                "status": status(item),
            },
        }
        for nth, item in enumerate(found, 1)
    ]
    buttons = [
        [Button("browsing.button_item", f"content.show:{item.id}", {"id": item.id, "title": short(item)})]
        for item in found
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
        buttons=[*buttons, *turning("content.list", shown, total), ways],
    )


def turning(action: str, shown: int, total: int, size: int = listings.PAGE) -> list[list[Button]]:
    """The row that leads to the page before and the one after; no row where there is one page."""
    row = []
    if shown > 0:
        row.append(Button("browsing.button_before", f"{action}:{shown - 1}"))
    if (shown + 1) * size < total:
        row.append(Button("browsing.button_more", f"{action}:{shown + 1}"))
    return [row] if row else []


def detail(turn: Turn, argument: str) -> None:
    """A line of the list, pressed."""
    _detail(turn, number(argument))


def _detail(turn: Turn, wanted: int) -> None:
    """One item with its state and what happened to it last."""
    item = listings.visible(turn.session, turn.me, wanted, turn.programme.provincial_opd)
    release_at = weeks.moment(item.week, turn.programme.release, turn.programme) if item.week else None
    turn.say(
        "browsing.item",
        id=item.id,
        title=title(item),
        status=status(item),
        owner=owner(turn, item),
        author=item.author.name,
        at=release_at.isoformat() if release_at else "",
        lines=history.events(turn, item)[-_EVENTS:],
        buttons=_acts(turn, item),
    )


def _acts(turn: Turn, item: Item) -> list[list[Button]]:
    acts = []
    mine = item.author_id == turn.me.id
    if not content.missing(item):
        acts.append(Button("browsing.button_see", f"content.see:{item.id}"))
    if mine and item.status in states.OPEN_TO_AUTHOR:
        acts.append(Button("browsing.button_go_on", f"submit.resume:{item.id}"))
    capability = states.REVIEWERS.get(item.status, "approve")
    decidable = item.status in (*states.WAITING, states.APPROVED)
    if not mine and decidable and moves.may(turn.session, turn.me, capability, item.opd_id, turn.programme):
        acts.append(Button("reviewing.button_open", f"review.open:{item.id}"))
    acts += renewing.buttons(turn, item)
    story = Button("history.button", f"history.story:{item.id}")
    return [*([acts] if acts else []), [story, Button("browsing.button_list", "content.list:0")]]


def see(turn: Turn, argument: str) -> None:
    """An item of the list as it is received."""
    item = listings.visible(turn.session, turn.me, number(argument))
    if content.missing(item):
        raise Refused("browsing.unfinished", id=item.id)
    show(turn, item)


# -- what may be shared this week -----------------------------------------------------------


def this_week(turn: Turn) -> None:
    """The item that this person received this week once more; where there is none, those of other OPD."""
    item = listings.received(turn.session, turn.me, turn.week)
    if item is None:
        others(turn, "")
        return
    other = Button("sharing.button_other_opd", "content.others")
    search = Button("searching.button_search", "find.all")
    rows = [[Button("sharing.button_shared", "share.done")], [other, search]]
    show(turn, item, rows, light=turn.me.saver)


def others(turn: Turn, argument: str) -> None:
    """[Konten OPD lain]: what else may be shared this week, to choose from or to search by a name."""
    name = str(turn.data.get("name", "")) if turn.conversation.state == "browsing.others" and argument else ""
    _offer(turn, name, number(argument or "0"))


def _searched(turn: Turn, text: str) -> None:
    """Part of an OPD's name; "sudah" and links are still news about a share."""
    if turn.message.file is not None or not sharing.hears(turn, text):
        _offer(turn, text, 0)


def _offer(turn: Turn, name: str, shown: int) -> None:
    found, total = listings.others(turn.session, turn.me, turn.week, name, shown)
    if not found:
        raise Refused("browsing.no_such_opd", name=name) if name else Refused("browsing.none_this_week")
    turn.ask("browsing.others", name=name)
    if name and total == 1:
        card(turn, str(found[0].id))
        return
    lines = [
        {
            "text": "browsing.other",
            "params": {"n": nth, "owner": owner(turn, item), "title": item.title},
        }
        for nth, item in enumerate(found, 1)
    ]
    buttons = [
        [Button("browsing.button_other", f"content.card:{item.id}", {"owner": owner(turn, item)})]
        for item in found
    ]
    turn.say(
        "browsing.others",
        week=turn.week,
        lines=lines,
        buttons=[*buttons, *turning("content.others", shown, total)],
    )


def card(turn: Turn, argument: str) -> None:
    """An item of another OPD, to be shared like the own one."""
    item = listings.released(turn.session, number(argument), turn.week)
    turn.end()  # the search is over: what is written next is about something else
    show(turn, item, [[Button("sharing.button_shared", "share.done")]], light=turn.me.saver)


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "content.list": page,
    "content.show": detail,
    "content.see": see,
    "content.others": others,
    "content.card": card,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {"browsing.others": _searched}
