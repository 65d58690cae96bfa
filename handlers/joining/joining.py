"""Joining: from the first hello to the consent.

An account may become somebody of the roster when its number, vouched for by the channel, is theirs,
or when their PPID has admitted it (handlers/joining/applying.py). It becomes so with the consent, not before.
"""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import channels, menu, words
from handlers.joining import admitting, applying
from handlers.recognition import certifying
from handlers.turn import Turn
from models.membership import admissions, consents
from models.messages import outbox
from models.messages.outbox import Priority
from models.messages.post import Button, Post
from models.people import agencies, people, roles
from models.people.people import Person
from models.recognition import certificates
from models.refused import Refused
from models.releases import releases

CONTACT, CHOOSE, CONFIRM = "join.contact", "join.choose", admitting.CONFIRM
_SHARE = [[Button("joining.button_contact", contact=True)]]
_MOST_BUTTONS = 8


def is_member(turn: Turn) -> bool:
    """Whether the person behind this account takes part, under the consent that is in force."""
    return people.takes_part(turn.person, turn.programme.consent_version)


def may(turn: Turn, capability: str) -> bool:
    """Whether somebody may do something for any OPD."""
    return roles.may(turn.session, turn.me, capability)


def require(turn: Turn, capability: str) -> None:
    """Raises Refused for somebody who may not do something for any OPD."""
    roles.require(turn.session, turn.person, capability)


# -- who is it? --------------------------------------------------------------------------------


def begin(turn: Turn, argument: str) -> None:
    """`/start`, also by an OPD's link (`argument` "opd_DINKES") or a certificate's ("cek_…"), and whatever a
    stranger says first."""
    if argument.startswith(certificates.PREFIX):
        certifying.check(turn, argument.removeprefix(certificates.PREFIX))
        return
    opd = agencies.invited(turn.session, argument)
    if opd is not None:
        turn.account.invited_to = opd.id
    if turn.message.phone:  # a channel of numbers: who writes has proved theirs
        turn.account.phone = _number(turn.message.phone)
    if is_member(turn):
        menu.show(turn, "")
        return
    person = turn.person
    if person is not None and person.active:
        _confirm(turn, person)
    elif request := admissions.of(turn.session, turn.account, admissions.WAITING):
        turn.end()
        turn.say(
            "joining.waiting", opd=request.opd.name, buttons=[[Button("joining.button_again", "join.again")]]
        )
    elif found := _candidates(turn):
        _offer(turn, found)
    elif person is not None:
        turn.end()
        turn.say(
            "joining.left", opd=person.opd.name, buttons=[[Button("joining.button_serving", "join.nip")]]
        )
    elif turn.message.phone:
        turn.say("joining.no_match", keyboard="remove")
        applying.ask_nip(turn, "")
    elif turn.on_whatsapp:  # who hides the number there has none to show
        turn.say("joining.hello_hidden", opd=opd.name if opd else "")
        applying.ask_nip(turn, "")
    else:
        turn.ask(CONTACT)
        turn.say("joining.hello", opd=opd.name if opd else "", keyboard="contact", buttons=_SHARE)


def contact(turn: Turn) -> None:
    """Somebody sent a contact card: their own is a proof of who they are."""
    if turn.message.foreign_contact:
        turn.say("joining.foreign_contact", keyboard="contact", buttons=_SHARE)
        return
    turn.account.phone = _number(turn.message.phone)
    if is_member(turn):
        turn.say("joining.already", name=turn.me.name, opd=turn.me.opd.name, keyboard="remove")
        return
    found = _candidates(turn)
    if found:
        _offer(turn, found)
    else:
        turn.say("joining.no_match", keyboard="remove")
        applying.ask_nip(turn, "")


def _number(written: str) -> str:
    try:
        return people.phone(written)
    except ValueError:
        return ""


def _candidates(turn: Turn) -> list[Person]:
    """Whom of the roster this account may become."""
    account = turn.account
    found = people.with_phone(turn.session, account.phone)
    admitted = admissions.of(turn.session, account, admissions.ADMITTED)
    if admitted is not None and admitted.person is not None:
        found.insert(0, admitted.person)
    if account.person is not None:
        found.insert(0, account.person)
    return list({person.id: person for person in found if person.active}.values())


