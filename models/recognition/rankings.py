"""How OPD compare: by participation, among those of their size, in the newest closed week. Never people."""

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.figures.snapshots import Digest
from models.figures.weekly import OpdFigures, WeekFigures


def newest(session: Session) -> WeekFigures | None:
    """The figures of the newest closed week, in their newest version; None before there is one."""
    found = session.scalar(select(Digest).order_by(Digest.week.desc(), Digest.version.desc()).limit(1))
    return cast(WeekFigures, found.figures) if found else None


def of_band(figures: WeekFigures, band: str) -> list[tuple[int, OpdFigures]]:
    """The OPD of a size band with their places, the best first; equal ones share a place."""
    peers = sorted(
        (opd for opd in figures["opd"] if opd["band"] == band),
        key=lambda opd: (-opd["participation"], opd["name"]),
    )
    parts = [opd["participation"] for opd in peers]
    return [(1 + parts.index(opd["participation"]), opd) for opd in peers]
