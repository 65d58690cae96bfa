"""What all questions about an item share: whose draft it is, which step this is, and the ways out of it."""

from typing import Any

from handlers import words
from handlers.turn import Turn
from models.content import drafts, fields, sources
from models.content.content import Item
from models.messages.post import Button
from models.refused import Refused


def draft(turn: Turn, argument: str) -> Item:
    """The own draft of a button ("42"). Raises Refused when it is none, or none any more."""
    return drafts.own(turn.session, turn.me, words.number(argument), turn.programme.provincial_opd)


def draft_and_field(turn: Turn, argument: str) -> tuple[Item, str]:
    """The draft and the field of a button ("42:title"), which may be one of those that are optional."""
    number, _, field = argument.partition(":")
    if field not in (*fields.FIELDS, *fields.EXTRAS):
        raise Refused("menu.old_button")
    return draft(turn, number), field


def open_draft(turn: Turn) -> Item | None:
    """The draft that the open question is about; None, and said so, when it can't be changed any more."""
    try:
        return drafts.own(turn.session, turn.me, turn.data["item"], turn.programme.provincial_opd)
    except Refused as refused:
        turn.end()
        turn.say(refused.key, **refused.params)
        return None


def total(item: Item) -> int:
    """How many steps this item has: its questions, and the preview."""
    return len(drafts.steps(item)) + 1


def number(item: Item, field: str) -> int:
    """Which step a field is, from 1."""
    return drafts.steps(item).index(field) + 1


def ask(
    turn: Turn,
    item: Item,
    field: str,
    buttons: list[list[Button]] | None = None,
    *,
    data: dict[str, Any] | None = None,
    **params: Any,
) -> None:
    """Asks the question of a step; an answer that is there already may be kept. `data` is remembered
    with the open question."""
    turn.ask(f"submit.{field}", item=item.id, **(data or {}))
    if field in fields.EXTRAS:
        turn.say(f"completing.ask_{field}", buttons=[*(buttons or []), on(item)], **params)
        return
    filled = field not in drafts.missing(item)
    keep = [[Button("submitting.button_keep", f"submit.keep:{item.id}:{field}")]] if filled else []
    back = [Button("button.back", f"submit.back:{item.id}:{field}")] if number(item, field) > 1 else []
    out = [*back, Button("button.cancel", f"submit.stop:{item.id}")]
    turn.say(
        f"submitting.ask_{field}",
        step=number(item, field),
        steps=total(item),
        buttons=[*(buttons or []), *keep, out],
        **params,
    )


def on(item: Item, text: str = "completing.button_skip") -> list[Button]:
    """[Lewati] or [Selesai] of something optional, and [Batal]: the draft stays as it is."""
    return [Button(text, f"submit.resume:{item.id}"), Button("button.cancel", f"submit.stop:{item.id}")]


def look_up_source(turn: Turn, item: Item) -> None:
    """Has the source of an item opened, where the operator allows it."""
    if turn.around.check_links:
        sources.ask(turn.session, item, turn.message.channel, turn.message.address, turn.now)
