"""What stands out in an item, in words: for its author before sending, and for the reviewer."""

from collections.abc import Sequence
from typing import Any

from handlers import words
from handlers.items import items
from handlers.turn import Turn
from models.content import albums, checks, rubrics, sources, states, variants, wordings
from models.content.content import Item
from models.messages.post import Button
from models.programme import weeks
from models.refused import Refused

_SHOWN = 5
Sentence = dict[str, Any]


def in_full(turn: Turn, item: Item) -> list[Sentence]:
    """The warnings with their reasons, as lines of a text; none when nothing stands out."""
    return _lines(turn, item, "")


def in_short(turn: Turn, item: Item) -> list[Sentence]:
    """The facts and the warnings in a few words each: a reviewer knows the reasons."""
    return [*facts(turn, item), *_lines(turn, item, "short_")]


def _lines(turn: Turn, item: Item, form: str) -> list[Sentence]:
    found = _found(turn, item)
    if not found:
        return []
    lines = [{"text": f"checks.{form}{one.key}", "params": _params(one)} for one in found[:_SHOWN]]
    if (left := len(found) - _SHOWN) > 0:
        lines.append({"text": "checks.more", "params": {"number": left}})
    return [{"text": "checks.heading"}, *lines]


def _found(turn: Turn, item: Item) -> Sequence[checks.Warning]:
    further = [(row.channel, row.text) for row in variants.of(turn.session, item.id)]
    around = turn.around
    found = checks.of(item, around.words, turn.programme.hashtags, around.signature, further)
    if _live_outside(turn, item):
        found.insert(0, checks.Warning("live_outside"))
    result = sources.result(turn.session, item)
    if result in (sources.CLOSED, sources.HIDDEN):
        found.insert(0, checks.Warning(f"source_{result}"))
    return found


def _live_outside(turn: Turn, item: Item) -> bool:
    """Whether a broadcast is over before its announcement is out, or comes after the item's week."""
    if not rubrics.is_live(item.rubric) or item.live_at is None or not item.week:
        return False
    out = weeks.moment(item.week, turn.programme.release, turn.programme)
    return not out <= item.live_at < weeks.closing(item.week, turn.programme)


def _params(warning: checks.Warning) -> dict[str, Any]:
    params = dict(warning.params)
    if "channel" in params:
        params["channel"] = {"text": f"checks.channel_{params['channel']}"}
    return params


# -- facts -------------------------------------------------------------------------------------


def facts(turn: Turn, item: Item) -> list[Sentence]:
    """What an item is, besides what its card shows: one line each, what is not there is left out."""
    session = turn.session
    lines = [
        _fact("rubric", {"text": f"rubric.{item.rubric}"} if item.rubric else ""),
        _fact("consent", _consent(item)),
        _live(item),
        _fact("album", _more_than_one(len(albums.of(session, item)))),
        _fact("variants", _more_than_one(wordings.count(session, item))),
        _fact("channels", len(wordings.channels(session, item))),
        _fact("hashtags", item.hashtags),
        _fact("programme", item.regional_programme),
        _fact("objective", {"text": f"completing.objective_{item.objective}"} if item.objective else ""),
    ]
    found = [line for line in lines if line is not None]
    if result := sources.result(session, item):
        found.append({"text": f"checks.fact_source_{result}"})
    return found


def _fact(name: str, value: Any) -> Sentence | None:
    return {"text": f"checks.fact_{name}", "params": {"value": value}} if value else None


def _more_than_one(number: int) -> int:
    return number if number > 1 else 0


def _consent(item: Item) -> Sentence | str:
    if not rubrics.with_citizen(item.rubric) or item.consent is None:
        return ""
    return {"text": "submitting.consent_yes" if item.consent else "submitting.consent_no"}


def _live(item: Item) -> Sentence | None:
    if not rubrics.is_live(item.rubric) or item.live_at is None:
        return None
    return {"text": "checks.fact_live", "params": {"at": item.live_at.isoformat(), "url": item.live_url}}


# -- the source --------------------------------------------------------------------------------


def source_closed(turn: Turn, argument: str) -> None:
    """An event of our own: the source of an item could not be opened. Its author hears of it."""
    try:
        number = words.number(argument)
    except Refused:
        return
    item = sources.closed(turn.session, number, turn.message.channel, turn.message.address)
    if item is None or turn.person is None:
        return
    mine = item.author_id == turn.person.id and item.status in states.OPEN_TO_AUTHOR
    turn.say(
        "checks.source_told",
        title=items.title(item),
        source=item.source_url,
        buttons=[[Button("checks.button_source", f"submit.redo:{item.id}:source_url")]] if mine else [],
    )
