"""What stands out in an item, in words: for its author before sending, and for the reviewer."""

from typing import Any

from handlers.turn import Turn
from models import checks
from models.content import Item

_SHOWN = 5
Sentence = dict[str, Any]


def in_full(turn: Turn, item: Item) -> list[Sentence]:
    """The warnings with their reasons, as lines of a text; none when nothing stands out."""
    return _lines(turn, item, "")


def in_short(turn: Turn, item: Item) -> list[Sentence]:
    """The same in a few words each: a reviewer knows the reasons."""
    return _lines(turn, item, "short_")


def _lines(turn: Turn, item: Item, form: str) -> list[Sentence]:
    found = checks.of(item, turn.around.words, turn.programme.hashtags, turn.around.signature)
    if not found:
        return []
    lines = [{"text": f"checks.{form}{one.key}", "params": _params(one)} for one in found[:_SHOWN]]
    if (left := len(found) - _SHOWN) > 0:
        lines.append({"text": "checks.more", "params": {"number": left}})
    return [{"text": "checks.heading"}, *lines]


def _params(warning: checks.Warning) -> dict[str, Any]:
    params = dict(warning.params)
    if "channel" in params:
        params["channel"] = {"text": f"checks.channel_{params['channel']}"}
    return params
