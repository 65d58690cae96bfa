"""`/peringkat`: OPD by participation among those of their size, for everybody. Never people."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.items import items
from handlers.turn import Turn
from models.figures import figures, opendata
from models.figures.weekly import WeekFigures
from models.messages.post import Button
from models.recognition import rankings
from models.refused import Refused

PAGE = 15  # OPD on a page: what a small phone shows without losing the own one
BANDS = tuple(name for _, name in figures.BANDS)


def _command(turn: Turn, _argument: str) -> None:
    """`/peringkat`: the page with the own OPD."""
    known = _figures(turn)
    own = next((opd for opd in known["opd"] if opd["code"] == turn.me.opd.code), None)
    band = own["band"] if own else _bands(turn, known)[0]
    seen, _ = rankings.for_reader(rankings.of_band(known, band), turn.me.opd.code)
    codes = [opd["code"] for _, opd in seen]
    _page(turn, known, band, codes.index(own["code"]) // PAGE if own else 0)


def _figures(turn: Turn) -> WeekFigures:
    known = rankings.newest(turn.session)
    if known is None or not _bands(turn, known):
        raise Refused("ranking.none_yet")
    return known


def _bands(turn: Turn, known: WeekFigures) -> list[str]:
    """The size bands in which there is an OPD for this reader to see, the big ones first."""
    own = turn.me.opd.code
    return [band for band in BANDS if rankings.for_reader(rankings.of_band(known, band), own)[0]]


def _turned(turn: Turn, argument: str) -> None:
    """A size band, or one of its pages: "big:1"."""
    band, _, number = argument.partition(":")
    known = _figures(turn)
    if band not in _bands(turn, known):
        raise Refused("menu.old_button")
    _page(turn, known, band, words.number(number or "0"))


def _page(turn: Turn, known: WeekFigures, band: str, wanted: int) -> None:
    found, withheld = rankings.for_reader(rankings.of_band(known, band), turn.me.opd.code)
    shown = max(min(wanted, (len(found) - 1) // PAGE), 0)
    lines = []
    for place, opd in found[shown * PAGE : (shown + 1) * PAGE]:
        about = {"place": place, "opd": opd["name"], "share": opd["participation"]}
        own = opd["code"] == turn.me.opd.code
        lines.append({"text": "ranking.own" if own else "ranking.line", "params": about})
    others = [
        Button(f"ranking.button_{other}", f"rank.page:{other}:0")
        for other in _bands(turn, known)
        if other != band
    ]
    turn.say(
        "ranking.page",
        band={"text": f"ranking.band_{band}"},
        week=known["week"],
        lines=lines,
        small={"text": "ranking.small", "params": {"least": opendata.SMALL_OPD}} if withheld else "",
        buttons=[*items.turning(f"rank.page:{band}", shown, len(found), PAGE), *([others] if others else [])],
    )


COMMANDS: Mapping[str, Any] = {"peringkat": _command}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"rank.page": _turned}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
