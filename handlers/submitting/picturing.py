"""The pictures and films of an item: one, an album of up to ten, or none.

An album comes as messages of its own; it gets one answer, not ten.
"""

from datetime import timedelta
from typing import Any

from handlers import words
from handlers.sharing import sharing
from handlers.submitting import steps
from handlers.turn import Turn
from models.content import albums, drafts
from models.content.content import Item
from models.messages.post import Button
from models.refused import Refused

# A picture that comes later than this, to a question about words, is no longer meant for the draft.
_EARLY = timedelta(hours=1)


def ask(turn: Turn, item: Item) -> None:
    """Asks for the picture. What is sent now takes the place of what there was."""
    there = albums.of(turn.session, item)
    more = len(there) < albums.MOST and there and there[0].kind != "document"
    add = Button("picturing.button_more", f"submit.more:{item.id}")
    none = Button("submitting.button_no_media", f"submit.no_media:{item.id}")
    filled = "media" not in drafts.missing(item)
    steps.ask(
        turn,
        item,
        "media",
        [*([[add]] if more else []), [none]],
        data={"fresh": True},
        most=albums.MOST,
        current=current(turn, item) if filled else "",
    )


def current(turn: Turn, item: Item) -> dict[str, Any]:
    """What an item has now, as a parameter."""
    there = albums.of(turn.session, item)
    if len(there) > 1:
        return {"text": "picturing.album", "params": {"number": len(there)}}
    return {"text": f"submitting.media_{item.media.kind if item.media else 'none'}"}


def ask_more(turn: Turn, item: Item) -> None:
    """[Tambah foto]: what is sent now joins what there is."""
    turn.ask("submit.media", item=item.id)
    number = len(albums.of(turn.session, item))
    turn.say("picturing.ask_more", number=number, most=albums.MOST, buttons=_buttons(item))


def keep_file(turn: Turn, item: Item) -> int:
    """Makes the file of this message one of the item's: how many it has now; 0 when there is nothing more
    to say (the rest of an album, or a picture that was no longer meant for the item)."""
    message, file = turn.message, turn.message.file
    assert file is not None, "only called for messages with a file"
    same = bool(message.album) and turn.data.get("album") == message.album
    asked = turn.conversation.state == "submit.media"
    if not same and not asked and turn.now - turn.conversation.updated_at > _EARLY:
        sharing.picture(turn)
        return 0
    # Telegram calls a video without sound an animation; to our people it is a video.
    kind = "video" if file.kind == "animation" else file.kind
    first = item.media is None or (bool(turn.data.get("fresh")) and not same)
    if not first and not _room(turn, item, kind):
        return 0
    media = turn.keep("item", kind=kind, notify=turn.message.address)
    if first:
        drafts.illustrate(turn.session, item, media, turn.now, turn.me)
        number = 1
    else:
        number = albums.add(turn.session, item, media, turn.now, turn.me)
    _remember(turn, fresh=False, album=message.album)
    return 0 if same else number


def _room(turn: Turn, item: Item, kind: str) -> bool:
    """Whether a further file may be added; of an album it is said once that it may not."""
    try:
        albums.require_room(turn.session, item, kind)
    except Refused as refused:
        if not turn.message.album:
            raise
        if turn.data.get("told") != turn.message.album:
            turn.say(refused.key, buttons=_buttons(item), **refused.params)
            _remember(turn, told=turn.message.album)
        return False
    return True


def _remember(turn: Turn, **data: Any) -> None:
    turn.conversation.data = {**turn.data, **data}


def after(turn: Turn, item: Item, number: int) -> bool:
    """Says that a file was added; False for a first one that came alone: the next question is answer
    enough."""
    if turn.message.album:
        turn.say("picturing.album_kept", most=albums.MOST, buttons=_buttons(item))
        return True
    if number > 1:
        turn.say("picturing.added", number=number, most=albums.MOST, buttons=_buttons(item))
        return True
    return False


def _buttons(item: Item) -> list[list[Button]]:
    done = Button("completing.button_done", f"submit.resume:{item.id}")
    return [[done], [Button("picturing.button_remove", f"submit.remove:{item.id}")]]


def remove(turn: Turn, argument: str) -> None:
    """[Hapus foto terakhir]."""
    item = steps.draft(turn, argument)
    left = albums.take_out_last(turn.session, item, turn.now, turn.me)
    if not left:
        ask(turn, item)
        return
    turn.ask("submit.media", item=item.id)
    turn.say("picturing.removed", number=left, most=albums.MOST, buttons=_buttons(item))


def without(turn: Turn, argument: str) -> None:
    """[Keluarkan yang ini] of a file that was measured: "42:7"."""
    number, _, media = argument.partition(":")
    item = steps.draft(turn, number)
    albums.take_out(turn.session, item, words.number(media), turn.now, turn.me)
    if item.media is None:
        ask(turn, item)
        return
    turn.ask("submit.media", item=item.id)
    left = len(albums.of(turn.session, item))
    turn.say("picturing.removed", number=left, most=albums.MOST, buttons=_buttons(item))


def more(turn: Turn, argument: str) -> None:
    """A button that leads to [Tambah foto]."""
    ask_more(turn, steps.draft(turn, argument))
