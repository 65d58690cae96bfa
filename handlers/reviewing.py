"""`/tinjau`: what waits for a step of this reviewer, one item at a time, and the decisions.

An editor passes an item on or changes it, quality control scores it (scoring.py), a controller approves
it; each may return it with a reason.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers import browsing, checking, clarifying
from handlers.turn import Turn
from models import listings, moves, people, reviews, roles, slots, states, weeks
from models.content import Item
from models.moves import Seen
from models.post import Button
from models.refused import Refused


def queue(turn: Turn, argument: str) -> None:
    """`/tinjau` is the first item that waits, `/tinjau 42` that one."""
    wanted = argument.removeprefix("#")
    if not wanted:
        following(turn, "")
    else:
        _open(turn, browsing.number(wanted, "reviewing.which"))


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
    _show(turn, item, len(waiting))


def _behind(turn: Turn, waiting: Sequence[Item], argument: str) -> Item | None:
    if not argument:
        return waiting[0]
    seen = turn.session.get(Item, browsing.number(argument))
    if seen is None or seen.submitted_at is None:
        return waiting[0]
    place = (seen.week, seen.submitted_at, seen.id)
    behind = (
        item for item in waiting if item.submitted_at and (item.week, item.submitted_at, item.id) > place
    )
    return next(behind, None)


def opened(turn: Turn, argument: str) -> None:
    """One item: to decide on, or an approved one to be returned after all."""
    _open(turn, browsing.number(argument))


def waiting_for(turn: Turn) -> Sequence[Item]:
    """What waits for a step of this reviewer."""
    return listings.to_review(turn.session, turn.me, turn.programme)


def _open(turn: Turn, number: int) -> None:
    """Shows an item that this reviewer may still decide on. Raises Refused with what became of it."""
    roles.require(turn.session, turn.me, "review")
    item = turn.session.get(Item, number)
    if item is None:
        raise Refused("reviewing.unknown", id=number)
    moves.require_step(turn.session, item, states.FORWARD.get(item.status, "return"), turn.me, turn.programme)
    _show(turn, item, len(waiting_for(turn)))


def token(item: Item) -> str:
    """An item as it is shown now, for a button: "42:3.0:submitted"."""
    shown = moves.seen(item)
    return f"{item.id}:{shown.version}.{shown.edits}:{shown.status}"


def shown(turn: Turn, argument: str) -> tuple[Item, Seen]:
    """The item of a button, and how it was shown. Raises Refused for a button of another time."""
    number, _, rest = argument.partition(":")
    version, _, status = rest.partition(":")
    version, _, edits = version.partition(".")
    item = turn.session.get(Item, browsing.number(number))
    if item is None:
        raise Refused("menu.old_button")
    return item, Seen(browsing.number(version), browsing.number(edits), status)


def _show(turn: Turn, item: Item, waiting: int) -> None:
    browsing.show(turn, item)
    approved = item.status == states.APPROVED
    decided_by = turn.session.get(people.Person, item.decided_by) if approved and item.decided_by else None
    scores = reviews.scores(turn.session, item)
    turn.say(
        "reviewing.approved_item" if approved else f"reviewing.item_{item.status}",
        id=item.id,
        author=item.author.name,
        owner=browsing.owner(turn, item),
        at=_release_at(turn, item).isoformat(),
        source=item.source_url,
        version=item.version,
        waiting=waiting,
        who=decided_by.name if decided_by else "",
        warnings=checking.in_short(turn, item),
        scores=_scores(scores) if scores else "",
        buttons=_acts(item),
    )


def _scores(found: reviews.Review) -> dict[str, Any]:
    params = {"accurate": found.accurate, "engaging": found.engaging, "note": found.note}
    return {"text": "reviewing.scores", "params": {**params, "who": found.person.name}}


def _acts(item: Item) -> list[list[Button]]:
    """What can be done with an item as it is shown: whoever presses later undoes nothing unseen."""
    seen = token(item)
    back = Button("reviewing.button_return", f"review.return:{seen}")
    forward = {
        states.SUBMITTED: Button("reviewing.button_endorse", f"review.endorse:{seen}"),
        states.EDITED: Button("reviewing.button_score", f"review.score:{seen}"),
        states.CHECKED: Button("reviewing.button_approve", f"review.approve:{seen}"),
        states.CONFIRMING: Button("reviewing.button_approve", f"review.approve:{seen}"),
    }.get(item.status)
    if forward is None:
        return [[back]]
    change = Button("reviewing.button_change", f"submit.edit:{item.id}")
    skip = Button("reviewing.button_skip", f"review.next:{item.id}")
    return [[forward, back], [change, skip] if item.status == states.SUBMITTED else [skip]]


def _release_at(turn: Turn, item: Item) -> datetime:
    return weeks.moment(item.week, turn.programme.release, turn.programme)


def endorse(turn: Turn, argument: str) -> None:
    """[Teruskan] of an editor: on to quality control."""
    item, seen = shown(turn, argument)
    moves.move(turn.session, item, "endorse", turn.me, turn.now, turn.programme, shown=seen)
    went_on(turn, item, "endorsed")


def went_on(turn: Turn, item: Item, what: str, **params: Any) -> None:
    """Tells the next reviewers and the author, and shows what else waits."""
    told = tell_reviewers(turn, item)
    tell_author(turn, item, what, **params)
    _decided(turn, f"reviewing.{what}", item, nobody="" if told else {"text": "reviewing.nobody_next"})


def approve(turn: Turn, argument: str) -> None:
    """[Setujui] for the version that was shown; in the time of an election two controllers have to."""
    item, seen = shown(turn, argument)
    moves.require_step(turn.session, item, "approve", turn.me, turn.programme, shown=seen)
    if not item.urgent and not slots.is_open(turn.session, item.week, turn.now, turn.programme):
        raise Refused("reviewing.week_over", week=item.week)
    moves.move(turn.session, item, "approve", turn.me, turn.now, turn.programme, shown=seen)
    if item.status == states.CONFIRMING:
        went_on(turn, item, "approved_first")
        return
    if item.urgent:
        waits = {"text": "reviewing.when_urgent"}
        tell_author(turn, item, "approved", when=waits)
        _decided(turn, "reviewing.approved", item, offered=clarifying.offered(item), when=waits)
        return
    at = _release_at(turn, item)
    late = at <= turn.now
    when = {"text": "reviewing.when_late" if late else "reviewing.when", "params": {"at": at.isoformat()}}
    tell_author(turn, item, "approved", when=when)
    _decided(turn, "reviewing.approved", item, when=when)


def return_asked(turn: Turn, argument: str) -> None:
    """[Kembalikan]: the author needs to know why."""
    item, seen = shown(turn, argument)
    moves.require_step(turn.session, item, "return", turn.me, turn.programme, shown=seen)
    turn.ask("review.reason", seen=argument)
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
    item, seen = shown(turn, turn.data["seen"])
    try:
        moves.move(turn.session, item, "return", turn.me, turn.now, turn.programme, reason=text, shown=seen)
    except Refused as refused:
        if refused.key == "reviewing.reason_missing":
            raise
        turn.end()
        turn.say(refused.key, **refused.params)
        return
    turn.end()
    tell_author(turn, item, "returned", reason=item.reason)
    _decided(turn, "reviewing.returned", item, author=item.author.name)


def tell_reviewers(turn: Turn, item: Item) -> int:
    """Tells those who may take the next step that it is their turn; how many could be told."""
    return sum(
        turn.tell(
            reviewer,
            f"item:{item.id}:{item.status}:{item.version}",
            f"reviewing.waiting_{item.status}",
            id=item.id,
            title=item.title,
            author=item.author.name,
            owner=browsing.owner(turn, item),
            week=item.week,
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
