"""What became of the file of an item once it was fetched and measured: told at once to its author.

Nobody pressed a button here; these are events of our own (bot/files/fetcher.py).
"""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.items import items
from handlers.turn import Turn
from models.content import albums, measures, states
from models.content.content import Item
from models.messages import files
from models.messages.files import Media
from models.messages.post import Button
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
    item, number, media = _file(turn, argument)
    if item is None or media is None or media.status != files.STORED:
        return
    found = measures.warnings(measures.of(media))
    if found:
        turn.say(
            "measuring.warned",
            which=_which(turn, item, number),
            file=facts(media),
            title=items.title(item),
            lines=[{"text": finding.key, "params": finding.params} for finding in found],
            buttons=_another(turn, item, media),
        )


def _failed(turn: Turn, argument: str) -> None:
    """The file cannot be used: why, and what to send instead. One of several is taken out of the album, so
    that the others can go on."""
    item, number, media = _file(turn, argument)
    if item is None or media is None or media.status != files.FAILED:
        return
    which = _which(turn, item, number)
    if which and _open(item):
        albums.take_out(turn.session, item, media.id, turn.now)
        turn.say(
            "measuring.taken_out",
            which=which,
            title=items.title(item),
            reason=reason(media),
            buttons=[[Button("picturing.button_more", f"submit.more:{item.id}")]],
        )
        return
    turn.say(
        "measuring.refused" if _open(item) else "measuring.refused_later",
        which=which,
        id=item.id,
        title=items.title(item),
        reason=reason(media),
        buttons=_another(turn, item, media),
    )


def _file(turn: Turn, argument: str) -> tuple[Item, int, Media] | tuple[None, int, None]:
    """The item that the file belongs to, if it is this person's, with the file's place in it; the event is
    nobody else's business."""
    nothing = None, 0, None
    if turn.person is None:
        return nothing
    try:
        found = albums.with_file(turn.session, words.number(argument), turn.person)
    except Refused:
        return nothing
    if found is None or found[0].status == states.DROPPED:
        return nothing
    return *found, turn.session.get_one(Media, words.number(argument))


def _which(turn: Turn, item: Item, number: int) -> dict[str, Any] | str:
    """Which of several files it is, as a parameter; "" where there is one only."""
    total = len(albums.of(turn.session, item))
    return {"text": "measuring.which", "params": {"n": number, "number": total}} if total > 1 else ""


def _open(item: Item) -> bool:
    return item.status in states.OPEN_TO_AUTHOR


def _another(turn: Turn, item: Item, media: Media) -> list[list[Button]]:
    """[Kirim yang lain], as long as the item can be changed; of an album, the one file can be taken out."""
    if not _open(item):
        return []
    if len(albums.of(turn.session, item)) > 1:
        return [[Button("measuring.button_out", f"submit.without:{item.id}:{media.id}")]]
    return [[Button("measuring.button_another", f"submit.redo:{item.id}:media")]]


def reason(media: Media) -> dict[str, Any]:
    """Why a file cannot be used: a rule's answer where one was given, else that it could not be fetched."""
    key = _STORE_SAYS.get(media.error, media.error)
    if key not in measures.REFUSALS:
        return {"text": "measuring.not_fetched"}
    return {"text": key, "params": dict(measures.REFUSALS[key])}


BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"item.stored": _stored, "item.failed": _failed}
COMMANDS: Mapping[str, Any] = {}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
