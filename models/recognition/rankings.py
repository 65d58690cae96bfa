"""How OPD compare: by participation, among those of their size, in the newest closed week. Never people."""

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.figures import figures as counted
from models.figures import opendata
from models.figures.snapshots import Digest
from models.figures.weekly import OpdFigures, WeekFigures


def newest(session: Session) -> WeekFigures | None:
    """The figures of the newest closed week with a release, in their newest version; None before there is
    one. A week in which nothing came out compares nobody."""
    newest_first = select(Digest).order_by(Digest.week.desc(), Digest.version.desc())
    found = session.scalar(newest_first.where(Digest.released).limit(1))
    return cast(WeekFigures, found.figures) if found else None


def for_reader(found: list[tuple[int, OpdFigures]], own: str) -> tuple[list[tuple[int, OpdFigures]], bool]:
    """The lines of a ranking that somebody of the OPD `own` (its code) may see, and whether any was left out.

    Of an OPD of fewer than SMALL_OPD people a percentage says who took no part: only they see it themselves.
    The ranks stay as they are.
    """
    seen = [(rank, opd) for rank, opd in found if opd["roster"] >= opendata.SMALL_OPD or opd["code"] == own]
    return seen, len(seen) < len(found)


def of_band(figures: WeekFigures, band: str) -> list[tuple[int, OpdFigures]]:
    """The OPD of a size band with their ranks, the best first, equal ones by name."""
    places = counted.ranks(figures["opd"])
    found = [(places[opd["code"]].rank, opd) for opd in figures["opd"] if opd["band"] == band]
    return sorted(found, key=lambda one: (one[0], one[1]["name"]))
