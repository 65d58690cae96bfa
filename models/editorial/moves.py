"""Taking an item along its way: the only place where its state changes, each time with an audit row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.content import content, drafts, fields, reviews, versions
from models.content.content import Item
from models.content.reviews import Scores
from models.content.states import (
    APPROVED,
    CHECKED,
    CONFIRMING,
    EDITED,
    PLANNED,
    RELEASED,
    RETURNED,
    SUBMITTED,
    SYSTEM,
    TRANSITIONS,
    Step,
)
from models.editorial import crews, overtaken
from models.people import audit, authors, roles
from models.people.people import Person
from models.programme import weeks
from models.programme.programme import Programme
from models.refused import Refused

URGENT_DAYS = timedelta(days=7)  # so long an urgent item is out: who joins gets it, shares are in time


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reviewer was shown: nothing else is decided on."""

    version: int
    edits: int
    status: str


def seen(item: Item) -> Seen:
    """An item as it stands."""
    return Seen(item.version, item.edits, item.status)


def move(
    session: Session,
    item: Item,
    act: str,
    by: Person,
    now: datetime,
    programme: Programme,
    *,
    reason: str = "",
    scores: Scores | None = None,
    shown: Seen | None = None,
) -> None:
    """Takes an item along one of `states.TRANSITIONS` for a person, with an audit row.

    "approve" of a checked item is the first of two where its week lies in the time of an election.
    Raises Refused when the way does not exist (somebody was quicker), the person may not go it, had
    the item in their hands before, or a reason or scores are missing.
    """
    hold(session, item)
    step = require_step(session, item, act, by, programme, shown=shown)
    act = _act(item, act, programme, now)
    step = TRANSITIONS[item.status, act]
    reason = reason.strip()
    least, most = fields.REASON
    if step.reason and not least <= fields.length(reason) <= most:
        raise Refused("reviewing.reason_missing", least=least, most=most)
    if step.scores and scores is None:
        raise Refused("reviewing.scores_missing")
    if act == "submit" and drafts.missing(item):
        raise Refused("submitting.incomplete")
    before = item.status
    try:
        with session.begin_nested():
            if step.to == APPROVED:
                _make_room(session, item, now)
            item.status, item.updated_at = step.to, now
            if act == "submit":
                item.submitted_at, item.version, item.edits, item.reason = now, item.version + 1, 0, ""
                versions.keep(session, item, now)
            elif step.review:
                item.decided_at, item.decided_by, item.reason = now, by.id, reason
                reviews.record(session, item, act, by, now, scores.check() if scores else None)
    except IntegrityError:
        # Another item of this OPD and week was approved in the same moment: `uq_item_planned`.
        session.refresh(item)
        raise _taken(item, content.planned(session, item.opd_id, item.week) or item) from None
    if step.review and item.edits:
        versions.keep(session, item, now)
    _record(session, item, act, now, before, by=by.id, reason=reason)


def hold(session: Session, item: Item) -> None:
    """Reads an item anew and keeps everybody else from changing it until this transaction ends."""
    session.flush()  # what is not written yet would be lost by reading
    session.refresh(item, with_for_update={"of": Item})


def advance(session: Session, item: Item, act: str, now: datetime, reason: str = "") -> None:
    """Takes an item along a step of the program itself. Raises Refused where there is none."""
    hold(session, item)
    step = TRANSITIONS.get((item.status, act))
    if step is None or step.capability != SYSTEM:
        raise Refused("reviewing.too_late", id=item.id, status={"text": f"browsing.status_{item.status}"})
    before, item.status, item.updated_at = item.status, step.to, now
    _record(session, item, act, now, before, by=None, reason=reason)


def _record(
    session: Session, item: Item, act: str, now: datetime, before: str, *, by: int | None, reason: str
) -> None:
    audit.record(
        session,
        now,
        act,
        "item",
        item.id,
        by=by,
        before=before,
        after=item.status,
        reason=reason,
        version=item.version,
    )
    session.flush()
    overtaken.moved(session, item)


def _act(item: Item, act: str, programme: Programme, now: datetime) -> str:
    """The first approval of two, where the item's week lies in the time of an election."""
    first = act == "approve" and item.status == CHECKED and locked(item, programme, now)
    return "approve_first" if first else act


def locked(item: Item, programme: Programme, now: datetime) -> bool:
    """Whether an item would be out in the time of an election, when two controllers have to approve: in its
    week, or, where it is urgent, from now on."""
    if item.urgent:
        begins, ends = now, now + URGENT_DAYS
    else:
        begins = weeks.moment(item.week, programme.release, programme)
        ends = weeks.closing(item.week, programme)
    zone = programme.zone
    return any(
        begins.astimezone(zone).date() <= span.until and ends.astimezone(zone).date() >= span.begin
        for span in programme.election
    )


