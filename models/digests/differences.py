"""What differs between two versions of a closed week, and how it is said: parameters of messages, first the
sums, then channel by channel and OPD by OPD. Sentences are the catalogue's.

A snapshot keeps what `between` finds. Those of before a kind of difference existed lack it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from models.figures import figures as counted
from models.figures.weekly import OpdFigures, Quality, WeekFigures
from models.shares import standings

MOST_PLATFORMS = 3  # that a message names; the workbook has all
MOST_OPD = 5
MOST_OTHERS = 3
LATE, WITHDRAWN = "late", standings.WITHDRAWN
_SUMS = ("active", "shares", "accepted", "waiting", "rejected", "claimed", WITHDRAWN, LATE, "reach")

Named = list[list[Any]]  # [name, before, after] of each that moved
Lines = list[dict[str, Any]]


def between(was: WeekFigures, now: WeekFigures) -> dict[str, Any]:
    """All that differs: pairs [before, after] of `active`, `shares`, `reach` and the states of proofs;
    `platforms`, [name, before, after] of each; of OPD `opd` (who are active), `opd_shares` where only their
    shares moved, and `opd_other`, the names of those where no more than the states or platforms did."""
    found = _moved(was, now, _quality(was), _quality(now))
    if "proofs" in was:
        taken_back = [figures["proofs"].get(WITHDRAWN, 0) for figures in (was, now)]
        found |= {WITHDRAWN: taken_back} if taken_back[0] != taken_back[1] else {}
    old, new = was.get("reach"), now.get("reach")
    if old and new and old["views"] != new["views"]:
        found["reach"] = [old["views"], new["views"]]
    return found | _agencies(was["opd"], now["opd"])


def counts(found: Mapping[str, Any]) -> bool:
    """Whether a difference is worth a new version: what comes late does so after every closing, and counts
    for nothing."""
    return not found.keys() <= {LATE}


def of_opd(was: WeekFigures, now: WeekFigures, code: str) -> Lines:
    """What moved for one OPD, one sentence each; nothing where nothing did."""
    old, new = (_agency(figures, code) for figures in (was, now))
    return lines(_of_agency(old, new)) if old and new else []


def lines(found: Mapping[str, Any]) -> Lines:
    """What a correction changes, of `between`: readable in seconds, so that of the channels and of the OPD
    those are named that moved most, and of the others how many there are."""
    said: Lines = [
        {"text": f"correction.{name}", "params": {"before": found[name][0], "after": found[name][1]}}
        for name in _SUMS
        if name in found
    ]
    platforms = _most(found.get("platforms", []))
    said += [_line("platform", {"text": f"platform.{row[0]}"}, row) for row in platforms[:MOST_PLATFORMS]]
    said += _rest("more_platforms", len(platforms) - MOST_PLATFORMS)
    moved = [("opd", row) for row in _most(found.get("opd", []))]
    moved += [("opd_shares", row) for row in _most(found.get("opd_shares", []))]
    said += [_line(text, row[0], row) for text, row in moved[:MOST_OPD]]
    said += _rest("more", len(moved) - MOST_OPD)
    if others := found.get("opd_other"):
        more = _rest("more_others", len(others) - MOST_OTHERS)
        about = {"names": others[:MOST_OTHERS], "more": more[0] if more else ""}
        said.append({"text": "correction.opd_other", "params": about})
    return said


def _moved(
    was: Mapping[str, Any], now: Mapping[str, Any], old: Quality | None, new: Quality | None
) -> dict[str, Any]:
    """What differs between two sets of figures that have shares, of the whole or of one OPD; `old` and `new`
    are the states of their proofs. What one of them does not know is no difference."""
    found: dict[str, Any] = {}
    for name in ("active", "shares"):
        if name in was and was[name] != now[name]:
            found[name] = [was[name], now[name]]
    if old and new:
        states: Mapping[str, Any] = new
        found |= {name: [number, states[name]] for name, number in old.items() if number != states[name]}
    if "platforms" in was and (platforms := _platforms(was["platforms"], now["platforms"])):
        found["platforms"] = platforms
    return found


def _quality(figures: WeekFigures) -> Quality | None:
    return counted.quality(figures["proofs"]) if "proofs" in figures else figures.get("quality")


def _platforms(was: Mapping[str, int], now: Mapping[str, int]) -> Named:
    pairs = [[name, was.get(name, 0), now.get(name, 0)] for name in sorted(was.keys() | now.keys())]
    return [[name, before, after] for name, before, after in pairs if before != after]


def _of_agency(was: OpdFigures, now: OpdFigures) -> dict[str, Any]:
    """What differs for an OPD, without what comes late."""
    found = _moved(was, now, was.get("quality"), now.get("quality"))
    found.pop(LATE, None)
    return found


def _agency(figures: WeekFigures, code: str) -> OpdFigures | None:
    return next((opd for opd in figures["opd"] if opd["code"] == code), None)


def _agencies(was: Sequence[OpdFigures], now: Sequence[OpdFigures]) -> dict[str, Any]:
    before = {opd["code"]: opd for opd in was}
    found: dict[str, Any] = {}
    for opd in now:
        moved = _of_agency(before[opd["code"]], opd)
        if "active" in moved:
            found.setdefault("opd", []).append([opd["name"], *moved["active"]])
        elif "shares" in moved:
            found.setdefault("opd_shares", []).append([opd["name"], *moved["shares"]])
        elif moved:
            found.setdefault("opd_other", []).append(opd["name"])
    return found


def _most(moved: Named) -> Named:
    """What moved most comes first."""
    return sorted(moved, key=lambda row: -abs(row[2] - row[1]))


def _line(text: str, name: Any, row: Sequence[Any]) -> dict[str, Any]:
    return {"text": f"correction.{text}", "params": {"name": name, "before": row[1], "after": row[2]}}


def _rest(text: str, number: int) -> Lines:
    return [{"text": f"correction.{text}", "params": {"number": number}}] if number > 0 else []
