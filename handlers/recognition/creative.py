"""`/kreatif`: a PPID team nominates an accepted share, quality control scores it with three taps.

Who is nominated is not shown to those who score. What was tapped so far stands on the buttons themselves.
"""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import places, words
from handlers.turn import Turn
from models.messages.post import Button
from models.people import roles
from models.proofs import receipts
from models.recognition import creativity
from models.recognition.creativity import Nomination
from models.refused import Refused
from models.shares import inspections
from models.shares.shares import Share

_PICTURES = 4  # further ones of a share that are shown


def _command(turn: Turn, argument: str) -> None:
    """`/kreatif 1234` nominates; `/kreatif` is the queue of those who score."""
    written = argument.strip().removeprefix("#").strip()
    if written:
        _nominate(turn, words.number(written, "creative.which"))
    elif roles.may(turn.session, turn.me, "check"):
        queue(turn, "")
    else:
        roles.require(turn.session, turn.me, "inspect")
        turn.say("creative.how")


# -- nominating --------------------------------------------------------------------------------


def offer(turn: Turn, share: Share) -> list[list[Button]]:
    """[Calonkan] for a share that was just accepted, where it makes sense."""
    if not creativity.may_nominate(turn.session, share, turn.me, turn.programme):
        return []
    return [[Button("creative.button_nominate", f"creative.nominate:{share.id}")]]


def _nominate_pressed(turn: Turn, argument: str) -> None:
    _nominate(turn, words.number(argument))


def _nominate(turn: Turn, number: int) -> None:
    roles.require(turn.session, turn.me, "inspect")
    made = creativity.nominate(turn.session, number, turn.me, turn.now, turn.programme)
    judges = creativity.judges(turn.session, made)
    day = turn.now.astimezone(turn.programme.zone).date()  # one word a day is enough
    for judge in judges:
        buttons = [[Button("creative.button_open", "creative.next:0")]]
        turn.tell(judge, f"creative:{day.isoformat()}", "creative.waiting", buttons=buttons)
    key = "creative.nominated" if judges else "creative.nominated_no_judge"
    turn.say(key, receipt=number, month=made.month)


# -- scoring -----------------------------------------------------------------------------------


def queue(turn: Turn, argument: str) -> None:
    """The first nomination that waits for this person, behind the one that they passed over."""
    roles.require(turn.session, turn.me, "check")
    left = creativity.waiting(turn.session, turn.me, turn.now, turn.programme)
    behind = words.number(argument or "0")
    coming = next((one for one in left if one.id > behind), None)
    if coming is not None:
        _show(turn, coming, len(left))
    elif left:
        again = [[Button("creative.button_again", "creative.next:0")]]
        turn.say("creative.only_skipped", number=len(left), buttons=again)
    else:
        turn.say("creative.none")


def _show(turn: Turn, found: Nomination, left: int) -> None:
    pieces = inspections.evidence(turn.session, found.share_id)
    media = [piece.media_id for piece in pieces if piece.media_id]
    kept = receipts.kept(turn.session, media, turn.message.channel)
    for further in kept[1 : 1 + _PICTURES]:
        turn.say("creative.further", media=further)
    turn.say(
        "creative.card",
        media=kept[0] if kept else None,
        title=inspections.title(turn.session, found.share),
        platform=places.text(found.share.platform),
        links=[{"text": "evidence.link", "params": {"link": one.link}} for one in pieces if one.link],
        left=left,
        question=_question(""),
        buttons=_points(found.id, ""),
    )


def _question(given: str) -> dict[str, Any]:
    number = len(given) + 1
    asked = {"text": f"creative.ask_{creativity.QUESTIONS[len(given)]}"}
    return {
        "text": "creative.question",
        "params": {"n": number, "all": len(creativity.QUESTIONS), "asked": asked},
    }


def _points(number: int, given: str) -> list[list[Button]]:
    """The five points as buttons, each with what was given before it; and a way past."""
    row = [
        Button("creative.button_points", f"creative.give:{number}:{given}{points}", {"points": points})
        for points in range(creativity.LEAST, creativity.MOST + 1)
    ]
    return [row, [Button("creative.button_skip", f"creative.next:{number}")]]


def _give(turn: Turn, argument: str) -> None:
    """One tap: the next question, or after the last one the next work."""
    number, _, given = argument.partition(":")
    found = creativity.to_score(turn.session, words.number(number), turn.me, turn.now, turn.programme)
    if not 0 < len(given) <= len(creativity.QUESTIONS) or set(given) - set("12345"):
        raise Refused("menu.old_button")
    if len(given) < len(creativity.QUESTIONS):
        buttons = _points(found.id, given)
        turn.edit("creative.next_question", question=_question(given), buttons=buttons)
        turn.choose_from(buttons)
        return
    points = [int(point) for point in given]
    rating = creativity.score(turn.session, found.id, turn.me, points, turn.now, turn.programme)
    card = turn.pressed
    queue(turn, "")
    if card:
        turn.edit("creative.scored", replacing=card, total=rating.total, most=_most())


def _most() -> int:
    return creativity.MOST * len(creativity.QUESTIONS)


COMMANDS: Mapping[str, Any] = {"kreatif": _command}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "creative.nominate": _nominate_pressed,
    "creative.next": queue,
    "creative.give": _give,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
