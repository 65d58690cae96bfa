"""The headline figures of a week, one by one, from a snapshot of whatever age: what it lacks is None."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.reports.sheets import Value
from models.digests import decisions

# In the order in which they are read: figure (of meanings.py), how it is written, and where it stands.
FIGURES = (
    ("participation", "percent", "participation"),
    ("active", "number", "active"),
    ("roster", "number", "roster"),
    ("joined", "number", "joined"),
    ("target", "percent", "target"),
    ("target_date", "date", "target_date"),
    ("path", "percent", "goal.path"),
    ("forecast", "percent", "goal.value"),
    ("forecast_low", "percent", "goal.low"),
    ("forecast_high", "percent", "goal.high"),
    ("falling", "text", "goal.falling"),
    ("new", "number", "cohorts.new"),
    ("stopped", "number", "cohorts.stopped"),
    ("shares", "number", "shares"),
    ("accepted", "number", "quality.accepted"),
    ("waiting", "number", "quality.waiting"),
    ("rejected", "number", "quality.rejected"),
    ("claimed", "number", "quality.claimed"),
    ("late", "number", "quality.late"),
    ("reach", "number", "reach.views"),
    ("received", "number", "received"),
    ("not_received", "number", "not_received"),
    ("agencies", "number", "agencies"),
    ("own_item", "number", "own_item"),
    ("ready", "number", "ready"),
    ("small_teams", "number", "small_teams"),
    ("waiting_review", "number", "waiting_review"),
    ("urgent", "number", "urgent"),
    ("decision_open", "number", "decision_open"),
    ("decision_late", "number", "decision_late"),
)


def of(figures: Mapping[str, Any]) -> dict[str, Value]:
    """The headline figures by name."""
    counted = {**figures, **_counted(figures)}
    return {
        figure: Value(date.fromisoformat(found) if form == "date" and found else found, form)
        for figure, form, place in FIGURES
        for found in (at(counted, place),)
    }


def at(figures: Mapping[str, Any], place: str) -> Any:
    """What stands at a place of a snapshot ("goal.low"), None where it has no such place."""
    found: Any = figures
    for name in place.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _counted(figures: Mapping[str, Any]) -> dict[str, int | None]:
    """Lists, as their length."""
    known = figures.get("decisions")
    running = None if known is None else [one for one in known if one["state"] == decisions.OPEN]
    without, agencies = figures.get("without_item"), figures.get("opd")
    return {
        "own_item": None if without is None or agencies is None else len(agencies) - len(without),
        "small_teams": _length(figures.get("small_teams")),
        "urgent": _length(figures.get("urgent")),
        "decision_open": _length(running),
        "decision_late": None if running is None else sum(one["late"] for one in running),
    }


def _length(found: Any) -> int | None:
    return None if found is None else len(found)
