"""The shape of a week's figures, as a snapshot keeps them and as message, chart, workbook and page read them.

Fractions run from 0 to 1, days are ISO ("2027-02-25"), weeks are ISO weeks ("2026-W48"). What a figure
counts is defined in models/figures/headcounts.py (people), models/figures/tallies.py (shares),
models/figures/figures.py, models/figures/cohorts.py and models/figures/forecasts.py, and told to people in
the catalogue (`define.*`). Snapshots of before a figure existed lack it: readers ask with `.get`.
"""

from typing import Any, NotRequired, Required, TypedDict


class TrendPoint(TypedDict):
    """Participation in one week."""

    week: str
    participation: float


class OpdPeople(TypedDict):
    """What the people of one agency say of it; see `OpdFigures`."""

    roster: int
    joined: int
    active: int
    participation: float
    band: str


class OpdShares(TypedDict):
    """What the shares of one agency say, as the whole week has it."""

    shares: int
    platforms: dict[str, int]
    quality: "Quality"


class OpdFigures(TypedDict):
    """One agency. `band` is its size: big, middle or small; `previous` its participation in the
    newest week before with a release, None where there is none; `shares` what its people have shown in time;
    `ready` whether it has an item for the coming week; `own_item` whether it had one in this week;
    `platforms` and `quality` as the whole week has them, of what its people have shown."""

    code: str
    name: str
    roster: int
    active: int
    participation: float
    band: str
    joined: NotRequired[int]
    shares: NotRequired[int]
    previous: NotRequired[float | None]
    ready: NotRequired[bool]
    own_item: NotRequired[bool]
    platforms: NotRequired[dict[str, int]]
    quality: NotRequired["Quality"]


class Quality(TypedDict):
    """Proofs of the week that came in time, by what is known of them; `claimed` have nothing to show."""

    accepted: int
    waiting: int
    rejected: int
    claimed: int
    late: int


class Cohort(TypedDict):
    """People who joined in a month ("2026-11"; "" before all that are named), and how many of them shared
    this week."""

    month: str
    people: int
    active: int


class Cohorts(TypedDict):
    """`new` shared for the first time; `stopped` shared not long ago and no more; see
    models/figures/cohorts.py."""

    new: int
    stopped: int
    months: list[Cohort]


class Goal(TypedDict):
    """Where participation should be by now, and where it is going; `value`, `low` and `high` are None while
    too few weeks are known, and after the target's day."""

    path: float
    value: float | None
    low: float | None
    high: float | None
    falling: bool


class Reach(TypedDict):
    """An estimate, and always called one: views, one person counted each time."""

    views: int
    platforms: dict[str, int]


class WeekShares(TypedDict, total=False):
    """What the shares of a week say. `platforms` counts them ("unknown" where nobody said which)."""

    shares: int
    platforms: Required[dict[str, int]]
    proofs: dict[str, int]
    quality: Quality
    reach: Reach


class WeekDelivery(TypedDict, total=False):
    """How many people received the week's item, and how many did not."""

    received: int
    not_received: int


class WeekFigures(WeekShares, WeekDelivery, total=False):
    """All figures of a week. `previous` is None in the first week, and where nothing was released; `trend`
    is oldest first and ends with this week, weeks before it without a release left out."""

    week: Required[str]
    roster: Required[int]
    joined: int
    active: Required[int]
    participation: Required[float]
    previous: Required[float | None]
    target: Required[float]
    target_date: Required[str]
    trend: Required[list[TrendPoint]]
    opd: Required[list[OpdFigures]]
    cohorts: Cohorts
    goal: Goal
    released: bool
    without_item: list[str]
    ready: int
    agencies: int
    coming_week: str
    lacking: list[str]
    small_teams: list[str]
    waiting_review: int
    urgent: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