def lock_up(session: Session, now: datetime, programme: Programme) -> list[Item]:
    """Approved items that an election period made need a second approval go back for it; which."""
    back = []
    for item in session.scalars(select(Item).where(Item.status == APPROVED).order_by(Item.id)).all():
        over = not item.urgent and now >= weeks.closing(item.week, programme)
        if over or not locked(item, programme, now) or _approved_twice(session, item):
            continue
        try:
            advance(session, item, "lock", now)
        except Refused:
            continue  # it was returned or released in this very moment
        back.append(item)
    return back


def _approved_twice(session: Session, item: Item) -> bool:
    approvals = ("approve_first", "approve")
    return len({row.person_id for row in reviews.of(session, item) if row.act in approvals}) > 1


def _make_room(session: Session, item: Item, now: datetime) -> None:
    """The item that this one is a newer version of makes way. Raises Refused where another stands there,
    or a file cannot be used."""
    if "media" in drafts.missing(item):
        raise Refused("measuring.not_to_be_approved", id=item.id)
    old = session.get(Item, item.replaces_id) if item.replaces_id else None
    if old is not None:
        hold(session, old)
        if old.status == RELEASED and old.week == item.week:
            raise Refused("reviewing.old_released", id=item.id, old=old.id)
        if (old.status, "replace") in TRANSITIONS:
            advance(session, old, "replace", now, reason=str(item.id))
    if item.urgent:
        return  # it takes no week's place
    if other := content.planned(session, item.opd_id, item.week):
        raise _taken(item, other)


def require_step(
    session: Session,
    item: Item,
    act: str,
    by: Person,
    programme: Programme,
    *,
    shown: Seen | None = None,
) -> Step:
    """The step that this person may take with an item as it stands. Raises Refused as `move` does."""
    step = TRANSITIONS.get((item.status, act))
    if step is None or step.capability == SYSTEM:
        raise _too_late(session, item, by)
    if shown is not None and (shown.version, shown.edits) != (item.version, item.edits):
        raise Refused("reviewing.newer", id=item.id)
    if shown is not None and shown.status != item.status:
        raise _too_late(session, item, by)
    if not may(session, by, step.capability, item.opd_id, programme):
        raise Refused("roles.may_not")
    if step.own and by.id != item.author_id:
        raise Refused("roles.may_not")
    if step.review and by.id == item.author_id:
        raise Refused("reviewing.own_item")
    if step.review and act != "return" and _had_it(session, item, by):
        raise Refused("reviewing.had_it_before", id=item.id)
    return step


def may(session: Session, person: Person, capability: str, opd_id: int | None, programme: Programme) -> bool:
    """Whether somebody may do something with the items of an OPD (None: with those of the province)."""
    if capability == "submit":
        return authors.may_write(session, person, opd_id, programme.provincial_opd)
    if capability == "edit":
        return authors.may_edit(session, person, opd_id, programme.provincial_opd)
    return roles.may(session, person, capability, opd_id)


def reviewers(session: Session, item: Item, programme: Programme) -> list[Person]:
    """The people who may take the next step with an item, by id; none where it waits for nobody."""
    return crews.of(session, [item], programme)[item.id]


def _had_it(session: Session, item: Item, by: Person) -> bool:
    """Whether somebody reviewed this version before. An editor passes on what they themselves changed."""
    if by.id not in reviews.hands(session, item):
        return False
    return not (item.status == SUBMITTED and reviews.amended(session, item, by))


def _taken(item: Item, other: Item) -> Refused:
    return Refused("reviewing.week_taken", week=item.week, id=other.id, title=other.title)


def _too_late(session: Session, item: Item, by: Person | None) -> Refused:
    """What to say to whoever came second: who was first, and what became of the item."""
    who = session.get(Person, item.decided_by) if item.decided_by else None
    status = {"text": f"browsing.status_{item.status}"}
    if by is not None and by.id == item.author_id:
        return Refused("submitting.moved_on", id=item.id, status=status)
    decided = (*PLANNED, RETURNED, CONFIRMING, CHECKED, EDITED)
    if who is None or item.decided_at is None or item.status not in decided:
        return Refused("reviewing.too_late", id=item.id, status=status)
    said = {"id": item.id, "status": status, "at": item.decided_at.isoformat()}
    if by is not None and by.id == who.id:
        return Refused("reviewing.you_before", **said)
    return Refused("reviewing.somebody_first", who=who.name, **said)
