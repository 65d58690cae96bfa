"""Sharing and proving: a picture, a file, a link or the word "sudah", whenever it comes.

What is sent is recorded at once and gets a receipt; only then is asked what cannot be inferred. No
question here is a state of the conversation: whatever else was going on goes on.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from handlers import places, records, words
from handlers.message import RemoteFile
from handlers.turn import Turn
from models import cards, content, files, links, postings, proofs, reminders, states, weeks
from models.content import Item
from models.files import Media
from models.links import Link
from models.post import Button
from models.postings import Posting
from models.proofs import About, Share, Taken
from models.refused import Refused

# Telegram hands out files of up to 20 MB (core.telegram.org/bots/api#getfile).
MOST_BYTES = 20_000_000
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


def hears(turn: Turn, text: str) -> bool:
    """Whether a text was about sharing: links, the place of a share sent before, or "sudah"."""
    if written := links.find(text):
        _links(turn, written)
        return True
    unplaced = proofs.unplaced(turn.session, turn.me)
    if unplaced and (platform := places.named(text)):
        _place(turn, unplaced, platform)
        return True
    if unplaced and places.vague(text):
        turn.say("sharing.where_exactly", buttons=_places(unplaced))
        return True
    if words.says_done(text):
        _done(turn, "")
        return True
    return False


def picture(turn: Turn) -> None:
    """A picture or file: the proof of a share, with its place where the words below it tell."""
    file = turn.message.file
    assert file is not None, "the route brings files only"
    _check(file)
    about = _about(turn)
    if about is None:
        return
    link = _link_below(turn.message.text)
    taken = proofs.receive(
        turn.session,
        turn.me,
        about,
        turn.now,
        source=turn.source,
        kind=file.kind,
        platform=link.platform if link else places.named(turn.message.text),
        media=lambda: turn.keep("proof"),
        link=link.url if link else "",
        post=link.post if link else "",
        album=turn.message.album,
    )
    if taken:
        _received(turn, taken)


def proved_by(turn: Turn, pictures: Sequence[Media], *, source: str, album: str, text: str) -> bool:
    """Pictures that were taken for something else at first, and are the proof of one share after all; False,
    and said so, when there is nothing yet that they could prove. `source`, `album` and `text` are those of
    the message that they came in."""
    about = _about(turn)
    if about is None:
        return False
    for number, media in enumerate(pictures):
        files.use_as(media, "proof", turn.now)
        taken = proofs.receive(
            turn.session,
            turn.me,
            about,
            turn.now,
            source=f"{source}#{number}" if number else source,
            kind=media.kind,
            platform=places.named(text),
            media=partial(_same_file, media),
            album=album,
        )
        if taken:
            _received(turn, taken)
    return True


def _same_file(media: Media) -> Media:
    return media


def _check(file: RemoteFile) -> None:
    """Raises Refused for a file that can show nothing, or that cannot be fetched."""
    shows = (
        file.kind in ("photo", "video", "animation")
        or file.mime.startswith(("image/", "video/"))
        or file.mime == "application/pdf"
    )
    if not shows:
        raise Refused("sharing.file_wrong")
    if file.size > MOST_BYTES:
        raise Refused("sharing.file_large", most=MOST_BYTES)


def _link_below(text: str) -> Link | None:
    """The post named in the words below a picture; what is none is passed over: the picture counts."""
    for written in links.find(text):
        try:
            return links.recognise(written)
        except Refused:
            continue
    return None


def _links(turn: Turn, written: list[str]) -> None:
    """Every link is a share of its own. What is none is refused, unless another one is good."""
    found: list[Link] = []
    refusal: Refused | None = None
    for address in written:
        try:
            found.append(links.recognise(address))
        except Refused as refused:
            refusal = refusal or refused
    if not found and refusal:
        raise refusal
    about = _about(turn)
    if about is None:
        return
    good = 0
    for number, link in enumerate(dict.fromkeys(found)):
        try:
            taken = proofs.receive(
                turn.session,
                turn.me,
                about,
                turn.now,
                source=f"{turn.source}#{number}" if number else turn.source,
                kind="link",
                platform=link.platform,
                link=link.url,
                post=link.post,
            )
        except Refused as refused:
            refusal = refused
            continue
        good += 1
        if taken:
            _received(turn, taken)
    if not good and refusal:
        raise refusal


def _about(turn: Turn) -> About | None:
    """What the share is of; None after having said that nothing has been sent out yet."""
    about = proofs.about(turn.session, turn.me, turn.now)
    if about is None:
        coming = weeks.moment(turn.week, turn.programme.release, turn.programme)
        if coming <= turn.now:
            coming = weeks.moment(weeks.shift(turn.week, 1), turn.programme.release, turn.programme)
        turn.say("sharing.nothing_yet", at=coming.isoformat())
    return about


def _received(turn: Turn, taken: Taken) -> None:
    """The receipt, with the one question that is left, if any. A further picture of an album has had it."""
    if not taken.new:
        return
    reminders.proved(turn.session, turn.me.id, taken.week)
    if not taken.platform:
        turn.say("sharing.where", buttons=_places(taken), receipt=taken.id, late=_late(taken))
    elif taken.again:
        turn.say("sharing.same_place", buttons=_same(taken), **_receipt(taken))
    else:
        turn.say("sharing.received", **_receipt(taken))


def _receipt(share: Share | Taken) -> dict[str, Any]:
    return {"receipt": share.id, "platform": places.text(share.platform), "late": _late(share)}


def _late(share: Share | Taken) -> dict[str, str] | str:
    return {"text": "sharing.late"} if share.late else ""


def _places(share: Share | Taken) -> list[list[Button]]:
    """The platforms in two columns, each with the number that may be typed instead."""
    buttons = [
        Button(
            "sharing.button_place",
            f"share.place:{share.id}:{platform}",
            {"number": number, "platform": places.text(platform)},
        )
        for number, platform in enumerate(proofs.PLATFORMS, start=1)
    ]
    return [buttons[first : first + 2] for first in range(0, len(buttons), 2)]


def _same(share: Share | Taken) -> list[list[Button]]:
    return [
        [Button("sharing.button_other", f"share.other:{share.id}")],
        [Button("sharing.button_same", f"share.same:{share.id}")],
    ]


def _place(turn: Turn, share: Share, platform: str) -> None:
    """Notes where a share was posted; the question becomes the answer."""
    if proofs.place(turn.session, share, platform, turn.now):
        turn.edit("sharing.same_place", buttons=_same(share), **_receipt(share))
        turn.conversation.choices = [button.action for row in _same(share) for button in row]
    else:
        turn.edit("sharing.received", **_receipt(share))
        turn.conversation.choices = []


def _pressed_place(turn: Turn, argument: str) -> None:
    number, _, platform = argument.partition(":")
    _place(turn, _own(turn, number), platform)


def _other(turn: Turn, argument: str) -> None:
    """A second posting on the same platform: it counts."""
    share = _own(turn, argument)
    turn.edit("sharing.received", **_receipt(share))
    turn.conversation.choices = []


def _again(turn: Turn, argument: str) -> None:
    """The same posting sent twice: one share, both pieces of evidence."""
    share = _own(turn, argument)
    first = proofs.earlier(turn.session, share)
    if first is not None:
        proofs.merge(turn.session, share, first, turn.now)
    turn.edit("sharing.merged", **_receipt(first or share))
    turn.conversation.choices = []


def _own(turn: Turn, number: str) -> Share:
    if not number.isdecimal():
        raise Refused("sharing.unknown")
    return proofs.own(turn.session, turn.me, int(number))


def _done(turn: Turn, argument: str) -> None:
    """ "Sudah", pressed or said: a claim, and the request for something to see."""
    about = _meant(turn, argument)
    if about is None:
        return
    shown = proofs.shown(turn.session, turn.me, about.item_id)
    if shown is not None:
        turn.say("sharing.shown_already", receipt=shown.id)
        return
    proofs.claim(turn.session, turn.me, about, turn.now)
    turn.say("sharing.claimed", title=content.params(turn.session, about.item_id)["title"])


def _meant(turn: Turn, argument: str) -> About | None:
    """The item that a card's button names, where it names one; None after having said that there is none."""
    if argument.isdecimal() and (about := proofs.about_item(turn.session, turn.me, int(argument), turn.now)):
        return about
    return _about(turn)