def _candidate(turn: Turn, written: str) -> Person:
    """The person named by a button, if it is one of the candidates: a button's payload proves nothing."""
    for person in _candidates(turn):
        if str(person.id) == written:
            return person
    raise Refused("joining.not_linked")


def _offer(turn: Turn, found: list[Person]) -> None:
    if len(found) == 1:
        _confirm(turn, found[0])
        return
    rows = [
        [Button("joining.button_person", f"join.pick:{person.id}", {"name": person.name})]
        for person in found[:_MOST_BUTTONS]
    ]
    turn.ask(CHOOSE)
    turn.say("joining.which", buttons=[*rows, [Button("joining.button_none", "join.no")]])


def _confirm(turn: Turn, person: Person) -> None:
    """One person is left: asks for the consent, which says what is stored, why, and how to stop."""
    post = admitting.consent_question(turn.programme, person)
    turn.ask(CONFIRM, person=person.id)
    turn.say(post.text, buttons=post.buttons, **post.params)


def _pick(turn: Turn, argument: str) -> None:
    _confirm(turn, _candidate(turn, argument))


def _choose(turn: Turn, text: str) -> None:
    """Several people share a number, and one of them typed a name."""
    named = [person for person in _candidates(turn) if words.plain(text) in words.plain(person.name)]
    if len(named) != 1:
        raise Refused("joining.choose")
    _confirm(turn, named[0])


# -- consent -----------------------------------------------------------------------------------


def _yes(turn: Turn, argument: str) -> None:
    """The consent: from now on the account is that person's, and the week's item is on its way."""
    if is_member(turn):
        menu.show(turn, "")
        return
    person = _candidate(turn, argument)
    older = people.link(turn.session, turn.account, person, turn.now)
    consents.give(turn.session, turn.account, turn.programme.consent_version, turn.now)
    for account in older:
        name = {"text": f"channel.{account.channel}"}
        post = Post("joining.account_moved", {"name": name}, keyboard="remove")
        key = f"account_moved:{account.id}:{turn.source}"
        outbox.queue(
            turn.session, turn.now, key, account.channel, account.address, post, priority=Priority.NOTICE
        )
        menu.publish(turn.session, turn.now, account, turn.source)
    turn.end()
    turn.edit("joining.agreed", name=person.name, opd=person.opd.name)
    coming = releases.welcome(turn.session, person, turn.now)
    both = channels.both(turn, "elsewhere.welcome_both")
    turn.say("joining.welcome_now" if coming else "joining.welcome", both=both, keyboard="remove")
    menu.publish(turn.session, turn.now, turn.account, turn.source)
    menu.show(turn, "")


def _no(turn: Turn, _argument: str) -> None:
    """ "That is not me"."""
    if is_member(turn):
        raise Refused("joining.already", name=turn.me.name, opd=turn.me.opd.name)
    people.unlink(turn.session, turn.account, turn.now)
    applying.ask_nip(turn, "")


def _confirm_answer(turn: Turn, text: str) -> None:
    if words.says_yes(text):
        _yes(turn, str(turn.data["person"]))
    elif words.says_no(text):
        _no(turn, "")
    else:
        raise Refused("joining.yes_or_no")


# -- the contact ---------------------------------------------------------------------------------


def _contact_answer(turn: Turn, text: str) -> None:
    """Somebody typed where a contact was asked for: a NIP will do as well, a typed number proves nothing."""
    if sum(letter.isdigit() for letter in text) >= 15:
        applying.nip(turn, text)
        return
    if turn.on_whatsapp:  # asked before there was another question for it there
        applying.ask_nip(turn, "")
        return
    turn.say("joining.press_contact", keyboard="contact", buttons=_SHARE)


COMMANDS: Mapping[str, Any] = {"start": {"handler": begin, "open": True}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "join.pick": _pick,
    "join.yes": _yes,
    "join.no": _no,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {
    CONTACT: _contact_answer,
    CHOOSE: _choose,
    CONFIRM: _confirm_answer,
}
