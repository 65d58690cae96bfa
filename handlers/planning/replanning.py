"""[Pindahkan]: an item goes to another week, or two approved ones change theirs."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.items import items
from handlers.planning import overview, planning
from handlers.reviewing import reviewing
from handlers.turn import Turn
from models.content import states
from models.content.content import Item
from models.messages.post import Button
from models.people import roles
from models.refused import Refused
from models.releases import plans
from models.releases.plans import Conflict, Moved


def ask(turn: Turn, argument: str) -> None:
    """Which week? Those that are free, and those that are taken, by which item."""
    item = planning.item_of(turn, argument)
    plans.require(turn.session, item, turn.me, turn.programme)
    rows, taken, election = [], [], False
    for week in plans.coming(turn.session, turn.now, turn.programme):
        found = plans.conflict(turn.session, item, week, turn.now, turn.programme)
        if found is not None and found.why != "taken":
            continue
        closed = plans.in_election(week, turn.programme)
        election = election or closed
        key = (
            "planning.button_taken"
            if found
            else "planning.button_to_election"
            if closed
            else "planning.button_to"
        )
        rows.append([Button(key, f"plan.to:{item.id}:{week}", {"at": overview.at(turn, week)})])
        if found is not None and found.item is not None:
            taken.append(_taken_line(turn, week, found.item))
    if not rows:
        raise Refused("planning.no_other_week", id=item.id)
    turn.say(
        "planning.ask_week",
        id=item.id,
        title=items.title(item),
        taken={"text": "planning.taken_weeks", "params": {"lines": taken}} if taken else "",
        election={"text": "planning.election"} if election else "",
        buttons=[*rows, [Button("button.cancel", f"plan.item:{item.id}")]],
    )


def _taken_line(turn: Turn, week: str, other: Item) -> dict[str, Any]:
    params = {"at": overview.at(turn, week), "id": other.id, "title": items.short(other)}
    return {"text": "planning.taken_line", "params": params}


def chosen(turn: Turn, argument: str) -> None:
    """The week that was chosen; where an approved item stands, what can be done about it."""
    number, _, week = argument.partition(":")
    item, week = planning.item_of(turn, number), planning.week_of(week)
    plans.require(turn.session, item, turn.me, turn.programme)
    found = plans.conflict(turn.session, item, week, turn.now, turn.programme)
    if found is not None and found.item is not None and _may_swap(item, found.item):
        _offer_swap(turn, item, found)
        return
    before = plans.move(turn.session, item, week, turn.me, turn.now, turn.programme)
    turn.end()
    turn.say(
        "planning.moved",
        id=item.id,
        title=items.title(item),
        at=overview.at(turn, week),
        again={"text": "planning.second_approval"} if item in before.locked else "",
        buttons=[[Button("planning.button_back", f"plan.of:{item.opd_id or planning.ALL}")]],
    )
    tell(turn, before)


def _may_swap(item: Item, other: Item) -> bool:
    return item.status == other.status == states.APPROVED


def _offer_swap(turn: Turn, item: Item, found: Conflict) -> None:
    other = found.item
    assert other is not None, "a week is taken by an item"
    action = f"plan.swap:{item.id}:{item.week}:{other.id}:{other.week}"
    turn.say(
        "planning.ask_swap",
        id=item.id,
        title=item.title,
        at=overview.at(turn, item.week),
        other=other.id,
        other_title=other.title,
        other_at=overview.at(turn, other.week),
        buttons=[
            [Button("planning.button_swap", action)],
            [Button("planning.button_other_week", f"plan.move:{item.id}")],
        ],
    )


def swap(turn: Turn, argument: str) -> None:
    """[Tukar]: two approved items change their weeks, as they were shown: "42:2026-W49:43:2026-W50"."""
    parts = argument.split(":")
    if len(parts) != 4:
        raise Refused("menu.old_button")
    item, other = planning.item_of(turn, parts[0]), planning.item_of(turn, parts[2])
    expected = (planning.week_of(parts[1]), planning.week_of(parts[3]))
    done = plans.swap(turn.session, item, other, expected, turn.me, turn.now, turn.programme)
    turn.end()
    turn.say(
        "planning.swapped",
        id=item.id,
        at=overview.at(turn, item.week),
        other=other.id,
        other_at=overview.at(turn, other.week),
        again={"text": "planning.second_approval"} if done.locked else "",
        buttons=[[Button("planning.button_back", f"plan.of:{item.opd_id or planning.ALL}")]],
    )
    tell(turn, done)


def tell(turn: Turn, done: Moved) -> None:
    """The authors, and for what is approved the controllers, hear of the new weeks; those who have to
    approve a second time, that they have to."""
    for item, before in done.items:
        people = {item.author_id: item.author}
        if item.status in (states.APPROVED, states.CONFIRMING):
            people |= {person.id: person for person in roles.holders(turn.session, "approve")}
        people.pop(turn.me.id, None)
        for person in people.values():
            turn.tell(
                person,
                f"item:{item.id}:replan:{turn.source}",
                "planning.told_moved",
                id=item.id,
                title=items.title(item),
                who=turn.me.name,
                before=overview.at(turn, before) if before else "",
                at=overview.at(turn, item.week),
            )
    for item in done.locked:
        reviewing.tell_reviewers(turn, item)


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "plan.move": ask,
    "plan.to": chosen,
    "plan.swap": swap,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
