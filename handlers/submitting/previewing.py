"""An item as it will be received, with all its facts, and what can still be added to it."""

from handlers.items import checking, items, measuring
from handlers.reviewing import reviewing
from handlers.submitting import steps
from handlers.turn import Turn
from models.content import captions, fields, states, wordings
from models.content.content import Item
from models.messages.post import Button


def preview(turn: Turn, item: Item) -> None:
    """The item exactly as it will be received, and what can be done with it. Whoever changed the item of
    somebody else, as its editor, is back at the card on which they decide."""
    if item.author_id != turn.me.id:
        turn.end()
        reviewing.show(turn, item)
        return
    items.show(turn, item)
    turn.ask("submit.preview", item=item.id)
    turn.say(
        "submitting.preview",
        step=steps.total(item),
        steps=steps.total(item),
        out=items.out(turn, item),
        whose={"text": "submitting.whose_opd", "params": {"name": item.opd.name}}
        if item.opd
        else {"text": "submitting.whose_province", "params": {"province": turn.programme.province}},
        file=measuring.facts(item.media),
        facts=checking.facts(turn, item),
        reason=item.reason if item.status == states.RETURNED else "",
        warnings=checking.in_full(turn, item),
        buttons=_acts(item),
    )


def _acts(item: Item) -> list[list[Button]]:
    more = [
        Button("submitting.button_edit", f"submit.edit:{item.id}"),
        Button("submitting.button_complete", f"submit.complete:{item.id}"),
    ]
    return [
        [Button("submitting.button_send", f"submit.send:{item.id}")],
        more,
        [Button("submitting.button_later", f"submit.stop:{item.id}")],
    ]


def complete(turn: Turn, argument: str) -> None:
    """[Lengkapi lagi]: all that an item may have as well, and what of it is there."""
    item = steps.draft(turn, argument)
    names = [
        name for name in fields.EXTRAS if name != "regional_programme" or turn.programme.regional_programmes
    ]
    choices = [Button(f"completing.button_{name}", f"submit.redo:{item.id}:{name}") for name in names]
    number, own = wordings.count(turn.session, item), len(wordings.channels(turn.session, item))
    turn.say(
        "completing.ask",
        number=number,
        enough=wordings.ENOUGH,
        own=own,
        channels=len(captions.CHANNELS),
        buttons=[
            *(choices[first : first + 2] for first in range(0, len(choices), 2)),
            [Button("button.back", f"submit.resume:{item.id}")],
        ],
    )