def _text(turn: Turn, _argument: str) -> None:
    """The words to copy, once more."""
    about = _about(turn)
    if about is not None:
        post = cards.caption(turn.programme.province_short)
        turn.say(post.text, item=about.item_id, **post.params)


def _channels(turn: Turn, argument: str) -> None:
    """[Teks untuk kanal lain]: for which channel? Channels with the same words share a button."""
    about = _meant(turn, argument)
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
    turn.say("sharing.for_channel", channels=_names(posting))
    turn.say("sharing.words", words=posting.text)


def _media(turn: Turn, argument: str) -> None:
    """The pictures or video of an item that went out, for those who get text first."""
    if argument.isdecimal():
        item = turn.session.get(Item, int(argument))
    else:
        about = proofs.about(turn.session, turn.me, turn.now)
        item = turn.session.get(Item, about.item_id) if about else None
    if item is None or item.media_id is None or item.status not in (states.RELEASED, states.CLOSED):
        raise Refused("sharing.no_media")
    if len(content.pictures(turn.session, item)) > 1:
        turn.album(item.id)
        return
    turn.say("sharing.media", media=item.media_id, title=item.title)


COMMANDS: Mapping[str, Any] = {"saya": records.show}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "share.done": _done,
    "share.place": _pressed_place,
    "share.other": _other,
    "share.same": _again,
    "share.text": _text,
    "share.channels": _channels,
    "share.for": _for_channel,
    "share.media": _media,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
