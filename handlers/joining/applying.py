"""Asking to be let in: whose number is nobody's in the roster gives a NIP, a name and an OPD.

The PPID of that OPD decides (handlers/joining/admitting.py). Whether a NIP exists is told to nobody before
that.
"""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import channels, words
from handlers.joining import admitting, agency_list
from handlers.turn import Turn
from models.membership import admissions
from models.messages.post import Button
from models.people import agencies, people
from models.people.people import Opd
from models.refused import Refused

NIP, NAME, OPD = "join.nip", "join.name", "join.opd"
_MOST_BUTTONS = 8


def _again(turn: Turn, _argument: str) -> None:
    """Other data for a request that waits, the OPD of the link included."""
    turn.account.invited_to = None
    ask_nip(turn, "")


def ask_nip(turn: Turn, _argument: str) -> None:
    """The first of the three questions. Raises Refused for a member, and for who has asked too often."""
    if people.takes_part(turn.person, turn.programme.consent_version):
        raise Refused("joining.already", name=turn.me.name, opd=turn.me.opd.name)
    admissions.check(turn.session, turn.account, turn.now, turn.programme.admission_attempts_per_day)
    turn.ask(NIP)
    turn.say("joining.ask_nip", keyboard="remove")


def nip(turn: Turn, text: str) -> None:
    """Somebody wrote a NIP, asked for it or for the contact. Raises Refused for what is none."""
    number = people.nip(text)
    admissions.check(turn.session, turn.account, turn.now, turn.programme.admission_attempts_per_day)
    turn.ask(NAME, nip=number)
    turn.say("joining.ask_name")


def _name_answer(turn: Turn, text: str) -> None:
    if sum(letter.isalpha() for letter in text) < 3:
        raise Refused("joining.name_wrong")
    turn.ask(OPD, nip=turn.data["nip"], name=text)
    opd = turn.session.get(Opd, turn.account.invited_to) if turn.account.invited_to else None
    if opd is not None:
        _request(turn, opd)
    else:
        turn.say("joining.ask_opd", buttons=[[Button("choosing.button_all", "join.opds:0")]])


def _opd_answer(turn: Turn, text: str) -> None:
    found = agencies.find(turn.session, text)
    if len(found) == 1:
        _request(turn, found[0])
        return
    found = found or agencies.near(turn.session, text)
    if not found:
        raise Refused("joining.opd_unknown")
    rows = [
        [Button("joining.button_opd", f"join.opd:{opd.id}", {"opd": opd.name})]
        for opd in found[:_MOST_BUTTONS]
    ]
    turn.say(
        "joining.which_opd" if len(found) <= _MOST_BUTTONS else "joining.which_opd_of_many", buttons=rows
    )


def _opds(turn: Turn, argument: str) -> None:
    """[Daftar OPD]: all of them by page; a part of the name may be typed as well."""
    if turn.conversation.state != OPD:
        raise Refused("menu.old_button")
    agency_list.offer(turn, people.agencies(turn.session), words.number(argument), "join.opd", "join.opds")


def _opd_button(turn: Turn, argument: str) -> None:
    opd = turn.session.get(Opd, words.number(argument))
    if opd is None or turn.conversation.state != OPD:
        raise Refused("menu.old_button")
    _request(turn, opd)


def _request(turn: Turn, opd: Opd) -> None:
    """The request goes to the PPID. The answer is the same whether the roster knows the NIP or not."""
    request, deciders = admissions.ask(
        turn.session,
        turn.account,
        turn.data["nip"],
        turn.data["name"],
        opd,
        turn.now,
        most_a_day=turn.programme.admission_attempts_per_day,
    )
    turn.end()
    turn.say(
        "joining.asked",
        opd=opd.name,
        both=channels.already(turn),
        buttons=[[Button("joining.button_again", "join.again")]],
    )
    admitting.announce(turn, request, deciders)


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "join.nip": ask_nip,
    "join.again": _again,
    "join.opd": _opd_button,
    "join.opds": _opds,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {
    NIP: nip,
    NAME: _name_answer,
    OPD: _opd_answer,
}
