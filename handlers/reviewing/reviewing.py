"""`/tinjau`: what waits for a step of this reviewer, one item at a time, and the decisions.

An editor passes an item on or changes it, quality control scores it (scoring.py), a controller approves
it; each may return it with a reason.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import words
from handlers.items import history, items
from handlers.releasing import clarifying
from handlers.reviewing import review_card
from handlers.turn import Turn
from models.content import states, versions
from models.content.content import Item
from models.editorial import listings, moves, waits
from models.messages.post import Button
from models.people import roles
from models.refused import Refused
from models.releases import slots


def queue(turn: Turn, argument: str) -> None:
    """`/tinjau` is the first item that waits, `/tinjau 42` that one."""
    wanted = argument.removeprefix("#")
    if not wanted:
        following(turn, "")
    else:
        _open(turn, words.number(wanted, "reviewing.which"))


def following(turn: Turn, argument: str) -> None:
    """The first item of the queue, or with "42" the one behind 42: [Lewati] decides nothing."""
    roles.require(turn.session, turn.me, "review")
    waiting = waiting_for(turn)
    if not waiting:
        own = listings.own_waiting(turn.session, turn.me)
        turn.say("reviewing.only_own" if own else "reviewing.empty", number=own)
        return
    item = _behind(turn, waiting, argument)
    if item is None:
        turn.say(
            "reviewing.end", number=len(waiting), buttons=[[Button("reviewing.button_again", "review.next")]]
        )
        return
    review_card.show(turn, item, len(waiting))


def _behind(turn: Turn, waiting: Sequence[Item], argument: str) -> Item | None:
    if not argument:
        return waiting[0]
    seen = turn.session.get(Item, words.number(argument))
    if seen is None or seen.submitted_at is None:
        return waiting[0]
    place = (seen.week, seen.submitted_at, seen.id)
    behind = (
        item for item in waiting if item.submitted_at and (item.week, item.submitted_at, item.id) > place
    )
    return next(behind, None)


def opened(turn: Turn, argument: str) -> None:
    """One item: to decide on, or an approved one to be returned after all."""
    _open(turn, words.number(argument))


def waiting_for(turn: Turn) -> Sequence[Item]:
    """What waits for a step of this reviewer."""
    return listings.to_review(turn.session, turn.me, turn.programme)


def show(turn: Turn, item: Item) -> None:
    """The card of an item, with all that can be done with it."""
    review_card.show(turn, item, len(waiting_for(turn)))


def _open(turn: Turn, number: int) -> None:
    """Shows an item that this reviewer may still decide on. Raises Refused with what became of it."""
    roles.require(turn.session, turn.me, "review")
    item = turn.session.get(Item, number)
    if item is None:
        raise Refused("reviewing.unknown", id=number)
    moves.require_step(turn.session, item, states.FORWARD.get(item.status, "return"), turn.me, turn.programme)
    show(turn, item)


def endorse(turn: Turn, argument: str) -> None:
    """[Teruskan] of an editor: on to quality control. The author hears what was changed."""
    item, seen = review_card.shown(turn, argument)
    moves.move(turn.session, item, "endorse", turn.me, turn.now, turn.programme, shown=seen)
    went_on(turn, item, "endorsed", changes=_amended(turn, item))


def _amended(turn: Turn, item: Item) -> Sequence[Any]:
    """What an editor changed in the present version, as lines for its author: the new words."""
    sent = versions.submitted(turn.session, item)
    if not item.edits or sent is None:
        return ()
    return [{"text": "reviewing.told_changes"}, *history.news(turn, item, sent)]


def went_on(turn: Turn, item: Item, what: str, *, card: str = "", **params: Any) -> None:
    """Tells the next reviewers and the author, and shows what else waits."""
    told = tell_reviewers(turn, item)
    tell_author(turn, item, what, **params)
    review_card.settled(turn, item, what, card)
    _decided(turn, f"reviewing.{what}", item, nobody="" if told else {"text": "reviewing.nobody_next"})


def approve(turn: Turn, argument: str) -> None:
    """[Setujui] for the version that was shown; in the time of an election two controllers have to."""
    item, seen = review_card.shown(turn, argument)
    moves.require_step(turn.session, item, "approve", turn.me, turn.programme, shown=seen)
    if not item.urgent and not slots.is_open(turn.session, item.week, turn.now, turn.programme):
        raise Refused("reviewing.week_over", week=item.week)
    moves.move(turn.session, item, "approve", turn.me, turn.now, turn.programme, shown=seen)
    if item.status == states.CONFIRMING:
        went_on(turn, item, "approved_first")
        return
    if item.urgent:
        soon = {"text": "reviewing.when_urgent"}
        told = {"text": "reviewing.told_when_urgent"}
        tell_author(turn, item, "approved", when=told, old=_replaced(item))
        _tell_controllers(turn, item)
        review_card.settled(turn, item, "approved")
        _decided(
            turn, "reviewing.approved", item, offered=clarifying.offered(item), when=soon, old=_replaced(item)
        )
        return
    at = review_card.release_at(turn, item)
    late = at <= turn.now
    when = {"text": "reviewing.when_late" if late else "reviewing.when", "params": {"at": at.isoformat()}}
    tell_author(turn, item, "approved", when=when, old=_replaced(item))
    review_card.settled(turn, item, "approved")
    _decided(turn, "reviewing.approved", item, when=when, old=_replaced(item))


def _tell_controllers(turn: Turn, item: Item) -> None:
    """An urgent item that is approved must not hang on one person: every controller may send it."""
    for other in roles.holders(turn.session, "release"):
        if other.id != turn.me.id:
            turn.tell(
                other,
                f"item:{item.id}:urgent:{item.version}",
                "reviewing.waiting_to_go",
                id=item.id,
                title=item.title,
                who=turn.me.name,
                buttons=clarifying.offered(item),
            )


def _replaced(item: Item) -> Any:
    """That the version which was approved before is out of the plan, where there was one."""
    return {"text": "reviewing.replaced", "params": {"old": item.replaces_id}} if item.replaces_id else ""


def return_asked(turn: Turn, argument: str) -> None:
    """[Kembalikan]: the author needs to know why."""
    item, seen = review_card.shown(turn, argument)
    moves.require_step(turn.session, item, "return", turn.me, turn.programme, shown=seen)
    turn.ask("review.reason", seen=argument, card=turn.pressed)
    turn.say(
        "reviewing.ask_reason",
        id=item.id,
        title=item.title,
        buttons=[[Button("button.cancel", f"review.keep:{item.id}")]],
    )


def kept(turn: Turn, argument: str) -> None:
    """[Batal] at a question: back to the item."""
    turn.end()
    opened(turn, argument)


def _reason(turn: Turn, text: str) -> None:
    """The reason for a return. Where somebody was quicker, the question is over as well."""
    item, seen = review_card.shown(turn, turn.data["seen"])
    try:
        moves.move(turn.session, item, "return", turn.me, turn.now, turn.programme, reason=text, shown=seen)
    except Refused as refused:
        if refused.key == "reviewing.reason_missing":
            raise
        turn.end()
        turn.say(refused.key, **refused.params)
        return
    card = turn.data.get("card", "")
    turn.end()
    tell_author(turn, item, "returned", reason=item.reason, changes=_amended(turn, item))
    review_card.settled(turn, item, "returned", card)
    _decided(turn, "reviewing.returned", item, author=item.author.name)


def tell_reviewers(turn: Turn, item: Item) -> int:
    """Tells those who may take the next step that it is their turn; how many could be told. Where nobody
    is there who could take it, controllers and admins hear so at once."""
    waits.stuck(turn.session, item, turn.now, turn.programme)
    return sum(
        turn.tell(
            reviewer,
            f"item:{item.id}:{item.status}:{item.version}",
            f"reviewing.waiting_{item.status}",
            id=item.id,
            title=item.title,
            author=item.author.name,
            owner=items.owner(turn, item),
            week=item.week,
            replaces={"text": "reviewing.replaces", "params": {"old": item.replaces_id}}
            if item.replaces_id
            else "",
            buttons=[[Button("reviewing.button_open", f"review.open:{item.id}")]],
        )
        for reviewer in moves.reviewers(turn.session, item, turn.programme)
    )


def tell_author(turn: Turn, item: Item, what: str, **params: Any) -> None:
    """What became of an item, once for each version."""
    fix = [[Button("reviewing.button_fix", f"submit.resume:{item.id}")]] if what == "returned" else ()
    turn.tell(
        item.author,
        f"item:{item.id}:{what}:{item.version}",
        f"reviewing.told_{what}",
        id=item.id,
        title=item.title,
        who=turn.me.name,
        buttons=fix,
        **params,
    )


def _decided(
    turn: Turn, text: str, item: Item, *, offered: Sequence[Sequence[Button]] = (), **params: Any
) -> None:
    waiting = len(waiting_for(turn))
    more = [*offered, *([[Button("reviewing.button_next", "review.next")]] if waiting else ())]
    left = {"text": "reviewing.left" if waiting else "reviewing.none_left", "params": {"number": waiting}}
    turn.say(text, id=item.id, title=item.title, left=left, buttons=more, **params)


COMMANDS: Mapping[str, Any] = {"tinjau": {"handler": queue, "capability": "review"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "review.next": following,
    "review.open": opened,
    "review.endorse": endorse,
    "review.approve": approve,
    "review.return": return_asked,
    "review.keep": kept,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {"review.reason": _reason}
