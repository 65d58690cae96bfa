"""The questions about an item, one a message, and their answers, up to the preview.

Every answer is in the draft at once, so that nothing hangs on the conversation.
"""

from collections.abc import Callable, Mapping
from functools import partial

from handlers import words
from handlers.sharing import sharing
from handlers.submitting import captioning, choosing, picturing, previewing, steps, tagging
from handlers.turn import Turn
from models.content import albums, drafts, fields
from models.content.content import Item
from models.programme import moments
from models.refused import Refused

# States in which a file that somebody sends belongs to the draft, however early it comes.
TAKES_FILES = frozenset(f"submit.{field}" for field in (*fields.FIELDS, *fields.EXTRAS, "preview", "which"))
draft = steps.draft

# -- the questions -----------------------------------------------------------------------------


def ask(turn: Turn, item: Item, field: str) -> None:
    """Asks for one field; an answer that is there already may be kept."""
    if field in choosing.FIELDS:
        choosing.ask(turn, item, field)
    elif field == "media":
        picturing.ask(turn, item)
    elif field == "variants":
        captioning.ask_variants(turn, item)
    elif field == "channels":
        captioning.ask_channels(turn, item)
    else:
        _ask_words(turn, item, field)


def _ask_words(turn: Turn, item: Item, field: str) -> None:
    filled = field not in drafts.missing(item)
    least, most = fields.LIMITS.get(field, (0, 0))
    value = item.live_at.isoformat() if field == "live_at" and item.live_at else getattr(item, field)
    steps.ask(
        turn,
        item,
        field,
        least=least,
        most=most,
        current=value if filled else "",
        hashtags=" ".join(turn.programme.hashtags),
    )


def go_on(turn: Turn, item: Item) -> None:
    """The first question that is still open; when none is, the preview."""
    if missing := drafts.missing(item):
        ask(turn, item, missing[0])
    else:
        previewing.preview(turn, item)


def back(turn: Turn, argument: str) -> None:
    """The question before; from a single correction back to the preview."""
    item, field = steps.draft_and_field(turn, argument)
    order = drafts.steps(item)
    if not drafts.missing(item) or field not in order[1:]:
        go_on(turn, item)
    else:
        ask(turn, item, order[order.index(field) - 1])


def keep(turn: Turn, argument: str) -> None:
    """What stands there stays: on to the next question."""
    item, _ = steps.draft_and_field(turn, argument)
    go_on(turn, item)


def redo(turn: Turn, argument: str) -> None:
    """One field once more, or one that is optional."""
    item, field = steps.draft_and_field(turn, argument)
    if field in fields.FIELDS and field not in drafts.steps(item):
        raise Refused("menu.old_button")
    ask(turn, item, field)


# -- the answers -------------------------------------------------------------------------------


def _answered(turn: Turn, text: str, *, field: str, take: Callable[[Turn, Item, str, str], bool]) -> None:
    """An answer to the question for a field; a picture that comes with it, or early, is kept as well.

    `take` puts the words where they belong; it is False when it has said what comes next itself.
    """
    item = steps.open_draft(turn)
    if item is None:
        return
    if turn.message.file is None:
        if take(turn, item, field, text):
            go_on(turn, item)
        return
    number = picturing.keep_file(turn, item)
    if not number:
        return
    if text and not _taken_with_file(turn, item, field, text, take):
        return
    if not picturing.after(turn, item, number):
        turn.say("submitting.file_kept")
        go_on(turn, item)


def _taken_with_file(
    turn: Turn, item: Item, field: str, text: str, take: Callable[[Turn, Item, str, str], bool]
) -> bool:
    """Whether the words below a picture were an answer. Where not, the picture that came with them is kept
    all the same."""
    try:
        return take(turn, item, field, text)
    except Refused as refused:
        turn.say("submitting.file_kept")
        turn.say(refused.key, **refused.params)
        return False


def _fill(turn: Turn, item: Item, field: str, text: str) -> bool:
    if not text:
        return True  # the empty words of a picture
    drafts.fill(turn.session, item, field, text, turn.now, turn.me)
    if field == "source_url":
        steps.look_up_source(turn, item)
    return True


