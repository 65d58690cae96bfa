"""What became of the file of an item once it was fetched and measured: told at once to its author.

Nobody pressed a button here; these are events of our own (bot/fetcher.py).
"""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import browsing
from handlers.turn import Turn
from models import content, files, measures, states
from models.content import Item
from models.files import Media
from models.post import Button
from models.refused import Refused

# What the store says of a file, in the words of those who make content.
_STORE_SAYS = {
    "media.empty": "measuring.empty",
    "media.too_large": "measuring.too_large",
    "media.too_many_pixels": "measuring.too_many_pixels",
    "media.damaged": "measuring.damaged",
}


def facts(media: Media | None) -> dict[str, Any] | str:
    """The measured facts of a file in one line, as a parameter; "" where nothing was measured."""
    if media is None or media.status != files.STORED:
        return ""
    measured = measures.of(media)
    params = {"width": measured.width, "height": measured.height}
    if measured.kind == measures.FILM and measured.duration and measured.width:
        return {"text": "measuring.facts_film", "params": {**params, "duration": media.duration}}
    if measured.kind == measures.PICTURE and measured.width:
        return {"text": "measuring.facts_picture", "params": params}
    return ""


def _stored(turn: Turn, argument: str) -> None:
    """The file is here: says what its author should know of it; nothing when all is well."""
    item = _item(turn, argument)
    if item is None or item.media is None or item.media.status != files.STORED:
        return
    found = measures.warnings(measures.of(item.media))
    if found:
        turn.say(
            "measuring.warned",
            file=facts(item.media),
            title=browsing.title(item),
            lines=[{"text": finding.key, "params": finding.params} for finding in found],
            buttons=_another(item),
        )


def _failed(turn: Turn, argument: str) -> None:
    """The file cannot be used: why, and what to send instead."""
    item = _item(turn, argument)
    if item is None or item.media is None or item.media.status != files.FAILED:
        return
    turn.say(
        "measuring.refused" if _open(item) else "measuring.refused_later",
        id=item.id,
        title=browsing.title(item),
        reason=reason(item.media),
        buttons=_another(item),
    )


def _item(turn: Turn, argument: str) -> Item | None:
    """The item that the file belongs to, if it is this person's; the event is nobody else's business."""
    if turn.person is None:
        return None
    try:
        return content.with_file(turn.session, browsing.number(argument), turn.person)
    except Refused:
        return None


def _open(item: Item) -> bool:
    return item.status in states.OPEN_TO_AUTHOR


def _another(item: Item) -> list[list[Button]]:
    """[Kirim yang lain], as long as the item can be changed."""
    return [[Button("measuring.button_another", f"submit.redo:{item.id}:media")]] if _open(item) else []


def reason(media: Media) -> dict[str, Any]:
    """Why a file cannot be used: a rule's answer where one was given, else that it could not be fetched."""
    key = _STORE_SAYS.get(media.error, media.error)
    if key not in measures.REFUSALS:
        return {"text": "measuring.not_fetched"}
    return {"text": key, "params": dict(measures.REFUSALS[key])}


BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"item.stored": _stored, "item.failed": _failed}
COMMANDS: Mapping[str, Any] = {}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
