"""The rules of the monthly list: how merit is found in each category, and what shares a place.

No points for followers, likes or views. What a rule counts is told to people in the catalogue
(`award.rule_*`) and in docs/operator.md; `awards.RULES` names the version of all of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.content.content import Item
from models.figures import figures, snapshots
from models.figures.snapshots import Digest, Participation
from models.people.people import Opd
from models.programme import months, weeks
from models.programme.programme import Programme
from models.recognition import awards, creativity, votes, wishes
from models.recognition.creativity import Nomination
from models.releases.releases import Release
from models.shares import standings
from models.shares.shares import Evidence, Share

_MOST_IDS = 500  # in one statement


@dataclass(frozen=True, slots=True)
class Merit:
    """One candidate: `rank` is compared, the higher the better; `figures` are its reasons."""

    rank: tuple[float, ...]
    figures: dict[str, Any]
    person_id: int | None = None
    opd_id: int | None = None
    item_id: int | None = None


def placed(found: Iterable[Merit], most: int) -> list[tuple[int, Merit]]:
    """The first places, best first. Equal ranks share a place, and the next one is left out (1, 1, 3)."""
    ordered = sorted(found, key=lambda merit: merit.rank, reverse=True)
    places: list[tuple[int, Merit]] = []
    for number, merit in enumerate(ordered, start=1):
        same = bool(places) and places[-1][1].rank == merit.rank
        place = places[-1][0] if same else number
        if place > most:
            break
        places.append((place, merit))
    return places


def content(session: Session, month: str, programme: Programme) -> tuple[list[Merit], dict[str, Any]]:
    """Best item: the mean of its score by quality control (0 to 1) and of its part of all votes; equal
    ones are parted by votes, then accuracy. With fewer than `least_votes` votes in all the score alone
    counts; equal ones are parted by accuracy, then votes. Last comes how long before its release each was
    submitted."""
    scored, unscored = votes.scored(session, month, programme)
    voices = votes.tally(session, month)
    total = sum(voices.values())
    counts = total >= programme.awards.least_votes
    found = []
    for one in scored:
        mine = voices.get(one.item.id, 0)
        part = figures.share(mine, total) if counts else 0.0
        score = round((one.quality + part) / 2 if counts else one.quality, 6)
        facts = {"points": one.points, "votes": mine, "all": total, "counted": counts, "score": score}
        ties = (mine, one.accurate) if counts else (one.accurate, mine)
        rank = (score, *ties, _ahead(one.item, programme))
        found.append(Merit(rank, facts, item_id=one.item.id))
    return found, {"votes": total, "votes_counted": counts, "unscored": unscored}


def _ahead(item: Item, programme: Programme) -> float:
    """How long before the release of its own week an item was submitted, in seconds, so that no week of a
    month is better than another; 0 for an urgent one, which nobody can prepare."""
    if item.urgent or item.submitted_at is None:
        return 0.0
    return _between(item.submitted_at, weeks.moment(item.week, programme.release, programme))


# -- the most steady ---------------------------------------------------------------------------


def steady(session: Session, month: str, programme: Programme) -> list[Merit]:
    """Most steady ASN: the weeks of the month in which they were active; then the weeks in a row up to its
    last one; then how soon after the release they showed it, in minutes on average."""
    closed = [digest.week for digest in _snapshots(session, month, programme)]
    active = _active_weeks(session, closed, programme)
    pool = _leaders({person: (weeks_,) for person, weeks_ in active.items()}, programme.awards.shortlist)
    rows = _streaks(session, pool, closed[-1]) if pool else {}
    both = {person: (active[person], rows[person]) for person in pool}
    nearly = _leaders(both, programme.awards.shortlist)
    soon = _minutes(session, nearly, closed)
    return [
        Merit(
            (active[person], rows[person], -soon[person]),
            {"weeks": active[person], "of": len(closed), "streak": rows[person], "minutes": soon[person]},
            person_id=person,
        )
        for person in sorted(nearly)
    ]


def _snapshots(session: Session, month: str, programme: Programme) -> list[Digest]:
    """The newest snapshot of each week of a month that is closed and had something to share."""
    names = months.weeks_of(month, programme)
    released = set(
        session.scalars(select(Release.week).where(Release.week.in_(names), Release.item_id.is_(None)))
    )
    found = (snapshots.newest(session, week) for week in names if week in released)
    return [digest for digest in found if digest is not None]


def _active_weeks(session: Session, closed: Sequence[str], programme: Programme) -> dict[int, int]:
    number = func.count()
    chosen = (
        select(Participation.person_id, number)
        .where(Participation.week.in_(closed), Participation.person_id.in_(wishes.willing(programme)))
        .group_by(Participation.person_id)
        .having(number >= programme.awards.least_weeks)
    )
    return {person: weeks_ for person, weeks_ in session.execute(chosen)}


def _leaders(ranks: Mapping[int, tuple[int, ...]], most: int) -> set[int]:
    """Who may still come to one of the first places: whose rank is that of the last of them, or better."""
    if len(ranks) <= most:
        return set(ranks)
    last = sorted(ranks.values(), reverse=True)[most - 1]
    return {person for person, rank in ranks.items() if rank >= last}


def _streaks(session: Session, pool: Collection[int], last: str) -> dict[int, int]:
    """How many weeks in a row, up to `last`, each has been active; a week without an item breaks nothing.

    Walks back week by week with those who are still unbroken: as far as the longest row goes, and no further.
    """
    released = session.scalars(
        select(Release.week)
        .join(Digest, Digest.week == Release.week)
        .where(Release.item_id.is_(None), Release.week <= last, Digest.version == 1)
        .order_by(Release.week.desc())
    )
    found = dict.fromkeys(pool, 0)
    alive = set(pool)
    for week in released:
        alive &= set(session.scalars(select(Participation.person_id).where(Participation.week == week)))
        if not alive:
            break
        for person in alive:
            found[person] += 1
    return found


def _minutes(session: Session, people_: Collection[int], closed: Sequence[str]) -> dict[int, int]:
    """How long after the release of a week the first proof came, in whole minutes, the mean of the weeks."""
    weekly = select(Release.week, Release.started_at).where(Release.item_id.is_(None))
    begun = {week: at for week, at in session.execute(weekly.where(Release.week.in_(closed)))}
    spent: dict[int, list[float]] = {person: [] for person in people_}
    ids = sorted(people_)
    for first in range(0, len(ids), _MOST_IDS):
        chosen = (
            select(Share.person_id, Share.week, func.min(Evidence.at))
            .join(Evidence, Evidence.share_id == Share.id)
            .where(
                Share.person_id.in_(ids[first : first + _MOST_IDS]),
                Share.week.in_(closed),
                Share.status.in_(standings.COUNTED),
                Share.late.is_(False),
            )
            .group_by(Share.person_id, Share.week)
        )
        for person, week, shown in session.execute(chosen):
            spent[person].append(_between(begun[week], shown))
    return {person: round(sum(each) / len(each)) if each else 0 for person, each in spent.items()}


def _between(begin: datetime, end: datetime) -> float:
    return max((end - begin).total_seconds() / 60, 0.0)


# -- the most creative, and the OPD ------------------------------------------------------------


def creative(session: Session, month: str, programme: Programme) -> list[Merit]:
    """Most creative ASN: the mean of the totals (3 to 15) that members of TAG gave to a nominated share;
    equal ones are parted by originality. `raters` members have to have scored it, fewer only where there are
    no more who may. Of several nominations of a person the best counts."""
    best: dict[int, Merit] = {}
    for nomination in creativity.of_month(session, month, programme):
        merit = _creative(session, nomination, programme)
        if merit is not None and (
            nomination.person_id not in best or merit.rank > best[nomination.person_id].rank
        ):
            best[nomination.person_id] = merit
    return list(best.values())


def _creative(session: Session, nomination: Nomination, programme: Programme) -> Merit | None:
    needed = min(programme.awards.raters, len(creativity.judges(session, nomination)))
    given = creativity.ratings(session, nomination)
    if not given or len(given) < needed:
        return None
    points, original = (
        round(sum(each) / len(given), 4)
        for each in ([one.total for one in given], [one.originality for one in given])
    )
    facts = {"points": points, "raters": len(given), "needed": needed, "receipt": nomination.share_id}
    return Merit((points, original), facts, person_id=nomination.person_id)


def agencies(session: Session, month: str, programme: Programme) -> dict[str, list[Merit]]:
    """Best OPD of each size band: the mean of its weekly participation, from the snapshots of the month. An
    OPD has to be in all of them; its band is that of the last one."""
    closed = _snapshots(session, month, programme)
    found: dict[str, list[Merit]] = {category: [] for category in awards.OF_AN_OPD}
    if len(closed) < programme.awards.least_weeks:
        return found
    ids = {code: number for number, code in session.execute(select(Opd.id, Opd.code))}
    weekly = [{one["code"]: one for one in digest.figures["opd"]} for digest in closed]
    for code, last in weekly[-1].items():
        parts = [week[code]["participation"] for week in weekly if code in week]
        if len(parts) < len(closed) or code not in ids or not any(parts):
            continue
        mean = round(sum(parts) / len(parts), 6)
        facts = {"mean": mean, "weeks": len(parts), "roster": last["roster"]}
        found[f"opd_{last['band']}"].append(Merit((mean,), facts, opd_id=ids[code]))
    return found


def all_of(
    session: Session, month: str, programme: Programme
) -> tuple[dict[str, list[Merit]], dict[str, Any]]:
    """The candidates of every category of a month, and what the list rests on."""
    items, facts = content(session, month, programme)
    found = {
        awards.CONTENT: items,
        awards.STEADY: steady(session, month, programme),
        awards.CREATIVE: creative(session, month, programme),
        **agencies(session, month, programme),
    }
    weeks_ = [digest.week for digest in _snapshots(session, month, programme)]
    return found, {**facts, "weeks": weeks_}
