"""Every privileged act: who, when, what, from, to, why. Rows are added, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, BigId


class Entry(Base):
    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the program or an operator
    act: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[str]
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(
    session: Session,
    now: datetime,
    act: str,
    subject: str,
    subject_id: object,
    *,
    by: int | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    **detail: Any,
) -> None:
    """Adds one row; `by` is the person's id, None for the program itself or the command line."""
    session.add(
        Entry(
            at=now,
            actor_id=by,
            act=act,
            subject=subject,
            subject_id=str(subject_id),
            before=before,
            after=after,
            reason=reason,
            detail=detail,
        )
    )
