"""The Wednesday figures of a week, their frozen snapshots, and the summaries made of them.

What each figure counts is defined in models/figures.py.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import (
    audit,
    content,
    conversations,
    moves,
    outbox,
    people,
    releases,
    standings,
    states,
    urgent,
    weeks,
)
from models import figures as counted
from models.base import Base
from models.outbox import Priority
from models.people import Person
from models.post import Post
from models.programme import Programme
from models.releases import Release

TREND_WEEKS = 12


class Digest(Base):
    """A numbered snapshot of a closed week: the same figures whenever it is asked for again."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("week", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[str]
    version: Mapped[int]
    figures: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


def figures(session: Session, week: str, programme: Programme) -> dict[str, Any]:
    """All figures of a week, as they are now; shares are fractions from 0 to 1."""
    roster, active = counted.roster_by_opd(session), counted.active_by_opd(session, week)
    agencies = _agencies(session, roster, active)
    everybody, so_many = sum(roster.values()), sum(active.values())
    participation = counted.share(so_many, everybody)
    past = trend(session, week)
    release = releases.of_week(session, week)
    progress = releases.progress(session, release.id) if release else None
    platforms = counted.shares_by_platform(session, week)
    coming = weeks.shift(week, 1)
    lacking = [opd.name for opd in content.readiness(session, coming)[1] if roster.get(opd.id)]
    return {
        "week": week,
        "roster": everybody,
        "joined": session.scalar(select(func.count()).where(Person.active, Person.joined_at.is_not(None))),
        "active": so_many,
        "participation": participation,
        "previous": past[-1]["participation"] if past else None,
        "target": programme.target_participation,
        "target_date": target_date(programme),
        "trend": [*past, {"week": week, "participation": participation}],
        "opd": agencies,
        "platforms": platforms,
        "proofs": counted.proofs_by_status(session, week),
        "shares": sum(platforms.values()),
        "received": progress.sent if progress else 0,
        "not_received": (progress.failed + progress.skipped + progress.cancelled) if progress else 0,
        "released": release is not None,
        "ready": len(agencies) - len(lacking),
        "agencies": len(agencies),
        "coming_week": coming,
        "lacking": lacking,
        "waiting_review": _waiting(session),
        "urgent": urgent.figures(session, week, programme),
    }


def _agencies(session: Session, roster: dict[int, int], active: dict[int, int]) -> list[dict[str, Any]]:
    """Every OPD with people, the most active first."""
    agencies: list[dict[str, Any]] = [
        {
            "code": opd.code,
            "name": opd.name,
            "roster": roster[opd.id],
            "active": active.get(opd.id, 0),
            "participation": counted.share(active.get(opd.id, 0), roster[opd.id]),
            "band": counted.band(roster[opd.id]),
        }
        for opd in people.agencies(session)
        if roster.get(opd.id)
    ]
    agencies.sort(key=lambda agency: (-agency["participation"], agency["name"]))
    return agencies


