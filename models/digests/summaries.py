"""What the figures of a week say to whom: parameters of messages, made of a snapshot or of figures as they
are now. Sentences are the catalogue's."""

from collections.abc import Sequence
from typing import Any, cast

from models.digests import decisions, differences
from models.figures import figures as counted
from models.figures.snapshots import Digest
from models.figures.weekly import OpdFigures, WeekFigures
from models.messages.post import Button, Post
from models.programme import weeks

WEAKEST = 3  # agencies that are named as needing help
NAME_WORDS = 4  # so many words of a long name are said; the whole one is a press away
# So many words name who needs help, what was decided, and the best of each size, in this order.
NAMED_WORDS = 25
LINE_WORDS = 4  # so many more for each line that a week has nothing to say in
OTHERS_WORDS = 4  # "dan 2 OPD lain", where some share the first place
HEADING_WORDS = 4  # above the best of each size
TOLD = 2  # open decisions that are told, the ones due first
WHO_WORDS = 3  # of who does it
DUE_WORDS = 2
WHAT_WORDS = 3  # of what was decided, where there is room

Lines = list[dict[str, Any]]


def pack(digest: Digest, *, late: bool = False) -> list[Post]:
    """The pack of a snapshot: the thirty-second message, the chart, the workbook and the pages for print.

    The words come first: nothing that has to be drawn, or uploaded, keeps anybody from them. The files are
    made when they are sent.
    """
    figures = cast(WeekFigures, digest.figures)
    about = {"week": digest.week, "participation": figures["participation"]}
    said = summary(figures, late=late, version=digest.version)
    return [
        Post("digest.summary", said, buttons(figures)),
        Post("digest.chart", about, report=f"digest-chart:{digest.id}"),
        Post("digest.workbook", about, report=f"digest-workbook:{digest.id}"),
        Post("digest.paper", about, report=f"digest-paper:{digest.id}"),
    ]


def buttons(figures: WeekFigures) -> list[list[Button]]:
    """Where one looks further; who presses is asked for the right each time."""
    week = figures["week"]
    rows = [
        [
            Button("digest.button_opd", f"digest.opd:{week}:0"),
            Button("digest.button_more", f"digest.more:{week}"),
        ]
    ]
    if figures["lacking"]:
        rows.append([Button("digest.button_lacking", f"digest.lacking:{week}")])
    last = [Button("digest.button_decisions", "decision.list")]
    if matters(figures):
        last.insert(0, Button("digest.button_matters", f"digest.matters:{week}"))
    return [*rows, last]


def summary(
    figures: WeekFigures, *, late: bool = False, running: bool = False, version: int = 1
) -> dict[str, Any]:
    """The parameters of the thirty-second message, from the figures of a week: at most 81 words, however
    much there is to say (tests/models/digests/test_summaries.py). All other figures are behind its buttons.

    `running` says that the week is not over and the figures will still change.
    """
    week, notes = figures["week"], _notes(figures, late=late, running=running, version=version)
    named = _named(figures, len(notes))
    if not had_release(figures):  # nobody did well, and nobody badly
        named |= {"best": "", "weakest": ""}
    return {
        "opens": weeks.wednesday(week).isoformat(),
        "closes": weeks.wednesday(weeks.shift(week, 1)).isoformat(),
        "participation": figures["participation"],
        "people": _people(figures),
        "target": figures["target"],
        "target_date": figures["target_date"],
        "notes": notes,
        **named,
        "ready": figures["ready"],
        "opd": figures["agencies"],
    }


def _people(figures: WeekFigures) -> dict[str, Any]:
    """How many of how many, and what changed since the week before, if there was one."""
    about = {"active": figures["active"], "roster": figures["roster"]}
    moved = counted.change(figures["participation"], figures["previous"])
    if moved is None:
        return {"text": "digest.people", "params": about}
    if not moved:
        return {"text": "digest.people_same", "params": about}
    key = "digest.people_up" if moved > 0 else "digest.people_down"
    return {"text": key, "params": {**about, "points": abs(moved)}}


