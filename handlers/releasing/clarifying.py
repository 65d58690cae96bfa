"""An urgent clarification that is approved: sent now, outside the rhythm of the weeks."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.items import items
from handlers.joining import joining
from handlers.releasing import releasing
from handlers.turn import Turn
from models.content.content import Item
from models.editorial import waits
from models.messages.post import Button
from models.refused import Refused
from models.releases import audiences, urgent


def offered(item: Item) -> list[list[Button]]:
    """What a controller may do with an urgent item that is approved."""
    return [[Button("releasing.button_now", f"release.urgent:{item.id}")]]


def _urgent(turn: Turn, argument: str) -> None:
    """[Siarkan sekarang]: whom it reaches, and the question whether it shall go out now."""
    item = _urgent_item(turn, argument)
    plan = audiences.of_item(item)
    audience = audiences.measure_plan(turn.session, plan)
    pictures = audiences.pictures(turn.session, plan)
    duration = audiences.seconds(audience.reachable, turn.around.messages_per_second, pictures)
    quiet = turn.programme.is_quiet(turn.now)
    turn.say(
        "releasing.preview_urgent",
        id=item.id,
        title=item.title,
        owner=items.owner(turn, item),
        reachable=audience.reachable,
        unreachable=audience.unreachable,
        seconds=round(duration.total_seconds()),
        ask={"text": "releasing.ask_quiet"} if quiet else {"text": "releasing.ask"},
        buttons=[
            [
                Button(
                    "releasing.button_all_the_same" if quiet else "releasing.button_go",
                    f"release.{'loud' if quiet else 'send'}:{item.id}",
                )
            ],
            [Button("button.cancel", f"release.later:{item.id}")],
        ],
    )


def _urgent_item(turn: Turn, argument: str) -> Item:
    joining.require(turn, "release")
    item = turn.session.get(Item, words.number(argument))
    if item is None or not item.urgent:
        raise Refused("menu.old_button")
    return item


def _send(turn: Turn, argument: str, *, in_quiet_hours: bool = False) -> None:
    item = _urgent_item(turn, argument)
    waits.lock_up(turn.session, turn.now, turn.programme)
    release = urgent.start(
        turn.session, item, turn.now, turn.programme, turn.me, in_quiet_hours=in_quiet_hours
    )
    turn.edit("releasing.started", name=release.name)
    releasing.watched(turn, release, turn.around.messages_per_second / 2)


def _loud(turn: Turn, argument: str) -> None:
    """[Tetap siarkan], in the quiet hours."""
    _send(turn, argument, in_quiet_hours=True)


def _later(turn: Turn, argument: str) -> None:
    item = _urgent_item(turn, argument)
    turn.edit("releasing.not_sent", id=item.id, buttons=offered(item))
    turn.choose_from(offered(item))


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "release.urgent": _urgent,
    "release.send": _send,
    "release.loud": _loud,
    "release.later": _later,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
