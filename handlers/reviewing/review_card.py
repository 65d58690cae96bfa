"""The card on which a reviewer decides, what its buttons carry, and what stands there afterwards."""

from datetime import datetime
from typing import Any

from handlers import words
from handlers.items import checking, commenting, history, items, measuring
from handlers.turn import Turn
from models.content import reviews, states, versions
from models.content.content import Item
from models.editorial import moves
from models.editorial.moves import Seen
from models.messages.post import Button
from models.people import people
from models.programme import weeks
from models.refused import Refused


def token(item: Item) -> str:
    """An item as it is shown now, for a button: "42:3.0:submitted"."""
    shown_ = moves.seen(item)
    return f"{item.id}:{shown_.version}.{shown_.edits}:{shown_.status}"


def shown(turn: Turn, argument: str) -> tuple[Item, Seen]:
    """The item of a button, and how it was shown. Raises Refused for a button of another time."""
    number, _, rest = argument.partition(":")
    version, _, status = rest.partition(":")
    version, _, edits = version.partition(".")
    item = turn.session.get(Item, words.number(number))
    if item is None:
        raise Refused("menu.old_button")
    return item, Seen(words.number(version), words.number(edits), status)


def show(turn: Turn, item: Item, waiting: int) -> None:
    """The item as an ASN receives it, and below it all that a reviewer should know of it."""
    items.show(turn, item)
    history.unseen(turn, item)
    approved = item.status == states.APPROVED
    decided_by = turn.session.get(people.Person, item.decided_by) if approved and item.decided_by else None
    scores = reviews.scores(turn.session, item)
    election = moves.locked(item, turn.programme, turn.now) and item.status in (
        states.CHECKED,
        states.APPROVED,
    )
    key = "reviewing.approved_item" if approved else f"reviewing.item_{item.status}"
    turn.say(
        key,
        id=item.id,
        author=item.author.name,
        owner=items.owner(turn, item),
        out=items.out(turn, item),
        source=item.source_url,
        version=item.version,
        waiting=waiting,
        who=decided_by.name if decided_by else "",
        file=measuring.facts(item.media),
        replaces={"text": "reviewing.replaces", "params": {"old": item.replaces_id}}
        if item.replaces_id
        else "",
        changed=_changed(turn, item),
        comments=commenting.last_lines(turn, item),
        election={"text": "reviewing.election"} if election else "",
        warnings=checking.in_short(turn, item),
        scores=_scores(scores) if scores else "",
        buttons=_acts(item),
    )


def release_at(turn: Turn, item: Item) -> datetime:
    """When an item is planned to go out, in UTC."""
    return weeks.moment(item.week, turn.programme.release, turn.programme)


def _changed(turn: Turn, item: Item) -> list[dict[str, Any]]:
    """What the author changed since the version before, and the editor since this one was sent."""
    before, sent = versions.before(turn.session, item), versions.submitted(turn.session, item)
    lines = []
    if before is not None:
        changed = versions.differences(before, sent) if sent else versions.changes(turn.session, item, before)
        if changed:
            lines += [{"text": "reviewing.changed"}, *history.names(changed)]
    if item.edits and (amended := versions.changes(turn.session, item, sent)):
        lines += [{"text": "reviewing.amended"}, *history.names(amended)]
    return lines


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
    asking = Button("commenting.button_ask", f"comment.ask:{item.id}")
    story = Button("history.button", f"history.story:{item.id}")
    if forward is None:
        now = [Button("releasing.button_now", f"release.urgent:{item.id}")] if item.urgent else []
        return [[*now, back], [asking, story]]
    change = Button("reviewing.button_change", f"submit.edit:{item.id}")
    skip = Button("reviewing.button_skip", f"review.next:{item.id}")
    last = [change, skip] if item.status == states.SUBMITTED else [skip]
    return [[forward, back], last, [asking, story]]


def settled(turn: Turn, item: Item, what: str, card: str = "") -> None:
    """Lets the decision stand where its buttons were: on the pressed card, or the one named by `card`."""
    if card := card or turn.pressed:
        turn.edit(
            "reviewing.settled",
            replacing=card,
            id=item.id,
            title=item.title,
            version=item.version,
            what={"text": f"reviewing.settled_{what}"},
            at=turn.now.isoformat(),
        )
