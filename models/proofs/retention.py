"""What is not kept for ever: the pictures of proofs, as long as the programme says and no longer.

Of what somebody took back, and of the sheets that were made for whoever looks at proofs, the pictures go
after `proofs.keep_withdrawn_days`; a sheet that is asked for later is made anew.

The share, its evidence and its fingerprint stay: what was counted stays counted, and a picture sent again
after a year is still known. The picture itself shows people's phones and names, and goes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, delete, exists, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from models.messages.files import STORED, FileCopy, Media
from models.programme import weeks
from models.programme.programme import Programme
from models.shares import standings
from models.shares.inspections import Inspection
from models.shares.shares import Evidence, Share

OVER, GONE = "over", "gone"  # to be deleted from the store; deleted
# A proof, what was made of it for whoever looks at it, and lists of people that somebody asked for.
PROOF, PAIR, EXPORT = "proof", "pair", "export"


@dataclass(frozen=True, slots=True)
class Old:
    """A file whose time is over; `key` is "" where another one that is still kept has the same content."""

    media_id: int
    key: str


def let_go(session: Session, now: datetime, programme: Programme) -> int:
    """Marks the pictures of proofs whose time is over, as said above; how many. What somebody still has to
    look at stays."""
    policy = programme.proofs
    old, soon = now - timedelta(weeks=policy.keep_weeks), now - timedelta(days=policy.keep_withdrawn_days)
    open_look = (
        select(Inspection.id)
        .join(Evidence, Evidence.share_id == Inspection.share_id)
        .where(Evidence.media_id == Media.id, Inspection.decided_at.is_(None))
    )
    marked = session.execute(
        update(Media)
        .where(
            Media.status == STORED,
            or_(
                and_(Media.purpose == PROOF, Media.created_at < old, ~exists(open_look.correlate(Media))),
                and_(Media.purpose.in_((PAIR, EXPORT)), Media.created_at < soon),
                Media.id.in_(_taken_back(now, soon, programme)),
            ),
        )
        .values(status=OVER)
        .returning(Media.id)
        .execution_options(synchronize_session=False)
    )
    return len(marked.all())


def _taken_back(now: datetime, before: datetime, programme: Programme) -> Select[int | None]:
    """The files of shares that were withdrawn before a moment, and of no others."""
    # Of these weeks, so that the index of the figures finds the few; the files of older ones are gone.
    week = weeks.of(now, programme)
    recent = ["", *(weeks.shift(week, -by) for by in range(programme.proofs.keep_weeks + 2))]
    still = aliased(Share, name="still")
    piece = aliased(Evidence, name="piece")
    kept = select(piece.id).join(still, still.id == piece.share_id)
    return (
        select(Evidence.media_id)
        .join(Share, Share.id == Evidence.share_id)
        .where(
            Share.week.in_(recent),
            Share.status == standings.WITHDRAWN,
            Share.updated_at < before,
            Evidence.media_id.is_not(None),
            ~kept.where(
                piece.media_id == Evidence.media_id,
                or_(still.status != standings.WITHDRAWN, still.updated_at >= before),
            ).exists(),
        )
    )


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
