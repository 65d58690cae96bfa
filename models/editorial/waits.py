"""Items that wait: those that wait too long, or for nobody, are raised with whoever can do something."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, aliased

from models.content import states
from models.content.content import Item
from models.editorial import crews, listings, moves, overtaken
from models.messages import notices
from models.messages.post import Button, Post
from models.people import audit, people, roles
from models.people.audit import Entry
from models.people.people import Account, Person
from models.programme.programme import Programme

# Rows of the audit: raised with those who can act; raised above them; nobody there who could act.
REMIND, ESCALATE, STUCK = "remind", "escalate", "stuck"
ACTS = (REMIND, ESCALATE, STUCK)


@dataclass(frozen=True, slots=True)
class _Step:
    """The audit row of the last change of an item's state, by which each wait is named."""

    id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class _Wait:
    """An item that waits: since which step, and how that was raised already."""

    item: Item
    step: _Step
    raised: frozenset[str]


def since(session: Session, item: Item) -> datetime:
    """When an item came to where it waits now; what an editor changes meanwhile counts for nothing."""
    return _step(session, item).at


def _step(session: Session, item: Item) -> _Step:
    rows = reversed(listings.entries(session, item))
    found = next((row for row in rows if row.before != row.after), None)
    return _Step(found.id, found.at) if found else _Step(0, item.updated_at)


def _waits(session: Session) -> list[_Wait]:
    """All items that wait, each with its step and what was raised since, in one query: this is asked every
    minute, and there is hardly ever anything to do."""
    of_item = (Entry.subject == "item", Entry.subject_id == cast(Item.id, String))
    newest = select(func.max(Entry.id)).where(*of_item, Entry.before != Entry.after).correlate(Item)
    step = aliased(Entry)
    raised = [
        select(Entry.id).where(*of_item, Entry.id > func.coalesce(step.id, 0), Entry.act == act)
        .correlate(Item, step).exists()
        for act in ACTS
    ]  # fmt: skip
    rows = session.execute(
        select(Item, step.id, step.at, *raised)
        .outerjoin(step, step.id == newest.scalar_subquery())
        .where(Item.status.in_(states.WAITING))
        .order_by(Item.id)
    )
    return [
        _Wait(
            item,
            _Step(number, at) if number is not None else _Step(0, item.updated_at),
            frozenset(act for act, done in zip(ACTS, acts, strict=True) if done),
        )
        for item, number, at, *acts in rows
    ]


def able(session: Session, item: Item, programme: Programme) -> list[Person]:
    """Those who may take the next step with an item and can be written to."""
    return _able(session, [item], programme)[item.id]


def _able(session: Session, items: Sequence[Item], programme: Programme) -> dict[int, list[Person]]:
    crew = crews.of(session, items, programme)
    numbers = {person.id for some in crew.values() for person in some}
    heard = select(Account.person_id).where(Account.person_id.in_(numbers), Account.status == people.ACTIVE)
    reached = set(session.scalars(heard)) if numbers else set()
    return {number: [person for person in some if person.id in reached] for number, some in crew.items()}


def look(session: Session, now: datetime, programme: Programme) -> int:
    """Raises what waits too long, each wait once with those who can act, and after twice as long once
    with controllers and admins; what waits for nobody, at once. How many items were raised.

    Nothing is locked but what has to be raised, and that is looked at once more then.
    """
    waiting = _waits(session)
    who = _able(session, [wait.item for wait in waiting], programme)
    due = [wait for wait in waiting if _due(wait, bool(who[wait.item.id]), now, programme)]
    return sum(_raise(session, wait, now, programme) for wait in due)


def _due(wait: _Wait, anybody: bool, now: datetime, programme: Programme) -> str:
    """How a wait has to be raised now: one of ACTS, or "" for not at all."""
    waited, patience = now - wait.step.at, timedelta(hours=programme.review_hours)
    if not anybody:
        act = STUCK
    elif waited >= 2 * patience:
        act = ESCALATE
    else:
        act = REMIND if waited >= patience else ""
    return "" if act in wait.raised else act


