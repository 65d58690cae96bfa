"""The second page: every OPD in its size band, and below the table the platforms, the proofs, what is ready,
and what the figures mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.reports import meanings
from bot.reports.drawing import GOOD, INK, LOW, MUTED, TRACK
from bot.reports.page import BOTTOM, MARGIN, ROOM, Pages
from bot.texts import rendering
from models.figures import figures as counted
from models.figures.weekly import OpdFigures, WeekFigures

_NOTES = ("active", "participation", "band", "rank", "shares", "ready", "forecast", "reach")
_NOTE_SIZE, _SMALL = 6.2, 7.5
_TALLEST, _LOWEST = 6.2, 3.7  # millimetres of a row
_COLUMN = (ROOM - 12) / 3
_PLATFORMS = 6
_RANK, _NAME, _BAR, _READY = 13.5, 61.5, 20.0, 18.0  # widths in millimetres
_FIGURES = (("roster", 13.0), ("active", 12.0), ("participation", 15.0), ("change", 11.0), ("shares", 14.0))


@dataclass(frozen=True, slots=True)
class _Line:
    """A row: a band's head, an OPD, or how many are not shown (`omitted`)."""

    band: str = ""
    opd: OpdFigures | None = None
    omitted: int = 0


def draw(paper: Pages, figures: WeekFigures, top: float) -> None:
    """Fills the page from `top` on."""
    notes = _notes(paper)
    foot = BOTTOM - len(notes) * _NOTE_SIZE * 0.46 - 6
    below = foot - 38
    title = rendering.label("paper.agencies", {"opd": len(figures["opd"])})
    paper.text(MARGIN, top, title, 11, bold=True)
    end = _table(paper, figures, top + 7, below)
    _platforms(paper, figures, MARGIN, end + 3)
    _proofs(paper, figures, MARGIN + _COLUMN + 6, end + 3)
    _readiness(paper, figures, MARGIN + 2 * (_COLUMN + 6), end + 3)
    paper.rule(foot)
    paper.text(MARGIN, foot + 1.2, rendering.label("paper.notes", {}), 7, bold=True)
    for number, line in enumerate(notes):
        paper.text(
            MARGIN, foot + 4.8 + number * _NOTE_SIZE * 0.46, line, _NOTE_SIZE, room=ROOM + 1, color=MUTED
        )


def _notes(paper: Pages) -> list[str]:
    """The definitions of what stands on these pages, in lines."""
    said = " ".join(meanings.sentence(name) for name in _NOTES)
    return paper.lines(said, _NOTE_SIZE, ROOM)


def _table(paper: Pages, figures: WeekFigures, top: float, bottom: float) -> float:
    """The table between two heights; where it ends."""
    rows = int((bottom - top - 5) / _LOWEST)
    lines = _chosen(figures["opd"], rows)
    tall = min(_TALLEST, (bottom - top - 5) / max(len(lines), 1))
    _heads(paper, top)
    y = top + 5
    ranks = counted.ranks(figures["opd"])
    for number, line in enumerate(lines):
        if line.opd is not None:
            if number % 2:
                paper.box(MARGIN, y, ROOM, tall, "#f4f4f4")
            _opd(paper, line.opd, ranks[line.opd["code"]].rank, figures["target"], y, tall)
        elif line.omitted:
            words = rendering.label("paper.omitted", {"number": line.omitted})
            paper.text(MARGIN + _RANK, _middle(y, tall, _SMALL), words, _SMALL, color=MUTED)
        else:
            _band(paper, figures, line.band, y, tall)
        y += tall
    return y


def _chosen(agencies: Sequence[OpdFigures], rows: int) -> list[_Line]:
    """The rows that a page holds: of each band all, or the first and the last as the room allows."""
    bands = [(name, of) for _, name in counted.BANDS if (of := [o for o in agencies if o["band"] == name])]
    room = rows - len(bands)
    lines: list[_Line] = []
    for name, of in bands:
        lines.append(_Line(band=name))
        fits = len(of) if len(agencies) <= room else max(int(room * len(of) / len(agencies)), 3)
        if fits >= len(of):
            lines += [_Line(opd=opd) for opd in of]
            continue
        last = (fits - 1) // 2
        first = fits - 1 - last
        lines += [_Line(opd=opd) for opd in of[:first]]
        lines.append(_Line(omitted=len(of) - first - last))
        lines += [_Line(opd=opd) for opd in of[-last:]]
    return lines


def _heads(paper: Pages, y: float) -> None:
    paper.box(MARGIN, y, ROOM, 4.6, INK)
    white = "#ffffff"
    place = y + 0.9
    paper.text(MARGIN + 1, place, _head("rank"), 6.5, room=_RANK, color=white)
    paper.text(MARGIN + _RANK, place, _head("opd"), 6.5, room=_NAME, color=white)
    x = MARGIN + _RANK + _NAME
    for name, width in _FIGURES:
        paper.text(x, place, _head(name), 6.5, room=width, align="R", color=white)
        x += width + (_BAR + 2 if name == "participation" else 0)
    paper.text(x + 2, place, _head("ready"), 6.5, room=_READY, color=white)


def _head(name: str) -> str:
    return rendering.label(f"paper.column_{name}", {})


