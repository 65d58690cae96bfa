"""The files of the Wednesday pack, read from the database."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.figures import snapshots
from models.figures.snapshots import Digest
from models.programme import weeks


def workbook(session: Session, digest_id: int, zone: ZoneInfo) -> tuple[str, bytes]:
    """The week of a snapshot, and its XLSX."""
    from bot.reports import pack_book

    digest = session.get_one(Digest, digest_id)
    return digest.week, pack_book.workbook(digest, compared(session, digest), zone)


def paper(session: Session, digest_id: int, zone: ZoneInfo) -> tuple[str, bytes]:
    """The week of a snapshot, and its PDF."""
    from bot.reports import paper as sheet  # matplotlib takes a second that most processes never need

    digest = session.get_one(Digest, digest_id)
    return digest.week, sheet.pages(digest, zone)


def compared(session: Session, digest: Digest) -> Digest | None:
    """What "last week" was when a week was closed: later corrections of that one leave this one as it is, and
    weeks without a release are compared with nothing."""
    if not digest.figures.get("released", True):
        return None
    closed = snapshots.versions(session, digest.week)[0].at
    first = weeks.shift(digest.week, 1 - snapshots.TREND_WEEKS)
    return session.scalar(
        select(Digest)
        .where(
            Digest.week >= first,
            Digest.week < digest.week,
            Digest.at <= closed,
            Digest.figures["released"].as_boolean().is_not(False),
        )
        .order_by(Digest.week.desc(), Digest.version.desc())
        .limit(1)
    )
