"""The author and what was sent: taking it back while it waits, a new version once it is approved."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.items import items
from handlers.submitting import drafting
from handlers.turn import Turn
from models.content import drafts, states
from models.content.content import Item
from models.editorial import listings, moves, renewals
from models.messages.post import Button
from models.refused import Refused


def command(turn: Turn, argument: str) -> None:
    """`/ubah 42`: goes on with a draft, asks to take back what waits, begins a new version of the rest."""
    number = words.number(argument.removeprefix("#"), "renewing.which")
    item = _own(turn, number)
    if item.status in states.OPEN_TO_AUTHOR:
        drafting.go_on(turn, item)
    elif item.status in states.WAITING:
        take_back(turn, str(number))
    else:
        begin(turn, str(number))


def _own(turn: Turn, number: int) -> Item:
    """The own item. Of one that is somebody else's, only whoever may see it hears that it exists."""
    item = listings.visible(turn.session, turn.me, number, turn.programme.provincial_opd)
    if item.author_id != turn.me.id:
        raise Refused("renewing.not_yours", id=item.id)
    return item


def buttons(turn: Turn, item: Item) -> list[Button]:
    """What an author can do with an own item that was sent."""
    if item.author_id != turn.me.id:
        return []
    if item.status in states.WAITING:
        return [Button("renewing.button_take_back", f"renew.take_back:{item.id}")]
    if item.status == states.APPROVED:
        return [Button("renewing.button_begin", f"renew.ask:{item.id}")]
    return []


def begin(turn: Turn, argument: str) -> None:
    """[Ubah] of an approved item: what that means, before it begins."""
    item = _own(turn, words.number(argument))
    renewals.require(turn.session, item, turn.me, turn.programme)
    open_ = renewals.of(turn.session, item)
    if open_ is not None:
        _go_on(turn, item)
        return
    yes = Button("renewing.button_yes", f"renew.begin:{item.id}")
    turn.say(
        "renewing.explained", id=item.id, title=item.title, buttons=[[yes, Button("button.no", "renew.stop")]]
    )


def _go_on(turn: Turn, item: Item) -> None:
    copy = renewals.begin(turn.session, item, turn.me, turn.now, turn.programme)
    turn.say("renewing.begun", id=item.id, copy=copy.id)
    drafting.go_on(turn, copy)


def begun(turn: Turn, argument: str) -> None:
    """[Ya, buat versi baru]: a copy that is changed and goes the whole way again."""
    _go_on(turn, _own(turn, words.number(argument)))


def take_back(turn: Turn, argument: str) -> None:
    """[Tarik kembali]: whoever reviews it loses their work, so it is asked once more."""
    item = _own(turn, words.number(argument))
    moves.require_step(turn.session, item, "take_back", turn.me, turn.programme)
    yes = Button("renewing.button_yes_take_back", f"renew.taken:{item.id}:{item.version}")
    turn.say(
        "renewing.confirm_take_back",
        id=item.id,
        title=item.title,
        status=items.status(item),
        buttons=[[yes, Button("button.no", "renew.stop")]],
    )


def taken_back(turn: Turn, argument: str) -> None:
    """[Ya, tarik kembali] for the version that it was asked about."""
    number, _, version = argument.partition(":")
    item = _own(turn, words.number(number))
    if item.version != words.number(version or "0"):
        raise Refused("menu.old_button")
    moves.move(turn.session, item, "take_back", turn.me, turn.now, turn.programme)
    turn.say("renewing.taken_back", id=item.id, title=item.title)
    drafting.go_on(turn, drafts.own(turn.session, turn.me, item.id, turn.programme.provincial_opd))


def stop(turn: Turn, _argument: str) -> None:
    """[Tidak]: all stays as it was."""
    turn.say("renewing.stopped")


COMMANDS: Mapping[str, Any] = {"ubah": {"handler": command, "capability": "compose"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "renew.ask": begin,
    "renew.begin": begun,
    "renew.take_back": take_back,
    "renew.taken": taken_back,
    "renew.stop": stop,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
