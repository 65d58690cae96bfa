"""[Lanjutkan] of an item whose author is gone: somebody else of the team goes on with it."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.items import items
from handlers.submitting import drafting
from handlers.turn import Turn
from models.content.content import Item
from models.editorial import adoptions, listings
from models.messages.post import Button
from models.refused import Refused


def buttons(turn: Turn, item: Item) -> list[Button]:
    """The way on with an item that its author left behind, for those of its team."""
    if not adoptions.may(turn.session, item, turn.me, turn.now, turn.programme):
        return []
    return [Button("adopting.button", f"adopt.ask:{item.id}")]


def ask(turn: Turn, argument: str) -> None:
    """[Lanjutkan]: what it means, before it is done."""
    item = _item(turn, argument)
    why = adoptions.absence(turn.session, item, turn.now, turn.programme)
    if not adoptions.may(turn.session, item, turn.me, turn.now, turn.programme):
        raise Refused("adopting.not_now", id=item.id, author=item.author.name)
    turn.say(
        "adopting.explained",
        id=item.id,
        title=items.title(item),
        why={"text": f"adopting.why_{why}", "params": {"author": item.author.name}},
        buttons=[
            [Button("adopting.button_yes", f"adopt.take:{item.id}")],
            [Button("button.no", "adopt.stop")],
        ],
    )


def take(turn: Turn, argument: str) -> None:
    """[Ya, saya lanjutkan]: from here on it is theirs."""
    item = _item(turn, argument)
    adoptions.take(turn.session, item, turn.me, turn.now, turn.programme)
    turn.say("adopting.taken", id=item.id, title=items.title(item))
    drafting.go_on(turn, item)


def stop(turn: Turn, _argument: str) -> None:
    """[Tidak]."""
    turn.say("adopting.stopped")


def _item(turn: Turn, argument: str) -> Item:
    return listings.visible(turn.session, turn.me, words.number(argument), turn.programme.provincial_opd)


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "adopt.ask": ask,
    "adopt.take": take,
    "adopt.stop": stop,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
