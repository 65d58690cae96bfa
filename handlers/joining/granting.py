"""Who holds which role (`/peran`): an admin gives and takes them, one question a message."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import menu, words
from handlers.joining import teams
from handlers.turn import Turn
from models.messages.post import Button
from models.people import agencies, people, roles
from models.people.people import Opd, Person
from models.refused import Refused

WHOM, ROLE, WHERE = "role.whom", "role.which", "role.where"


def _roles(turn: Turn, argument: str) -> None:
    """`/peran`: whom, which role, where; one question a message."""
    if argument:
        _whom_answer(turn, argument)
        return
    turn.ask(WHOM)
    turn.say("teams.ask_whom")


def _whom_answer(turn: Turn, text: str) -> None:
    """A NIP, or a part of a name, with a part of the OPD's after a comma where names repeat."""
    roles.require(turn.session, turn.person, "roles")
    if sum(letter.isdigit() for letter in text) >= 15:
        known = people.with_nip(turn.session, people.nip(text))
        found, total = ([known], 1) if known is not None and known.active else ([], 0)
    else:
        name, comma, where = text.partition(",")
        among = [opd.id for opd in agencies.find(turn.session, where)] if comma else []
        if len(name.strip()) < 3:
            raise Refused("teams.name_too_short")
        if comma and not among:
            raise Refused("teams.opd_unknown")
        found, total = people.named(turn.session, name, among, teams.MOST_BUTTONS)
    if not found:
        raise Refused("teams.nobody")
    if total == 1:
        _show_person(turn, found[0])
        return
    rows = [
        [Button("teams.button_person", f"role.of:{person.id}", {"name": person.name, "opd": person.opd.name})]
        for person in found
    ]
    turn.ask(WHOM)
    turn.say("teams.which_person" if total <= len(found) else "teams.too_many", total=total, buttons=rows)


def _person(turn: Turn, person_id: str) -> Person:
    roles.require(turn.session, turn.person, "roles")
    person = turn.session.get(Person, words.number(person_id))
    if person is None or not person.active:
        raise Refused("menu.old_button")
    return person


def _three(argument: str) -> tuple[str, str, str]:
    """Person, role and OPD of a button's payload."""
    number, _, rest = argument.partition(":")
    role, _, opd_id = rest.partition(":")
    return number, role, opd_id


def _of(turn: Turn, argument: str) -> None:
    _show_person(turn, _person(turn, argument))


def _show_person(turn: Turn, person: Person) -> None:
    """Somebody's roles, and what can be done about them."""
    turn.end()
    held = roles.of(turn.session, person.id)
    buttons = [[Button("teams.button_give", f"role.give:{person.id}")]]
    if held:
        buttons[0].append(Button("teams.button_take", f"role.take:{person.id}"))
    turn.say(
        "teams.person" if held else "teams.person_without",
        name=person.name,
        opd=person.opd.name,
        roles=[{"text": "teams.bullet", "params": {"what": _held(turn, role)}} for role in held],
        buttons=buttons,
    )


def _held(turn: Turn, role: roles.Role) -> dict[str, Any]:
    """One role in words: "Editor di Dinas Kesehatan"."""
    named = {"text": f"teams.role_{role.role}"}
    if role.opd_id is None:
        return {"text": "teams.held_everywhere", "params": {"role": named}}
    opd = turn.session.get_one(Opd, role.opd_id)
    return {"text": "teams.held_in", "params": {"role": named, "opd": opd.name}}


