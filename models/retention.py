"""What is not kept for ever: the pictures of proofs, as long as the programme says and no longer.

The share, its evidence and its fingerprint stay: what was counted stays counted, and a picture sent again
after a year is still known. The picture itself shows people's phones and names, and goes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, text, update
from sqlalchemy.orm import Session, aliased

from models.files import STORED, FileCopy, Media
from models.inspections import Inspection
from models.programme import Programme
from models.shares import Evidence

OVER, GONE = "over", "gone"  # to be deleted from the store; deleted
# A proof, what was made of it for whoever looks at it, and lists of people that somebody asked for.
PURPOSES = ("proof", "pair", "export")


@dataclass(frozen=True, slots=True)
class Old:
    """A file whose time is over; `key` is "" where another one that is still kept has the same content."""

    media_id: int
    key: str


def let_go(session: Session, now: datetime, programme: Programme) -> int:
    """Marks the pictures of proofs that are older than `proofs.keep_weeks`; how many. What somebody still has
    to look at stays."""
    open_look = (
        select(Inspection.id)
        .join(Evidence, Evidence.share_id == Inspection.share_id)
        .where(Evidence.media_id == Media.id, Inspection.decided_at.is_(None))
    )
    marked = session.execute(
        update(Media)
        .where(
            Media.purpose.in_(PURPOSES),
            Media.status == STORED,
            Media.created_at < now - timedelta(weeks=programme.proofs.keep_weeks),
            ~exists(open_look.correlate(Media)),
        )
        .values(status=OVER)
        .returning(Media.id)
        .execution_options(synchronize_session=False)
    )
    return len(marked.all())


def over(session: Session, limit: int) -> list[Old]:
    """Files to delete from the store, so many at most."""
    twin = aliased(Media, name="twin")
    # Literally, so that SQLite takes the index of those that have one.
    keyed = text("twin.key <> ''")
    same = select(twin.id).where(twin.key == Media.key, keyed, twin.id != Media.id, twin.status == STORED)
    rows = session.execute(
        select(Media.id, Media.key, exists(same.correlate(Media)).label("shared"))
        .where(text("media.status = 'over'"))
        .order_by(Media.id)
        .limit(limit)
    )
    return [Old(row.id, "" if row.shared else row.key) for row in rows]


def deleted(session: Session, media_ids: Collection[int]) -> None:
    """Notes that files are gone from the store; the ids that channels know them by are forgotten as well."""
    session.execute(delete(FileCopy).where(FileCopy.media_id.in_(media_ids)))
    session.execute(
        update(Media)
        .where(Media.id.in_(media_ids))
        .values(status=GONE, key="")
        .execution_options(synchronize_session=False)
    )
