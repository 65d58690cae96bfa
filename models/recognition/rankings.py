"""How OPD compare: by participation, among those of their size, in the newest closed week. Never people."""

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.figures import figures as counted
from models.figures.snapshots import Digest
from models.figures.weekly import OpdFigures, WeekFigures


def newest(session: Session) -> WeekFigures | None:
    """The figures of the newest closed week, in their newest version; None before there is one."""
    found = session.scalar(select(Digest).order_by(Digest.week.desc(), Digest.version.desc()).limit(1))
    return cast(WeekFigures, found.figures) if found else None


def of_band(figures: WeekFigures, band: str) -> list[tuple[int, OpdFigures]]:
    """The OPD of a size band with their ranks, the best first, equal ones by name."""
    places = counted.ranks(figures["opd"])
    found = [(places[opd["code"]].rank, opd) for opd in figures["opd"] if opd["band"] == band]
    return sorted(found, key=lambda one: (one[0], one[1]["name"]))
