"""Lets a random programme (tests/models/figures/chronicles.py) happen in a database, week after week; each is
closed when it is over."""

import copy
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from models import tables
from models.content import states
from models.content.content import Item
from models.digests import digests
from models.digests.decisions import Decision
from models.figures import snapshots
from models.figures.snapshots import Digest
from models.membership import roster
from models.messages.outbox import Outbound
from models.people.people import Opd, Person
from models.people.roles import Role
from models.programme import weeks
from models.releases.releases import Release
from models.shares.shares import Share
from tests.models.figures.chronicles import OPDS, PLATFORMS, WEEK, Chronicle, Posting, Urgent

AUTHOR = 999  # the id of who wrote all items


def play(engine: Engine, told: Chronicle) -> Iterator[str]:
    """Empties the database and lets the weeks go by: names each that has just been closed, then WEEK."""
    _begin(engine, told)
    there: dict[int, int] = {}
    for back in range(told.length, -1, -1):
        week = weeks.shift(WEEK, -back)
        with Session(engine) as session, session.begin():
            _people(session, told, there, back)
            _events(session, told, there, back)
        if back:
            with Session(engine) as session, session.begin():
                digests.close(session, week, weeks.closing(week, told.programme), told.programme)
        yield week
        if back and back in told.corrected:
            _correct(engine, told, week)


def fill(engine: Engine, told: Chronicle) -> None:
    """The same to its end."""
    for _ in play(engine, told):
        pass


def nip(person: int) -> str:
    return f"19800101200501100{person}"


def entries(there: Mapping[int, int]) -> list[roster.Entry]:
    """The lines of a list with these people, each in an OPD, both by their number."""
    return [
        roster.Entry(2 + person, nip(person), f"Orang {person}", f"O{opd}") for person, opd in there.items()
    ]


def _begin(engine: Engine, told: Chronicle) -> None:
    """The OPD, whose names are in another order than their codes, the crowd, and what is in hand."""
    begin = _opening(told, told.length)
    with Session(engine) as session, session.begin():
        for table in reversed(tables.metadata.sorted_tables):
            session.execute(table.delete())
        agencies = [{"id": n + 1, "code": f"O{n}", "name": f"Dinas {9 - n}"} for n in range(OPDS)]
        session.execute(insert(Opd), agencies)
        everybody = {
            "opd_id": OPDS, "phone": "", "position": "", "active": True, "saver": False, "created_at": begin,
        }  # fmt: skip
        session.execute(
            insert(Person),
            [{"id": 1000 + n, "name": f"Warga {n}", **everybody} for n in range(told.crowd)]
            + [{"id": AUTHOR, "name": "Penulis", **everybody, "active": False}],
        )
        session.add(_item(1, None, "2026-W40", states.CLOSED, begin))
        for n, (opd, back, urgent, status) in enumerate(told.items):
            item = _item(n + 2, opd, weeks.shift(WEEK, -back), status, begin)
            item.urgent = urgent
            session.add(item)
        for n, (due, state, closed) in enumerate(told.decisions):
            opening = _opening(told, 0)
            session.add(
                Decision(
                    week=WEEK, text=f"Keputusan {n}", who=f"Bidang {n}", at=begin, status=state,
                    due=weeks.wednesday(WEEK) + timedelta(days=due),
                    closed_at=None if state == "open" else opening + timedelta(days=closed),
                )
            )  # fmt: skip


def _opening(told: Chronicle, back: int) -> datetime:
    return weeks.opening(weeks.shift(WEEK, -back), told.programme)


def _item(number: int, opd: int | None, week: str, status: str, at: datetime) -> Item:
    return Item(
        id=number, opd_id=None if opd is None else opd + 1, author_id=AUTHOR, week=week, status=status,
        title=f"Konten {number}", created_at=at, updated_at=at,
    )  # fmt: skip


