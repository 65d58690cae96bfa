"""What the program looks at by itself: each piece of evidence once, soon after it is here.

The looking itself (pictures) is done outside; here is what waits for it, what rows alone can tell, and
what becomes of the result.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from models.content import albums, states
from models.content.cards import CARD
from models.content.content import Item
from models.messages import files
from models.messages.files import Media
from models.messages.outbox import Outbound
from models.programme.programme import Programme
from models.proofs import verdicts
from models.shares import findings, shares
from models.shares.findings import Seen
from models.shares.shares import Evidence, Share

ATTEMPTS = 5  # then a person looks
BACKOFF = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of evidence to look at: whose, of which item and week, and where its file is.

    `key` is "" where there is no file (a link), or none that could be fetched.
    """

    evidence_id: int
    share_id: int
    person_id: int
    item_id: int
    week: str
    kind: str
    post: str
    key: str
    mime: str
    sha256: str
    attempts: int  # this one included

    @property
    def pictured(self) -> bool:
        """Whether it is a picture that we have."""
        return bool(self.key) and self.mime.startswith("image/")


def due(session: Session, now: datetime, limit: int, lease: timedelta) -> list[Task]:
    """Takes evidence to look at whose file is here (or never will be); nobody else gets it during the lease.

    Looking twice does no harm: the result is written down once.
    """
    here = or_(Evidence.media_id.is_(None), Media.status.in_((files.STORED, files.FAILED)))
    chosen = (
        select(Evidence.id)
        .outerjoin(Media, Media.id == Evidence.media_id)
        .where(Evidence.examine_at <= now, here)
        .order_by(Evidence.examine_at, Evidence.id)
        .limit(limit)
        .with_for_update(of=Evidence, skip_locked=True)
    )
    ids = list(session.scalars(chosen))
    if not ids:
        return []
    session.execute(
        update(Evidence)
        .where(Evidence.id.in_(ids))
        # Counted now: a picture that ends the process is an attempt, too.
        .values(examine_at=now + lease, attempts=Evidence.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    rows = session.execute(
        select(
            Evidence.id.label("evidence_id"),
            Evidence.share_id,
            Share.person_id,
            Share.item_id,
            Share.week,
            Evidence.kind,
            Evidence.post,
            func.coalesce(Media.key, "").label("key"),
            func.coalesce(Media.mime, "").label("mime"),
            func.coalesce(Media.sha256, "").label("sha256"),
            Evidence.attempts,
        )
        .join(Share, Share.id == Evidence.share_id)
        .outerjoin(Media, Media.id == Evidence.media_id)
        .where(Evidence.id.in_(ids))
        .order_by(Evidence.id)
    )
    return [Task(**row) for row in rows.mappings()]


def next_due(session: Session) -> datetime | None:
    """When the next piece may be looked at; None when none waits."""
    return session.scalar(select(func.min(Evidence.examine_at)).where(Evidence.examine_at.is_not(None)))


def done(
    session: Session, task: Task, seen: Iterable[Seen], now: datetime, programme: Programme
) -> str | None:
    """Writes down what was seen, and judges the share once all its evidence has been looked at.

    The share's state; None while other evidence waits, when this piece was done before, or when it was moved
    to another item while it was being looked at: then it is looked at once more.
    """
    share = shares.locked(session, _share_of(session, task))
    evidence = session.get_one(Evidence, task.evidence_id, with_for_update=True, populate_existing=True)
    if evidence.examine_at is None:
        return None
    if share.item_id != task.item_id or evidence.share_id != share.id:
        evidence.examine_at, evidence.attempts = now, 0
        return None
    evidence.examine_at = None
    findings.note(session, task.evidence_id, seen, now)
    return judge(session, share.id, now, programme)


def _share_of(session: Session, task: Task) -> int:
    """The share that the evidence belongs to now: it may have joined another one, as the same posting."""
    return session.scalars(select(Evidence.share_id).where(Evidence.id == task.evidence_id)).one()


def judge(session: Session, share_id: int, now: datetime, programme: Programme) -> str | None:
    """Judges a share by all that was seen in its evidence; its state, None while some of it waits to be
    looked at."""
    share = shares.locked(session, share_id)
    waits = select(Evidence.id).where(Evidence.share_id == share.id, Evidence.examine_at.is_not(None))
    if session.scalar(waits.limit(1)) is not None:
        return None
    return verdicts.conclude(session, share, now, programme)


def failed(session: Session, task: Task, now: datetime, programme: Programme) -> None:
    """It could not be looked at this time: again later, and after a few times by a person."""
    evidence = session.get_one(Evidence, task.evidence_id, with_for_update=True)
    if evidence.examine_at is None:
        return
    if task.attempts >= ATTEMPTS:
        done(session, task, [Seen(findings.UNREADABLE)], now, programme)
    else:
        evidence.examine_at = now + BACKOFF * 2 ** (task.attempts - 1)


def files_of(session: Session, item_id: int) -> list[tuple[str, str]]:
    """The pictures and films of an item, as (key in the store, MIME type)."""
    item = session.get_one(Item, item_id)
    return [(media.key, media.mime) for media in albums.of(session, item) if media.key]


def others(session: Session, task: Task, most: int) -> dict[int, list[tuple[str, str]]]:
    """The files of other items that a picture may show instead: those of the same OPD (or of the province)
    that went out last, and those that came to this person; so many of each at most."""
    item = session.get_one(Item, task.item_id)
    siblings = (
        select(Item.id)
        .where(
            Item.opd_id.is_not_distinct_from(item.opd_id),
            Item.id != item.id,
            Item.status.in_((states.RELEASED, states.CLOSED)),
        )
        .order_by(Item.week.desc(), Item.id.desc())
        .limit(most)
    )
    came = (
        select(Outbound.item_id)
        .where(
            Outbound.person_id == task.person_id,
            Outbound.part == CARD,
            Outbound.item_id.is_not(None),
            Outbound.item_id != item.id,
        )
        .order_by(Outbound.id.desc())
        .limit(most)
    )
    numbers = dict.fromkeys([*session.scalars(siblings), *session.scalars(came)])
    return {number: files_of(session, number) for number in numbers if number is not None}


def unseen(task: Task) -> Sequence[Seen]:
    """What is to be said of evidence that is no picture: a link speaks for itself, a film needs a person."""
    if task.kind == "link":
        return ()
    return (Seen(findings.NO_PICTURE if task.key else findings.UNREADABLE),)
