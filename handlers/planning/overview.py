"""The board of all OPD for those who see to all of them: a picture, a workbook, teams that are too small."""

from collections.abc import Callable, Mapping

from handlers import words
from handlers.items import items
from handlers.joining import agency_list
from handlers.turn import Turn
from models.figures import staffing
from models.messages.post import Button
from models.people import roles
from models.programme import weeks
from models.refused import Refused
from models.releases import plans

STATE = "plan.opd"  # the part of an OPD's name is typed next


def sees_all(turn: Turn) -> bool:
    """Whether somebody sees the coming weeks of every OPD."""
    return roles.may(turn.session, turn.me, "foresee")


def at(turn: Turn, week: str) -> str:
    """When a week is released, for a text."""
    return weeks.moment(week, turn.programme.release, turn.programme).isoformat()


def board(turn: Turn, _argument: str) -> None:
    """All OPD and eight weeks as one picture; its caption says the totals."""
    if not sees_all(turn):
        raise Refused("roles.may_not")
    names = plans.coming(turn.session, turn.now, turn.programme)
    found = plans.board(turn.session, names)
    opds = staffing.agencies(turn.session)
    small = len(staffing.small(staffing.teams(turn.session)))
    later = [
        {
            "text": "planning.total",
            "params": {"at": at(turn, week), "ready": plans.ready(found, opds, week), "opd": len(opds)},
        }
        for week in names[1:4]
    ]
    buttons = [[Button("planning.button_opd", "plan.opds:0"), Button("planning.button_table", "plan.table")]]
    buttons.append([Button("planning.button_home", "plan.of:all", {"name": turn.programme.province})])
    if small:
        buttons.append([Button("planning.button_small", "plan.small:0", {"number": small})])
    turn.ask(STATE)
    turn.say(
        "planning.board",
        at=at(turn, names[0]),
        ready=plans.ready(found, opds, names[0]),
        opd=len(opds),
        later=later,
        small={"text": "planning.board_small", "params": {"number": small, "least": staffing.LEAST}}
        if small
        else "",
        report=f"plan-chart:{names[0]}:{plans.fingerprint(found, opds)}",
        buttons=buttons,
    )


def table(turn: Turn, _argument: str) -> None:
    """[Unduh tabel]: the board as a workbook."""
    if not sees_all(turn):
        raise Refused("roles.may_not")
    names = plans.coming(turn.session, turn.now, turn.programme)
    mark = plans.fingerprint(plans.board(turn.session, names), staffing.agencies(turn.session))
    turn.say("planning.table", at=at(turn, names[0]), report=f"plan-table:{names[0]}:{mark}")


def small(turn: Turn, argument: str) -> None:
    """The PPID teams with too few people, the smallest first."""
    if not sees_all(turn):
        raise Refused("roles.may_not")
    found, shown = staffing.small(staffing.teams(turn.session)), words.number(argument)
    lines = [
        {"text": "planning.small_line", "params": {"opd": team.opd.name, "number": team.people}}
        for team in found[shown * agency_list.PAGE : (shown + 1) * agency_list.PAGE]
    ]
    if not lines:
        turn.say("planning.none_small", least=staffing.LEAST)
        return
    turn.say(
        "planning.small_teams",
        number=len(found),
        least=staffing.LEAST,
        lines=lines,
        buttons=items.turning("plan.small", shown, len(found), agency_list.PAGE),
    )


BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "plan.all": board,
    "plan.table": table,
    "plan.small": small,
}
