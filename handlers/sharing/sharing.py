"""Sharing and proving: a picture, a file, a link or the word "sudah", whenever it comes.

What is sent is recorded at once and gets a receipt; only then is asked what cannot be inferred. No
question here is a state of the conversation: whatever else was going on goes on.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from handlers import places, words
from handlers.message import RemoteFile
from handlers.sharing import placing, records, subjects
from handlers.turn import Turn
from models.content import content
from models.messages import files
from models.messages.files import Media
from models.proofs import belonging, bundles, proofs
from models.proofs.proofs import Taken
from models.refused import Refused
from models.reminders import reminders
from models.shares import links, shares
from models.shares.links import Link

# Telegram hands out files of up to 20 MB (core.telegram.org/bots/api#getfile).
MOST_BYTES = 20_000_000
# How long, and in how many words at the most, somebody says of what was just sent that it is last week's.
_A_MOMENT = timedelta(minutes=30)
_FEW_WORDS = 8


def hears(turn: Turn, text: str) -> bool:
    """Whether a text was about sharing: links, the place of a share sent before, that it was for last week's
    item, or "sudah"."""
    if written := links.find(text):
        _links(turn, written)
        return True
    unplaced = shares.unplaced(turn.session, turn.me, turn.reached)
    if unplaced and (platform := places.named(text)):
        placing.place(turn, unplaced, platform)
        return True
    if unplaced and placing.place_each(turn, unplaced, places.several(text)):
        return True
    if unplaced and places.vague(text):
        turn.say("sharing.where_exactly", buttons=placing.where(unplaced))
        return True
    if _for_last_week(turn, text):
        return True
    if words.says_done(text):
        _done(turn, "")
        return True
    return False


def _for_last_week(turn: Turn, text: str) -> bool:
    """Whether a few words say that what was just shown was for last week's item: then it is."""
    if not words.last_week(text) or len(words.plain(text).split()) > _FEW_WORDS:
        return False
    share = shares.newest(turn.session, turn.me)
    if share is None or turn.reached - share.at > _A_MOMENT:
        return False
    if belonging.movable(turn.session, turn.me, share.id, turn.reached) is None:
        return False
    placing.move(turn, share.id)
    return True


def picture(turn: Turn) -> bool:
    """A picture or file: the proof of a share, with its place where the words below it tell. False where
    that needed no answer: a further picture of an album."""
    file = turn.message.file
    assert file is not None, "the route brings files only"
    _check(file)
    about = subjects.of(turn)
    if about is None:
        return True
    link = _link_below(turn.message.text)
    taken = proofs.receive(
        turn.session,
        turn.me,
        about,
        turn.reached,
        source=turn.source,
        kind=file.kind,
        platform=link.platform if link else places.named(turn.message.text),
        media=lambda: turn.keep("proof"),
        link=link.url if link else "",
        post=link.post if link else "",
        album=turn.message.album,
    )
    if taken is None:
        return False
    _received(turn, taken)
    if not taken.new and words.last_week(turn.message.text):
        placing.move(turn, taken.id)
    return taken.new


def proved_by(turn: Turn, pictures: Sequence[Media], *, source: str, album: str, text: str) -> bool:
    """Pictures that were taken for something else at first, and are the proof of one share after all; False,
    and said so, when there is nothing yet that they could prove. `source`, `album` and `text` are those of
    the message that they came in."""
    turn.reached = min(turn.reached, *(media.created_at for media in pictures))  # they were shown then
    about = subjects.of(turn)
    if about is None:
        return False
    for number, media in enumerate(pictures):
        files.use_as(media, "proof", turn.now)
        taken = proofs.receive(
            turn.session,
            turn.me,
            about,
            turn.reached,
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


def shows(file: RemoteFile) -> bool:
    """Whether a file can show anything at all: a picture, a film, or a paper."""
    return (
        file.kind in ("photo", "video", "animation")
        or file.mime.startswith(("image/", "video/"))
        or file.mime == "application/pdf"
    )


def _check(file: RemoteFile) -> None:
    """Raises Refused for a file that can show nothing, or that cannot be fetched."""
    if not shows(file):
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


def names_post(text: str) -> bool:
    """Whether a text names a post on a platform that we know."""
    return _link_below(text) is not None


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
    about = subjects.of(turn)
    if about is None:
        return
    good = 0
    for number, link in enumerate(dict.fromkeys(found)):
        try:
            taken = proofs.receive(
                turn.session,
                turn.me,
                about,
                turn.reached,
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


def _received(turn: Turn, taken: Taken) -> None:
    """The receipt, with the one question that is left, if any. A further picture of an album has had it,
    unless the words below it tell the place that was still unknown."""
    if taken.revived:
        turn.say("sharing.revived", receipt=taken.id)
        reminders.proved(turn.session, turn.me.id, taken.week)
        return
    if taken.joined:
        turn.say("sharing.joined", receipt=taken.id, number=bundles.pictures(turn.session, taken.id))
        return
    if not taken.new and not taken.placed:
        return
    subjects.forget(turn)
    reminders.proved(turn.session, turn.me.id, taken.week)
    if not taken.platform:
        more: dict[str, Any] = {
            "receipt": taken.id,
            "late": placing.late(taken),
            "praise": placing.praise(turn, taken),
        }
        turn.say("sharing.where", buttons=placing.where(taken), **more)
    elif taken.again:
        turn.say("sharing.same_place", buttons=placing.same(taken), **placing.receipt(taken))
    else:
        more = {**placing.receipt(taken), **placing.besides(turn, taken)}
        turn.say("sharing.received", buttons=placing.further(turn, taken), **more)


def _done(turn: Turn, argument: str) -> None:
    """ "Sudah", pressed or said: a claim, and the request for something to see."""
    about = subjects.meant(turn, argument)
    if about is None:
        return
    subjects.remember(turn, about)
    shown = shares.shown(turn.session, turn.me, about.item_id)
    if shown is not None:
        turn.say("sharing.shown_already", receipt=shown.id)
        return
    proofs.claim(turn.session, turn.me, about, turn.reached)
    turn.say("sharing.claimed", title=content.params(turn.session, about.item_id)["title"])


COMMANDS: Mapping[str, Any] = {"saya": records.show}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "share.done": _done,
    **placing.BUTTONS,
    **records.BUTTONS,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
