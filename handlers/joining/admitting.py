"""Who is let in: the PPID's cards and queue (`/pemohon`), and the question that an admitted person gets."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from handlers import channels, words
from handlers.turn import Turn
from models.membership import admissions
from models.membership.admissions import Admission
from models.messages import conversations, outbox
from models.messages.outbox import Priority
from models.messages.post import Button, Post
from models.people import people
from models.people.people import Person
from models.programme.programme import Programme
from models.refused import Refused
from models.releases import rerouting

# The open question of a person who is asked for the consent: `joining` hears the answer.
CONFIRM = "join.confirm"
REASON = "admit.reason"
# Reasons that a PPID may press; what is typed instead is told in the PPID's own words.
REASONS = ("not_ours", "wrong_data")


def consent_question(programme: Programme, person: Person) -> Post:
    """The question after which an account becomes a person's: who it is, and what they agree to."""
    renewed = person.joined_at is not None and person.consent_version != programme.consent_version
    return Post(
        "joining.renew" if renewed else "joining.confirm",
        {
            "name": people.short_name(person.name),
            "opd": person.opd.name,
            "consent": {
                "text": "joining.consent",
                "params": {"province": programme.province, "version": programme.consent_version},
            },
        },
        [
            [Button("joining.button_agree", f"join.yes:{person.id}")],
            [Button("joining.button_not_me", "join.no")],
        ],
    )


def announce(turn: Turn, request: Admission, deciders: Iterable[Person]) -> None:
    """Tells those who may decide of a request."""
    text, params, buttons = _card(turn, request)
    for person in deciders:
        turn.tell(person, _about(request), text, buttons=buttons, **params)


def _about(request: Admission) -> str:
    return f"admission:{request.id}"


def _card(turn: Turn, request: Admission) -> tuple[str, dict[str, Any], list[list[Button]]]:
    """The card of a request. It says what the roster knows of the NIP: PPID and admins may know."""
    params = {
        "name": request.name,
        "nip": request.nip,
        "opd": request.opd.name,
        "phone": request.phone,
        "account": _account(request),
        "at": request.at.isoformat(),
        "roster": _roster(turn, request),
    }
    buttons = [
        [
            Button("joining.button_admit", f"admit.yes:{request.id}"),
            Button("joining.button_refuse", f"admit.no:{request.id}"),
        ]
    ]
    return "joining.request", params, buttons


def _account(request: Admission) -> Any:
    """What the applicant is called where they wrote to us; "" where they are not called anything."""
    if not request.account.name:
        return ""
    channel = {"text": f"channel.{request.account.channel}"}
    return {"text": "joining.request_account", "params": {"channel": channel, "name": request.account.name}}


def _roster(turn: Turn, request: Admission) -> list[dict[str, Any]]:
    known = people.with_nip(turn.session, request.nip)
    if known is None:
        return [{"text": "joining.nip_unknown"}]
    about = {"name": known.name, "opd": known.opd.name}
    if known.opd_id != request.opd_id:
        return [{"text": "joining.nip_elsewhere", "params": about}]
    said = [{"text": "joining.nip_known" if known.active else "joining.nip_left", "params": about}]
    if known.joined_at is not None:
        said.append(_taken(turn, request, known))
    return said


def _taken(turn: Turn, request: Admission, known: Person) -> dict[str, Any]:
    """What admitting means for somebody who takes part already: one channel more, or another account."""
    channel = request.account.channel
    others = channels.others(turn.session, known, channel)
    params = {"channel": {"text": f"channel.{channel}"}, **(others or {})}
    if channel in rerouting.channels(turn.session, known.id):
        return {"text": "joining.nip_taken_here", "params": params}
    return {"text": "joining.nip_taken_elsewhere" if others else "joining.nip_taken", "params": params}


# -- the queue -----------------------------------------------------------------------------------


