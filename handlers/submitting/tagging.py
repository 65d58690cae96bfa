"""The hashtags of an item: those that are approved, chosen by a button, a number or their name."""

from typing import Any

from handlers import words
from handlers.submitting import steps
from handlers.turn import Turn
from models.content import drafts, tags
from models.content.content import Item
from models.messages.post import Button
from models.refused import Refused


def ask(turn: Turn, item: Item) -> None:
    """The approved hashtags, those of the caption chosen beforehand."""
    approved = turn.programme.hashtags
    if not item.hashtags and (inferred := tags.written(item.caption, approved)):
        drafts.choose(turn.session, item, "hashtags", " ".join(inferred), turn.now, turn.me)
    turn.ask("submit.hashtags", item=item.id)
    lines, buttons = _shown(turn, item)
    turn.say("completing.ask_hashtags", lines=lines, buttons=buttons)


def _shown(turn: Turn, item: Item) -> tuple[list[dict[str, Any]], list[list[Button]]]:
    chosen = item.hashtags.split()
    lines = [
        {
            "text": "completing.tag_on" if tag in chosen else "completing.tag_off",
            "params": {"n": nth, "tag": tag},
        }
        for nth, tag in enumerate(turn.programme.hashtags, 1)
    ]
    buttons = [
        [
            Button(
                "completing.button_tag_on" if tag in chosen else "completing.button_tag_off",
                f"submit.tag:{item.id}:{nth}",
                {"tag": tag},
            )
        ]
        for nth, tag in enumerate(turn.programme.hashtags, 1)
    ]
    return lines, [*buttons, steps.on(item, "completing.button_done")]


def toggle(turn: Turn, argument: str) -> None:
    """A hashtag pressed: on or off, in the same message."""
    number, _, nth = argument.partition(":")
    _toggle(turn, steps.draft(turn, number), [words.number(nth)])


def _toggle(turn: Turn, item: Item, numbers: list[int]) -> None:
    approved = turn.programme.hashtags
    if not all(1 <= nth <= len(approved) for nth in numbers):
        raise Refused("completing.tag_unknown", most=len(approved))
    chosen = tags.toggled(item.hashtags, [nth - 1 for nth in numbers], approved)
    drafts.choose(turn.session, item, "hashtags", chosen, turn.now, turn.me)
    lines, buttons = _shown(turn, item)
    turn.edit("completing.ask_hashtags", lines=lines, buttons=buttons)


def said(turn: Turn, item: Item, text: str) -> bool:
    """Words instead of buttons: "1 3", "1,3" or hashtags; False when they say that it is enough."""
    if words.says_done(text) or words.says_yes(text):
        return False
    approved = turn.programme.hashtags
    known = {tag.casefold(): nth for nth, tag in enumerate(approved, 1)}
    written = text.replace(",", " ").split()
    numbers = [
        int(one) if one.isdecimal() else known.get(f"#{one.lstrip('#')}".casefold(), 0) for one in written
    ]
    _toggle(turn, item, list(dict.fromkeys(numbers)))
    return True
