"""What everybody may do about their own part: stop (`/berhenti`), ask what is stored, save data."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import channels, menu, words
from handlers.turn import Turn
from models.membership import leaving
from models.messages.post import Button
from models.recognition import awards, certificates, votes, wishes
from models.refused import Refused

STOPPING = "join.stopping"


def _stop(turn: Turn, _argument: str) -> None:
    """`/berhenti`: one question, then it is done."""
    if turn.person is None or turn.person.joined_at is None:
        raise Refused("joining.not_joined")
    turn.ask(STOPPING)
    turn.say(
        "joining.stop_sure",
        both=channels.both(turn, "elsewhere.stops_both"),
        buttons=[[Button("joining.button_stop", "join.stop"), Button("joining.button_stay", "join.stay")]],
    )


def leave(turn: Turn) -> None:
    """STOP, BERHENTI and the like, whatever was asked: at once, with one message that says how to come back.

    Where the channel has answered that word itself, nothing of ours would arrive any more.
    """
    part = turn.person is not None and turn.person.joined_at is not None
    both: Any = ""
    if part:
        both = channels.both(turn, "elsewhere.stopped_both")
        leaving.stop(turn.session, turn.account, turn.now)
    leaving.silence(turn.session, turn.account, turn.now)
    turn.end()
    if turn.message.opted:
        return
    if part:
        turn.say("joining.stopped", both=both, keyboard="remove")
    else:
        turn.say("joining.stopped_unknown", keyboard="remove")
    menu.publish(turn.session, turn.now, turn.account, turn.source)


def _stop_now(turn: Turn, _argument: str) -> None:
    both = channels.both(turn, "elsewhere.stopped_both") if turn.person is not None else ""
    leaving.stop(turn.session, turn.account, turn.now)
    leaving.silence(turn.session, turn.account, turn.now)
    turn.end()
    turn.edit("joining.stopped", both=both)
    menu.publish(turn.session, turn.now, turn.account, turn.source)


def _stay(turn: Turn, _argument: str) -> None:
    turn.end()
    turn.edit("joining.stayed")


def _stop_answer(turn: Turn, text: str) -> None:
    if words.says_yes(text) or words.plain(text).startswith("berhenti"):
        _stop_now(turn, "")
    elif words.says_no(text):
        _stay(turn, "")
    else:
        raise Refused("joining.stop_or_stay")


def _privacy(turn: Turn, _argument: str) -> None:
    """`/privasi`: what is stored of whoever asks."""
    person = turn.person
    if person is None:
        turn.say("joining.privacy")
        return
    turn.say(
        "joining.privacy_own",
        name=person.name,
        opd=person.opd.name,
        nip=person.nip,
        phone=person.phone,
        since=person.joined_at.isoformat() if person.joined_at else None,
        version=person.consent_version,
        votes=_some("joining.privacy_votes", votes.cast_by(turn.session, person)),
        lists=_some("joining.privacy_lists", awards.listed(turn.session, person)),
        certificates=[one.number for one in certificates.own(turn.session, person)],
        unnamed="" if wishes.wanted(turn.session, person, turn.programme) else {"text": "record.unnamed"},
    )


def _some(text: str, number: int) -> Any:
    """A line that says how many there are, where there are any."""
    return {"text": text, "params": {"number": number}} if number else ""


def _saver(turn: Turn, _argument: str) -> None:
    """`/hematdata` and the button: text first, pictures on request; and back again."""
    turn.me.saver = not turn.me.saver
    turn.say("joining.saver_on" if turn.me.saver else "joining.saver_off")


COMMANDS: Mapping[str, Any] = {
    "berhenti": {"handler": _stop, "open": True},
    "privasi": {"handler": _privacy, "open": True},
    "hematdata": _saver,
}
# Names that begin with "join." are heard from those, too, whose consent is of an older version.
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "join.stop": _stop_now,
    "join.stay": _stay,
    "saver": _saver,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {STOPPING: _stop_answer}
