"""Evidence that needs no look, such as a link, is judged together with all that came in the meantime.

Most of it is clean, which a few statements tell of all of it at once; what may not be is gone through one by
one. In a flood there is hardly time for more.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.orm import Session

from models.programme.programme import Programme
from models.proofs import copying, examining, verdicts
from models.proofs.examining import Task
from models.shares import inspections, likenesses, standings
from models.shares.findings import Finding
from models.shares.inspections import SAMPLE, Inspection
from models.shares.shares import Evidence, Share


def together(session: Session, tasks: Sequence[Task], now: datetime, programme: Programme) -> list[str]:
    """Judges the shares of evidence that is no picture; their states, as far as all of their evidence has
    been looked at. The outcome is that of `one` for each of them."""
    clean = _clean(session, tasks) if programme.proofs.accept_clean else {}
    _accept(session, clean, now, programme)
    states = [standings.ACCEPTED] * len(set(clean.values()))
    others = (one(session, task, now, programme) for task in tasks if task.evidence_id not in clean)
    return states + [state for state in others if state]


def one(session: Session, task: Task, now: datetime, programme: Programme) -> str | None:
    """Judges one; see `examining.done`."""
    if later := copying.copied(session, task):
        copying.tell(session, task, later, now, programme)
    seen = [*examining.unseen(task), *copying.twice(session, task)]
    return examining.done(session, task, seen, now, programme)


def _clean(session: Session, tasks: Sequence[Task]) -> dict[int, int]:
    """Evidence in whose share nothing speaks against anything, and its share: links that nobody else has
    sent, of shares about which nothing else is known or asked. The shares are locked from here on."""
    links = {task.evidence_id: task for task in tasks if task.kind == "link" and not task.key}
    twice = _shared(session, links)
    links = {number: task for number, task in links.items() if task.post not in twice}
    held = _held(session, {task.share_id for task in links.values()})
    waiting = session.execute(
        select(Evidence.id, Evidence.share_id)
        .where(Evidence.id.in_(links), Evidence.examine_at.is_not(None))
        .order_by(Evidence.id)
        .with_for_update(of=Evidence)
    ).all()
    found = {number: share_id for number, share_id in waiting if held.get(share_id) == links[number].item_id}
    asked = _asked(session, found)
    return {number: share_id for number, share_id in found.items() if share_id not in asked}


def _shared(session: Session, links: dict[int, Task]) -> set[str]:
    """Those of the posts that more than one share leads to."""
    posts = {task.post for task in links.values() if task.post}
    chosen = (
        select(Evidence.post)
        .join(Share, Share.id == Evidence.share_id)
        # The second condition literally, so that SQLite takes the index of those that have one.
        .where(Evidence.post.in_(posts), text("evidence.post <> ''"))
        .where(Share.status.in_(likenesses.COMPARED))
        .group_by(Evidence.post)
        .having(func.count(Evidence.share_id.distinct()) > 1)
    )
    return set(session.scalars(chosen)) if posts else set()


def _held(session: Session, share_ids: Collection[int]) -> dict[int, int]:
    """Locks those of the shares that wait for the program's word; share → item. In one order, so that nobody
    waits in a circle."""
    rows = session.execute(
        select(Share.id, Share.item_id)
        .where(Share.id.in_(share_ids), Share.status == standings.RECEIVED)
        .order_by(Share.id)
        .with_for_update(of=Share)
    )
    return {share_id: item_id for share_id, item_id in rows}


def _asked(session: Session, found: dict[int, int]) -> set[int]:
    """Those of the shares of which more is known: other evidence that waits, a finding, somebody's look."""
    shares = set(found.values())
    more: Any = (
        select(Evidence.share_id)
        .outerjoin(Finding, Finding.evidence_id == Evidence.id)
        .where(Evidence.share_id.in_(shares))
        .where(or_(Finding.id.is_not(None), Evidence.examine_at.is_not(None) & Evidence.id.not_in(found)))
    )
    looks = select(Inspection.share_id).where(Inspection.share_id.in_(shares))
    return {*session.scalars(more), *session.scalars(looks)} if shares else set()


def _accept(session: Session, clean: dict[int, int], now: datetime, programme: Programme) -> None:
    if not clean:
        return
    shares = sorted(set(clean.values()))
    accepted = standings.after(standings.RECEIVED, "pass")
    session.execute(update(Evidence).where(Evidence.id.in_(sorted(clean))).values(examine_at=None))
    session.execute(update(Share).where(Share.id.in_(shares)).values(status=accepted, updated_at=now))
    for number in shares:
        if verdicts.drawn(number, programme.proofs.sample):
            inspections.open_one(session, session.get_one(Share, number), SAMPLE, now)
