"""The whole pack of a week counted once more: plain SQL of raw rows, and plain arithmetic.

Nothing here asks models/. It is written from the sentences that explain the figures, and has every key that
the pack has: a figure that nobody counts here makes the tests fail.
"""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from models.programme.programme import Programme
from tests.models.figures import foretelling
from tests.models.figures.asking import Asked, document, shown
from tests.models.figures.foretelling import later, wednesday

Figures = dict[str, Any]
OUT = "('approved', 'released')"
COUNTED = "status IN ('received', 'accepted') AND NOT late"


def week_of(ask: Asked, week: str, programme: Programme, *, over: bool = False) -> Figures:
    """All figures of a week; of one that is `over` nothing is on its way any more. One that is not is
    compared with none, and says nothing of where things go."""
    released = bool(ask.one("SELECT count(*) FROM release WHERE week = :week AND item_id IS NULL", week=week))
    before = snapshots(ask, week)
    compared = before[-1] if before and released and over else None
    roster = ask.one("SELECT count(*) FROM person WHERE active")
    active = ask.one(f"SELECT count(*) FROM person WHERE active AND id IN {shown(week)}")
    share = part(active, roster)
    trend = [{"week": one["week"], "participation": one["participation"]} for one in before]
    trend.append({"week": week, "participation": share})
    opd = agencies(ask, week, compared)
    return {
        "week": week,
        "roster": roster,
        "joined": ask.one("SELECT count(*) FROM person WHERE active AND joined_at IS NOT NULL"),
        "active": active,
        "participation": share,
        "previous": compared["participation"] if compared else None,
        "target": programme.target_participation,
        "target_date": foretelling.target_day(programme).isoformat(),
        "trend": trend,
        "goal": foretelling.goal(trend, programme, counts=released and over),
        "opd": opd,
        "agencies": len(opd),
        "ready": sum(one["ready"] for one in opd),
        "without_item": [one["name"] for one in opd if not one["own_item"]],
        "lacking": sorted(one["name"] for one in opd if not one["ready"]),
        "coming_week": later(week, 1),
        **shares(ask, week, programme),
        "cohorts": {**standing(ask, week, released=released), "months": months(ask, week, programme)},
        "released": released,
        **cards(ask, week, over=over),
        "small_teams": small_teams(ask),
        "waiting_review": ask.one(
            "SELECT count(*) FROM item WHERE status IN ('submitted', 'edited', 'checked', 'confirming')"
        ),
        "urgent": urgent(ask, week, programme),
        "decisions": decisions(ask, week, programme),
    }


def part(some: int, all_: int) -> float:
    """A fraction as it is written down."""
    return round(some / all_, 6) if all_ else 0.0


def opens(week: str, programme: Programme) -> datetime:
    return datetime.combine(wednesday(week), programme.opens.time, programme.zone)


def snapshots(ask: Asked, week: str) -> list[Figures]:
    """The newest version of each of the eleven weeks before, of those with a release, oldest first."""
    rows = ask.rows(
        """SELECT d.figures FROM digest d WHERE d.week >= :first AND d.week < :week
        AND d.version = (SELECT max(e.version) FROM digest e WHERE e.week = d.week)
        AND EXISTS (SELECT 1 FROM release r WHERE r.week = d.week AND r.item_id IS NULL)
        ORDER BY d.week""",
        week=week,
        first=later(week, -11),
    )
    return [document(figures) for (figures,) in rows]


def agencies(ask: Asked, week: str, compared: Figures | None) -> list[Figures]:
    """Every OPD with people, the most active first."""
    known = {one["code"]: one["participation"] for one in compared["opd"]} if compared else {}
    rows = ask.rows(
        f"""SELECT id, code, name, roster, joined, active, band,
            EXISTS (SELECT 1 FROM item i WHERE i.opd_id = o.id AND i.week = :week AND NOT i.urgent
                AND (i.status IN {OUT} OR i.status = 'closed')),
            EXISTS (SELECT 1 FROM item i WHERE i.opd_id = o.id AND i.week = :coming AND NOT i.urgent
                AND i.status IN {OUT})
            FROM ({staffed(week)}) o ORDER BY active * 1.0 / roster DESC, name""",
        week=week,
        coming=later(week, 1),
    )
    return [
        {
            "code": code,
            "name": name,
            "roster": roster,
            "joined": joined,
            "active": active,
            "participation": part(active, roster),
            "band": band,
            "previous": known.get(code),
            "own_item": bool(own),
            "ready": bool(ready),
            **of_opd(ask, week, number),
        }
        for number, code, name, roster, joined, active, band, own, ready in rows
    ]


