"""What the figures of a week say to whom: parameters of messages, made of a snapshot or of figures as they
are now. Sentences are the catalogue's."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from models import decisions
from models import figures as counted
from models.post import Button, Post
from models.snapshots import Digest
from models.weekly import OpdFigures, WeekFigures

WEAKEST = 3  # agencies that are named as needing help
MOST_MOVED = 15  # agencies that a message about a correction names

Lines = list[dict[str, Any]]


def pack(digest: Digest, *, late: bool = False) -> list[Post]:
    """The pack of a snapshot: the chart, the thirty-second message, the workbook and the pages for print.
    The files are made when they are sent."""
    figures = cast(WeekFigures, digest.figures)
    about = {"week": digest.week, "participation": figures["participation"]}
    said = summary(figures, late=late, version=digest.version)
    return [
        Post("digest.chart", about, report=f"digest-chart:{digest.id}"),
        Post("digest.summary", said, buttons(figures)),
        Post("digest.workbook", about, report=f"digest-workbook:{digest.id}"),
        Post("digest.paper", about, report=f"digest-paper:{digest.id}"),
    ]


def buttons(figures: WeekFigures) -> list[list[Button]]:
    """Where one looks further; who presses is asked for the right each time."""
    week = figures["week"]
    rows = [
        [Button("digest.button_opd", f"digest.opd:{week}:0")],
        [Button("digest.button_more", f"digest.more:{week}")],
        [Button("digest.button_decisions", "decision.list")],
    ]
    if figures["lacking"]:
        rows.insert(2, [Button("digest.button_lacking", f"digest.lacking:{week}")])
    return rows


def summary(
    figures: WeekFigures, *, late: bool = False, running: bool = False, version: int = 1
) -> dict[str, Any]:
    """The parameters of the thirty-second message, from the figures of a week.

    `running` says that the week is not over and the figures will still change.
    """
    ranked = figures["opd"]
    quality = figures.get("quality") or counted.quality(figures["proofs"])
    return {
        "notes": _notes(figures, late=late, running=running, version=version),
        "week": figures["week"],
        "active": figures["active"],
        "roster": figures["roster"],
        "participation": figures["participation"],
        "goal": _goal(figures),
        "agencies": _lines("digest.best", _best_of_bands(ranked))
        + _lines("digest.weakest", weakest(ranked, figures["target"])),
        "shares": figures["shares"],
        "accepted": quality["accepted"],
        "checking": quality["waiting"],
        "rejected": quality["rejected"],
        "details": _details(figures),
        "ready": figures["ready"],
        "opd": figures["agencies"],
        "tasks": tasks(figures),
    }


def _notes(figures: WeekFigures, *, late: bool, running: bool, version: int) -> Lines:
    notes = _change(figures)
    if figures.get("goal", {}).get("falling"):
        notes.append({"text": "digest.falling"})
    if running:
        notes.append({"text": "digest.provisional"})
    elif late:
        notes.append({"text": "digest.late"})
    if version > 1:
        notes.append({"text": "digest.version", "params": {"version": version}})
    return notes


def _change(figures: WeekFigures) -> Lines:
    if figures["previous"] is None:
        return []
    moved = round(figures["participation"] - figures["previous"], 3)
    key = "digest.up" if moved > 0 else "digest.down" if moved < 0 else "digest.same"
    return [{"text": key, "params": {"points": abs(moved)} if moved else {}}]


def _goal(figures: WeekFigures) -> dict[str, Any]:
    about = {"target": figures["target"], "target_date": figures["target_date"]}
    goal = figures.get("goal")
    if goal is None or goal["low"] is None or goal["high"] is None:
        return {"text": "digest.goal", "params": about}
    return {"text": "digest.goal_forecast", "params": {**about, "low": goal["low"], "high": goal["high"]}}


def _details(figures: WeekFigures) -> Lines:
    """Lines that stand there only where they say something. Older snapshots know less."""
    found: Lines = []
    if figures.get("reach", {}).get("views"):
        found.append({"text": "digest.reach", "params": {"views": figures["reach"]["views"]}})
    if figures.get("cohorts", {}).get("stopped"):
        found.append({"text": "digest.stopped", "params": {"people": figures["cohorts"]["stopped"]}})
    urgent = figures.get("urgent", [])
    if urgent:
        active = sum(one["active"] for one in urgent)
        found.append({"text": "digest.urgent", "params": {"items": len(urgent), "active": active}})
    done = sum(one["state"] == decisions.DONE for one in figures.get("decisions", []))
    if done:
        found.append({"text": "digest.done", "params": {"number": done}})
    return found


def tasks(figures: WeekFigures) -> Lines:
    """What the meeting has to decide about; nothing where nothing is to be."""
    open_ones = [one for one in figures.get("decisions", []) if one["state"] == decisions.OPEN]
    counts = {
        "task_lacking": len(figures["lacking"]),
        "task_waiting": figures["waiting_review"],
        "task_teams": len(figures.get("small_teams", [])),
        "task_late": sum(one["late"] for one in open_ones),
        "task_open": sum(not one["late"] for one in open_ones),
    }
    lines = [
        {"text": f"digest.{key}", "params": {"number": number}} for key, number in counts.items() if number
    ]
    return [{"text": "digest.tasks", "params": {"lines": lines}}] if lines else []


def correction(digest: Digest) -> Post:
    """The short message about a corrected week, for those who got the pack of the version before."""
    about = {"week": digest.week, "version": digest.version, "lines": changes(digest.changes)}
    see = Button("correction.button_see", f"digest.version:{digest.week}:{digest.version}")
    return Post("correction.announced", about, [[see]])


def changes(found: Mapping[str, Any]) -> Lines:
    """What a correction changes (`models/corrections.py`), one sentence each, the sums first."""
    lines: Lines = [
        {"text": f"correction.{name}", "params": {"before": found[name][0], "after": found[name][1]}}
        for name in ("active", "shares", "accepted", "waiting", "rejected")
        if name in found
    ]
    moved = found.get("opd", [])
    lines += [
        {"text": "correction.opd", "params": {"name": name, "before": before, "after": after}}
        for name, before, after in moved[:MOST_MOVED]
    ]
    if len(moved) > MOST_MOVED:
        lines.append({"text": "correction.more", "params": {"number": len(moved) - MOST_MOVED}})
    return lines


def _best_of_bands(ranked: Sequence[OpdFigures]) -> list[OpdFigures]:
    """The first of each size band, the big ones first: like is compared with like."""
    found = (next((opd for opd in ranked if opd["band"] == name), None) for _, name in counted.BANDS)
    return [opd for opd in found if opd is not None and opd["active"]]


def weakest(ranked: Sequence[OpdFigures], target: float) -> list[OpdFigures]:
    """Up to three that are furthest from the target, the furthest first."""
    return [opd for opd in reversed(ranked) if opd["participation"] < target][:WEAKEST]


def _lines(key: str, agencies: Sequence[OpdFigures]) -> Lines:
    lines = [
        {"text": "digest.agency", "params": {"name": opd["name"], "participation": opd["participation"]}}
        for opd in agencies
    ]
    return [{"text": key, "params": {"lines": lines}}] if lines else []


def page(figures: WeekFigures, code: str) -> dict[str, Any] | None:
    """The parameters of the page of one OPD; None where the figures do not have it.

    `rank` is the place among the `peers` of the same size band.
    """
    found = next((opd for opd in figures["opd"] if opd["code"] == code), None)
    if found is None:
        return None
    peers = [opd for opd in figures["opd"] if opd["band"] == found["band"]]
    ready = found["name"] not in figures["lacking"]
    helped = found in weakest(figures["opd"], figures["target"])
    return {
        "week": figures["week"],
        "opd": found["name"],
        "active": found["active"],
        "roster": found["roster"],
        "participation": found["participation"],
        "province": figures["participation"],
        "rank": 1 + sum(opd["participation"] > found["participation"] for opd in peers),
        "peers": len(peers),
        "coming": {"text": "digest.item_ready" if ready else "digest.item_lacking"},
        "named": {"text": "digest.named"} if helped else "",
    }
