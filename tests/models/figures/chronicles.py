"""Programmes made at random, week after week: people come, go and move, some share every week for a while,
and some weeks bring no release. tests/models/figures/playing.py lets them happen."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from models.content import states
from models.programme.programme import VIEWS, Programme

WEEK = "2027-W13"  # it runs: the nineteenth of a programme that began with 2026-W48
OPDS = 4  # the last one has people of the crowd alone
LONG = 12  # weeks behind, at most: one more than a trend shows
STATES = ("claimed", "received", "accepted", "accepted", "rejected", "appealed", "withdrawn")
PLATFORMS = ("", "facebook", "tiktok", "whatsapp_story")
CARDS = ("waiting", "queued", "sending", "sent", "sent", "failed", "cancelled", "expired", "skipped")
ITEMS = (
    states.DRAFT, states.SUBMITTED, states.EDITED, states.CHECKED, states.CONFIRMING, states.APPROVED,
    states.APPROVED, states.RELEASED, states.RELEASED, states.CLOSED, states.RETURNED,
)  # fmt: skip


@dataclass(frozen=True)
class Civil:
    """Somebody who comes onto the roster in a week (counted back from WEEK, as all weeks here), and shares
    every week from `since` to `until`. Who has `joined` did so at that moment, or when they came."""

    opd: int
    comes: int
    joined: datetime | None
    since: int
    until: int
    roles: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Change:
    """Somebody is in an OPD from a week on, or in none."""

    back: int
    person: int
    opd: int | None


@dataclass(frozen=True)
class Posting:
    back: int
    person: int
    platform: str
    status: str
    late: bool


@dataclass(frozen=True)
class Urgent:
    """An urgent item that goes out so many hours after the opening of a week."""

    back: int
    hours: int
    cards: tuple[str, ...]
    sharers: tuple[tuple[int, str, bool], ...]  # person, status, late


@dataclass(frozen=True)
class Chronicle:
    programme: Programme
    length: int  # closed weeks
    people: list[Civil]
    crowd: int
    changes: list[Change]
    postings: list[Posting]
    silent: set[int]  # weeks in which nothing was released, and so nothing was shared
    corrected: set[int]  # weeks with a second version of their figures
    cards: list[tuple[int, int, str, str]]  # week, person, part, status
    items: list[tuple[int | None, int, bool, str]]  # OPD, week, urgent, status
    urgent: list[Urgent]
    decisions: list[tuple[int, str, int]]  # days from WEEK's opening to the due day; state; … to its end


people = st.integers(0, 9)
past = st.integers(0, LONG)
civils = st.builds(
    lambda opd, comes, joined, span, roles: Civil(opd, comes, joined, max(span), min(span), roles),
    st.integers(0, OPDS - 2),
    st.one_of(st.just(LONG), past),
    st.one_of(
        st.none(),
        st.datetimes(datetime(2026, 3, 1), datetime(2027, 3, 30), timezones=st.just(UTC)),
        # The edges of months in Jambi, and of the first one that has a name.
        st.sampled_from([datetime(2026, month, 30, 17, tzinfo=UTC) for month in (4, 6, 9, 11)]).flatmap(
            lambda edge: st.sampled_from([edge, edge - timedelta(microseconds=1)])
        ),
    ),
    st.tuples(st.one_of(st.just(LONG), past), st.one_of(st.just(0), st.just(2), past)),
    st.lists(
        st.tuples(st.sampled_from(["creator", "editor", "planner"]), st.integers(0, OPDS - 1)),
        max_size=3,
        unique=True,
    ).map(tuple),
)
programmes = st.builds(
    Programme,
    started=st.sampled_from(["2026-W48", "2026-W48", "2027-W05"]),
    target_months=st.sampled_from([3, 9]),
    target_participation=st.sampled_from([0.25, 0.5]),
    alarm_drop=st.just(0.0437),  # no fall of so few people is just as large
    views=st.sampled_from([dict(VIEWS), {"facebook": 7, "tiktok": 0}]),
)
urgents = st.builds(
    Urgent,
    st.integers(0, 2),
    st.integers(0, 167),
    st.lists(st.sampled_from(CARDS), min_size=1, max_size=6).map(tuple),
    st.lists(st.tuples(people, st.sampled_from(STATES), st.booleans()), min_size=1, max_size=6).map(tuple),
)
chronicles = st.builds(
    Chronicle,
    programmes,
    st.one_of(st.just(LONG), past),
    st.lists(civils, min_size=3, max_size=10),
    st.sampled_from([0, 149, 150, 499, 500]),
    st.lists(st.builds(Change, past, people, st.one_of(st.none(), st.integers(0, OPDS - 2))), max_size=8),
    st.lists(
        st.builds(
            Posting,
            st.one_of(st.just(0), past),
            people,
            st.sampled_from(PLATFORMS),
            st.sampled_from(STATES),
            st.booleans(),
        ),
        min_size=5,
        max_size=30,
    ),
    st.sets(past, max_size=4),
    st.sets(past, max_size=3),
    st.lists(
        st.tuples(
            st.integers(0, 2), people, st.sampled_from(["card", "card", "caption"]), st.sampled_from(CARDS)
        ),
        min_size=4,
        max_size=16,
        unique_by=lambda one: one[:3],
    ),
    st.lists(
        st.tuples(
            st.sampled_from([None, *range(OPDS)]),
            st.sampled_from([-1, -1, 0, 0, 1]),
            st.sampled_from([False, False, True]),
            st.sampled_from(ITEMS),
        ),
        min_size=4,
        max_size=10,
        unique_by=lambda one: one[:3],
    ),
    st.lists(urgents, min_size=1, max_size=3),
    st.lists(
        st.tuples(st.integers(-20, 20), st.sampled_from(["open", "done", "dropped"]), st.integers(-16, 6)),
        min_size=1,
        max_size=5,
    ),
)


def _one(opd: int, since: int, until: int, *roles: tuple[str, int], comes: int = LONG) -> Civil:
    return Civil(opd, comes, datetime(2026, 11 if comes == LONG else 3, 9, tzinfo=UTC), since, until, roles)


# Many stop after long, somebody begins, moves, leaves and comes back, the province did nothing in two weeks.
EVENTFUL = Chronicle(
    programme=Programme(target_months=9, alarm_drop=0.0437),
    length=LONG,
    people=[
        *[_one(n % 2, LONG - n, 2, ("creator", 0)) for n in range(5)],
        _one(0, LONG, 0, ("editor", 0)), _one(1, 6, 0, ("planner", 0)), _one(2, 0, 0, comes=3),
        Civil(2, 1, None, 12, 12, (("editor", 1),)),
    ],
    crowd=0,
    changes=[
        Change(9, 5, None), Change(7, 5, 1), Change(4, 6, 0), Change(0, 4, None), Change(2, 3, None),
        Change(1, 3, 2),
    ],
    postings=[
        *[Posting(0, n, PLATFORMS[n % 4], state, late=False) for n, state in enumerate(STATES)],
        Posting(0, 1, "tiktok", "accepted", late=True), Posting(3, 8, "", "received", late=False),
    ],
    silent={8, 5},
    corrected={1, 6},
    cards=[(0, n, "card", state) for n, state in enumerate(CARDS)] + [(0, 0, "caption", "sent")],
    items=[
        (0, 0, False, states.RELEASED), (1, 0, False, states.SUBMITTED), (2, 0, True, states.APPROVED),
        (1, -1, False, states.APPROVED), (2, -1, False, states.CHECKED), (None, -1, False, states.RELEASED),
    ],
    urgent=[
        Urgent(0, 30, ("sent", "failed", "sent"), ((0, "accepted", False), (0, "received", False))),
        Urgent(0, 0, ("queued",), ((2, "accepted", True), (3, "rejected", False))),
    ],
    decisions=[(-3, "open", 0), (9, "open", 0), (-9, "done", 2), (-9, "dropped", -1)],
)  # fmt: skip
