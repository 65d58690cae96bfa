"""Quality control (TAG): two scores from 1 to 5 and a note, one question a message."""

from collections.abc import Callable, Mapping

from handlers import words
from handlers.reviewing import review_card, reviewing
from handlers.turn import Turn
from models.content import reviews
from models.content.reviews import Scores
from models.editorial import moves
from models.messages.post import Button
from models.refused import Refused

KINDS = ("accurate", "engaging")


def begin(turn: Turn, argument: str) -> None:
    """[Beri nilai] for the version that was shown."""
    item, seen = review_card.shown(turn, argument)
    moves.require_step(turn.session, item, "score", turn.me, turn.programme, shown=seen)
    _ask(turn, argument, {}, turn.pressed)


def _ask(turn: Turn, seen: str, given: Mapping[str, int], card: str) -> None:
    """The question that is still open: the scores one after the other, then the note."""
    missing = [kind for kind in KINDS if kind not in given]
    asked = missing[0] if missing else "note"
    turn.ask(f"review.score_{asked}", seen=seen, given=dict(given), card=card)
    number = seen.partition(":")[0]
    out = [Button("button.cancel", f"review.keep:{number}")]
    if missing:
        points = [
            Button("reviewing.button_points", f"review.points:{number}:{asked}:{points}", {"points": points})
            for points in range(reviews.LEAST, reviews.MOST + 1)
        ]
        turn.say(f"reviewing.ask_{asked}", id=int(number), buttons=[points, out])
    else:
        none = [Button("reviewing.button_no_note", f"review.no_note:{number}")]
        turn.say("reviewing.ask_note", most=reviews.NOTE, buttons=[none, out])


def points(turn: Turn, argument: str) -> None:
    """A score by its button: "42:accurate:4"."""
    item, _, rest = argument.partition(":")
    kind, _, number = rest.partition(":")
    _asked(turn, item, kind)
    _given(turn, str(words.number(number)), kind)


def _asked(turn: Turn, item: str, question: str) -> None:
    """Raises Refused unless this question about this item is the open one."""
    open_now = turn.conversation.state == f"review.score_{question}"
    if not open_now or turn.data["seen"].partition(":")[0] != item:
        raise Refused("menu.old_button")


def _given(turn: Turn, text: str, kind: str) -> None:
    number = text.strip()
    if not (number.isascii() and number.isdecimal() and reviews.LEAST <= int(number) <= reviews.MOST):
        raise Refused("reviewing.score_wrong", least=reviews.LEAST, most=reviews.MOST)
    _ask(turn, turn.data["seen"], {**turn.data["given"], kind: int(number)}, turn.data["card"])


def _accurate(turn: Turn, text: str) -> None:
    _given(turn, text, "accurate")


def _engaging(turn: Turn, text: str) -> None:
    _given(turn, text, "engaging")


def no_note(turn: Turn, argument: str) -> None:
    """[Tanpa catatan]."""
    _asked(turn, argument, "note")
    _done(turn, "")


def _noted(turn: Turn, text: str) -> None:
    _done(turn, "" if words.says_no(text) else text.strip())


def _done(turn: Turn, note: str) -> None:
    """All is said: the item goes on to the controllers. Where somebody was quicker, the question is over."""
    item, seen = review_card.shown(turn, turn.data["seen"])
    scores = Scores(turn.data["given"]["accurate"], turn.data["given"]["engaging"], note)
    scores.check()
    try:
        moves.move(turn.session, item, "score", turn.me, turn.now, turn.programme, scores=scores, shown=seen)
    except Refused as refused:
        turn.end()
        turn.say(refused.key, **refused.params)
        return
    card = turn.data["card"]
    turn.end()
    params = {"accurate": scores.accurate, "engaging": scores.engaging, "note": scores.note}
    reviewing.went_on(turn, item, "scored", card=card, **params)


COMMANDS: Mapping[str, Callable[[Turn, str], None]] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "review.score": begin,
    "review.points": points,
    "review.no_note": no_note,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {
    "review.score_accurate": _accurate,
    "review.score_engaging": _engaging,
    "review.score_note": _noted,
}
