"""The questions about an item, one a message, and their answers, up to the preview.

Every answer is in the draft at once, so that nothing hangs on the conversation.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from handlers import browsing, checking, measuring, reviewing, sharing, words
from handlers.turn import Turn
from models import content, fields, slots, states, weeks
from models.content import Item
from models.post import Button
from models.refused import Refused

STEPS = len(fields.FIELDS) + 1  # the preview is the last
# States in which a file that somebody sends belongs to the draft, however early it comes.
TAKES_FILES = frozenset(f"submit.{field}" for field in (*fields.FIELDS, "preview"))
# A picture that comes later than this, to a question about words, is no longer meant for the draft.
_EARLY = timedelta(hours=1)


def draft(turn: Turn, argument: str) -> Item:
    """The own draft of a button ("42"). Raises Refused when it is none, or none any more."""
    return content.own(turn.session, turn.me, browsing.number(argument), turn.programme.provincial_opd)


def _draft_and_field(turn: Turn, argument: str) -> tuple[Item, str]:
    number, _, field = argument.partition(":")
    if field not in fields.FIELDS:
        raise Refused("menu.old_button")
    return draft(turn, number), field


def open_draft(turn: Turn) -> Item | None:
    """The draft that the open question is about; None, and said so, when it can't be changed any more."""
    try:
        return content.own(turn.session, turn.me, turn.data["item"], turn.programme.provincial_opd)
    except Refused as refused:
        turn.end()
        turn.say(refused.key, **refused.params)
        return None


# -- the questions -----------------------------------------------------------------------------


def ask(turn: Turn, item: Item, field: str) -> None:
    """Asks for one field; an answer that is there already may be kept."""
    turn.ask(f"submit.{field}", item=item.id)
    if field == "week":
        _ask_week(turn, item)
        return
    filled = field not in content.missing(item)
    least, most = fields.LIMITS.get(field, (0, 0))
    turn.say(
        f"submitting.ask_{field}",
        step=_step(field),
        steps=STEPS,
        least=least,
        most=most,
        current=_current(item, field) if filled else "",
        hashtags=" ".join(turn.programme.hashtags),
        buttons=[
            *(
                [[Button("submitting.button_no_media", f"submit.no_media:{item.id}")]]
                if field == "media"
                else []
            ),
            *_leading_out(item, field, filled),
        ],
    )


def _ask_week(turn: Turn, item: Item) -> None:
    ahead = slots.ahead(turn.session, item.opd_id, turn.now, turn.programme)
    free = [slot for slot in ahead if slot.taken is None]
    taken = [
        {
            "text": "submitting.week_line_taken",
            "params": {"week": slot.week, "id": slot.taken.id, "title": browsing.short(slot.taken)},
        }
        for slot in ahead
        if slot.taken is not None
    ]
    buttons = [
        [
            Button(
                "submitting.button_week" if number else "submitting.button_week_next",
                f"submit.week:{item.id}:{slot.week}",
                {"at": slot.release_at.isoformat()},
            )
        ]
        for number, slot in enumerate(free)
    ]
    filled = bool(item.week)
    turn.say(
        "submitting.ask_week",
        step=_step("week"),
        steps=STEPS,
        deadline=free[0].release_at.isoformat() if free else "",
        taken=taken,
        current=item.week,
        buttons=[*buttons, *_leading_out(item, "week", filled)],
    )


def _step(field: str) -> int:
    return fields.FIELDS.index(field) + 1


def _leading_out(item: Item, field: str, filled: bool) -> list[list[Button]]:
    keep = [[Button("submitting.button_keep", f"submit.keep:{item.id}:{field}")]] if filled else []
    back = [Button("button.back", f"submit.back:{item.id}:{field}")] if _step(field) > 1 else []
    return [*keep, [*back, Button("button.cancel", f"submit.stop:{item.id}")]]


def _current(item: Item, field: str) -> Any:
    if field != "media":
        return getattr(item, field)
    return {"text": f"submitting.media_{item.media.kind if item.media else 'none'}"}


def go_on(turn: Turn, item: Item) -> None:
    """The first question that is still open; when none is, the preview."""
    if missing := content.missing(item):
        ask(turn, item, missing[0])
    else:
        preview(turn, item)


def back(turn: Turn, argument: str) -> None:
    """The question before; from a single correction back to the preview."""
    item, field = _draft_and_field(turn, argument)
    if not content.missing(item) or _step(field) == 1:
        go_on(turn, item)
    else:
        ask(turn, item, fields.FIELDS[_step(field) - 2])


def keep(turn: Turn, argument: str) -> None:
    """What stands there stays: on to the next question."""
    item, _ = _draft_and_field(turn, argument)
    go_on(turn, item)


def redo(turn: Turn, argument: str) -> None:
    item, field = _draft_and_field(turn, argument)
    ask(turn, item, field)


