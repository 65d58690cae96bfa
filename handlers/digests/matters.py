"""What the pack puts before the meeting, looked at closely: [Perlu diputuskan], [OPD tanpa konten], and the
teams with too few people. Figures are those of the week's newest snapshot; what became of each since then is
said beside it, as long as it can still be changed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.digests import drilling, recaps
from handlers.items import items
from handlers.turn import Turn
from models.content import readiness, states
from models.digests import summaries
from models.figures import staffing
from models.figures.snapshots import Digest
from models.figures.weekly import WeekFigures
from models.messages.post import Button
from models.people import roles
from models.programme import weeks
from models.refused import Refused
from models.releases.plans import EMPTY
from models.reminders import nudges
from models.reminders.nudges import Lacking

PAGE = 10  # names, without a button each


def _matters(turn: Turn, argument: str) -> None:
    """[Perlu diputuskan]: what waits for the meeting, and where each of it is looked at."""
    recaps.require(turn)
    figures, snapshot = drilling.of_week(turn, argument)
    found = summaries.matters(figures)
    lines = []
    for name, number in found.items():
        about: dict[str, Any] = {"number": number}
        if name == "waiting":
            about["now"] = _steps(turn, figures["week"])
        elif name == "teams":
            about["least"] = staffing.LEAST
        lines.append({"text": f"drill.matter_{name}", "params": about})
    turn.say(
        "drill.matters",
        week=figures["week"],
        note=_note(snapshot),
        lines=lines or {"text": "drill.nothing_to_decide"},
        buttons=_ways(turn, figures, found),
    )


def _note(snapshot: Digest | None) -> Any:
    """That what is told will still change, where it will. Whether there was something to share is no matter
    here: what is listed waits for the weeks to come."""
    return "" if snapshot else {"text": "digest.provisional"}


def _steps(turn: Turn, week: str) -> list[dict[str, Any]] | str:
    """Whom the items wait for that wait now, in the order of their way; "" where the meeting looks at an
    older week, whose items were others."""
    if week < weeks.shift(turn.week, -1):
        return ""
    waiting = readiness.waiting(readiness.of(turn.session))
    return [
        {"text": f"drill.waits_{status}", "params": {"number": waiting[status]}}
        for status in states.WAITING
        if waiting.get(status)
    ] or [{"text": "drill.waits_none"}]


def _ways(turn: Turn, figures: WeekFigures, found: Mapping[str, int]) -> list[list[Button]]:
    week, rows = figures["week"], []
    if "lacking" in found:
        rows.append([Button("digest.button_lacking", f"digest.lacking:{week}")])
    if "teams" in found:
        rows.append([Button("drill.button_teams", f"digest.small:{week}")])
    if "waiting" in found and not turn.message.group and roles.may(turn.session, turn.person, "review"):
        rows.append([Button("menu.go_tinjau", "command:tinjau")])
    if "late" in found or "open" in found:
        rows.append([Button("digest.button_decisions", "decision.list")])
    return rows


# -- teams with too few people -----------------------------------------------------------------------


def _teams(turn: Turn, argument: str, *, turned: bool = False) -> None:
    """The teams that were too small when the week was closed, and how many people each has now."""
    recaps.require(turn)
    written, _, page = argument.partition(":")
    figures, snapshot = drilling.of_week(turn, written)
    names, shown = figures.get("small_teams", []), words.number(page or "0")
    part = names[shown * PAGE : (shown + 1) * PAGE]
    if not names:
        turn.say("drill.no_small_team", least=staffing.LEAST)
        return
    if not part:
        raise Refused("menu.old_button")
    now = {team.opd.name: team.people for team in staffing.teams(turn.session)}
    lines = [
        {"text": "drill.team", "params": {"name": name, "now": _team_now(now[name]) if name in now else ""}}
        for name in part
    ]
    params = {
        "least": staffing.LEAST,
        "number": len(names),
        "first": shown * PAGE + 1,
        "last": shown * PAGE + len(part),
        "note": _note(snapshot),
        "lines": lines,
    }
    buttons = items.turning(f"drill.small:{figures['week']}", shown, len(names), PAGE)
    drilling.show(turn, "drill.teams", buttons, turned=turned, params=params)


def _team_now(people: int) -> dict[str, Any]:
    if people >= staffing.LEAST:
        return {"text": "drill.team_enough"}
    return {"text": "drill.team_now", "params": {"number": people}}


# -- who has no content for the coming week ----------------------------------------------------------


def _lacking(turn: Turn, argument: str, *, turned: bool = False) -> None:
    """The OPD that had none when the week was closed, and what stands in their way now, while the release
    is still to come."""
    recaps.require(turn)
    written, _, page = argument.partition(":")
    figures, snapshot = drilling.of_week(turn, written)
    names, shown = figures["lacking"], words.number(page or "0")
    part = names[shown * PAGE : (shown + 1) * PAGE]
    week, coming = figures["week"], figures.get("coming_week") or weeks.shift(figures["week"], 1)
    if not names:
        turn.say("drill.all_ready", week=coming)
        return
    if not part:
        raise Refused("menu.old_button")
    release = weeks.moment(coming, turn.programme.release, turn.programme)
    now = {one.team.opd.name: one for one in nudges.lacking(turn.session, coming)}
    ahead = turn.now < release
    lines = [
        {"text": "drill.lacks", "params": {"name": name, "way": _way(now.get(name)) if ahead else ""}}
        for name in part
    ]
    buttons = items.turning(f"drill.lacking:{week}", shown, len(names), PAGE)
    if not turn.message.group and roles.may(turn.session, turn.person, "foresee"):
        buttons.append([Button("planning.button_plan", "command:rencana")])
    params = {
        "at": release.isoformat(),
        "number": len(names),
        "first": shown * PAGE + 1,
        "last": shown * PAGE + len(part),
        "note": _note(snapshot),
        "past": "" if ahead else {"text": "drill.release_over"},
        "lines": lines,
    }
    drilling.show(turn, "drill.lacking", buttons, turned=turned, params=params)


def _way(one: Lacking | None) -> dict[str, Any]:
    """What stands in the way of an OPD, the hardest first: nobody to ask, a small team, whose turn it is."""
    if one is None:
        return {"text": "drill.way_ready"}
    if not one.team.joined:
        return {"text": "drill.way_nobody"}
    state = {"text": f"drill.way_{one.status if one.status != EMPTY else 'empty'}"}
    if one.team.small:
        few = {"number": one.team.people, "least": staffing.LEAST}
        return {"text": "drill.way_small", "params": {"state": state, **few}}
    return state


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "digest.matters": _matters,
    "digest.small": _teams,
    "drill.small": lambda turn, argument: _teams(turn, argument, turned=True),
    "digest.lacking": _lacking,
    "drill.lacking": lambda turn, argument: _lacking(turn, argument, turned=True),
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
