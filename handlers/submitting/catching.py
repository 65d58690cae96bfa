"""The short way: a picture or film with words below it, sent out of the blue by somebody who makes content.

It may as well be the proof of a share. It is kept as a draft at once, so that nothing is lost, and one
question tells which it is.
"""

from collections.abc import Callable, Mapping

from handlers import places, words
from handlers.sharing import sharing
from handlers.submitting import drafting, picturing, steps
from handlers.turn import Turn
from models.content import albums, drafts, fields, states, tags
from models.content.content import Item
from models.editorial import moves
from models.messages.post import Button
from models.people import authors, roles
from models.people.people import Opd
from models.refused import Refused
from models.shares import links

STATE = "submit.which"
LEAST = 40  # characters: fewer below a picture are no caption, but a word about a share
_ENDS = (". ", "! ", "? ", "\n")


def hears(turn: Turn) -> bool:
    """Whether the file of this message, for which nothing is open that it could answer, looks like content:
    the words below it are long, and name neither a post nor a place where something was shared. Then it
    asks."""
    message = turn.message
    assert message.file is not None, "the route brings files only"
    pictured = message.file.kind != "document" or message.file.mime.startswith(("image/", "video/"))
    looks = (
        pictured
        and len(message.text.strip()) >= LEAST
        and not places.named(message.text)
        and not sharing.names_post(message.text)
    )
    if not looks or not roles.may(turn.session, turn.me, "compose"):
        return False
    homes = authors.homes(turn.session, turn.me, turn.programme.provincial_opd)
    if not homes:
        return False
    _ask(turn, _own(turn, homes))
    return True


def _own(turn: Turn, homes: list[Opd | None]) -> int | None:
    """For whom it is until somebody says otherwise: the own OPD, where one writes for it."""
    ids = [home.id if home else None for home in homes]
    return turn.me.opd_id if turn.me.opd_id in ids else ids[0]


def _ask(turn: Turn, opd_id: int | None) -> None:
    item = drafts.start(turn.session, turn.me, opd_id, turn.now, turn.programme.provincial_opd)
    text = turn.message.text
    turn.ask(STATE, item=item.id, source=turn.source, album=turn.message.album, text=text)
    picturing.keep_file(turn, item)
    refused = _infer(turn, item, text)
    if refused is not None:
        turn.say(refused.key, **refused.params)
    turn.say("catching.ask", title=item.title, buttons=_buttons(item))


def _buttons(item: Item) -> list[list[Button]]:
    return [
        [Button("catching.button_content", f"submit.content:{item.id}")],
        [Button("catching.button_proof", f"submit.proof:{item.id}")],
    ]


def _infer(turn: Turn, item: Item, text: str) -> Refused | None:
    """Fills in what the words tell; why they cannot be the caption, where they cannot."""
    refused = None
    drafts.fill(turn.session, item, "title", headline(text), turn.now)
    try:
        drafts.fill(turn.session, item, "caption", text, turn.now)
    except Refused as refusal:
        refused = refusal
    if chosen := tags.written(text, turn.programme.hashtags):
        drafts.choose(turn.session, item, "hashtags", " ".join(chosen), turn.now)
    if addresses := links.find(text):
        try:
            drafts.fill(turn.session, item, "source_url", addresses[0], turn.now)
            steps.look_up_source(turn, item)
        except Refused:
            pass  # it is asked for like any other
    return refused


def headline(text: str) -> str:
    """The first sentence or line of a text, without its hashtags and addresses, as a title that fits; at a
    word's end where it has to be cut."""
    least, most = fields.LIMITS["title"]
    clean = "\n".join(
        " ".join(word for word in line.split() if not word.startswith("#") and not links.find(word))
        for line in text.strip().splitlines()
    ).strip()
    ends = [at + len(end.strip()) for end in _ENDS if (at := clean.find(end, least)) > 0]
    first = " ".join(clean[: min(ends)].split()) if ends else " ".join(clean.split())
    if fields.length(first) < least:
        first = " ".join(text.split())
    first = first.rstrip(".")
    if fields.length(first) <= most:
        return first
    cut = first[:most]
    while fields.length(cut) >= most:
        cut = cut[:-1]
    whole = cut if first[len(cut)] == " " else cut.rpartition(" ")[0] or cut
    return f"{whole.rstrip(',;:–- ')}…"


# -- the answer --------------------------------------------------------------------------------


def _which(turn: Turn, text: str) -> None:
    """Words instead of the two buttons, or the rest of the album."""
    item = steps.open_draft(turn)
    if item is None:
        return
    said = words.plain(text).split()
    if turn.message.file is not None:
        if picturing.keep_file(turn, item):
            turn.say("catching.ask", title=item.title, buttons=_buttons(item))
    elif "konten" in said:
        chosen(turn, str(item.id))
    elif "bukti" in said:
        proof(turn, str(item.id))
    elif not sharing.hears(turn, text):
        raise Refused("catching.expected")


def chosen(turn: Turn, argument: str) -> None:
    """[Ini konten baru]: on with what is missing; those who write for several say first for whom."""
    item = steps.draft(turn, argument)
    homes = authors.homes(turn.session, turn.me, turn.programme.provincial_opd)
    if len(homes) < 2:
        drafting.go_on(turn, item)
        return
    province = turn.programme.province
    buttons = [
        [Button("submitting.button_home", f"submit.whose:{item.id}:{opd.id}", {"name": opd.name})]
        if opd
        else [Button("submitting.button_province", f"submit.whose:{item.id}:all", {"province": province})]
        for opd in homes
    ]
    turn.say("submitting.ask_for", buttons=buttons)


def whose(turn: Turn, argument: str) -> None:
    """For whom the new item is: "42:7", or "42:all" for the province."""
    number, _, home = argument.partition(":")
    item = steps.draft(turn, number)
    opd_id = None if home == "all" else words.number(home)
    drafts.assign(turn.session, item, opd_id, turn.now, turn.programme.provincial_opd)
    drafting.go_on(turn, item)


def proof(turn: Turn, argument: str) -> None:
    """[Ini bukti saya]: its pictures are the proof of a share, and the draft goes. That is so as long as
    nothing else was written for it, and after "menu" and "batal", too."""
    item = steps.draft(turn, argument)
    pictures = albums.of(turn.session, item)
    if item.status != states.DRAFT or item.version or not pictures or item.what or item.why:
        raise Refused("catching.content_already", id=item.id)
    asked = turn.conversation.state == STATE and turn.data.get("item") == item.id
    known = turn.data if asked else {"source": f"item:{item.id}", "text": item.caption}
    source, album, text = (str(known.get(name, "")) for name in ("source", "album", "text"))
    if sharing.proved_by(turn, pictures, source=source, album=album or source, text=text):
        moves.move(turn.session, item, "drop", turn.me, turn.now, turn.programme)
        if asked:
            turn.end()


BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "submit.content": chosen,
    "submit.proof": proof,
    "submit.whose": whose,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {STATE: _which}