def _band(paper: Pages, figures: WeekFigures, band: str, y: float, tall: float) -> None:
    of = [opd for opd in figures["opd"] if opd["band"] == band]
    reached = sum(opd["participation"] >= figures["target"] for opd in of)
    name = {"text": f"chart.band_{band}"}
    words = rendering.label("paper.band", {"band": name, "reached": reached, "opd": len(of)})
    paper.box(MARGIN, y, ROOM, tall, TRACK)
    paper.text(MARGIN + 1, _middle(y, tall, 8), words, 8, bold=True)


def _opd(paper: Pages, opd: OpdFigures, rank: int, target: float, y: float, tall: float) -> None:
    size = min(8.5, tall * 1.85)
    place = _middle(y, tall, size)
    paper.text(MARGIN + 1, place, f"{rank}", size, room=_RANK - 3)
    paper.text(MARGIN + _RANK, place, opd["name"], size, room=_NAME)
    x = MARGIN + _RANK + _NAME
    for name, width in _FIGURES:
        bold = name == "participation"
        paper.text(x, place, _figure(opd, name), size, room=width, align="R", bold=bold)
        x += width
        if bold:
            _bar(paper, opd["participation"], target, x + 2, y + tall * 0.22, tall * 0.56)
            x += _BAR + 2
    ready = opd.get("ready")
    if ready is not None:
        words = rendering.label("paper.ready" if ready else "paper.not_ready", {})
        paper.text(x + 2, place, words, size, bold=not ready, room=_READY)


def _figure(opd: OpdFigures, name: str) -> str:
    if name == "participation":
        return rendering.label("chart.percent", {"share": opd["participation"]})
    if name == "change":
        moved = meanings.points(opd["participation"], opd.get("previous"))
        if moved is None:
            return "–"
        sign = "+" if moved > 0 else "−" if moved < 0 else ""
        return sign + rendering.label("chart.number", {"value": abs(moved)})
    value = opd.get(name)
    return "–" if value is None else rendering.label("chart.number", {"value": value})


def _bar(paper: Pages, share: float, target: float, x: float, y: float, tall: float) -> None:
    paper.box(x, y, _BAR, tall, TRACK)
    paper.box(x, y, _BAR * min(share, 1), tall, GOOD if share >= target else LOW)
    paper.box(x + _BAR * min(target, 1) - 0.15, y - 0.3, 0.3, tall + 0.6, INK)


def _middle(y: float, tall: float, size: float) -> float:
    """Where letters begin that stand in the middle of a row."""
    return y + (tall - size * 0.46) / 2


def _title(paper: Pages, key: str, x: float, y: float) -> float:
    paper.text(x, y, rendering.label(key, {}), 9, bold=True, room=_COLUMN)
    return y + 5.5


def _rows(paper: Pages, rows: Sequence[tuple[str, int]], x: float, y: float) -> float:
    for name, number in rows:
        paper.text(x, y, name, _SMALL, room=_COLUMN - 16)
        written = rendering.label("chart.number", {"value": number})
        paper.text(x + _COLUMN - 16, y, written, _SMALL, bold=True, room=16, align="R")
        y += 4
    return y


def _platforms(paper: Pages, figures: WeekFigures, x: float, y: float) -> None:
    """The most used first; what does not fit is summed up as other."""
    y = _title(paper, "paper.platforms", x, y)
    shown = sorted(figures["platforms"].items(), key=lambda pair: (-pair[1], pair[0]))
    if len(shown) > _PLATFORMS:
        kept = [pair for pair in shown[: _PLATFORMS - 1] if pair[0] != "other"]
        shown = [*kept, ("other", sum(figures["platforms"].values()) - sum(number for _, number in kept))]
    rows = [(rendering.label(f"platform.{name}", {}), number) for name, number in shown]
    y = _rows(paper, rows, x, y)
    if views := figures.get("reach", {}).get("views"):
        paper.text(x, y, rendering.label("paper.reach", {"views": views}), _SMALL, room=_COLUMN, color=MUTED)


def _proofs(paper: Pages, figures: WeekFigures, x: float, y: float) -> None:
    y = _title(paper, "paper.proofs", x, y)
    quality: Mapping[str, Any] = figures.get("quality") or counted.quality(figures.get("proofs", {}))
    names = ("accepted", "waiting", "rejected", "claimed", "late")
    _rows(paper, [(rendering.label(f"figure.{name}", {}), quality[name]) for name in names], x, y)


def _readiness(paper: Pages, figures: WeekFigures, x: float, y: float) -> None:
    y = _title(paper, "paper.readiness", x, y)
    ready = {"ready": figures.get("ready", 0), "opd": figures.get("agencies", len(figures["opd"]))}
    paper.text(x, y, rendering.label("paper.ready_of", ready), _SMALL, bold=True, room=_COLUMN)
    y += 4
    lists = (("paper.lacking", figures.get("lacking"), 4), ("paper.teams", figures.get("small_teams"), 3))
    for key, names, most in lists:
        if names:
            y = paper.block(x, y, _named(paper, key, names, most), _SMALL - 0.5, _COLUMN, most=most) + 0.8


def _named(paper: Pages, key: str, names: Sequence[str], most: int) -> str:
    """As many names as so many lines hold, the first in any case, and how many others there are."""
    words = ""
    for number in range(1, len(names) + 1):
        said: object = ", ".join(names[:number])
        if number < len(names):
            rest = {"names": said, "number": len(names) - number}
            said = {"text": "paper.and_more", "params": rest}
        longer = rendering.label(key, {"names": said})
        if words and len(paper.lines(longer, _SMALL - 0.5, _COLUMN)) > most:
            break
        words = longer
    return words
