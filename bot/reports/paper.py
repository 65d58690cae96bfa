"""The two pages for print: what the meeting has to know and to decide, and every OPD in its size band."""

from collections.abc import Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.reports import chart, headlines, paper_table, typeset
from bot.reports.drawing import GOOD, INK, LEFT, LOW, MUTED, RIGHT, TRACK
from bot.reports.page import BOTTOM, HEIGHT, MARGIN, ROOM, WIDTH, Pages
from bot.texts import rendering
from models.digests import decisions
from models.figures import figures as counted
from models.figures.snapshots import Digest
from models.figures.weekly import WeekFigures

_PICTURE = 106.0  # millimetres of the chart's width, without its own margins
_GAP = 8.0
_KEY_FIGURES = ("shares", "accepted", "waiting", "rejected", "new", "stopped", "received", "reach")


def pages(digest: Digest, zone: ZoneInfo) -> bytes:
    """A PDF of two pages of A4 from a snapshot; `zone` is that of the time which it names. The same snapshot
    gives the same bytes."""
    figures = cast(WeekFigures, digest.figures)
    with typeset.paper(_label("paper.title"), digest.at) as pdf:
        paper = Pages(pdf)
        paper.turn()
        _first(paper, figures, _head(paper, digest, zone, 1))
        paper.turn()
        paper_table.draw(paper, figures, _head(paper, digest, zone, 2))
        return typeset.data(pdf)


def _head(paper: Pages, digest: Digest, zone: ZoneInfo, number: int) -> float:
    """The line above each page, and where the page begins below it."""
    paper.box(0, 0, WIDTH, 15, INK)
    paper.text(MARGIN, 4, _label("paper.title"), 15, bold=True, color="#ffffff", room=80)
    week = _label("paper.week", week=digest.week)
    paper.text(MARGIN + 70, 3, week, 10, bold=True, color="#ffffff", room=ROOM - 70, align="R")
    at = digest.at.isoformat()
    frozen = rendering.label("paper.frozen", {"version": digest.version, "at": at}, zone=zone.key)
    paper.text(MARGIN + 70, 8.4, frozen, 7.5, color="#ffffff", room=ROOM - 70, align="R")
    page = _label("paper.page", page=number)
    paper.text(MARGIN, HEIGHT - 8.5, page, 7, color=MUTED, align="R")
    return 19


def _first(paper: Pages, figures: WeekFigures, top: float) -> None:
    top = _headline(paper, figures, top) + 2
    left = MARGIN + _PICTURE + _GAP
    room = MARGIN + ROOM - left
    # The picture has a margin of its own, and its first panel a rule: both columns begin on one line.
    png = chart.digest_chart(figures, head=False)
    margin = _PICTURE * LEFT / (RIGHT - LEFT)
    end = paper.picture(png, MARGIN - margin, top - 2, _PICTURE + 2 * margin)
    below = _key_figures(paper, figures, left, top, room)
    below = _tasks(paper, figures, left, below + 4, room)
    _decisions(paper, figures, max(end, below) + 2)


def _headline(paper: Pages, figures: WeekFigures, y: float) -> float:
    share, target = figures["participation"], figures["target"]
    paper.text(MARGIN - 1, y, _label("chart.percent", share=share), 58, bold=True, room=96)
    paper.text(MARGIN, y + 26, _label("paper.participation"), 11, bold=True, room=90)
    people = _label("paper.active", active=figures["active"], roster=figures["roster"])
    paper.text(MARGIN, y + 31.5, people, 10, room=90)
    below = y + 5
    for line in _course(figures):
        below = paper.block(MARGIN + 98, below, line, 10, ROOM - 98) + 1.6
    y = max(y + 39, below + 2)
    paper.box(MARGIN, y, ROOM, 5, TRACK)
    paper.box(MARGIN, y, ROOM * min(share, 1), 5, GOOD if share >= target else LOW)
    paper.box(MARGIN + ROOM * min(target, 1) - 0.5, y - 1.2, 1, 7.4, INK)
    return y + 9


