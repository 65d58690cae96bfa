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
from models.digests import differences, history
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
    """What a new version of `before` would say; `changes` as `differences.between` finds them."""

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
    codes = {opd_id: code for opd_id, code in session.execute(select(Opd.id, Opd.code))}
    moved = _moved(session, before, codes)
    _recount(session, now, programme, moved, codes)
    changes = differences.between(was, now)
    return Correction(before, now, changes, moved) if differences.counts(changes) else None


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


def _moved(session: Session, before: Digest, codes: Mapping[int, str]) -> Moved:
    """Who counts now and did not then, and the other way round: read once, so that the figures and who was
    active (`_follow`) say the same whatever is judged meanwhile. `codes` are those of the OPD, by id."""
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
    return Moved({one: opd_id for one, opd_id in back.items() if codes.get(opd_id) in there}, lost_)


def _recount(
    session: Session, figures: WeekFigures, programme: Programme, moved: Moved, codes: Mapping[int, str]
) -> None:
    gained, lost = (Counter(map(codes.get, people.values())) for people in (moved.gained, moved.lost))
    shares = tallies.of(session, figures["week"])
    own = {codes.get(opd_id): some for opd_id, some in tallies.by_opd(shares).items()}
    for opd in figures["opd"]:
        opd["active"] += gained[opd["code"]] - lost[opd["code"]]
        opd["participation"] = counted.share(opd["active"], opd["roster"])
        shared = counted.of_opd(own.get(opd["code"], []))
        opd["shares"], opd["platforms"], opd["quality"] = (
            shared["shares"],
            shared["platforms"],
            shared["quality"],
        )
    figures["opd"].sort(key=lambda opd: (-opd["participation"], opd["name"]))
    figures["active"] = sum(opd["active"] for opd in figures["opd"])
    figures["participation"] = counted.share(figures["active"], figures["roster"])
    figures["trend"][-1]["participation"] = figures["participation"]
    until, counts = date.fromisoformat(figures["target_date"]), figures.get("released", True)
    figures["goal"] = forecasts.goal(figures["trend"], until, programme, counts=counts)
    figures["proofs"] = tallies.proofs(shares)
    figures["quality"] = counted.quality(figures["proofs"])
    figures["shares"] = tallies.shares(shares)
    platforms = tallies.platforms(shares)
    if platforms != figures["platforms"]:  # else the estimate stays, whatever is taken to be seen by now
        figures["platforms"], figures["reach"] = platforms, counted.reach(platforms, programme.views)


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
