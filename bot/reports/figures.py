"""The shape of the weekly figures that a chart needs; a snapshot keeps them as JSON, with more beside."""

from typing import Required, TypedDict


class TrendPoint(TypedDict):
    """`week` is an ISO week ("2026-W48"), `participation` a fraction from 0 to 1."""

    week: str
    participation: float


class OpdFigures(TypedDict):
    """One agency. `band` is its size: big, middle or small."""

    code: str
    name: str
    roster: int
    active: int
    participation: float
    band: str


class DigestFigures(TypedDict, total=False):
    """A week. Participations are fractions from 0 to 1; `target_date` is an ISO day.

    `previous` is None in the first week; `trend` is oldest first and ends with this week.
    `platforms` counts shares by platform ("unknown" where nobody said which).
    """

    week: Required[str]
    roster: Required[int]
    active: Required[int]
    participation: Required[float]
    previous: Required[float | None]
    target: Required[float]
    target_date: Required[str]
    trend: Required[list[TrendPoint]]
    opd: Required[list[OpdFigures]]
    platforms: Required[dict[str, int]]