def _moment(turn: Turn, item: Item, field: str, text: str) -> bool:
    at = moments.written(text, turn.now, turn.programme)
    drafts.choose(turn.session, item, field, at, turn.now, turn.me)
    return True


def _chosen(turn: Turn, item: Item, field: str, text: str) -> bool:
    choosing.chosen(turn, item, field, choosing.meant(field, text))
    return True


def _week(turn: Turn, item: Item, field: str, text: str) -> bool:
    del field
    choosing.take_week(turn, item, choosing.nearest_week(turn, item, text))
    return True


def _optional(turn: Turn, item: Item, field: str, text: str) -> bool:
    """Words for something optional; a question that asks for several things goes on by itself."""
    said = words.plain(text)
    if said in ("lewati", "cukup", "selesai"):
        return True
    if field == "hashtags":
        return not tagging.said(turn, item, text)
    if field == "variants":
        return not captioning.said_variant(turn, item, text)
    if field == "channels":
        return not captioning.said_channel(turn, item, text)
    if sharing.hears(turn, text):
        return False
    return _chosen(turn, item, field, text)


def _pictured(turn: Turn, text: str) -> None:
    """The picture or video of an item, "tanpa gambar", or "selesai" in words."""
    item = steps.open_draft(turn)
    if item is None:
        return
    if turn.message.file is not None:
        number = picturing.keep_file(turn, item)
        if number and not picturing.after(turn, item, number):
            if drafts.missing(item):
                turn.say("picturing.kept", most=albums.MOST)
            go_on(turn, item)
    elif words.plain(text).startswith("tanpa") or words.plain(text) in ("tidak", "tidak ada", "tdk"):
        no_media(turn, str(item.id))
    elif "media" not in drafts.missing(item) and _enough(text):
        go_on(turn, item)
    else:
        raise Refused("submitting.media_expected")


def _enough(text: str) -> bool:
    return words.says_done(text) or words.says_yes(text) or words.plain(text) == "cukup"


def no_media(turn: Turn, argument: str) -> None:
    """[Tanpa gambar]: words alone are enough."""
    item = steps.draft(turn, argument)
    drafts.illustrate(turn.session, item, None, turn.now, turn.me)
    go_on(turn, item)


def chosen(turn: Turn, argument: str) -> None:
    """A button with a choice: "42:rubric:live"."""
    number, _, rest = argument.partition(":")
    field, _, token = rest.partition(":")
    item = steps.draft(turn, number)
    choosing.chosen(turn, item, field, token)
    go_on(turn, item)


def week_chosen(turn: Turn, argument: str) -> None:
    """A button with a week: "42:2026-W49"."""
    number, _, week = argument.partition(":")
    item = steps.draft(turn, number)
    choosing.take_week(turn, item, week)
    go_on(turn, item)


def _answer(
    field: str, take: Callable[[Turn, Item, str, str], bool]
) -> tuple[str, Callable[[Turn, str], None]]:
    return f"submit.{field}", partial(_answered, field=field, take=take)


BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "submit.back": back,
    "submit.keep": keep,
    "submit.redo": redo,
    "submit.no_media": no_media,
    "submit.more": picturing.more,
    "submit.remove": picturing.remove,
    "submit.without": picturing.without,
    "submit.choose": chosen,
    "submit.week": week_chosen,
    "submit.tag": tagging.toggle,
    "submit.unvary": captioning.unvary,
    "submit.channel": captioning.channel_chosen,
    "submit.unchannel": captioning.channel_dropped,
    "submit.complete": previewing.complete,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = dict(
    [
        *(_answer(field, _fill) for field in fields.LIMITS),
        *(_answer(field, _chosen) for field in ("rubric", "consent", "public")),
        *(_answer(field, _optional) for field in fields.EXTRAS),
        _answer("week", _week),
        _answer("live_at", _moment),
        ("submit.media", _pictured),
    ]
)
