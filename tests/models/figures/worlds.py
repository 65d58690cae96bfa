"""Programmes made at random, with eight closed weeks behind the one that is counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from models import tables
from models.content import states
from models.content.content import Item
from models.digests import digests
from models.digests.decisions import Decision
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people.people import Opd, Person
from models.people.roles import Role
from models.programme import weeks
from models.programme.programme import Programme
from models.releases.releases import Release
from models.shares.shares import Share
from tests.chat import WEDNESDAY

JAMBI = Programme()
WEEK = "2027-W02"  # in the second month
HISTORY = [weeks.shift(WEEK, -back) for back in range(8, 0, -1)]
COMING = weeks.shift(WEEK, 1)
STATES = ("claimed", "received", "accepted", "rejected", "appealed", "withdrawn")
PLATFORMS = ("", "facebook", "tiktok", "whatsapp_story")


@dataclass(frozen=True)
class Civil:
    """Somebody of the random programme; `joined` is a number of days before the week, None for never."""

    opd: int
    active: bool
    joined: int | None
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Posting:
    person: int
    opd: int
    back: int  # weeks before WEEK
    platform: str
    status: str
    late: bool


@dataclass(frozen=True)
class World:
    people: list[Civil]
    postings: list[Posting]
    items: list[tuple[int | None, str, str]]  # OPD, week, status
    cards: list[str]  # what became of the card of each person
    silent: set[int]  # weeks back in which nothing was released, and so nothing was shared
    decisions: list[tuple[int, str, int]]  # days from the week's Wednesday to the due day; state; closed


civils = st.builds(
    Civil,
    st.integers(0, 3),
    st.booleans(),
    st.one_of(st.none(), st.integers(1, 500)),
    st.lists(st.sampled_from(["creator", "editor", "planner"]), max_size=3, unique=True).map(tuple),
)
posted = st.builds(
    Posting,
    st.integers(0, 9),
    st.integers(0, 3),
    st.one_of(st.just(0), st.integers(0, 8)),
    st.sampled_from(PLATFORMS),
    st.sampled_from(STATES),
    st.booleans(),
)
chosen_items = st.tuples(
    st.one_of(st.none(), st.integers(0, 3)),
    st.sampled_from([WEEK, COMING]),
    st.sampled_from([states.DRAFT, states.SUBMITTED, states.APPROVED, states.RELEASED, states.CLOSED]),
)
worlds = st.builds(
    World,
    st.lists(civils, min_size=1, max_size=10),
    st.lists(posted, max_size=40),
    st.lists(chosen_items, max_size=6, unique_by=lambda one: one[:2]),
    st.lists(st.sampled_from([outbox.SENT, outbox.FAILED, outbox.SKIPPED, outbox.CANCELLED]), max_size=8),
    st.sets(st.integers(1, 8), max_size=6),
    st.lists(
        st.tuples(st.integers(-20, 20), st.sampled_from(["open", "done", "dropped"]), st.integers(-9, 6)),
        max_size=5,
    ),
)


def fill(engine: Engine, world: World) -> None:
    """Empties the database and puts a world into it; weeks of before are closed one after the other."""
    begin = weeks.opening(WEEK, JAMBI)
    with Session(engine) as session, session.begin():
        for table in reversed(tables.metadata.sorted_tables):
            session.execute(table.delete())
        session.execute(insert(Opd), [{"id": n + 1, "code": f"O{n}", "name": f"Dinas {n}"} for n in range(4)])
        session.execute(insert(Person), [_person(n, one, begin) for n, one in enumerate(world.people)])
        for n, one in enumerate(world.people):
            for role in one.roles:
                session.add(Role(person_id=n + 1, role=role, opd_id=one.opd + 1, at=begin))
        for n, (opd, week, status) in enumerate(world.items):
            session.add(_item(n + 2, None if opd is None else opd + 1, week, status))
        session.add(_item(1, None, "2026-W40", states.CLOSED))
        session.flush()
        for posting in world.postings:
            if posting.person < len(world.people) and posting.back not in world.silent:
                session.add(_share(posting, begin))
        for due, state, closed in world.decisions:
            session.add(_decision(due, state, closed, begin))
        session.add(_release(begin))
        for back in set(range(1, 9)) - world.silent:
            session.add(_release(begin, back))
        session.flush()
        for n, status in enumerate(world.cards[: len(world.people)]):
            session.add(_card(n + 1, status, begin))
    for week in HISTORY:
        with Session(engine) as session, session.begin():
            digests.close(session, week, weeks.closing(week, JAMBI), JAMBI)


def _person(n: int, one: Civil, begin: datetime) -> dict[str, Any]:
    joined = None if one.joined is None else begin - timedelta(days=one.joined)
    return {
        "id": n + 1, "name": f"Orang {n}", "opd_id": one.opd + 1, "active": one.active, "phone": "",
        "position": "", "saver": False, "created_at": WEDNESDAY, "joined_at": joined,
    }  # fmt: skip


def _item(number: int, opd_id: int | None, week: str, status: str) -> Item:
    return Item(
        id=number, opd_id=opd_id, author_id=1, week=week, status=status, created_at=WEDNESDAY,
        updated_at=WEDNESDAY,
    )  # fmt: skip


def _share(posting: Posting, begin: datetime) -> Share:
    return Share(
        person_id=posting.person + 1, opd_id=posting.opd + 1, item_id=1,
        week=weeks.shift(WEEK, -posting.back), platform=posting.platform, status=posting.status,
        late=posting.late, at=begin, updated_at=begin,
    )  # fmt: skip


def _decision(due: int, state: str, closed: int, begin: datetime) -> Decision:
    return Decision(
        week=WEEK, text="Tambah pelatihan", who="Bidang IKP", at=begin, status=state,
        due=weeks.wednesday(WEEK) + timedelta(days=due),
        closed_at=None if state == "open" else begin + timedelta(days=closed),
    )  # fmt: skip


def _release(begin: datetime, back: int = 0) -> Release:
    begin -= timedelta(weeks=back)
    return Release(
        id=1 + back, week=weeks.shift(WEEK, -back), status="finished", started_at=begin,
        closes_at=begin + timedelta(days=7),
    )  # fmt: skip


def _card(person_id: int, status: str, begin: datetime) -> Outbound:
    return Outbound(
        key=f"release:1:person:{person_id}", channel="telegram", address=str(person_id), op="send", body={},
        priority=2, part="card", status=status, release_id=1, person_id=person_id, due_at=begin,
        created_at=begin,
    )  # fmt: skip