def _notes(figures: WeekFigures, *, late: bool, running: bool, version: int) -> Lines:
    """The alarm, and what one has to know about the figures: of that the weightiest alone."""
    notes: Lines = []
    if figures.get("goal", {}).get("falling"):
        notes.append({"text": "digest.going_down"})
    if said := note(figures, running=running):
        notes.append(said)
    elif version > 1:
        notes.append({"text": "digest.version", "params": {"version": version}})
    elif late:
        notes.append({"text": "digest.late"})
    return notes


def note(figures: WeekFigures, *, running: bool) -> Any:
    """What stands above every page of a week that is `running`, or in which there was nothing to share; else
    nothing."""
    if running:
        return {"text": "digest.provisional"}
    return "" if had_release(figures) else {"text": "digest.no_release"}


def had_release(figures: WeekFigures) -> bool:
    """Whether there was anything to share in a week."""
    return figures.get("released", True)


def _tasks(figures: WeekFigures, told: Lines) -> Any:
    """What the meeting has to decide about, as short as can be, and what it has decided and is still to be
    done; nothing where nothing is to be. Who has no content stands above it in the message."""
    found = matters(figures)
    lines: Lines = [
        {"text": f"digest.task_{name}", "params": {"number": found[name]}}
        for name in ("waiting", "teams")
        if name in found
    ]
    late, ahead = found.get("late", 0), found.get("open", 0)
    if late and ahead:
        lines.append({"text": "digest.task_some_late", "params": {"number": late + ahead, "late": late}})
    elif late or ahead:
        key = "digest.task_late" if late else "digest.task_open"
        lines.append({"text": key, "params": {"number": late or ahead}})
    lines += told
    return {"text": "digest.tasks", "params": {"lines": lines}} if lines else ""


def _told(figures: WeekFigures, room: int) -> tuple[Lines, int]:
    """The open decisions that are due first, in so many words at most: who does each until when, and of what
    was decided as much as there is room for. And the words that are left."""
    lines: Lines = []
    shown = _running(figures)[:TOLD]
    who = [short_name(one["who"], WHO_WORDS) for one in shown]
    room -= sum(len(name.split()) + DUE_WORDS for name in who)
    for nth, (one, name) in enumerate(zip(shown, who, strict=True)):
        share = room // (len(shown) - nth)
        what = short_name(one["text"], min(WHAT_WORDS, share)) if share > 1 else ""  # one word says nothing
        room -= len(what.split())
        about = {
            "who": name,
            "due": one["due"],
            "what": {"text": "digest.task_what", "params": {"text": what}} if what else "",
        }
        key = "digest.task_decision_late" if one["late"] else "digest.task_decision"
        lines.append({"text": key, "params": about})
    return lines, room


def _running(figures: WeekFigures) -> list[dict[str, Any]]:
    """The open decisions, first what is due first."""
    return [one for one in figures.get("decisions", []) if one["state"] == decisions.OPEN]


def matters(figures: WeekFigures) -> dict[str, int]:
    """What waits for the meeting, by its name: how many; nothing of what there is none of."""
    running = _running(figures)
    found = {
        "lacking": len(figures["lacking"]),
        "waiting": figures["waiting_review"],
        "teams": len(figures.get("small_teams", [])),
        "late": sum(one["late"] for one in running),
        "open": sum(not one["late"] for one in running),
    }
    return {name: number for name, number in found.items() if number}


def correction(digest: Digest) -> Post:
    """The short message about a corrected week, for those who got the pack of the version before."""
    about = {"week": digest.week, "version": digest.version, "lines": differences.lines(digest.changes)}
    see = Button("correction.button_see", f"digest.version:{digest.week}:{digest.version}")
    return Post("correction.announced", about, [[see]])