def _course(figures: WeekFigures) -> list[str]:
    """Where participation comes from and where it is going, in a sentence each."""
    lines = []
    if not figures.get("released", True):
        lines.append(_label("paper.no_release"))
    moved = counted.change(figures["participation"], figures["previous"])
    if moved is not None:
        key = "paper.up" if moved > 0 else "paper.down" if moved < 0 else "paper.same"
        lines.append(rendering.label(key, {"points": moved} if moved else {}).capitalize())
    lines.append(_label("paper.goal", target=figures["target"], target_date=figures["target_date"]))
    goal = figures.get("goal")
    if goal:
        lines.append(_label("paper.path", path=goal["path"]))
        if goal["low"] is not None:
            lines.append(_label("paper.forecast", low=goal["low"], high=goal["high"]))
        if goal["falling"]:
            lines.append(_label("paper.falling"))
    return lines


def _key_figures(paper: Pages, figures: WeekFigures, x: float, y: float, room: float) -> float:
    y = _title(paper, x, y, room, _label("paper.figures"))
    known = headlines.of(figures)
    for figure in _KEY_FIGURES:
        value = known[figure].value
        if value is None:
            continue
        number = _label("chart.number", value=value)
        paper.text(x, y, rendering.label(f"figure.{figure}", {}), 8.5, room=room - 20)
        paper.text(x + room - 20, y, number, 9, bold=True, room=20, align="R")
        y += 5
    return y


def _tasks(paper: Pages, figures: WeekFigures, x: float, y: float, room: float) -> float:
    y = _title(paper, x, y, room, _label("paper.to_decide"))
    counts: Mapping[str, Any] = {
        "lacking": len(figures.get("lacking", [])),
        "waiting": figures.get("waiting_review", 0),
        "teams": len(figures.get("small_teams", [])),
        "late": sum(one["late"] for one in figures.get("decisions", [])),
    }
    tasks = [rendering.label(f"paper.task_{name}", {"number": n}) for name, n in counts.items() if n]
    for task in tasks or [_label("paper.nothing_to_decide")]:
        if tasks:
            paper.box(x, y + 0.7, 2.6, 2.6, INK)
            y = paper.block(x + 4.5, y, task, 9.5, room - 4.5) + 1.4
        else:
            y = paper.block(x, y, task, 9.5, room)
    return y


def _title(paper: Pages, x: float, y: float, room: float, text: str) -> float:
    paper.rule(y, x=x, room=room)
    paper.text(x, y + 2, text, 11, bold=True, room=room)
    return y + 9


def _decisions(paper: Pages, figures: WeekFigures, y: float) -> None:
    """Open decisions, what is due first at the top, as many as the page holds."""
    y = _title(paper, MARGIN, y, ROOM, _label("paper.decisions"))
    running = [one for one in figures.get("decisions", []) if one["state"] == decisions.OPEN]
    if not running:
        paper.text(MARGIN, y, _label("paper.no_decisions"), 9)
    full, about_most = (3, 2) if len(running) <= 4 else (1, 1)
    for number, one in enumerate(running):
        lines = paper.lines(one["text"], 9, ROOM - 76, most=full)
        tall = max(len(lines), about_most) * 4.2 + 2
        if y + tall > BOTTOM - 7:
            left = len(running) - number
            paper.text(MARGIN, y, _label("paper.more_decisions", number=left), 8.5, color=MUTED)
            return
        paper.text(MARGIN, y, str(one["id"]), 9, bold=True, room=10)
        for nth, line in enumerate(lines):
            paper.text(MARGIN + 10, y + nth * 4.2, line, 9, room=ROOM - 75)
        key = "paper.decision_late" if one["late"] else "paper.decision"
        about = rendering.label(key, {"who": one["who"], "due": one["due"]})
        for nth, line in enumerate(paper.lines(about, 8.5, 60, bold=one["late"], most=about_most)):
            paper.text(MARGIN + ROOM - 62, y + nth * 4.2, line, 8.5, bold=one["late"], room=62)
        y += tall
        paper.rule(y - 1.2)


def _label(key: str, **params: object) -> str:
    return rendering.label(key, params)