def _queue(turn: Turn, argument: str) -> None:
    """`/pemohon`: the requests one by one, the oldest first; `argument` is the one seen last."""
    seen = words.number(argument or "0")
    waiting = admissions.waiting(turn.session, turn.me)
    later = [request for request in waiting if request.id > seen]
    if not later:
        turn.say("joining.queue_end" if waiting else "joining.queue_empty", left=len(waiting))
        return
    text, params, buttons = _card(turn, later[0])
    if len(later) > 1:
        buttons.append([Button("joining.button_next", f"admit.next:{later[0].id}")])
    turn.say(text, buttons=buttons, **params)


def _admit(turn: Turn, argument: str) -> None:
    _decide(turn, words.number(argument), admit=True)


def _refuse(turn: Turn, argument: str) -> None:
    """Asks for the reason first: nobody is refused without one."""
    request = admissions.get(turn.session, words.number(argument), turn.person)
    turn.ask(REASON, request=request.id)
    rows = [[Button(f"joining.why_{why}", f"admit.why:{request.id}:{why}")] for why in REASONS]
    turn.say("joining.ask_why", name=request.name, buttons=rows)


def _why(turn: Turn, argument: str) -> None:
    number, _, why = argument.partition(":")
    if why not in REASONS:
        raise Refused("menu.old_button")
    _decide(turn, words.number(number), admit=False, reason=why)


def _reason_answer(turn: Turn, text: str) -> None:
    if len(text) < 5:
        raise Refused("joining.reason_missing")
    _decide(turn, turn.data["request"], admit=False, reason=text)


def _decide(turn: Turn, request_id: int, *, admit: bool, reason: str = "") -> None:
    request = admissions.decide(turn.session, request_id, turn.person, admit, turn.now, reason)
    turn.end()
    said = "joining.admitted_by_you" if admit else "joining.refused_by_you"
    others = "joining.admitted_by" if admit else "joining.refused_by"
    turn.edit(said, name=request.name, opd=request.opd.name)
    _close_cards(turn, request, Post(others, {"name": request.name, "by": turn.me.name}))
    _tell_asker(turn, request)
    if left := len(admissions.waiting(turn.session, turn.me)):
        turn.say("joining.queue_left", left=left, buttons=[[Button("joining.button_next", "admit.next")]])


def _close_cards(turn: Turn, request: Admission, post: Post) -> None:
    """The same card in the chats of colleagues loses its buttons."""
    for person in admissions.deciders(turn.session, request.opd_id):
        key = f"{_about(request)}:person:{person.id}"
        account = people.reachable(turn.session, person.id)
        sent = outbox.external_ids(turn.session, [key])
        if person.id == turn.me.id or account is None or key not in sent:
            continue
        outbox.queue(
            turn.session,
            turn.now,
            f"{key}:closed",
            account.channel,
            account.address,
            post,
            op="edit",
            target=sent[key],
            priority=Priority.NOTICE,
            person_id=person.id,
        )


def _tell_asker(turn: Turn, request: Admission) -> None:
    """The outcome; an admitted person is asked for the consent, and may type the answer."""
    account = request.account
    if request.status == admissions.ADMITTED and request.person is not None:
        question = consent_question(turn.programme, request.person)
        others = channels.others(turn.session, request.person, account.channel)
        second = {"text": "joining.admitted_second", "params": others} if others else ""
        post = Post("joining.admitted", {**question.params, "second": second}, question.buttons)
        asker = conversations.get(turn.session, account.channel, account.address, turn.now)
        if not asker.state:
            asker.state, asker.data = CONFIRM, {"person": request.person.id}
            asker.choices = [button.action for row in question.buttons for button in row]
    else:
        why: Any = {"text": f"joining.why_{request.reason}"} if request.reason in REASONS else request.reason
        post = Post("joining.refused", {"opd": request.opd.name, "reason": why})
    outbox.queue(
        turn.session,
        turn.now,
        f"{_about(request)}:outcome",
        account.channel,
        account.address,
        post,
        priority=Priority.NOTICE,
    )


COMMANDS: Mapping[str, Any] = {"pemohon": {"handler": _queue, "capability": "admit"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "admit.yes": _admit,
    "admit.no": _refuse,
    "admit.why": _why,
    "admit.next": _queue,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {REASON: _reason_answer}
