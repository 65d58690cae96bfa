"""The PPID team of an OPD (`/tim`), and how its people are invited (`/undangan`)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import channels, words
from handlers.joining import agency_list
from handlers.turn import Turn
from models.figures import staffing
from models.messages.post import Button
from models.people import agencies, people, roles
from models.people.people import Opd, Person
from models.refused import Refused

TEAM, INVITE = "team.opd", "invite.opd"
MOST_BUTTONS = 8


# -- which OPD? ----------------------------------------------------------------------------------


def typed_opd(turn: Turn, written: str, action: str) -> Opd | None:
    """The OPD that somebody typed; None where several were meant and buttons ask which."""
    found = agencies.find(turn.session, written)
    if len(found) == 1:
        return found[0]
    found = found or agencies.near(turn.session, written)
    if not found:
        raise Refused("teams.opd_unknown")
    _which_opd(turn, found[:MOST_BUTTONS], action)
    return None


def _which_opd(turn: Turn, found: Sequence[Opd], action: str) -> None:
    rows = [[Button("teams.button_opd", f"{action}:{opd.id}", {"opd": opd.name})] for opd in found]
    turn.say("teams.which_opd", buttons=rows)


def _begin(turn: Turn, argument: str, state: str, then: Callable[[Turn, Opd], None]) -> None:
    """Finds the OPD that a command is about: the only one of a PPID, any that an admin types."""
    allowed = roles.agencies(turn.session, turn.me, "invite")
    action = state.partition(".")[0] + ".of"
    if allowed is None and argument:
        opd = typed_opd(turn, argument, action)
        if opd is not None:
            then(turn, opd)
    elif allowed is None:
        turn.ask(state)
        own = turn.me.opd
        buttons = [Button("teams.button_opd", f"{action}:{own.id}", {"opd": own.name})]
        everybody = Button("choosing.button_all", f"{action}s:0")
        turn.say("teams.ask_opd", buttons=[buttons, [everybody]])
    elif len(allowed) == 1:
        then(turn, turn.session.get_one(Opd, allowed[0]))
    else:
        _which_opd(turn, [turn.session.get_one(Opd, opd_id) for opd_id in allowed], action)


def list_opds(turn: Turn, argument: str, action: str, more: str, capability: str) -> None:
    """[Daftar OPD]: all of them by page, for who may choose any; `argument` is the page."""
    if roles.agencies(turn.session, turn.me, capability) is not None:
        raise Refused("roles.may_not")
    agency_list.offer(turn, people.agencies(turn.session), words.number(argument), action, more)


def _chosen(turn: Turn, argument: str) -> Opd:
    """The OPD of a pressed button, where the person may see to it."""
    opd = turn.session.get(Opd, words.number(argument))
    if opd is None:
        raise Refused("menu.old_button")
    roles.require(turn.session, turn.person, "invite", opd.id)
    return opd


# -- /tim and /undangan ----------------------------------------------------------------------------


def _team(turn: Turn, argument: str) -> None:
    _begin(turn, argument, TEAM, _show_team)


def _show_team(turn: Turn, opd: Opd) -> None:
    turn.end()
    held: dict[int, tuple[Person, list[str]]] = {}
    for person, role in roles.team(turn.session, opd.id):
        held.setdefault(person.id, (person, []))[1].append(role)
    lines = [
        {
            "text": "teams.member" if person.joined_at else "teams.member_absent",
            "params": {"name": person.name, "roles": _names(named)},
        }
        for person, named in held.values()
    ]
    buttons = []
    if roles.may(turn.session, turn.person, "roles"):
        buttons = [[Button("teams.button_give", "command:peran")]]
    turn.say(
        "teams.team" if lines else "teams.team_empty",
        opd=opd.name,
        members=lines,
        short=[{"text": "teams.too_few", "params": {"number": len(held), "least": staffing.LEAST}}]
        if len(held) < staffing.LEAST
        else [],
        buttons=buttons,
    )


def _names(named: Sequence[str]) -> dict[str, Any]:
    """Roles in one line: "Pembuat konten, Editor"."""
    last: dict[str, Any] = {"text": f"teams.role_{named[-1]}"}
    for role in reversed(named[:-1]):
        last = {"text": "teams.and", "params": {"first": {"text": f"teams.role_{role}"}, "rest": last}}
    return last


def _invite(turn: Turn, argument: str) -> None:
    _begin(turn, argument, INVITE, _show_invitation)


def _show_invitation(turn: Turn, opd: Opd) -> None:
    """The link to forward, and the poster for the wall."""
    turn.end()
    number = turn.around.whatsapp
    by_number = (
        {"text": "teams.by_whatsapp", "params": {"link": channels.whatsapp_link(number, opd)}}
        if number
        else ""
    )
    turn.say(
        "teams.invitation",
        opd=opd.name,
        link=channels.telegram_link(turn.around.bot_name, opd),
        whatsapp=by_number,
    )
    turn.say("teams.poster", opd=opd.name, report=f"poster:{opd.code}")


def _opd_of_team(turn: Turn, text: str) -> None:
    _begin(turn, text, TEAM, _show_team)


def _opd_of_invitation(turn: Turn, text: str) -> None:
    _begin(turn, text, INVITE, _show_invitation)


COMMANDS: Mapping[str, Any] = {
    "tim": {"handler": _team, "capability": "invite"},
    "undangan": {"handler": _invite, "capability": "invite"},
}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "team.of": lambda turn, argument: _show_team(turn, _chosen(turn, argument)),
    "team.ofs": lambda turn, page: list_opds(turn, page, "team.of", "team.ofs", "invite"),
    "invite.ofs": lambda turn, page: list_opds(turn, page, "invite.of", "invite.ofs", "invite"),
    "invite.of": lambda turn, argument: _show_invitation(turn, _chosen(turn, argument)),
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {
    TEAM: _opd_of_team,
    INVITE: _opd_of_invitation,
}
