"""The same file or link sent twice, by two people or for two shares, whichever of them is looked at first.

Who was first is who came first (`Evidence.id`); only the later one is said to be a copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select, text
from sqlalchemy.orm import Session

from models.messages.files import Media
from models.programme.programme import Programme
from models.proofs import examining
from models.proofs.examining import Task
from models.shares import findings, likenesses, shares
from models.shares.findings import Seen
from models.shares.shares import Evidence, Share


def twice(session: Session, task: Task) -> list[Seen]:
    """What rows alone tell: the same file or link in an earlier share of somebody else, or in another of
    one's own."""
    found = []
    for kind, condition in _same(task):
        row = session.execute(
            _others_with(task, condition)
            .where(Evidence.id < task.evidence_id)
            .order_by((Share.person_id == task.person_id), Evidence.id)
            .limit(1)
        ).first()
        if row is not None:
            own = row.person_id == task.person_id
            found.append(Seen(findings.OWN_AGAIN if own else kind, other_id=row.id))
    # The other one may have been looked at in the same moment, and have told it already.
    return [] if found and findings.known_twice(session, [task.evidence_id]) else found


@dataclass(frozen=True, slots=True)
class Later:
    """A piece of evidence that turns out to have been sent before: by the one that was looked at now, whose
    file was here later, or in the same moment. `kind` is that of its finding."""

    evidence_id: int
    kind: str


def copied(session: Session, task: Task) -> list[Later]:
    """The other way round than `twice`: later pieces with the same file or link, of which nobody knows yet
    that they were sent before. What was withdrawn or rejected accuses nobody."""
    found = []
    for kind, condition in _same(task):
        rows = session.execute(
            _others_with(task, condition).where(Evidence.id > task.evidence_id).order_by(Evidence.id)
        ).all()
        known = findings.known_twice(session, [row.id for row in rows])
        found += [
            Later(row.id, findings.OWN_AGAIN if row.person_id == task.person_id else kind)
            for row in rows
            if row.id not in known
        ]
    return found if found and _compared(session, task) else []


def _compared(session: Session, task: Task) -> bool:
    return session.scalar(select(Share.status).where(Share.id == task.share_id)) in likenesses.COMPARED


def _same(task: Task) -> list[tuple[str, ColumnElement[bool]]]:
    """Conditions for the same file and the same link, each with the kind of its finding."""
    same: list[tuple[str, ColumnElement[bool]]] = []
    if task.sha256:
        same.append((findings.SAME_FILE, Media.sha256 == task.sha256))
    if task.post:
        # Literally, so that SQLite takes the index of those that have one.
        same.append((findings.SAME_LINK, and_(Evidence.post == task.post, text("evidence.post <> ''"))))
    return same


def _others_with(task: Task, condition: ColumnElement[bool]) -> Select[int, int]:
    return (
        select(Evidence.id, Share.person_id)
        .join(Share, Share.id == Evidence.share_id)
        .outerjoin(Media, Media.id == Evidence.media_id)
        .where(condition, Evidence.share_id != task.share_id, Share.status.in_(likenesses.COMPARED))
    )


def tell(
    session: Session, task: Task, later: Sequence[Later], now: datetime, programme: Programme
) -> list[str]:
    """Notes of later pieces that they are copies of this one, and judges their shares anew; the states of
    those that were judged.

    Of two copies that are looked at in the same moment neither need have seen the other as it was compared.
    Both have been kept before, though, so whoever looks last finds the other one, earlier or later. This is
    done before the own look is written down: after a crash it is done again.
    """
    kinds = {one.evidence_id: one.kind for one in later}
    chosen = select(Evidence.id, Evidence.share_id).where(Evidence.id.in_(kinds)).order_by(Evidence.share_id)
    rows = session.execute(chosen).all()
    for share_id in sorted({row.share_id for row in rows}):
        shares.locked(session, share_id)
    known = findings.known_twice(session, list(kinds))
    states = []
    for number in dict.fromkeys(row.share_id for row in rows if row.id not in known):
        for row in rows:
            if row.share_id == number and row.id not in known:
                findings.note(session, row.id, [Seen(kinds[row.id], other_id=task.evidence_id)], now)
        if state := examining.judge(session, number, now, programme):
            states.append(state)
    return states