def staffed(week: str) -> str:
    """The OPD with people, with what these count, as a part of a statement."""
    return f"""SELECT a.*, CASE WHEN roster >= 500 THEN 'big' WHEN roster >= 150 THEN 'middle'
            ELSE 'small' END AS band
        FROM (SELECT o.id, o.code, o.name, count(*) AS roster, count(p.joined_at) AS joined,
                sum(CASE WHEN p.id IN {shown(week)} THEN 1 ELSE 0 END) AS active
            FROM opd o JOIN person p ON p.opd_id = o.id AND p.active GROUP BY o.id, o.code, o.name) a"""


def ranks(ask: Asked, week: str) -> dict[str, tuple[int, int]]:
    """The place of each OPD in its band by participation (1, 2, 2, 4), and how many are in the band."""
    rows = ask.rows(
        f"""SELECT code, rank() OVER (PARTITION BY band ORDER BY active * 1.0 / roster DESC),
            count(*) OVER (PARTITION BY band) FROM ({staffed(week)}) o"""
    )
    return {code: (rank, peers) for code, rank, peers in rows}


def of_opd(ask: Asked, week: str, number: int) -> Figures:
    """What the shares of an OPD say, by the OPD's id."""
    where = f"opd_id = {number}"
    found = platforms(ask, week, where)
    return {"shares": sum(found.values()), "platforms": found, "quality": quality(ask, week, where)}


def shares(ask: Asked, week: str, programme: Programme) -> Figures:
    """What all shares of a week say."""
    found = platforms(ask, week)
    views = {name: number * programme.views.get(name, 0) for name, number in found.items()}
    proofs = ask.rows(
        """SELECT CASE WHEN late THEN 'late' ELSE status END, count(*) FROM share
        WHERE week = :week GROUP BY 1""",
        week=week,
    )
    return {
        "shares": sum(found.values()),
        "platforms": found,
        "reach": {"views": sum(views.values()), "platforms": views},
        "proofs": {state: number for state, number in proofs},
        "quality": quality(ask, week),
    }


def platforms(ask: Asked, week: str, where: str = "1 = 1") -> dict[str, int]:
    rows = ask.rows(
        f"""SELECT CASE platform WHEN '' THEN 'unknown' ELSE platform END, count(*) FROM share
        WHERE week = :week AND {COUNTED} AND {where} GROUP BY 1""",
        week=week,
    )
    return {name: number for name, number in rows}


def quality(ask: Asked, week: str, where: str = "1 = 1") -> dict[str, int]:
    def number(condition: str) -> str:
        return f"coalesce(sum(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)"

    conditions = {
        "accepted": "NOT late AND status = 'accepted'",
        "waiting": "NOT late AND status IN ('received', 'appealed')",
        "rejected": "NOT late AND status = 'rejected'",
        "claimed": "NOT late AND status = 'claimed'",
        "late": "late",
    }
    columns = ", ".join(number(condition) for condition in conditions.values())
    (row,) = ask.rows(f"SELECT {columns} FROM share WHERE week = :week AND {where}", week=week)
    return dict(zip(conditions, row, strict=True))


def standing(ask: Asked, week: str, *, released: bool) -> dict[str, int]:
    """Who began and who stopped: active in no closed week before; and of the last six weeks that count in one
    of the first four, in neither of the last two. Closed weeks without a release do not count."""
    silent = ask.rows(
        "SELECT week FROM digest WHERE week NOT IN (SELECT week FROM release WHERE item_id IS NULL)"
    )
    skipped = {name for (name,) in silent} | (set() if released else {week})
    told = [name for name in (later(week, -back) for back in range(30)) if name not in skipped][:6]
    frozen = "SELECT person_id FROM participation WHERE week"
    known = ", ".join(f"'{name}'" for name in told[2:])
    return {
        "new": ask.one(
            f"""SELECT count(*) FROM person WHERE active AND id IN {shown(week)}
            AND id NOT IN ({frozen} < :week)""",
            week=week,
        ),
        "stopped": ask.one(
            f"""SELECT count(*) FROM person WHERE active AND id NOT IN {shown(week)}
            AND id IN ({frozen} IN ({known})) AND id NOT IN ({frozen} >= :quiet AND week < :week)""",
            quiet=told[1],
            week=week,
        ),
    }


