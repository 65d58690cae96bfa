"""The one route table: which function hears which button, command, answer or file.

A capability is a module; each names what it hears in three dicts, joined here. A name that two
modules claim fails at import, not at a user's.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from handlers import menu
from handlers.digests import (
    absentees,
    correcting,
    deciding,
    digests,
    drilling,
    exporting,
    matters,
    recaps,
    subscribing,
)
from handlers.items import commenting, history, measuring
from handlers.joining import admitting, applying, granting, joining, rights, rosters, teams
from handlers.planning import browsing, overview, planning, replanning, searching
from handlers.recognition import awarding, certifying, creative, ranking, voting
from handlers.releasing import ceilings, clarifying, missing, opening, releasing, reminding
from handlers.reviewing import reviewing, scoring
from handlers.sharing import appealing, evidence, handing, inspecting, sharing
from handlers.submitting import adopting, renewing, submitting, suggesting
from handlers.turn import Turn

Handler = Callable[[Turn, str], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what hears it, who may use it (a capability; "" everybody), whether in groups.

    `open` is for those who have not joined yet. Its line in the menu is the text `command.<name>`.
    """

    handler: Handler
    capability: str = ""
    open: bool = False
    group: bool = False


MODULES = (
    joining,
    applying,
    admitting,
    rights,
    menu,
    sharing,
    handing,
    evidence,
    appealing,
    inspecting,
    submitting,
    measuring,
    browsing,
    searching,
    planning,
    replanning,
    suggesting,
    reviewing,
    scoring,
    commenting,
    history,
    renewing,
    adopting,
    releasing,
    opening,
    clarifying,
    ceilings,
    reminding,
    digests,
    recaps,
    drilling,
    matters,
    absentees,
    correcting,
    deciding,
    subscribing,
    missing,
    exporting,
    teams,
    granting,
    rosters,
    ranking,
    voting,
    creative,
    awarding,
    certifying,
)


def _join(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    joined: dict[str, T] = {}
    for table in tables:
        for name, value in table.items():
            if name in joined:
                raise ValueError(f"two modules claim {name!r}")
            joined[name] = value
    return joined


COMMANDS: dict[str, Command] = {
    name: Command(**spec) if isinstance(spec, dict) else Command(spec)
    for name, spec in _join(module.COMMANDS for module in MODULES).items()
}
BUTTONS: dict[str, Handler] = _join(module.BUTTONS for module in MODULES)
ANSWERS: dict[str, Handler] = _join(module.ANSWERS for module in MODULES)
# Questions whose words are only looked for: nothing is lost where something else comes.
LOOKED_FOR = frozenset(
    (
        searching.STATE,
        searching.OPD,
        browsing.OTHERS,
        overview.STATE,
        reminding.WHEN,
        reminding.UNTIL,
        missing.STATE,
        exporting.STATE,
        teams.TEAM,
        teams.INVITE,
        granting.WHOM,
        granting.ROLE,
        granting.WHERE,
    )
)
