"""What the program saw in a piece of evidence, and whether that is reason for a person to look.

A finding accuses nobody: it says what to look at.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.shares.shares import Evidence

# A picture shows the item that was sent; the item has nothing that a picture could show.
SHOWS, INCOMPARABLE = "shows", "incomparable"
# It shows another item; it shows no item that we know; it cannot be read; it is no picture at all.
OTHER_ITEM, UNSEEN, UNREADABLE, NO_PICTURE = "other_item", "unseen", "unreadable", "no_picture"
BARE = "bare"  # the item as we sent it, with nothing of an app around it
# Somebody else sent the same file, screenshot or link; or the person did, for another share.
SAME_FILE, SAME_UPLOAD, SAME_LINK, OWN_AGAIN = "same_file", "same_upload", "same_link", "own_again"

TWICE = (SAME_FILE, SAME_UPLOAD, SAME_LINK, OWN_AGAIN)
UNPROVED = (BARE, OTHER_ITEM, UNSEEN, UNREADABLE, NO_PICTURE)
KINDS = (SHOWS, INCOMPARABLE, *UNPROVED, *TWICE)
_MOST = 500  # parameters of one statement


class Finding(Base):
    """`other_id` is the evidence that it is about besides its own; `item_id` the item that was seen; `score`
    from 0 to 1 says how sure the program is."""

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    kind: Mapped[str]
    other_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    score: Mapped[float] = mapped_column(default=1.0)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding before it is written down; fields as in `Finding`."""

    kind: str
    other_id: int | None = None
    item_id: int | None = None
    score: float = 1.0


def note(session: Session, evidence_id: int, seen: Iterable[Seen], now: datetime) -> None:
    """Writes down what was seen in a piece of evidence."""
    session.add_all(
        Finding(
            evidence_id=evidence_id,
            kind=one.kind,
            other_id=one.other_id,
            item_id=one.item_id,
            score=one.score,
            at=now,
        )
        for one in seen
    )
    session.flush()


def known_twice(session: Session, evidence_ids: Sequence[int]) -> set[int]:
    """Those of these pieces of evidence of which it is known that they were sent before."""
    chosen = select(Finding.evidence_id).where(Finding.kind.in_(TWICE))
    found: set[int] = set()
    for first in range(0, len(evidence_ids), _MOST):
        found.update(
            session.scalars(chosen.where(Finding.evidence_id.in_(evidence_ids[first : first + _MOST])))
        )
    return found


def forget(session: Session, evidence_ids: Collection[int]) -> None:
    """What was seen in evidence that is now about another item counts no more."""
    session.execute(delete(Finding).where(Finding.evidence_id.in_(evidence_ids)))


def forget_own(session: Session, share_id: int) -> None:
    """Drops what was said of pieces of one share looking like each other: they show one posting."""
    pieces = select(Evidence.id).where(Evidence.share_id == share_id)
    session.execute(
        delete(Finding).where(
            Finding.kind == OWN_AGAIN, Finding.evidence_id.in_(pieces), Finding.other_id.in_(pieces)
        )
    )


def of_share(session: Session, share_id: int) -> Sequence[Finding]:
    """Everything that was seen in the evidence of a share, in order."""
    return session.scalars(
        select(Finding)
        .join(Evidence, Evidence.id == Finding.evidence_id)
        .where(Evidence.share_id == share_id)
        .order_by(Finding.id)
    ).all()


def doubts(kinds: Collection[str], *, incomparable: bool) -> list[str]:
    """The reasons for a person to look at a share, of the kinds of its findings; none: it is clean.

    One picture that shows the item is enough, whatever else an album holds; what was sent twice is a
    doubt all the same. `incomparable` says whether an item without a picture is a reason by itself.
    """
    twice = [kind for kind in TWICE if kind in kinds]
    if twice or SHOWS in kinds:
        return twice
    unproved = [kind for kind in UNPROVED if kind in kinds]
    return unproved or ([INCOMPARABLE] if incomparable and INCOMPARABLE in kinds else [])