def preview(turn: Turn, item: Item) -> None:
    """The item exactly as it will be received, and what can be done with it. Whoever changed the item of
    somebody else, as its editor, is back at the card on which they decide."""
    if item.author_id != turn.me.id:
        turn.end()
        reviewing.show(turn, item)
        return
    browsing.show(turn, item)
    turn.ask("submit.preview", item=item.id)
    turn.say(
        "submitting.preview",
        step=STEPS,
        steps=STEPS,
        at=weeks.moment(item.week, turn.programme.release, turn.programme).isoformat(),
        whose={"text": "submitting.whose_opd", "params": {"name": item.opd.name}}
        if item.opd
        else {"text": "submitting.whose_province", "params": {"province": turn.programme.province}},
        file=measuring.facts(item.media),
        reason=item.reason if item.status == states.RETURNED else "",
        warnings=checking.in_full(turn, item),
        buttons=[
            [Button("submitting.button_send", f"submit.send:{item.id}")],
            [
                Button("submitting.button_edit", f"submit.edit:{item.id}"),
                Button("submitting.button_later", f"submit.stop:{item.id}"),
            ],
        ],
    )


# -- the answers -------------------------------------------------------------------------------


def _written(turn: Turn, text: str, *, field: str) -> None:
    """Words for a text field; a picture that comes early is kept for the item as well."""
    item = open_draft(turn)
    if item is None:
        return
    if turn.message.file is not None:
        if not keep_file(turn, item):
            return
        turn.say("submitting.file_kept")
    if text:
        try:
            content.fill(turn.session, item, field, text, turn.now, turn.me)
        except Refused as refused:
            if turn.message.file is None:
                raise
            turn.say(refused.key, **refused.params)  # the picture that came with the words is kept
            return
    go_on_after_file(turn, item)


def _pictured(turn: Turn, text: str) -> None:
    """The picture or video of an item, or "tanpa gambar" in words."""
    item = open_draft(turn)
    if item is None:
        return
    if turn.message.file is not None:
        if keep_file(turn, item):
            go_on_after_file(turn, item)
    elif words.says_no(text) or words.plain(text).startswith(("tanpa", "tidak")):
        no_media(turn, str(item.id))
    else:
        raise Refused("submitting.media_expected")


def no_media(turn: Turn, argument: str) -> None:
    """[Tanpa gambar]: words alone are enough."""
    item = draft(turn, argument)
    content.illustrate(turn.session, item, None, turn.now, turn.me)
    go_on(turn, item)


def keep_file(turn: Turn, item: Item) -> bool:
    """Makes the file of this message the item's; False when it is not taken for it."""
    message, file = turn.message, turn.message.file
    assert file is not None, "only called for messages with a file"
    if message.album and turn.data.get("album") == message.album:
        if not turn.data.get("told"):
            turn.conversation.data = {**turn.data, "told": True}
            turn.say("submitting.one_picture")
        return False
    asked = turn.conversation.state == "submit.media"
    if not asked and turn.now - turn.conversation.updated_at > _EARLY:
        sharing.picture(turn)
        return False
    # Telegram calls a video without sound an animation; to our people it is a video.
    kind = "video" if file.kind == "animation" else file.kind
    media = turn.keep("item", kind=kind, notify=turn.message.address)
    content.illustrate(turn.session, item, media, turn.now, turn.me)
    return True


def go_on_after_file(turn: Turn, item: Item) -> None:
    """On to the next question; the rest of an album, which comes as messages of its own, is known by it."""
    go_on(turn, item)
    if turn.message.album:
        turn.conversation.data = {**turn.data, "album": turn.message.album}


def _week_said(turn: Turn, text: str) -> None:
    """Words instead of a button: "ya" takes the nearest week that is free."""
    item = open_draft(turn)
    if item is None:
        return
    if turn.message.file is not None:
        if keep_file(turn, item):
            turn.say("submitting.file_kept")
            go_on_after_file(turn, item)
        return
    free = slots.free(turn.session, item.opd_id, turn.now, turn.programme)
    if not words.says_yes(text) or not free:
        raise Refused("submitting.week_expected")
    _take_week(turn, item, free[0].week)


def week_chosen(turn: Turn, argument: str) -> None:
    """A button with a week: "42:2026-W49"."""
    number, _, week = argument.partition(":")
    item = draft(turn, number)
    try:
        weeks.parse(week)
    except ValueError:
        raise Refused("menu.old_button") from None
    _take_week(turn, item, week)


def _take_week(turn: Turn, item: Item, week: str) -> None:
    slots.require_open(turn.session, week, turn.now, turn.programme)
    content.plan(turn.session, item, week, turn.now, turn.me)
    go_on(turn, item)


BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "submit.back": back,
    "submit.keep": keep,
    "submit.redo": redo,
    "submit.no_media": no_media,
    "submit.week": week_chosen,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {
    **{f"submit.{field}": partial(_written, field=field) for field in fields.LIMITS},
    "submit.media": _pictured,
    "submit.week": _week_said,
}
