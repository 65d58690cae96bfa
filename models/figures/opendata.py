"""Open data: what a closed week says of each OPD, with nothing in it that could name somebody.

Everything comes from the newest snapshots, to the digit. The rule of what is withheld:

1. An OPD of fewer than SMALL_OPD people: its roster is written "<10", all else "*".
2. A number of 1 or 2 is written "<3".
3. Where only one or two people of an OPD did *not* take part, the number of those who did is "*".
4. What a withheld number could be computed from is withheld as well, as "*": the participation, the larger
   part of the proofs, and of the platforms one more (the smallest of at least 4; where there is none, all).
   For the same reason there is no line of totals.

Source: the threshold and the complementary suppression of official statistics (Hundepool and others,
"Statistical Disclosure Control", 2012).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.figures.snapshots import Digest
from models.shares import shares

SMALL_OPD = 10  # people
LEAST = 3
FEW, HIDDEN, FEW_PEOPLE = f"<{LEAST}", "*", f"<{SMALL_OPD}"
PLATFORMS = (*shares.PLATFORMS, "unknown")
PROOFS = ("accepted", "waiting", "rejected")

Cell = int | float | str | None


def closed(session: Session, first: str, last: str) -> list[Digest]:
    """The newest snapshots of the closed weeks from `first` to `last`, oldest first."""
    found = session.scalars(
        select(Digest).where(Digest.week >= first, Digest.week <= last).order_by(Digest.week, Digest.version)
    )
    return list({digest.week: digest for digest in found}.values())


def rows(digests: Sequence[Digest]) -> Iterator[tuple[Cell, ...]]:
    """One row a week and OPD, ordered by week and code: week, version, code, name, roster, active,
    participation (0 to 1), shares, those of each of PLATFORMS, and the PROOFS.

    None is what the snapshot does not know: it was made before that was counted.
    """
    for digest in digests:
        for opd in sorted(digest.figures["opd"], key=lambda opd: str(opd["code"])):
            yield digest.week, digest.version, opd["code"], opd["name"], *_cells(opd)


def _cells(opd: Mapping[str, Any]) -> tuple[Cell, ...]:
    if opd["roster"] < SMALL_OPD:
        return FEW_PEOPLE, *[HIDDEN] * (3 + len(PLATFORMS) + len(PROOFS))
    total = opd.get("shares")
    return (
        opd["roster"],
        *_people(opd),
        total if total is None else few(total),
        *_platforms(opd.get("platforms"), total),
        *_proofs(opd.get("quality")),
    )


def few(number: int) -> Cell:
    """A number, or that it is too small to be shown."""
    return FEW if 0 < number < LEAST else number


def _people(opd: Mapping[str, Any]) -> tuple[Cell, Cell]:
    """Who was active, and participation."""
    active, roster = opd["active"], opd["roster"]
    if 0 < active < LEAST:
        return FEW, HIDDEN
    if 0 < roster - active < LEAST:
        return HIDDEN, HIDDEN
    return active, opd["participation"]


def _platforms(known: Mapping[str, int] | None, total: int | None) -> list[Cell]:
    if known is None:
        return [None] * len(PLATFORMS)
    numbers = [known.get(name, 0) for name in PLATFORMS]
    cells = [few(number) for number in numbers]
    if FEW not in cells:
        return cells
    # The sum is known: a single gap could be filled.
    another = min((number for number in numbers if number > LEAST), default=None)
    if another is None or total is None or total < LEAST:
        return [HIDDEN] * len(cells)
    cells[numbers.index(another)] = HIDDEN
    return cells


def _proofs(known: Mapping[str, int] | None) -> list[Cell]:
    if known is None:
        return [None] * len(PROOFS)
    accepted, waiting, rejected = (few(known[name]) for name in PROOFS)
    # What is accepted and what waits add up to the shares.
    if accepted == FEW and waiting != FEW:
        waiting = HIDDEN
    elif waiting == FEW and accepted != FEW:
        accepted = HIDDEN
    return [accepted, waiting, rejected]