def _give(turn: Turn, argument: str) -> None:
    person = _person(turn, argument)
    buttons = [Button(f"teams.role_{role}", f"role.which:{person.id}:{role}") for role in roles.ROLES]
    rows = [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
    turn.ask(ROLE)
    turn.say("teams.ask_role", name=person.name, buttons=rows)


def _which(turn: Turn, argument: str) -> None:
    number, _, role = argument.partition(":")
    person = _person(turn, number)
    if role not in roles.ROLES:
        raise Refused("menu.old_button")
    if role in roles.OF_ALL:
        _grant(turn, person, role, None)
        return
    turn.ask(WHERE, person=person.id, role=role)
    own = Button("teams.button_opd", f"role.in:{person.id}:{role}:{person.opd_id}", {"opd": person.opd.name})
    everybody = Button("choosing.button_all", f"role.ins:{person.id}:{role}:0")
    buttons = [[own], [everybody]]
    turn.say("teams.ask_where", name=person.name, role={"text": f"teams.role_{role}"}, buttons=buttons)


def _where_answer(turn: Turn, text: str) -> None:
    person, role = _person(turn, str(turn.data["person"])), str(turn.data["role"])
    opd = teams.typed_opd(turn, text, f"role.in:{person.id}:{role}")
    if opd is not None:
        _grant(turn, person, role, opd.id)


def _list(turn: Turn, argument: str) -> None:
    """[Daftar OPD]: where somebody is to have a role."""
    number, role, page = _three(argument)
    about = f"{_person(turn, number).id}:{role}"
    teams.list_opds(turn, page, f"role.in:{about}", f"role.ins:{about}", "roles")


def _in(turn: Turn, argument: str) -> None:
    number, role, opd_id = _three(argument)
    person, opd = _person(turn, number), turn.session.get(Opd, words.number(opd_id))
    if opd is None:
        raise Refused("menu.old_button")
    _grant(turn, person, role, opd.id)


def _grant(turn: Turn, person: Person, role: str, opd_id: int | None) -> None:
    if not roles.grant(turn.session, person, role, opd_id, turn.now, by=turn.me.id):
        raise Refused("teams.held_already", name=person.name)
    _changed(turn, person, role, opd_id, "given")


def _take(turn: Turn, argument: str) -> None:
    person = _person(turn, argument)
    rows = []
    for role in roles.of(turn.session, person.id):
        payload = f"role.end:{person.id}:{role.role}:{role.opd_id or ''}"
        rows.append([Button("teams.button_held", payload, {"held": _held(turn, role)})])
    if not rows:
        raise Refused("menu.old_button")
    turn.ask(ROLE)
    turn.say("teams.ask_which_ends", name=person.name, buttons=rows)


def _end(turn: Turn, argument: str) -> None:
    number, role, opd_id = _three(argument)
    person, where = _person(turn, number), words.number(opd_id) if opd_id else None
    if not roles.revoke(turn.session, person, role, where, turn.now, by=turn.me.id):
        raise Refused("menu.old_button")
    _changed(turn, person, role, where, "taken")


def _changed(turn: Turn, person: Person, role: str, opd_id: int | None, how: str) -> None:
    """Says what was done, tells the person concerned, and renews the list behind their menu button."""
    turn.end()
    opd = turn.session.get_one(Opd, opd_id).name if opd_id is not None else ""
    about: dict[str, Any] = {"role": {"text": f"teams.role_{role}"}, "opd": opd, "name": person.name}
    turn.edit(f"teams.{how}", **about)
    if person.id != turn.me.id:
        told = turn.tell(person, f"role:{turn.source}", f"teams.{how}_to_you", by=turn.me.name, **about)
        if not told:
            turn.say("teams.not_told", name=person.name)
    account = people.reachable(turn.session, person.id)
    if account is not None:
        menu.publish(turn.session, turn.now, account, turn.source)


def _ask_again(_turn: Turn, _text: str) -> None:
    raise Refused("teams.press_a_role")


COMMANDS: Mapping[str, Any] = {"peran": {"handler": _roles, "capability": "roles"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "role.of": _of,
    "role.give": _give,
    "role.take": _take,
    "role.which": _which,
    "role.in": _in,
    "role.ins": _list,
    "role.end": _end,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {
    WHOM: _whom_answer,
    ROLE: _ask_again,
    WHERE: _where_answer,
}
