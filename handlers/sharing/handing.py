"""What is handed out for sharing: the words once more, those for another channel, pictures and videos."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.sharing import subjects
from handlers.turn import Turn
from models.content import cards, content, postings, states
from models.content.content import Item
from models.content.postings import Posting
from models.messages.post import Button
from models.proofs import meaning
from models.refused import Refused

# As they call themselves.
CHANNEL_NAMES = {
    "whatsapp": "WhatsApp",
    "instagram": "Instagram",
    "facebook": "Facebook",
    "tiktok": "TikTok",
    "x": "X",
    "youtube": "YouTube",
    "threads": "Threads",
}


def _text(turn: Turn, _argument: str) -> None:
    """The words to copy, once more."""
    about = subjects.of(turn)
    if about is not None:
        post = cards.caption(turn.programme.province_short)
        turn.say(post.text, item=about.item_id, **post.params)


def _channels(turn: Turn, argument: str) -> None:
    """[Teks untuk kanal lain]: for which channel? Channels with the same words share a button."""
    about = subjects.meant(turn, argument)
    if about is None:
        return
    found = _postings(turn, about.item_id)
    if len(found) == 1:
        _say_posting(turn, found[0])
        return
    turn.say(
        "sharing.which_channel",
        buttons=[
            [
                Button(
                    "sharing.button_channel",
                    f"share.for:{about.item_id}:{posting.channels[0]}",
                    {"number": number, "channels": _names(posting)},
                )
            ]
            for number, posting in enumerate(found, 1)
        ],
    )


def _for_channel(turn: Turn, argument: str) -> None:
    """A channel's button: its words, as a message of their own that can be copied as it stands."""
    number, _, channel = argument.partition(":")
    item = turn.session.get(Item, int(number)) if number.isdecimal() else None
    if item is None or item.status not in (states.RELEASED, states.CLOSED):
        raise Refused("menu.old_button")
    for posting in _postings(turn, int(number)):
        if channel in posting.channels:
            _say_posting(turn, posting)
            return
    raise Refused("menu.old_button")


def _postings(turn: Turn, item_id: int) -> list[Posting]:
    item = turn.session.get_one(Item, item_id)
    return postings.of_channels(turn.session, item, turn.me.id, turn.around.signature)


def _names(posting: Posting) -> str:
    return ", ".join(CHANNEL_NAMES.get(name, name.title()) for name in posting.channels)


def _say_posting(turn: Turn, posting: Posting) -> None:
    """The channel's name stands in a message above: who copies or forwards the words gets nothing else."""
    how = "sharing.copy_by_holding" if turn.on_whatsapp else "sharing.copy_by_tapping"
    turn.say("sharing.for_channel", channels=_names(posting), how={"text": how})
    turn.say("sharing.words", words=posting.text)


def _media(turn: Turn, argument: str) -> None:
    """The pictures or video of an item that went out, for those who get text first."""
    if argument.isdecimal():
        item = turn.session.get(Item, int(argument))
    else:
        about = meaning.about(turn.session, turn.me, turn.reached)
        item = turn.session.get(Item, about.item_id) if about else None
    if item is None or item.media_id is None or item.status not in (states.RELEASED, states.CLOSED):
        raise Refused("sharing.no_media")
    if len(content.pictures(turn.session, item)) > 1:
        turn.album(item.id)
        return
    turn.say("sharing.media", media=item.media_id, title=item.title)


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "share.text": _text,
    "share.channels": _channels,
    "share.for": _for_channel,
    "share.media": _media,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
