"""All figures of a week together, and the moment at which they are frozen.

What each figure counts is defined in models/figures/headcounts.py (people), models/figures/tallies.py
(shares), models/figures/figures.py, models/figures/cohorts.py and models/figures/forecasts.py.
"""

from collections.abc import Collection, Container, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.content import readiness, states
from models.content.content import Item
from models.digests import decisions
from models.editorial import moves
from models.figures import cohorts, forecasts, headcounts, snapshots, staffing, tallies
from models.figures import figures as counted
from models.figures.headcounts import Headcount
from models.figures.snapshots import Digest
from models.figures.tallies import Tally
from models.figures.weekly import OpdFigures, TrendPoint, WeekDelivery, WeekFigures
from models.people import audit
from models.people.people import Opd
from models.programme import weeks
from models.programme.programme import Programme
from models.releases import releases, urgent, weekly
from models.releases.releases import Progress, Release


def figures(session: Session, week: str, programme: Programme, *, over: bool = False) -> WeekFigures:
    """All figures of a week, as they are now; shares are fractions from 0 to 1. Of a week that is `over` a
    card that is still on its way has not been received, and will not be in time. One that is not has had less
    time than those before it: it is compared with none of them, and forecast and alarm leave it out."""
    coming = weeks.shift(week, 1)
    items = readiness.of(session, week, coming)
    begun = weekly.begun(session, week, programme)
    release = next((one for one in begun if one.item_id is None), None)
    released, closed = release is not None, snapshots.closed(session, week)
    before = snapshots.past(closed)
    counts = released and over  # where nothing was to be shared, or may still be, nothing fell
    compared = before[-1] if before and counts else None
    shares = tallies.of(session, week)
    skipped = snapshots.skipped(closed) | (set() if released else {week})
    heads = headcounts.of(session, week, programme, skipped)
    own = headcounts.by_opd(heads)
    teams = staffing.teams(session, own)
    staffed = [team.opd for team in teams]
    having, ready = readiness.own_items(items, week), readiness.ready(items, coming)
    agencies = _agencies(staffed, shares, own, having, ready, compared)
    roster, active = headcounts.roster(heads), headcounts.active(heads)
    participation = counted.share(active, roster)
    trend = [*map(_point, before), TrendPoint(week=week, participation=participation)]
    target_day = target_date(programme)
    return {
        "week": week,
        "roster": roster,
        "joined": headcounts.joined(heads),
        "active": active,
        "participation": participation,
        "previous": compared.participation if compared else None,
        "target": programme.target_participation,
        "target_date": target_day.isoformat(),
        "trend": trend,
        "opd": agencies,
        **counted.of_week(shares, programme.views),
        "cohorts": cohorts.of(heads),
        "goal": forecasts.goal(trend, target_day, programme, counts=counts),
        **_delivery(session, release, over=over),
        "released": released,
        "without_item": [opd["name"] for opd in agencies if not opd["own_item"]],
        "ready": sum(opd["ready"] for opd in agencies),
        "agencies": len(agencies),
        "coming_week": coming,
        "lacking": sorted(opd["name"] for opd in agencies if not opd["ready"]),
        "small_teams": [team.opd.name for team in staffing.small(teams)],
        "waiting_review": sum(readiness.waiting(items).values()),
        "urgent": urgent.figures(session, begun),
        "decisions": decisions.figures(session, week, programme),
    }


def _delivery(session: Session, release: Release | None, *, over: bool) -> WeekDelivery:
    if release is None:
        return {"received": 0, "not_received": 0}
    progress = releases.progress(session, release.id)
    return {"received": progress.sent, "not_received": not_received(progress, over=over)}


def not_received(progress: Progress, *, over: bool) -> int:
    """Who did not get their card; of a week that is `over` that is also who was still to get it."""
    return progress.missing + (progress.left if over else 0)


def _agencies(
    staffed: Iterable[Opd],
    shares: Iterable[Tally],
    own_people: Mapping[int, Collection[Headcount]],
    having: Container[int],
    ready: Container[int],
    before: Digest | None,
) -> list[OpdFigures]:
    """Every OPD with people, the most active first; those `having` an item of their own, and those that are
    `ready` with one for the coming week."""
    own_shares = tallies.by_opd(shares)
    known = {opd["code"]: opd["participation"] for opd in before.figures.get("opd", [])} if before else {}
    agencies: list[OpdFigures] = [
        {
            "code": opd.code,
            "name": opd.name,
            **headcounts.of_opd(own_people[opd.id]),
            "previous": known.get(opd.code),
            **counted.of_opd(own_shares[opd.id]),
            "own_item": opd.id in having,
            "ready": opd.id in ready,
        }
        for opd in staffed
    ]
    agencies.sort(key=lambda agency: (-agency["participation"], agency["name"]))
    return agencies


def _point(digest: Digest) -> TrendPoint:
    return {"week": digest.week, "participation": digest.participation}


def target_date(programme: Programme) -> date:
    """The day by which the target is to be reached: so many months after the start."""
    start = weeks.wednesday(programme.started)
    month = start.month - 1 + programme.target_months
    day = min(start.day, 28)
    return start.replace(year=start.year + month // 12, month=month % 12 + 1, day=day)


def known(session: Session, week: str, programme: Programme) -> tuple[WeekFigures, Digest | None]:
    """The figures of a week: those of its newest snapshot, or as they are now while it is not closed."""
    frozen = snapshots.newest(session, week)
    if frozen is not None:
        found: Any = frozen.figures
        return found, frozen
    return figures(session, week, programme), None


def _over(week: str, now: datetime) -> Any:
    """The released items that end with a week: its own, and urgent ones whose time has passed."""
    past = select(Release.item_id).where(Release.item_id.is_not(None), Release.closes_at <= now)
    return and_(
        Item.status == states.RELEASED,
        or_(
            and_(Item.week == week, Item.urgent.is_(False)),
            and_(Item.urgent, Item.id.in_(past)),
        ),
    )


def close(session: Session, week: str, now: datetime, programme: Programme) -> Digest:
    """Freezes the figures of a week that is over, and who was active in it; the snapshot there is, when it
    was closed before.

    The session must see one state of the database throughout: on PostgreSQL the caller's transaction is
    REPEATABLE READ.
    """
    found = snapshots.newest(session, week)
    if found is not None:
        return found
    for item in session.scalars(select(Item).where(_over(week, now))).all():
        moves.advance(session, item, "close", now)
    frozen = dict(figures(session, week, programme, over=True))
    digest = Digest(week=week, version=1, figures=frozen, changes={}, at=now)
    session.add(digest)
    snapshots.freeze_people(session, week)
    session.flush()
    audit.record(session, now, "close", "week", week, after="1")
    return digest