def _people(session: Session, told: Chronicle, there: dict[int, int], back: int) -> None:
    """Those who come, go and move in a week, by a new list of the roster; `there` is {person: OPD}."""
    now = _opening(told, back) + timedelta(days=1)
    new = {n for n, one in enumerate(told.people) if min(one.comes, told.length) == back}
    there.update({n: told.people[n].opd for n in new})
    for change in told.changes:
        known = change.person < len(told.people) and told.people[change.person].comes >= back
        if change.back == back and known and change.opd is not None:
            there[change.person] = change.opd
        elif change.back == back:
            there.pop(change.person, None)
    ever = {**{n: told.people[n].opd for n in new}, **there}
    roster.apply(session, roster.plan(session, entries(ever)), now)
    ids = by_number(session)
    for n in new:
        one = told.people[n]
        if one.joined is not None:
            joined = min(one.joined, now)
            session.execute(update(Person).where(Person.id == ids[n]).values(joined_at=joined))
        session.add_all(Role(person_id=ids[n], role=role, opd_id=opd + 1, at=now) for role, opd in one.roles)
    if ever != there:  # who came and left in one week
        roster.apply(session, roster.plan(session, entries(there)), now)


def by_number(session: Session) -> dict[int, int]:
    """The ids of everybody who ever was on a list, by their number."""
    rows = session.execute(select(Person.nip, Person.id).where(Person.nip.is_not(None)))
    return {int(str(nip_)[-1]): person_id for nip_, person_id in rows}


def _events(session: Session, told: Chronicle, there: Mapping[int, int], back: int) -> None:
    """The release of a week, its shares, and the urgent items that go out in it."""
    begin, ids = _opening(told, back), by_number(session)
    week, programme = weeks.shift(WEEK, -back), told.programme
    where = {n: opd + 1 for n, opd in there.items()}
    if back not in told.silent:
        closes = weeks.closing(week, programme)
        session.add(Release(id=1 + back, week=week, status="finished", started_at=begin, closes_at=closes))
        session.flush()
        for _, person, part, status in (card for card in told.cards if card[0] == back):
            if person in ids:
                session.add(_card(1 + back, ids[person], part, status, begin))
        steady = [
            Posting(back, n, PLATFORMS[n % len(PLATFORMS)], "accepted", late=False)
            for n, one in enumerate(told.people)
            if one.since >= back >= one.until
        ]
        for one in [*steady, *(posting for posting in told.postings if posting.back == back)]:
            if one.person in ids:
                session.add(share(one, ids, where, 1, week, begin))
    for n, urgent in enumerate(told.urgent):
        if urgent.back == back:
            _urgent(session, 100 + n, urgent, begin + timedelta(hours=urgent.hours, minutes=n), ids, where)


def _urgent(
    session: Session,
    number: int,
    told: Urgent,
    at: datetime,
    ids: Mapping[int, int],
    where: Mapping[int, int],
) -> None:
    """An urgent item and its release, both with this number."""
    item = _item(number, None, WEEK, states.RELEASED, at)
    item.urgent = True
    session.add(item)
    session.flush()
    closes = at + timedelta(days=3)
    session.add(
        Release(id=number, week="", status="running", started_at=at, closes_at=closes, item_id=number)
    )
    session.flush()
    for person, status in enumerate(told.cards):
        if person in ids:
            session.add(_card(number, ids[person], "card", status, at))
    for person, status, late in told.sharers:
        if person in ids:
            session.add(share(Posting(0, person, "", status, late), ids, where, number, "", at))


def _card(release_id: int, person_id: int, part: str, status: str, at: datetime) -> Outbound:
    return Outbound(
        key=f"release:{release_id}:{part}:{person_id}", channel="telegram", address=str(person_id), op="send",
        body={}, priority=2, part=part, status=status, release_id=release_id, person_id=person_id, due_at=at,
        created_at=at,
    )  # fmt: skip


def share(
    one: Posting, ids: Mapping[int, int], where: Mapping[int, int], item: int, week: str, at: datetime
) -> Share:
    """The row of a share; `where` is the id of everybody's OPD."""
    return Share(
        person_id=ids[one.person], opd_id=where.get(one.person, 1), item_id=item, week=week,
        platform=one.platform, status=one.status, late=one.late, at=at, updated_at=at,
    )  # fmt: skip


def _correct(engine: Engine, told: Chronicle, week: str) -> None:
    """A second version in which half as many were active."""
    with Session(engine) as session, session.begin():
        first = snapshots.newest(session, week)
        assert first is not None
        figures = copy.deepcopy(first.figures)
        for one in (figures, *figures["opd"]):
            one["participation"] = round(one["participation"] / 2, 6)
        at = weeks.closing(week, told.programme) + timedelta(days=1)
        session.add(Digest(week=week, version=2, figures=figures, changes={}, at=at))
