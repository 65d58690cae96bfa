"""A message that takes several calls (a long text, a document and its words) has several names.

Which of its pieces are out stands in its row, in order: "SM1,SM2". This table leads from each of these names
to the row, and says what the channel has reported of that piece.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base, BigId
from models.messages.outbox import FAILED, SENT, Outbound


class Piece(Base):
    """One piece that is out; `delivery` and `error_code` are what was reported of it, as in the outbox."""

    __tablename__ = "message_piece"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    delivery: Mapped[str] = mapped_column(default="")
    error_code: Mapped[str] = mapped_column(default="")
    delivered_at: Mapped[datetime | None]


@dataclass(slots=True)
class Reported:
    """What is known of one piece of the row `row` (the columns of the outbox that were asked for)."""

    id: int
    external_id: str
    delivery: str
    error_code: str
    delivered_at: datetime | None
    row: Any


def split(names: str) -> tuple[str, ...]:
    """The names of the pieces that are out, in order; "" for one whose name nobody knows."""
    return tuple(names.split(",")) if names else ()


NAMES = (Outbound.external_id, Outbound.pieces)


def names(row: Any) -> list[str]:
    """All names of a row's message, of which `NAMES` were asked for."""
    return [*dict.fromkeys(name for name in (*split(row.pieces), row.external_id) if name)]


def note(session: Session, found: Mapping[int, Sequence[str]]) -> None:
    """Writes down which pieces of rows are out: outbox id → their names. What is known already stays."""
    found = {number: some for number, some in found.items() if any(some)}
    if not found:
        return
    channels = session.execute(select(Outbound.id, Outbound.channel).where(Outbound.id.in_(found)))
    rows = [
        {"channel": channel, "external_id": name, "outbox_id": number, "delivery": "", "error_code": ""}
        for number, channel in channels
        for name in found[number]
        if name
    ]
    if rows:
        session.execute(base.insert(session, Piece).on_conflict_do_nothing(), rows)


def stray(session: Session, channel: str, name: str, number: int) -> None:
    """Notes that a message, which is none of the pieces of row `number` as it stands, was meant for it."""
    values = {"channel": channel, "external_id": name, "outbox_id": number, "delivery": "", "error_code": ""}
    session.execute(base.insert(session, Piece).values(values).on_conflict_do_nothing())


def known(session: Session, channel: str, external_ids: Collection[str]) -> set[str]:
    """Which of these names are those of pieces, of whatever attempt."""
    chosen = select(Piece.external_id).where(
        Piece.channel == channel, Piece.external_id.in_(list(external_ids))
    )
    return set(session.scalars(chosen)) if external_ids else set()


_COLUMNS = [
    column.label(f"piece_{column.name}")
    for column in base.table(Piece).c
    if column.name in ("id", "external_id", "delivery", "error_code", "delivered_at")
]


def of(session: Session, channel: str, external_ids: Collection[str], *columns: Any) -> list[Reported]:
    """All pieces of the rows that one of these names belongs to, each with `columns` of its row.

    Only rows that went out whole: one that is still on its way is asked for again later, and a name of an
    attempt that was given up is no piece of its row any more.
    """
    if not external_ids:
        return []
    named = select(Piece.outbox_id).where(Piece.channel == channel, Piece.external_id.in_(list(external_ids)))
    rows = session.execute(
        select(*_COLUMNS, *columns)
        .join(Outbound, Outbound.id == Piece.outbox_id)
        .where(
            Piece.outbox_id.in_(named),
            Outbound.status.in_((SENT, FAILED)),
            Outbound.external_id != "",
            ("," + Outbound.pieces + ",").contains("," + Piece.external_id.cast(String) + ","),
        )
        .order_by(Piece.id)
    )
    return [
        Reported(
            row.piece_id,
            row.piece_external_id,
            row.piece_delivery,
            row.piece_error_code,
            row.piece_delivered_at,
            row,
        )
        for row in rows
    ]


def report(session: Session, changed: Sequence[Reported]) -> None:
    """Writes down what was reported of pieces."""
    if changed:
        session.connection().execute(
            update(Piece)
            .where(Piece.id == bindparam("b_id"))
            .values(
                delivery=bindparam("b_delivery"),
                error_code=bindparam("b_code"),
                delivered_at=bindparam("b_at"),
            ),
            [
                {
                    "b_id": one.id,
                    "b_delivery": one.delivery,
                    "b_code": one.error_code,
                    "b_at": one.delivered_at,
                }
                for one in sorted(changed, key=lambda one: one.id)
            ],
        )