def months(ask: Asked, week: str, programme: Programme) -> list[Figures]:
    """Who joined in each of the twelve months up to the one in which the week closes, and "" before them."""
    closes = opens(later(week, 1), programme)
    last = closes.year * 12 + closes.month - 1
    begins = [
        datetime(number // 12, number % 12 + 1, 1, tzinfo=programme.zone)
        for number in range(last - 11, last + 2)
    ]
    spans = [("", datetime(1900, 1, 1, tzinfo=programme.zone), begins[0])]
    spans += [(f"{begin:%Y-%m}", begin, end) for begin, end in pairwise(begins)]
    found = []
    for name, begin, end in spans:
        ((people, active),) = ask.rows(
            f"""SELECT count(*), coalesce(sum(CASE WHEN id IN {shown(week)} THEN 1 ELSE 0 END), 0)
            FROM person WHERE active AND joined_at >= :begin AND joined_at < :until""",
            begin=ask.moment(begin),
            until=ask.moment(end),
        )
        if people:
            found.append({"month": name, "people": people, "active": active})
    return found


def cards(ask: Asked, week: str, *, over: bool) -> dict[str, int]:
    """Who got the week's card, and who did not and will not."""
    missed = [
        "failed",
        "skipped",
        "cancelled",
        "expired",
        *(["waiting", "queued", "sending"] if over else []),
    ]

    def number(*states: str) -> Any:
        named = ", ".join(f"'{state}'" for state in states)
        return ask.one(
            f"""SELECT count(*) FROM outbox o JOIN release r ON r.id = o.release_id
            WHERE r.week = :week AND r.item_id IS NULL AND o.part = 'card' AND o.status IN ({named})""",
            week=week,
        )

    return {"received": number("sent"), "not_received": number(*missed)}


def small_teams(ask: Asked) -> list[str]:
    """OPD with people whose team has fewer than three, the smallest first."""
    rows = ask.rows(
        """SELECT name FROM (SELECT o.name, (SELECT count(DISTINCT r.person_id) FROM role r
                JOIN person p ON p.id = r.person_id WHERE p.active AND r.opd_id = o.id) AS people
            FROM opd o WHERE EXISTS (SELECT 1 FROM person p WHERE p.active AND p.opd_id = o.id)) team
        WHERE people < 3 ORDER BY people, name"""
    )
    return [name for (name,) in rows]


def urgent(ask: Asked, week: str, programme: Programme) -> list[Figures]:
    """The urgent items that went out in the week, first to last."""
    rows = ask.rows(
        f"""SELECT i.id, i.title,
            (SELECT count(*) FROM outbox o WHERE o.release_id = r.id AND o.part = 'card'
                AND o.status = 'sent'),
            (SELECT count(DISTINCT s.person_id) FROM share s WHERE s.item_id = i.id AND {COUNTED})
            FROM release r JOIN item i ON i.id = r.item_id
            WHERE r.started_at >= :begin AND r.started_at < :until ORDER BY r.started_at""",
        begin=ask.moment(opens(week, programme)),
        until=ask.moment(opens(later(week, 1), programme)),
    )
    return [
        {"id": number, "title": title, "received": received, "active": active}
        for number, title, received, active in rows
    ]


def decisions(ask: Asked, week: str, programme: Programme) -> list[Figures]:
    """Open ones, and those closed since the week opened, first what is due first."""
    rows = ask.rows(
        """SELECT id, text, who, due, status FROM decision
        WHERE status = 'open' OR closed_at >= :begin ORDER BY due, id""",
        begin=ask.moment(opens(week, programme)),
    )
    ends = wednesday(week) + timedelta(weeks=1)
    return [
        {
            "id": number,
            "text": text,
            "who": who,
            "due": str(due),
            "state": state,
            "late": state == "open" and date.fromisoformat(str(due)) < ends,
        }
        for number, text, who, due, state in rows
    ]
