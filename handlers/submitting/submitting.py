"""`/ajukan`: a new item, or one that was begun or returned. The questions are in drafting.py."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.items import checking, items
from handlers.reviewing import reviewing
from handlers.sharing import sharing
from handlers.submitting import catching, drafting, picturing, steps
from handlers.turn import Turn
from models.content import drafts
from models.content.content import Item
from models.editorial import listings, moves
from models.messages.post import Button
from models.people import authors
from models.refused import Refused
from models.releases import slots

TAKES_FILES = drafting.TAKES_FILES
ASKS_FOR_FILES = frozenset({"submit.media"})
_OFFERED = 5  # drafts in one message


def begin(turn: Turn, _argument: str) -> None:
    """`/ajukan`: the drafts that are open, what was returned first; else a new one."""
    unfinished = listings.drafts(turn.session, turn.me)[:_OFFERED]
    if not unfinished:
        new(turn, "")
        return
    lines = [
        {
            "text": f"submitting.draft_{item.status}",
            "params": {"id": item.id, "title": items.title(item), "reason": item.reason},
        }
        for item in unfinished
    ]
    going_on = [
        [
            Button(
                f"submitting.button_{item.status}",
                f"submit.resume:{item.id}",
                {"title": items.short(item)},
            )
        ]
        for item in unfinished
    ]
    others = [
        [Button("submitting.button_new", "submit.new"), Button("submitting.button_discard", "submit.discard")]
    ]
    turn.say("submitting.drafts", lines=lines, buttons=[*going_on, *others])


def new(turn: Turn, _argument: str) -> None:
    """A new draft; whose it is, is asked only of those who write for more than one."""
    homes = authors.homes(turn.session, turn.me, turn.programme.provincial_opd)
    if not homes:
        raise Refused("roles.may_not")
    if len(homes) == 1:
        _start(turn, homes[0].id if homes[0] else None)
        return
    province = turn.programme.province
    buttons = [
        [Button("submitting.button_home", f"submit.for:{opd.id}", {"name": opd.name})]
        if opd
        else [Button("submitting.button_province", "submit.for:all", {"province": province})]
        for opd in homes
    ]
    turn.say("submitting.ask_for", buttons=buttons)


def chosen_home(turn: Turn, argument: str) -> None:
    _start(turn, None if argument == "all" else words.number(argument))


def _start(turn: Turn, opd_id: int | None) -> None:
    item = drafts.start(turn.session, turn.me, opd_id, turn.now, turn.programme.provincial_opd)
    drafting.go_on(turn, item)


def resume(turn: Turn, argument: str) -> None:
    """Where a draft stopped: its first open question, or the preview."""
    drafting.go_on(turn, drafting.draft(turn, argument))


def discard(turn: Turn, _argument: str) -> None:
    """Which draft is to go; nothing goes without being asked once more."""
    unfinished = listings.drafts(turn.session, turn.me)[:_OFFERED]
    if not unfinished:
        raise Refused("submitting.no_drafts")
    if len(unfinished) == 1:
        drop(turn, str(unfinished[0].id))
        return
    buttons = [
        [Button("submitting.button_discard_one", f"submit.drop:{item.id}", {"title": items.short(item)})]
        for item in unfinished
    ]
    turn.say("submitting.ask_discard", buttons=[*buttons, [Button("button.cancel", "submit.list")]])


def drop(turn: Turn, argument: str) -> None:
    item = drafting.draft(turn, argument)
    yes, no = (
        Button("submitting.button_drop", f"submit.dropped:{item.id}"),
        Button("button.no", "submit.list"),
    )
    turn.say("submitting.confirm_drop", title=items.title(item), buttons=[[yes, no]])


def dropped(turn: Turn, argument: str) -> None:
    item = drafting.draft(turn, argument)
    moves.move(turn.session, item, "drop", turn.me, turn.now, turn.programme)
    turn.end()
    turn.say("submitting.dropped", title=items.title(item))


def stop(turn: Turn, argument: str) -> None:
    """[Batal] and [Simpan dulu]: the draft stays; an editor is back at the card of the item."""
    turn.end()
    item = turn.session.get(Item, words.number(argument)) if argument else None
    if item is not None and item.author_id != turn.me.id:
        reviewing.opened(turn, argument)
        return
    turn.say("submitting.kept")


def edit(turn: Turn, argument: str) -> None:
    """[Ubah]: which of the fields?"""
    item = drafting.draft(turn, argument)
    choices = [
        Button(f"submitting.edit_{name}", f"submit.redo:{item.id}:{name}")
        for name in drafts.steps(item)
        if name != "public"
    ]
    pairs = [choices[number : number + 2] for number in range(0, len(choices), 2)]
    out = [
        Button("submitting.button_complete", f"submit.complete:{item.id}"),
        Button("button.back", f"submit.resume:{item.id}"),
    ]
    turn.say("submitting.ask_edit", buttons=[*pairs, out])


def _previewed(turn: Turn, text: str) -> None:
    """Words or a file at the preview: another picture, "kirim", or news about something else."""
    if turn.message.file is not None:
        item = steps.open_draft(turn)
        number = picturing.keep_file(turn, item) if item else 0
        if item and number and not picturing.after(turn, item, number):
            drafting.go_on(turn, item)
    elif words.plain(text).startswith("kirim"):
        send(turn, str(turn.data["item"]))
    elif words.says_yes(text) or words.says_done(text) or not sharing.hears(turn, text):
        # "Ya" said twice by accident sends nothing, and "sudah" is no news of a share here.
        raise Refused("submitting.preview_expected")


def send(turn: Turn, argument: str) -> None:
    """[Kirim untuk diperiksa]: to every reviewer but the author. A week that is gone is asked again."""
    item = drafting.draft(turn, argument)
    if drafts.missing(item):
        drafting.go_on(turn, item)
        return
    if not item.urgent and not slots.is_free(turn.session, item, turn.now, turn.programme):
        turn.say("submitting.week_gone", week=item.week)
        drafting.ask(turn, item, "week")
        return
    moves.move(turn.session, item, "submit", turn.me, turn.now, turn.programme)
    told = reviewing.tell_reviewers(turn, item)
    turn.end()
    turn.say("submitting.sent" if told else "submitting.sent_nobody", id=item.id, title=item.title)


COMMANDS: Mapping[str, Any] = {"ajukan": {"handler": begin, "capability": "compose"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    **drafting.BUTTONS,
    **catching.BUTTONS,
    "source.closed": checking.source_closed,
    "submit.list": begin,
    "submit.new": new,
    "submit.for": chosen_home,
    "submit.resume": resume,
    "submit.discard": discard,
    "submit.drop": drop,
    "submit.dropped": dropped,
    "submit.stop": stop,
    "submit.edit": edit,
    "submit.send": send,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {
    **drafting.ANSWERS,
    **catching.ANSWERS,
    "submit.preview": _previewed,
}
