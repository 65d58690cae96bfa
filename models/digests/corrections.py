"""Corrections of a closed week: a new numbered version that says what changed since.

Only what came in time and was judged, appealed or withdrawn since moves a figure. Who was on the roster,
what was ready and what was decided stay as they were when the week closed, and so do the cohorts.
"""

import copy
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.orm import Session

from models import base
from models.digests import history
from models.figures import figures as counted
from models.figures import forecasts, snapshots, tallies
from models.figures.snapshots import Digest, Participation
from models.figures.weekly import WeekFigures
from models.people import audit
from models.people.people import Opd, Person
from models.programme import weeks
from models.programme.programme import Programme
from models.refused import Refused


@dataclass(frozen=True, slots=True)
class Moved:
    """People that a correction takes in and out, each with the OPD in which they count: {person: OPD}."""

    gained: dict[int, int]
    lost: dict[int, int]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a new version of `before` would say. `changes` has pairs (before, after): of `active`, `shares`
    and the proofs' states where they differ, and `opd`: [name, before, after] of each that moved."""

    before: Digest
    figures: WeekFigures
    changes: dict[str, Any]
    moved: Moved

    @property
    def mark(self) -> str:
        """Short, and another one for another version or other changes: what a controller has seen."""
        seen = json.dumps([self.before.version, self.changes], sort_keys=True)
        return hashlib.sha256(seen.encode()).hexdigest()[:12]


def proposed(session: Session, week: str, programme: Programme) -> Correction | None:
    """What is otherwise now than in the newest snapshot of a closed week, None where nothing is. Raises
    Refused for a week that has not been closed."""
    before = snapshots.newest(session, week)
    if before is None:
        raise Refused("correction.not_closed", week=week)
    was: Any = before.figures
    now: WeekFigures = copy.deepcopy(was)
    moved = _moved(session, before)
    _recount(session, now, before, programme, moved)
    changes = _changes(was, now)
    return Correction(before, now, changes, moved) if changes else None


def amend(session: Session, week: str, now: datetime, programme: Programme, by: Person) -> Digest:
    """Makes the next version of a closed week. Raises Refused where nothing has changed."""
    found = proposed(session, week, programme)
    if found is None:
        raise Refused("correction.nothing", week=week, number=weeks.short(week, now, programme))
    return make(session, found, now, by)


def make(session: Session, found: Correction, now: datetime, by: Person) -> Digest:
    """Makes of what is proposed the next version, just as it was shown."""
    week = found.before.week
    version = found.before.version + 1
    digest = Digest(week=week, version=version, figures=dict(found.figures), changes=found.changes, at=now)
    session.add(digest)
    _follow(session, week, found.moved)
    session.flush()
    audit.record(
        session, now, "correct", "week", week, by=by.id,
        before=str(found.before.version), after=str(version), **found.changes,
        lost=[list(one) for one in found.moved.lost.items()],
    )  # fmt: skip
    return digest


def _moved(session: Session, before: Digest) -> Moved:
    """Who counts now and did not then, and the other way round: read once, so that the figures and who was
    active (`_follow`) say the same whatever is judged meanwhile."""
    week, active = before.week, counted.active_people(before.week)
    then = select(Participation.person_id).where(Participation.week == week)
    lost = session.execute(
        select(Participation.person_id, Participation.opd_id).where(
            Participation.week == week, Participation.person_id.not_in(select(active.c.person_id))
        )
    )
    closed = snapshots.closed_at(session, week)  # a version before this one may be much younger
    gained = session.execute(
        select(Person.id, Person.opd_id)
        .join(active, active.c.person_id == Person.id)
        .where(
            Person.id.not_in(then),
            Person.created_at <= closed,
            or_(Person.active, Person.left_at > closed),
        )
    )
    lost_ = {person_id: opd_id for person_id, opd_id in lost}
    back = history.then(session, week, closed, {person_id: opd_id for person_id, opd_id in gained})
    there = {opd["code"] for opd in before.figures["opd"]}
    codes = _codes(session)
    return Moved({one: opd_id for one, opd_id in back.items() if codes[opd_id] in there}, lost_)


def _codes(session: Session) -> dict[int, str]:
    return {opd_id: code for opd_id, code in session.execute(select(Opd.id, Opd.code))}


def _by_code(session: Session, people: Mapping[int, int]) -> Counter[str]:
    codes = _codes(session)
    return Counter(codes[opd_id] for opd_id in people.values())


def _recount(
    session: Session, figures: WeekFigures, before: Digest, programme: Programme, moved: Moved
) -> None:
    week = before.week
    gained, lost = _by_code(session, moved.gained), _by_code(session, moved.lost)
    shares = tallies.of(session, week)
    own = tallies.by_opd(shares)
    ids = {opd.code: opd.id for opd in session.scalars(select(Opd))}
    for opd in figures["opd"]:
        opd["active"] += gained[opd["code"]] - lost[opd["code"]]
        opd["participation"] = counted.share(opd["active"], opd["roster"])
        shared = counted.of_opd(own[ids.get(opd["code"], 0)])
        opd["shares"], opd["platforms"], opd["quality"] = (
            shared["shares"],
            shared["platforms"],
            shared["quality"],
        )
    figures["opd"].sort(key=lambda opd: (-opd["participation"], opd["name"]))
    figures["active"] = sum(opd["active"] for opd in figures["opd"])
    figures["participation"] = counted.share(figures["active"], figures["roster"])
    figures["trend"][-1]["participation"] = figures["participation"]
    until, released = date.fromisoformat(figures["target_date"]), figures.get("released", True)
    figures["goal"] = forecasts.goal(figures["trend"], until, programme, released=released)
    figures["platforms"] = tallies.platforms(shares)
    figures["proofs"] = tallies.proofs(shares)
    figures["quality"] = counted.quality(figures["proofs"])
    figures["shares"] = tallies.shares(shares)
    figures["reach"] = counted.reach(figures["platforms"], programme.views)


def _changes(was: WeekFigures, now: WeekFigures) -> dict[str, Any]:
    """What differs, without what comes late by its nature."""
    found: dict[str, Any] = {}
    for name in ("active", "shares"):
        if was[name] != now[name]:
            found[name] = [was[name], now[name]]
    old, new = (counted.quality(figures["proofs"]) for figures in (was, now))
    for state in ("accepted", "waiting", "rejected"):
        if old[state] != new[state]:
            found[state] = [old[state], new[state]]
    then = {opd["code"]: opd["active"] for opd in was["opd"]}
    moved = [
        [opd["name"], then[opd["code"]], opd["active"]]
        for opd in now["opd"]
        if then[opd["code"]] != opd["active"]
    ]
    if moved:
        found["opd"] = moved
    return found


def _follow(session: Session, week: str, moved: Moved) -> None:
    """Who was active follows the newest version."""
    if moved.lost:
        gone = Participation.person_id == bindparam("gone")
        away = delete(Participation).where(Participation.week == week, gone)
        session.connection().execute(away, [{"gone": person_id} for person_id in moved.lost])
    if moved.gained:
        rows = [{"week": week, "person_id": one, "opd_id": opd_id} for one, opd_id in moved.gained.items()]
        session.execute(base.insert(session, Participation).on_conflict_do_nothing(), rows)
    snapshots.follow(session, week)
    snapshots.go_back(session, week)
