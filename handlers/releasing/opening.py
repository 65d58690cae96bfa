"""The window on WhatsApp: its button [Lihat konten], and what opening windows takes and costs beforehand."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.turn import Turn
from models.releases import audiences, costs, releases
from models.whatsapp import openers, templates, windows
from models.whatsapp.prices import Cost


def opened(turn: Turn, argument: str) -> None:
    """[Lihat konten]: what waited for it is on its way already, by the very message that this press is, and
    is the answer. Where nothing is, or only a reply to what was said otherwise, there is a word at least."""
    del argument
    halted = releases.halted(turn.session)
    found = windows.waiting_for(turn.session, turn.message.channel, turn.message.address, halted)
    if not found.coming:
        named = "held" if found.held else "answered" if found.answers else "nothing"
        turn.say(f"opening.{named}")


def forecast(turn: Turn, plan: audiences.Plan, people: int) -> dict[str, Any]:
    """For the preview of a release to so many `people` on WhatsApp: its `cost` in rupiah, what is `counted`
    in it, and `openers`: how many have to be asked first and when the last of them will be ("" where all have
    written to us within a day).

    Raises Refused where they have to be asked, and the template for that is not approved.
    """
    cost = costs.estimate(turn.session, plan, people, turn.now, turn.programme)
    said = {"cost": cost.rupiah, "counted": _counted(cost)}
    number = cost.openers
    if not number:
        return {**said, "openers": ""}
    templates.require(turn.session, [openers.CONTENT])
    last = openers.due(turn.session, turn.now, number, turn.programme)[-1]
    until = {"text": "releasing.openers_until", "params": {"at": last.isoformat()}}
    params = {"people": number, "until": until if last > turn.now else ""}
    return {**said, "openers": {"text": "releasing.openers", "params": params}}


def _counted(cost: Cost) -> dict[str, Any] | str:
    """The line that says what an estimate counts, "" where it is nothing."""
    return {"text": "releasing.counted", "params": costs.counted(cost)} if cost.messages else ""


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"window.open": opened}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
