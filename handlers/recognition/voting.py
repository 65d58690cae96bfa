"""`/suara`: the vote for the best item of a month: a list, each item to be looked at, one tap to vote."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import words
from handlers.items import items
from handlers.turn import Turn
from models.content.content import Item
from models.messages.post import Button
from models.programme import months
from models.recognition import votes
from models.refused import Refused


def _list(turn: Turn, _argument: str) -> None:
    """`/suara`: what stands for election, and what was chosen so far."""
    month = votes.open_month(turn.session, turn.now, turn.programme)
    found = votes.candidates(turn.session, month, turn.programme)
    if not found:
        raise Refused("voting.nothing", month=month)
    mine = votes.of(turn.session, turn.me, month)
    own = votes.involved(turn.session, turn.me)
    lines, rows = [], []
    for number, one in enumerate(found, start=1):
        item = one.item
        mark = "voting.mark_mine" if item.id == mine else "voting.mark_own" if item.id in own else ""
        about = {"n": number, "title": item.title, "owner": items.owner(turn, item)}
        lines.append({"text": "voting.line", "params": {**about, "mark": {"text": mark} if mark else ""}})
        label = {"n": number, "title": items.short(item)}
        rows.append([Button("voting.button_item", f"vote.see:{item.id}", label)])
    turn.say("voting.list", month=month, lines=lines, until=_until(turn, month), buttons=rows)


def _until(turn: Turn, month: str) -> str:
    return months.list_at(month, turn.programme).isoformat()


def _see(turn: Turn, argument: str) -> None:
    """One of them, with its picture as this person gets pictures."""
    month = votes.open_month(turn.session, turn.now, turn.programme)
    number = words.number(argument)
    standing = {one.item.id: one.item for one in votes.candidates(turn.session, month, turn.programme)}
    if number not in standing:
        raise Refused("voting.no_candidate")
    item = standing[number]
    back = [Button("voting.button_back", "vote.list")]
    if number in votes.involved(turn.session, turn.me):
        _preview(turn, item)
        turn.say("voting.note_own", buttons=[back])
    elif number == votes.of(turn.session, turn.me, month):
        _preview(turn, item)
        turn.say("voting.note_mine", buttons=[back])
    else:
        _preview(turn, item, [[Button("voting.button_choose", f"vote.for:{number}")], back])


def _preview(turn: Turn, item: Item, buttons: Sequence[Sequence[Button]] = ()) -> None:
    media = item.media_id
    if turn.me.saver and item.media is not None:
        media = item.media.small_id
    turn.say("voting.preview", item=item.id, media=media, opd=items.owner(turn, item), buttons=buttons)


def _choose(turn: Turn, argument: str) -> None:
    """[Pilih konten ini]."""
    number = words.number(argument)
    first = votes.cast(turn.session, turn.me, number, turn.now, turn.programme)
    item = turn.session.get_one(Item, number)
    month = votes.open_month(turn.session, turn.now, turn.programme)
    key = "voting.voted" if first else "voting.changed"
    buttons = [[Button("voting.button_back", "vote.list")]]
    turn.edit(key, title=item.title, until=_until(turn, month), buttons=buttons)


def call(turn: Turn, share_id: int) -> dict[str, Any] | str:
    """The line of a receipt that calls to the open vote, as a parameter; mostly nothing."""
    month = votes.calls(turn.session, turn.me, share_id, turn.now, turn.programme)
    if not month:
        return ""
    return {"text": "voting.call", "params": {"month": month, "until": _until(turn, month)}}


COMMANDS: Mapping[str, Any] = {"suara": _list}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "vote.list": _list,
    "vote.see": _see,
    "vote.for": _choose,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
