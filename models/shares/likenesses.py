"""Fingerprints of the pictures that were sent as proof, and which of a million are near to one.

Honest pictures of one item are near to each other anyway: those of the same item are compared by their tiles,
one by one. Of other items only what is near as a whole can be the same upload.

The hash of the whole picture is cut into four bands of 16 bits. Two hashes that differ in at most seven
bits differ in at most one bit of some band (seven differences in four bands), so that a look-up of 17 values
in each of four indexes finds all of them, and no more than the bands bring is compared bit by bit.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Executable,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    any_,
    bindparam,
    cast,
    delete,
    func,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base
from models.shares import standings
from models.shares.shares import Evidence, Share

RADIUS = 7  # differing bits of 64; what four bands with a radius of one each find without a miss
ELSEWHERE = 6  # differing bits within which a picture of another item is looked at
OF_ITEM = (
    5_000  # pictures of one item that are looked at, the newest: those of an item of the province are more
)
_BANDS, _BITS = 4, 16
_MOST = 500  # parameters of one statement
# Nobody is compared with what they have withdrawn, or what was rejected: it may be sent again.
COMPARED = (*standings.COUNTED, standings.APPEALED)


class Likeness(Base):
    """The fingerprint of a piece of evidence: `whole` of the picture (64 bits, signed), its bands, and the
    hashes of its `tiles`, by which copies are told from honest pictures of the same item."""

    __tablename__ = "likeness"
    __table_args__ = (
        Index("ix_likeness_item", "item_id", "evidence_id"),
        # With all that a look-up asks for: the rows themselves, with their tiles, are not touched.
        *(Index(f"ix_likeness_band{nth}", f"band{nth}", "whole", "evidence_id") for nth in range(_BANDS)),
    )

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    whole: Mapped[int] = mapped_column(BigInteger)
    band0: Mapped[int]
    band1: Mapped[int]
    band2: Mapped[int]
    band3: Mapped[int]
    tiles: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Near:
    """A picture that is near to another one: whose evidence it is, of which share, and its tiles."""

    evidence_id: int
    share_id: int
    person_id: int
    tiles: bytes


def bands(whole: int) -> tuple[int, int, int, int]:
    """The four parts of a hash of 64 bits, the highest first."""
    value = whole & 0xFFFF_FFFF_FFFF_FFFF
    first, second, third, fourth = ((value >> shift) & 0xFFFF for shift in (48, 32, 16, 0))
    return first, second, third, fourth


def distance(one: int, other: int) -> int:
    """In how many of their 64 bits two hashes differ."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


def keep(session: Session, evidence_id: int, item_id: int, whole: int, tiles: bytes) -> None:
    """Writes down the fingerprint of a piece of evidence of an item; that of an earlier look is replaced."""
    parts = {f"band{nth}": part for nth, part in enumerate(bands(whole))}
    values = {"item_id": item_id, "whole": whole, "tiles": tiles, **parts}
    made = base.insert(session, Likeness).values(evidence_id=evidence_id, **values)
    session.execute(made.on_conflict_do_update(index_elements=[Likeness.evidence_id], set_=values))


def forget(session: Session, evidence_ids: Collection[int]) -> None:
    """Evidence that moves to another item gets a fingerprint anew."""
    session.execute(delete(Likeness).where(Likeness.evidence_id.in_(evidence_ids)))


_likeness = base.table(Likeness).c


def _in_bands(among: Callable[[ColumnElement[int], str], ColumnElement[bool]]) -> CompoundSelect[int, int]:
    """What the bands bring, `among` saying how a band is compared with the values of a parameter."""
    return union_all(
        *(
            select(_likeness.evidence_id, _likeness.whole).where(among(_likeness[f"band{nth}"], f"near{nth}"))
            for nth in range(_BANDS)
        )
    )


_NEIGHBOURS = _in_bands(lambda band, name: band.in_(bindparam(name, expanding=True)))
# PostgreSQL takes a list as one value and counts bits itself: less to plan, and fewer rows come over.
_found = _in_bands(lambda band, name: band == any_(bindparam(name, type_=ARRAY(Integer)))).subquery("found")
_apart = func.bit_count(cast(_found.c.whole.bitwise_xor(bindparam("whole", type_=BigInteger)), BIT(64)))
_COUNTED = select(_found.c.evidence_id, _found.c.whole).where(_apart <= bindparam("radius"))


def neighbours(session: Session, whole: int, radius: int = RADIUS) -> list[int]:
    """The evidence whose hash differs from `whole` in at most `radius` bits (at most `RADIUS`), in order:
    exactly what comparing with every row would find."""
    if radius > RADIUS:
        raise ValueError(f"the bands find what is within {RADIUS} bits")
    asked: dict[str, object] = {f"near{nth}": _around(part) for nth, part in enumerate(bands(whole))}
    statement: Executable = _NEIGHBOURS
    if session.get_bind().dialect.name == "postgresql":
        statement, asked = _COUNTED, {**asked, "whole": whole, "radius": radius}
    rows = session.execute(statement, asked)
    return sorted({number for number, other in rows if distance(whole, other) <= radius})


def _around(part: int) -> list[int]:
    """A band and the sixteen that differ from it in one bit."""
    return [part, *(part ^ (1 << bit) for bit in range(_BITS))]


def near(session: Session, whole: int, item_id: int, share_id: int) -> list[Near]:
    """The pictures of other shares that may be the same upload, those that came later included: the newest
    `OF_ITEM` of the item, and of other items those that are near as a whole."""
    chosen = (
        select(Evidence.id, Evidence.share_id, Share.person_id, Likeness.tiles)
        .join(Share, Share.id == Evidence.share_id)
        .join(Likeness, Likeness.evidence_id == Evidence.id)
        .where(Evidence.share_id != share_id, Share.status.in_(COMPARED))
    )
    of_item = chosen.where(Likeness.item_id == item_id).order_by(Likeness.evidence_id.desc()).limit(OF_ITEM)
    found = [Near(*row) for row in session.execute(of_item)]
    numbers = neighbours(session, whole, ELSEWHERE)
    for first in range(0, len(numbers), _MOST):
        some = Likeness.evidence_id.in_(numbers[first : first + _MOST])
        rows = session.execute(chosen.where(some, Likeness.item_id != item_id))
        found += [Near(*row) for row in rows]
    return found