def target_date(programme: Programme) -> str:
    """The ISO day by which the target is to be reached: so many months after the start."""
    start = weeks.wednesday(programme.started)
    month = start.month - 1 + programme.target_months
    day = min(start.day, 28)
    return start.replace(year=start.year + month // 12, month=month % 12 + 1, day=day).isoformat()


def _waiting(session: Session) -> int:
    statement = select(func.count()).select_from(content.Item).where(content.Item.status.in_(states.WAITING))
    return session.scalar(statement) or 0


def trend(session: Session, week: str) -> list[dict[str, Any]]:
    """Participation of the closed weeks before a week, oldest first: read from snapshots, not history."""
    first = weeks.shift(week, 1 - TREND_WEEKS)
    rows = session.scalars(
        select(Digest).where(Digest.week >= first, Digest.week < week).order_by(Digest.week, Digest.version)
    )
    newest = {digest.week: digest.figures["participation"] for digest in rows}
    return [{"week": name, "participation": value} for name, value in newest.items()]


def snapshot(session: Session, week: str) -> Digest | None:
    """The newest snapshot of a week, None while it has not been closed."""
    return session.scalar(select(Digest).where(Digest.week == week).order_by(Digest.version.desc()).limit(1))


def _over(week: str, now: datetime) -> Any:
    """The released items that end with a week: its own, and urgent ones whose time has passed."""
    past = select(Release.item_id).where(Release.item_id.is_not(None), Release.closes_at <= now)
    return and_(
        content.Item.status == states.RELEASED,
        or_(
            and_(content.Item.week == week, content.Item.urgent.is_(False)),
            and_(content.Item.urgent, content.Item.id.in_(past)),
        ),
    )


def close(session: Session, week: str, now: datetime, programme: Programme) -> Digest:
    """Freezes the figures of a week that is over; the snapshot there is, when it was closed before."""
    found = snapshot(session, week)
    if found is not None:
        return found
    for item in session.scalars(select(content.Item).where(_over(week, now))).all():
        moves.advance(session, item, "close", now)
    digest = Digest(week=week, version=1, figures=figures(session, week, programme), at=now)
    session.add(digest)
    session.flush()
    audit.record(session, now, "close", "week", week, after="1")
    return digest


def announce(session: Session, digest: Digest, now: datetime, *, late: bool) -> int:
    """Queues the summary with its chart to every bound group; to how many."""
    groups = conversations.groups(session)
    for group in groups:
        outbox.queue(
            session,
            now,
            f"digest:{digest.week}:{digest.version}:{group.channel}:{group.address}",
            group.channel,
            group.address,
            post(digest, late=late),
            priority=Priority.NOTICE,
        )
    return len(groups)


def post(digest: Digest, *, late: bool = False) -> Post:
    """The summary of a snapshot as a message: figures by key, the chart made when it is sent."""
    return Post(
        "digest.summary", params=summary(digest.figures, late=late), report=f"digest-chart:{digest.id}"
    )


def summary(figures: dict[str, Any], *, late: bool = False, running: bool = False) -> dict[str, Any]:
    """The parameters of the thirty-second message, from the figures of a week.

    `running` says that the week is not over and the figures will still change.
    """
    note = "digest.provisional" if running else "digest.late" if late else ""
    ranked = figures["opd"]
    best = _lines("digest.best", _best_of_bands(ranked))
    return {
        "notes": [*_change(figures), *_urgent(figures), *([{"text": note}] if note else [])],
        "week": figures["week"],
        "active": figures["active"],
        "roster": figures["roster"],
        "participation": figures["participation"],
        "target": figures["target"],
        "target_date": figures["target_date"],
        "agencies": best + _lines("digest.weakest", _weakest(ranked, figures["target"])),
        "shares": figures["shares"],
        "received": figures["received"],
        "claimed": figures["proofs"].get(standings.CLAIMED, 0),
        "ready": figures["ready"],
        "opd": figures["agencies"],
        "waiting": figures["waiting_review"],
    }


def _change(figures: dict[str, Any]) -> list[dict[str, Any]]:
    if figures["previous"] is None:
        return []
    moved = round(figures["participation"] - figures["previous"], 3)
    key = "digest.up" if moved > 0 else "digest.down" if moved < 0 else "digest.same"
    return [{"text": key, "params": {"points": abs(moved)} if moved else {}}]


def _urgent(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """What went out outside the rhythm, apart from the week's figures. Older snapshots know of none."""
    found = figures.get("urgent", [])
    active = sum(one["active"] for one in found)
    return [{"text": "digest.urgent", "params": {"items": len(found), "active": active}}] if found else []


def _best_of_bands(ranked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first of each size band, the big ones first: like is compared with like."""
    found = (next((opd for opd in ranked if opd["band"] == name), None) for _, name in counted.BANDS)
    return [opd for opd in found if opd is not None and opd["active"]]


def _weakest(ranked: list[dict[str, Any]], target: float) -> list[dict[str, Any]]:
    """Up to three that are furthest from the target, the furthest first."""
    return [opd for opd in reversed(ranked) if opd["participation"] < target][:3]


def _lines(key: str, agencies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = [
        {"text": "digest.agency", "params": {"name": opd["name"], "participation": opd["participation"]}}
        for opd in agencies
    ]
    return [{"text": key, "params": {"lines": lines}}] if lines else []


def page(figures: dict[str, Any], code: str) -> dict[str, Any] | None:
    """The parameters of the page of one OPD; None where the figures do not have it.

    `rank` is the place among the `peers` of the same size band.
    """
    found = next((opd for opd in figures["opd"] if opd["code"] == code), None)
    if found is None:
        return None
    peers = [opd for opd in figures["opd"] if opd["band"] == found["band"]]
    return {
        "week": figures["week"],
        "opd": found["name"],
        "active": found["active"],
        "roster": found["roster"],
        "participation": found["participation"],
        "province": figures["participation"],
        "rank": 1 + sum(opd["participation"] > found["participation"] for opd in peers),
        "peers": len(peers),
        "coming": {
            "text": "digest.item_lacking" if found["name"] in figures["lacking"] else "digest.item_ready"
        },
    }
