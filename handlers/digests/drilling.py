"""Looking further into the pack: OPD by OPD, and all other figures (what is to be decided: matters.py).

What the pack's own buttons open is a message of its own, so that the pack stays readable in its group; what
is turned there (`drill.…`) changes in place. Every press asks for the right anew. Figures are those of the
week's newest snapshot, however old the message is; no person is named here.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from handlers import words
from handlers.digests import absentees, recaps
from handlers.items import items
from handlers.turn import Rows, Turn
from models.digests import summaries
from models.figures import figures as counted
from models.figures.snapshots import Digest
from models.figures.weekly import OpdFigures, WeekFigures
from models.messages.post import Button
from models.people import people
from models.people.people import Opd
from models.programme import weeks
from models.recognition import rankings
from models.refused import Refused

PAGE = 8  # with the two that turn the page a list of WhatsApp, which has ten lines
_IN_A_ROW = 4
_COHORTS = 6  # of the newest months of joining
_PROOFS = ("accepted", "waiting", "rejected", "claimed", "late")
Lines = list[dict[str, Any]]


def show(turn: Turn, text: str, buttons: Rows, *, turned: bool, params: dict[str, Any]) -> None:
    """A message of its own, or (`turned`) the one whose button was pressed, changed in place."""
    if not turned:
        turn.say(text, buttons=buttons, **params)
        return
    turn.edit(text, buttons=buttons, **params)
    if not turn.message.group:
        turn.choose_from(buttons)


def of_week(turn: Turn, written: str) -> tuple[WeekFigures, Digest | None]:
    """The figures of a button's week, and their snapshot. Raises Refused for no week of the programme's."""
    return recaps.known(turn, recaps.week_of(turn, written))


def note(figures: WeekFigures, snapshot: Digest | None) -> Any:
    """That the figures will still change, where they will, or that there was nothing to share."""
    return summaries.note(figures, running=snapshot is None)


# -- OPD by OPD ------------------------------------------------------------------------------------


def _agencies(turn: Turn, argument: str, *, turned: bool = False) -> None:
    """A page of all OPD, like with like: the big ones first, each size ranked by participation. The number
    before a line is the one to press; the rank stands behind it, since equal ones share it."""
    recaps.require(turn)
    written, _, page = argument.partition(":")
    figures, snapshot = of_week(turn, written)
    shown = words.number(page or "0")
    ranked = [(place, opd) for _, band in counted.BANDS for place, opd in rankings.of_band(figures, band)]
    part = ranked[shown * PAGE : (shown + 1) * PAGE]
    if not part:
        raise Refused("menu.old_button")
    week, ids = figures["week"], {opd.code: opd.id for opd in people.agencies(turn.session)}
    numbers = [
        Button("drill.button_number", f"drill.page:{week}:{ids[opd['code']]}:{shown}", {"n": n})
        for n, (_, opd) in enumerate(part, 1)
        if opd["code"] in ids
    ]
    rows = [numbers[first : first + _IN_A_ROW] for first in range(0, len(numbers), _IN_A_ROW)]
    rows += items.turning(f"drill.opd:{week}", shown, len(ranked), PAGE)
    params = {"week": week, "note": note(figures, snapshot), "lines": _ranking(part), "total": len(ranked)}
    show(turn, "drill.agencies", rows, turned=turned, params=params)


def _ranking(part: Sequence[tuple[int, OpdFigures]]) -> Lines:
    lines: Lines = []
    before = ""
    for n, (rank, opd) in enumerate(part, 1):
        if opd["band"] != before:
            before = opd["band"]
            lines.append({"text": "drill.band", "params": {"band": {"text": f"chart.band_{before}"}}})
        lines.append({"text": "drill.agency", "params": {"n": n, "rank": rank, **_share(opd)}})
    return lines


def _share(opd: OpdFigures) -> dict[str, Any]:
    return {name: opd[name] for name in ("name", "participation", "active", "roster")}


def _agency(turn: Turn, argument: str) -> None:
    """The figures of one OPD, for who sees all of them; of its people only how many."""
    recaps.require(turn)
    written, _, rest = argument.partition(":")
    number, _, back = rest.partition(":")
    figures, snapshot = of_week(turn, written)
    opd = turn.session.get(Opd, words.number(number))
    found = summaries.page(figures, opd.code) if opd else None
    if opd is None or found is None:
        raise Refused("menu.old_button")
    one = next(row for row in figures["opd"] if row["code"] == opd.code)
    params = {
        **{name: found[name] for name in ("week", "opd", "active", "roster", "participation", "province")},
        **{name: found[name] for name in ("rank", "peers")},
        "note": note(figures, snapshot),
        "band": {"text": f"chart.band_{one['band']}"},
        "missing": one["roster"] - one["active"],
        "facts": _facts(one, found["coming"]["text"] == "digest.item_ready"),
    }
    to_list = [Button("drill.button_list", f"drill.opd:{figures['week']}:{words.number(back or '0')}")]
    buttons = [*absentees.button(turn, opd, figures["week"]), to_list]
    show(turn, "drill.page", buttons, turned=True, params=params)


def _facts(opd: OpdFigures, ready: bool) -> Lines:
    """What else is known of an OPD; snapshots of before a figure existed say nothing of it."""
    lines: Lines = []
    moved = counted.change(opd["participation"], opd.get("previous"))
    if moved is not None:
        key = "digest.up" if moved > 0 else "digest.down" if moved < 0 else "digest.same"
        lines.append({"text": key, "params": {"points": abs(moved)} if moved else {}})
    if "joined" in opd:
        lines.append({"text": "drill.joined", "params": {"joined": opd["joined"], "roster": opd["roster"]}})
    if "shares" in opd:
        lines.append({"text": "drill.shares", "params": {"number": opd["shares"]}})
    lines += _in_one_line(
        "drill.opd_platforms", _by_platform(opd.get("platforms", {}), "drill.part_platform")
    )
    lines += _in_one_line("drill.opd_proofs", _parts(opd.get("quality", {})))
    if "own_item" in opd:
        lines.append({"text": "drill.own_item" if opd["own_item"] else "drill.no_own_item"})
    lines.append({"text": "drill.ready" if ready else "drill.not_ready"})
    return lines


def _parts(quality: Mapping[str, Any]) -> Lines:
    """What became of the proofs of an OPD; of what there is none of, nothing."""
    return [
        {"text": f"drill.part_{name}", "params": {"number": number}}
        for name in _PROOFS
        if (number := quality.get(name, 0))
    ]


def _in_one_line(key: str, parts: Lines) -> Lines:
    """The parts behind each other after the words of `key`; no line where there are none."""
    if not parts:
        return []
    joined = reduce(
        lambda before, part: {"text": "drill.parts", "params": {"before": before, "part": part}}, parts
    )
    return [{"text": key, "params": {"parts": joined}}]


# -- all other figures -------------------------------------------------------------------------------


def _more(turn: Turn, argument: str) -> None:
    """[Angka lainnya]: platforms, proofs, the way to the target, cohorts, reach, twelve weeks."""
    recaps.require(turn)
    figures, snapshot = of_week(turn, argument)
    turn.say(
        "drill.more",
        week=figures["week"],
        note=note(figures, snapshot),
        shares=figures.get("shares", sum(figures["platforms"].values())),
        platforms=_platforms(figures),
        proofs=_proofs(figures),
        goal=_goal(figures),
        cohorts=_cohorts(figures),
        urgent=_urgent(figures),
        trend=[
            {
                "text": "drill.trend",
                "params": {
                    "at": weeks.wednesday(weeks.shift(point["week"], 1)).isoformat(),
                    "participation": point["participation"],
                },
            }
            for point in figures["trend"]
        ],
        weeks=len(figures["trend"]),
    )


def _platforms(figures: WeekFigures) -> Lines:
    lines = _by_platform(figures["platforms"], "drill.platform")
    views = figures.get("reach", {}).get("views", 0)
    if views:
        lines.append({"text": "digest.reach", "params": {"views": views}})
    return lines or [{"text": "drill.no_shares"}]


def _by_platform(platforms: Mapping[str, int], key: str) -> Lines:
    """Each platform that was used in the words of `key`, the most used first."""
    return [
        {"text": key, "params": {"name": {"text": f"platform.{name}"}, "number": number}}
        for name, number in sorted(platforms.items(), key=lambda one: (-one[1], one[0]))
        if number
    ]


def _proofs(figures: WeekFigures) -> Lines:
    known = figures.get("quality") or counted.quality(figures.get("proofs", {}))
    return [
        {"text": f"drill.proof_{name}", "params": {"number": known[name]}}  # type: ignore[literal-required]
        for name in _PROOFS
        if known[name] or name == "accepted"  # type: ignore[literal-required]
    ]


def _goal(figures: WeekFigures) -> Lines:
    """Where participation stands, should stand, and probably will: a range, never one number alone."""
    about = {"target": figures["target"], "target_date": figures["target_date"]}
    lines: Lines = [
        {"text": "drill.target", "params": about},
        {"text": "drill.today", "params": {"participation": figures["participation"]}},
    ]
    goal = figures.get("goal")
    if goal is None:
        return lines
    lines.append({"text": "drill.path", "params": {"path": goal["path"]}})
    value, low, high = goal["value"], goal["low"], goal["high"]
    if value is not None and low is not None and high is not None:
        lines.append({"text": "drill.forecast", "params": {"value": value, "low": low, "high": high}})
    elif figures["target_date"] > weeks.wednesday(weeks.shift(figures["week"], 1)).isoformat():
        lines.append({"text": "drill.no_forecast"})
    if goal["falling"]:
        lines.append({"text": "digest.falling"})
    return lines


def _cohorts(figures: WeekFigures) -> Any:
    found = figures.get("cohorts")
    if found is None:
        return ""
    lines: Lines = [
        {"text": "drill.new", "params": {"people": found["new"]}},
        {"text": "drill.stopped", "params": {"people": found["stopped"]}},
    ]
    for month in found["months"][-_COHORTS:]:
        share = counted.share(month["active"], month["people"])
        about = {"active": month["active"], "people": month["people"], "share": share}
        if month["month"]:
            lines.append({"text": "drill.cohort", "params": {"month": f"{month['month']}-01", **about}})
        else:
            lines.append({"text": "drill.cohort_before", "params": about})
    return {"text": "drill.cohorts", "params": {"lines": lines}}


def _urgent(figures: WeekFigures) -> Any:
    lines = [
        {
            "text": "drill.clarification",
            "params": {name: one[name] for name in ("title", "active", "received")},
        }
        for one in figures.get("urgent", [])
    ]
    return {"text": "drill.urgent", "params": {"lines": lines}} if lines else ""


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "digest.opd": _agencies,
    "drill.opd": lambda turn, argument: _agencies(turn, argument, turned=True),
    "drill.page": _agency,
    "digest.more": _more,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