def _named(figures: WeekFigures, notes: int) -> dict[str, Any]:
    """Where it is good, where help is needed, and what is to be done, beside so many notes. Who needs help is
    always named, and who has to do what was decided; of the best of each size as many as the words allow, the
    big ones first: the chart and the list of all have every one."""
    helped = weakest(figures["opd"], figures["target"])
    found = matters(figures)
    silent = 2 - notes + sum(name not in found for name in ("waiting", "teams"))
    silent += not _running(figures)
    room = NAMED_WORDS + LINE_WORDS * silent - sum(_words(opd) for opd in helped)
    told, room = _told(figures, room)
    room -= HEADING_WORDS
    best: list[tuple[OpdFigures, int]] = []
    for opd, others in _best_of_bands(figures["opd"]):
        if opd in helped:
            continue
        if (room := room - _words(opd) - (OTHERS_WORDS if others else 0)) < 0:
            break
        best.append((opd, others))
    return {
        "best": _lines("digest.best", best),
        "weakest": _lines("digest.weakest", [(opd, 0) for opd in helped]),
        "tasks": _tasks(figures, told),
    }


def _words(opd: OpdFigures) -> int:
    """So many words it takes to name an agency with its share."""
    return len(short_name(opd["name"]).split()) + 1


def short_name(name: str, most: int = NAME_WORDS) -> str:
    """The name of an agency in at most four words, or so many. It does not end in a small word or an initial:
    "Badan Pengelolaan Keuangan…", not "… Keuangan dan…"."""
    words = name.split()
    if len(words) <= most:
        return name
    kept = words[:most]
    while len(kept) > 1 and len(kept[-1].rstrip(".,")) < len("dari"):
        kept.pop()
    return " ".join(kept).rstrip(".,;:") + "…"


def _best_of_bands(agencies: Sequence[OpdFigures]) -> list[tuple[OpdFigures, int]]:
    """The first of each size band, the big ones first: like is compared with like. And how many others share
    its rank."""
    places, found = counted.ranks(agencies), list[tuple[OpdFigures, int]]()
    for _, name in counted.BANDS:
        first = [opd for opd in agencies if opd["band"] == name and places[opd["code"]].rank == 1]
        if first and first[0]["active"]:
            found.append((first[0], len(first) - 1))
    return found


def weakest(agencies: Sequence[OpdFigures], target: float) -> list[OpdFigures]:
    """Up to three that are furthest from the target, the furthest first; of equals those in which most people
    are missing, then by name."""
    below = [opd for opd in agencies if opd["participation"] < target]
    below.sort(key=lambda opd: (opd["participation"], opd["active"] - opd["roster"], opd["name"]))
    return below[:WEAKEST]


def _lines(key: str, agencies: Sequence[tuple[OpdFigures, int]]) -> Any:
    """OPD, each with how many others share its rank."""
    lines: Lines = []
    for opd, others in agencies:
        about = {"name": short_name(opd["name"]), "participation": opd["participation"]}
        if others:
            lines.append({"text": "digest.agency_and_others", "params": {**about, "others": others}})
        else:
            lines.append({"text": "digest.agency", "params": about})
    return {"text": key, "params": {"lines": lines}} if lines else ""


def page(figures: WeekFigures, code: str, *, running: bool = False) -> dict[str, Any] | None:
    """The parameters of the page of one OPD; None where the figures do not have it. In a week that is
    `running` nobody has been named yet."""
    found = next((opd for opd in figures["opd"] if opd["code"] == code), None)
    if found is None:
        return None
    place = counted.ranks(figures["opd"])[code]
    ready = found["name"] not in figures["lacking"]
    told = had_release(figures) and not running
    helped = told and found in weakest(figures["opd"], figures["target"])
    return {
        "week": figures["week"],
        "opd": found["name"],
        "active": found["active"],
        "roster": found["roster"],
        "participation": found["participation"],
        "province": figures["participation"],
        "rank": place.rank,
        "peers": place.peers,
        "missing": found["roster"] - found["active"],
        "note": note(figures, running=running),
        "coming": {"text": "digest.item_ready" if ready else "digest.item_lacking"},
        "named": {"text": "digest.named"} if helped else "",
    }
