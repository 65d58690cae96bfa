"""Corrections of a closed week: a new numbered version that says what changed since.

Only what came in time and was judged, appealed or withdrawn since moves a figure. Who was on the roster,
what was ready and what was decided stay as they were when the week closed, and so do the cohorts.
"""

import copy
import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Subquery, func, or_, select
from sqlalchemy.orm import Session

from models import base
from models.figures import figures as counted
from models.figures import forecasts, snapshots, tallies
from models.figures.snapshots import Digest, Participation
from models.figures.weekly import WeekFigures
from models.people import audit
from models.people.people import Opd, Person
from models.programme import weeks
from models.programme.programme import Programme
from models.refused import Refused
from models.shares.shares import Share


@dataclass(frozen=True, slots=True)
class Correction:
    """What a new version of `before` would say. `changes` has pairs (before, after): of `active`, `shares`
    and the proofs' states where they differ, and `opd`: [name, before, after] of each that moved."""

    before: Digest
    figures: WeekFigures
    changes: dict[str, Any]

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
    _recount(session, now, before, programme)
    changes = _changes(was, now)
    return Correction(before, now, changes) if changes else None


def amend(session: Session, week: str, now: datetime, programme: Programme, by: Person) -> Digest:
    """Makes the next version of a closed week. Raises Refused where nothing has changed."""
    found = proposed(session, week, programme)
    if found is None:
        raise Refused("correction.nothing", week=week, number=weeks.short(week, now, programme))
    version = found.before.version + 1
    digest = Digest(week=week, version=version, figures=dict(found.figures), changes=found.changes, at=now)
    session.add(digest)
    _follow(session, found.before)
    session.flush()
    audit.record(
        session, now, "correct", "week", week, by=by.id,
        before=str(found.before.version), after=str(version), **found.changes,
    )  # fmt: skip
    return digest


def _gained(session: Session, before: Digest) -> Subquery:
    """Who counts now and did not then, of those who were on the roster then: (person_id, opd_id)."""
    active = counted.active_people(before.week)
    known = select(Participation.person_id).where(Participation.week == before.week)
    closed = snapshots.closed_at(session, before.week)  # a version before this one may be much younger
    return (
        select(Share.person_id, func.min(Share.opd_id).label("opd_id"))
        .join(active, active.c.person_id == Share.person_id)
        .join(Person, Person.id == Share.person_id)
        .where(
            Share.week == before.week,
            Share.person_id.not_in(known),
            Person.created_at <= closed,
            or_(Person.active, Person.left_at > closed),
        )
        .group_by(Share.person_id)
        .subquery("gained")
    )


def _lost(before: Digest) -> Subquery:
    """Who counted then and does not now."""
    active = counted.active_people(before.week)
    return (
        select(Participation.person_id, Participation.opd_id)
        .where(Participation.week == before.week, Participation.person_id.not_in(select(active.c.person_id)))
        .subquery("lost")
    )


def _by_code(session: Session, people: Subquery) -> dict[str, int]:
    rows = session.execute(
        select(Opd.code, func.count()).join(people, people.c.opd_id == Opd.id).group_by(Opd.code)
    )
    return {code: number for code, number in rows}


def _recount(session: Session, figures: WeekFigures, before: Digest, programme: Programme) -> None:
    week = before.week
    gained, lost = _by_code(session, _gained(session, before)), _by_code(session, _lost(before))
    shares = tallies.of(session, week)
    own = tallies.by_opd(shares)
    ids = {opd.code: opd.id for opd in session.scalars(select(Opd))}
    for opd in figures["opd"]:
        opd["active"] += gained.get(opd["code"], 0) - lost.get(opd["code"], 0)
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
    figures["goal"] = forecasts.goal(figures["trend"], date.fromisoformat(figures["target_date"]), programme)
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


def _follow(session: Session, before: Digest) -> None:
    """Who was active follows the newest version."""
    gained = [dict(row._mapping) for row in session.execute(select(_gained(session, before)))]
    lost = select(_lost(before).c.person_id)
    session.execute(
        Participation.__table__.delete().where(  # type: ignore[attr-defined]
            Participation.week == before.week, Participation.person_id.in_(lost)
        )
    )
    if gained:
        rows = [{"week": before.week, **row} for row in gained]
        session.execute(base.insert(session, Participation).on_conflict_do_nothing(), rows)
    snapshots.follow(session, before.week)
    snapshots.go_back(session, before.week)
