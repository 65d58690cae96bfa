"""`/tinjau`: what waits for a decision, one item at a time, and the two decisions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers import browsing, checking
from handlers.turn import Turn
from models import content, listings, people, roles, slots, weeks
from models.content import Item
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
    roles.require(turn.session, turn.me, "approve")
    waiting = listings.to_review(turn.session, turn.me)
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


def _open(turn: Turn, number: int) -> None:
    """Shows an item that this reviewer may still decide on. Raises Refused with what became of it."""
    roles.require(turn.session, turn.me, "approve")
    item = turn.session.get(Item, number)
    if item is None:
        raise Refused("reviewing.unknown", id=number)
    content.require_step(turn.session, item, "return", turn.me)
    _show(turn, item, len(listings.to_review(turn.session, turn.me)))


def _show(turn: Turn, item: Item, waiting: int) -> None:
    browsing.show(turn, item)
    version = f"{item.id}:{item.version}"
    approved = item.status == content.APPROVED
    decided_by = turn.session.get(people.Person, item.decided_by) if approved and item.decided_by else None
    approve = [Button("reviewing.button_approve", f"review.approve:{version}")]
    # The state that was seen goes along: whoever returns a submitted item undoes no approval unseen.
    back = [Button("reviewing.button_return", f"review.return:{version}:{item.status}")]
    skip = [Button("reviewing.button_skip", f"review.next:{item.id}")]
    turn.say(
        "reviewing.approved_item" if approved else "reviewing.item",
        id=item.id,
        author=item.author.name,
        owner=browsing.owner(turn, item),
        at=_release_at(turn, item).isoformat(),
        source=item.source_url,
        version=item.version,
        waiting=waiting,
        who=decided_by.name if decided_by else "",
        warnings=checking.in_short(turn, item),
        buttons=[back] if approved else [[*approve, *back], skip],
    )


def _release_at(turn: Turn, item: Item) -> datetime:
    return weeks.moment(item.week, turn.programme.release, turn.programme)


def _item_and_version(turn: Turn, argument: str) -> tuple[Item, int]:
    number, _, version = argument.partition(":")
    item = turn.session.get(Item, browsing.number(number))
    if item is None:
        raise Refused("menu.old_button")
    return item, browsing.number(version)


def approve(turn: Turn, argument: str) -> None:
    """[Setujui] for the version that was shown."""
    item, version = _item_and_version(turn, argument)
    seen = (version, content.SUBMITTED)
    content.require_step(turn.session, item, "approve", turn.me, seen=seen)
    if not slots.is_open(turn.session, item.week, turn.now, turn.programme):
        raise Refused("reviewing.week_over", week=item.week)
    content.move(turn.session, item, "approve", turn.me, turn.now, seen=seen)
    at = _release_at(turn, item)
    late = at <= turn.now
    when = {"text": "reviewing.when_late" if late else "reviewing.when", "params": {"at": at.isoformat()}}
    _tell_author(turn, item, "approved", when=when)
    _decided(turn, "reviewing.approved", item, when=when)


def return_asked(turn: Turn, argument: str) -> None:
    """[Kembalikan]: the author needs to know why."""
    what, _, status = argument.rpartition(":")
    item, version = _item_and_version(turn, what)
    content.require_step(turn.session, item, "return", turn.me, seen=(version, status))
    turn.ask("review.reason", item=item.id, version=version, status=status)
    turn.say(
        "reviewing.ask_reason",
        id=item.id,
        title=item.title,
        buttons=[[Button("button.cancel", f"review.keep:{item.id}")]],
    )


def kept(turn: Turn, argument: str) -> None:
    """[Batal] at the question for the reason: back to the item."""
    turn.end()
    opened(turn, argument)


def _reason(turn: Turn, text: str) -> None:
    """The reason for a return. Where somebody was quicker, the question is over as well."""
    item = turn.session.get_one(Item, turn.data["item"])
    seen = (turn.data["version"], turn.data["status"])
    try:
        content.move(turn.session, item, "return", turn.me, turn.now, reason=text, seen=seen)
    except Refused as refused:
        if refused.key == "reviewing.reason_missing":
            raise
        turn.end()
        turn.say(refused.key, **refused.params)
        return
    turn.end()
    _tell_author(turn, item, "returned", reason=item.reason)
    _decided(turn, "reviewing.returned", item, author=item.author.name)


def _tell_author(turn: Turn, item: Item, what: str, **params: Any) -> None:
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


def _decided(turn: Turn, text: str, item: Item, **params: Any) -> None:
    waiting = len(listings.to_review(turn.session, turn.me))
    more = [[Button("reviewing.button_next", "review.next")]] if waiting else ()
    left = {"text": "reviewing.left" if waiting else "reviewing.none_left", "params": {"number": waiting}}
    turn.say(text, id=item.id, title=item.title, left=left, buttons=more, **params)


COMMANDS: Mapping[str, Any] = {"tinjau": {"handler": queue, "capability": "approve"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "review.next": following,
    "review.open": opened,
    "review.approve": approve,
    "review.return": return_asked,
    "review.keep": kept,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {"review.reason": _reason}