def _raise(session: Session, wait: _Wait, now: datetime, programme: Programme) -> bool:
    item, step = wait.item, wait.step
    moves.hold(session, item)
    if item.status not in states.WAITING or _step(session, item) != step:
        return False  # somebody acted in this very moment
    who = able(session, item, programme)
    act = _due(wait, bool(who), now, programme)
    if act == STUCK:
        return stuck(session, item, now, programme)
    if act == ESCALATE:
        return _escalate(session, item, step, who, now)
    return act == REMIND and _remind(session, item, step, who, now)


def _remind(session: Session, item: Item, step: _Step, who: Iterable[Person], now: datetime) -> bool:
    """To those who can act: this item has waited for them long enough."""
    if _done(session, item, step, REMIND):
        return False
    _note(session, item, step, REMIND, now)
    post = Post(
        "waits.reminder",
        {**_params(item, step), "what": {"text": f"browsing.status_{item.status}"}},
        _open(item),
    )
    for person in who:
        notices.tell(session, now, person, overtaken.of_wait(item.id, REMIND, step.id), post)
    return True


def _escalate(session: Session, item: Item, step: _Step, who: Iterable[Person], now: datetime) -> bool:
    """To controllers and admins: who should have acted, and did not."""
    if _done(session, item, step, ESCALATE):
        return False
    names = [person.name for person in who]
    _note(session, item, step, ESCALATE, now, reason=", ".join(names))
    params = {**_params(item, step), "what": {"text": f"browsing.status_{item.status}"}, "names": names}
    for person in _above(session, item):
        notices.tell(
            session,
            now,
            person,
            overtaken.of_wait(item.id, ESCALATE, step.id),
            Post("waits.escalated", params),
        )
    return True


def stuck(session: Session, item: Item, now: datetime, programme: Programme) -> bool:
    """Tells controllers and admins, once, that nobody can act on an item that waits, and what to do about
    it. False where somebody can, or it was said before."""
    if item.status not in states.WAITING or able(session, item, programme):
        return False
    step = _step(session, item)
    if _done(session, item, step, STUCK):
        return False
    _note(session, item, step, STUCK, now)
    absent = [person.name for person in moves.reviewers(session, item, programme)]
    about = {"text": f"waits.lacks_{item.status}", "params": {"owner": item.opd.name if item.opd else ""}}
    params = {**_params(item, step), "lacks": about, "absent": absent}
    for person in _above(session, item):
        notices.tell(
            session, now, person, overtaken.of_wait(item.id, STUCK, step.id), Post("waits.stuck", params)
        )
    return True


def lock_up(session: Session, now: datetime, programme: Programme) -> list[Item]:
    """`moves.lock_up`, told to the controllers who may give the second approval, and to the authors."""
    locked = moves.lock_up(session, now, programme)
    for item in locked:
        step = _step(session, item)
        params = _params(item, step)
        for person in moves.reviewers(session, item, programme):
            post = Post("waits.locked", params, _open(item))
            notices.tell(session, now, person, overtaken.of_wait(item.id, "lock", step.id), post)
        post = Post("waits.locked_author", params)
        notices.tell(session, now, item.author, overtaken.of_wait(item.id, "lock", step.id), post)
        stuck(session, item, now, programme)
    return locked


def _above(session: Session, item: Item) -> list[Person]:
    """Controllers and admins, each once; the author only where there is nobody else."""
    found = roles.holders(session, "escalate")
    return [person for person in found if person.id != item.author_id] or found


def _params(item: Item, step: _Step) -> dict[str, object]:
    """What all these messages say. Whoever reads it on the next day wants to know since when."""
    return {"id": item.id, "title": item.title, "week": item.week, "since": step.at.isoformat()}


def _open(item: Item) -> list[list[Button]]:
    return [[Button("reviewing.button_open", f"review.open:{item.id}")]]


def _done(session: Session, item: Item, step: _Step, act: str) -> bool:
    """Whether this wait was raised so before: the audit rows after the step that began it say so."""
    return any(row.act == act for row in listings.entries(session, item) if row.id > step.id)


def _note(session: Session, item: Item, step: _Step, act: str, now: datetime, reason: str = "") -> None:
    audit.record(
        session,
        now,
        act,
        "item",
        item.id,
        before=item.status,
        after=item.status,
        reason=reason,
        version=item.version,
        waited_since=step.at.isoformat(),
    )
    session.flush()
