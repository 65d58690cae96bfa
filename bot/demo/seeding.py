"""What lies behind the sample province when the week begins, put there by the verbs of models/.

The roster comes in by the real import; those who joined in earlier weeks get the very rows that their
own chats would have made, only many at a time.
"""

import csv
import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from bot.demo import pictures, topics
from bot.demo.regulars import Regulars
from bot.demo.sample import JOINED, KNOWN, SILENT, Civil, Sample
from bot.demo.topics import Topic
from bot.files.media import Store
from models.content import drafts, rubrics
from models.content.content import Item
from models.content.reviews import Scores
from models.digests import digests
from models.editorial import moves
from models.figures import figures as counted
from models.figures import forecasts, snapshots
from models.figures.weekly import WeekFigures
from models.membership import roster
from models.membership.consents import Consent
from models.membership.roster import Entry, Plan
from models.messages import files
from models.people import audit, people, roles
from models.people.people import ACTIVE, BLOCKED, Account, Person
from models.programme import runs, weeks
from models.programme.programme import Programme
from scheduler import jobs

# Participation of the weeks before: made up, and marked as such wherever it is stored.
PAST = (0.183, 0.262, 0.341, 0.402)
MARK = "data contoh untuk peragaan"
_STARTED = (JOINED, KNOWN, SILENT)
FULL_TEAMS = 24  # OPD whose PPID team has its three people; the others have two
SCORES = ((4, 4), (5, 4), (4, 3), (5, 5), (3, 4))  # accurate and engaging, as quality control gave them


def import_agencies(session: Session, path: Path, now: datetime) -> int:
    """The OPD of a file, through the import; how many were new."""
    rows = ((line, cells["kode"], cells["nama"]) for line, cells in _lines(path))
    changes, rejected = roster.plan_agencies(session, rows)
    assert not rejected, rejected
    roster.apply_agencies(session, changes, now)
    return len(changes)


def preview(session: Session, path: Path) -> Plan:
    """What importing a roster file would do."""
    return roster.plan(session, (_entry(line, cells) for line, cells in _lines(path)))


def import_roster(session: Session, path: Path, now: datetime) -> Plan:
    """A roster file, through the import; what it did."""
    plan = preview(session, path)
    roster.apply(session, plan, now)
    return plan


def _lines(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from enumerate(csv.DictReader(file), start=2)


def _entry(line: int, cells: dict[str, str]) -> Entry:
    return Entry(line, cells["nip"], cells["nama"], cells["kode_opd"], cells["hp"], cells["jabatan"])


def join(session: Session, who: Iterable[Civil], programme: Programme, now: datetime) -> int:
    """Lets people have joined at `now`: the rows of people.meet, link and consent; how many they are."""
    ids = {nip: person_id for nip, person_id in session.execute(select(Person.nip, Person.id))}
    joining = [(person, ids[person.nip]) for person in who if person.stands in _STARTED]
    if not joining:
        return 0
    accounts = [_account(*one, channel, now) for one in joining for channel in one[0].channels]
    session.execute(insert(Account), accounts)
    version = programme.consent_version
    agreed = [_consent(person, person_id, version, now) for person, person_id in joining]
    session.execute(insert(Consent), agreed)
    linked = [_linked(person_id, channel, now) for one, person_id in joining for channel in one.channels]
    session.execute(insert(audit.Entry), linked)
    # On the connection: the ORM would want the rows to be loaded first.
    session.connection().execute(
        update(Person)
        .where(Person.id == bindparam("b_id"))
        .values(joined_at=bindparam("b_at"), consent_version=bindparam("b_version")),
        [{"b_id": person_id, "b_at": now, "b_version": version} for _, person_id in joining],
    )
    session.expire_all()
    return len(joining)


def _account(person: Civil, person_id: int, channel: str, now: datetime) -> dict[str, object]:
    blocked = person.stands == KNOWN
    return {
        "channel": channel,
        "address": person.address(channel),
        "name": person.name,
        "person_id": person_id,
        "status": BLOCKED if blocked else ACTIVE,
        "blocked_at": now if blocked else None,
        "last_inbound_at": now,
        "linked_at": now,
        "created_at": now,
    }


def _consent(person: Civil, person_id: int, version: str, now: datetime) -> dict[str, object]:
    return {
        "channel": person.channel,
        "person_id": person_id,
        "version": version,
        "given": True,
        "address": person.address(person.channel),
        "at": now,
    }


def _linked(person_id: int, channel: str, now: datetime) -> dict[str, object]:
    return {
        "at": now,
        "actor_id": person_id,
        "act": "link",
        "subject": "person",
        "subject_id": str(person_id),
        "after": channel,
    }


def appoint(session: Session, sample: Sample, now: datetime) -> int:
    """PPID teams and officials; how many roles were given."""
    for nth, (code, _) in enumerate(sorted(sample.by_opd.items(), key=lambda pair: -len(pair[1]))):
        team = sample.team(code)
        for person, role in zip(team if nth < FULL_TEAMS else team[:2], roles.OF_AN_OPD, strict=False):
            _grant(session, person, role, now)
    for controller in sample.controllers:
        _grant(session, controller, "controller", now)
    _grant(session, sample.tag, "tag", now)
    _grant(session, sample.leader, "leader", now)
    _grant(session, sample.admin, "admin", now)
    return len(session.scalars(select(roles.Role.id)).all())


def _grant(session: Session, who: Civil, role: str, now: datetime) -> None:
    roles.grant(session, person(session, who), role, None, now, by=None)


def person(session: Session, who: Civil) -> Person:
    """The row of somebody of the sample."""
    found = people.with_nip(session, who.nip)
    assert found is not None, f"{who.name} is not in the roster"
    return found


def write_items(
    session: Session,
    sample: Sample,
    written: Iterable[Topic],
    week: str,
    store: Store,
    programme: Programme,
    now: datetime,
    *,
    approved: bool = True,
) -> int:
    """Items that were written, read and scored before, and approved unless told otherwise; how many."""
    number = 0
    approver, judge = person(session, sample.controllers[0]), person(session, sample.tag)
    for topic in written:
        provincial = topic is topics.PROVINCIAL
        author = person(session, sample.team(programme.provincial_opd if provincial else topic.code)[0])
        item = drafts.start(
            session, author, None if provincial else author.opd_id, now, programme.provincial_opd
        )
        _fill(session, item, topic, week, store, now)
        moves.move(session, item, "submit", author, now, programme)
        team = sample.team(programme.provincial_opd if provincial else topic.code)
        moves.move(session, item, "endorse", person(session, team[1]), now, programme)
        scores = Scores(*SCORES[number % len(SCORES)])
        moves.move(session, item, "score", judge, now, programme, scores=scores)
        if approved:
            moves.move(session, item, "approve", approver, now, programme)
        number += 1
    return number


def _fill(session: Session, item: Item, topic: Topic, week: str, store: Store, now: datetime) -> None:
    for field, value in (
        ("title", topic.title),
        ("what", topic.what),
        ("why", topic.why),
        ("caption", topic.caption),
        ("source_url", topic.source),
    ):
        drafts.fill(session, item, field, value, now)
    data = pictures.infographic(topic)
    stored = store.put(data, now)
    media = files.add(
        session,
        now,
        kind="photo",
        key=stored.key,
        sha256=stored.sha256,
        mime="image/jpeg",
        size=stored.size,
        purpose="item",
        name=f"{topic.code.lower()}.jpg",
        width=pictures.SIDE,
        height=pictures.SIDE,
    )
    drafts.choose(session, item, "rubric", rubrics.ACHIEVEMENT, now)
    drafts.choose(session, item, "public", True, now)
    drafts.illustrate(session, item, media, now)
    drafts.plan(session, item, week, now)


def remember(session: Session, week: str, programme: Programme, seed: int) -> int:
    """Closed weeks before `week`, as frozen snapshots marked as sample data; how many.

    Their jobs count as done. What belongs to them but comes when the play has begun happens in it: the digest
    of the last one, sent when this week opens, and the reminders of who has no item for this week.
    """
    begins = monday(week, programme)
    dice = random.Random(seed)
    regulars = Regulars.of(session, seed, programme)
    earlier: dict[str, float] = {}
    for back, share in zip(range(len(PAST), 0, -1), PAST, strict=True):
        name = weeks.shift(week, -back)
        closed = weeks.closing(name, programme)
        figures = digests.figures(session, name, programme, over=True)
        _make_up(figures, share, dice, programme, regulars)
        for agency in figures["opd"]:
            agency["previous"] = earlier.get(agency["code"])
        earlier = {agency["code"]: agency["participation"] for agency in figures["opd"]}
        if rows := regulars.rows(name):
            session.execute(insert(snapshots.Participation), rows)
            snapshots.follow(session, name)
        row = snapshots.Digest(
            week=name, version=1, figures=dict(figures), reason=MARK, changes={}, at=closed
        )
        session.add(row)
        audit.record(session, closed, "close", "week", name, after="1", reason=MARK)
        for due in jobs.of_week(name, programme):
            if due.at >= begins:
                continue
            runs.claim(session, due.job, due.period, due.at)
            runs.describe(session, due.job, due.period, MARK)
        session.flush()
    return len(PAST)


def _make_up(
    figures: WeekFigures, share: float, dice: random.Random, programme: Programme, regulars: Regulars
) -> None:
    """Figures of a week that nobody lived through, and who of the `regulars` is said to have shared in it."""
    agencies = figures["opd"]
    for agency in agencies:
        part = min(0.97, max(0.02, share * dice.uniform(0.55, 1.5)))
        agency["active"] = regulars.share(agency["code"], round(agency["roster"] * part))
        agency["participation"] = round(agency["active"] / agency["roster"], 6)
        agency["shares"] = round(agency["active"] * 1.15)
    agencies.sort(key=lambda agency: (-agency["participation"], agency["name"]))
    active = sum(agency["active"] for agency in agencies)
    roster_size = sum(agency["roster"] for agency in agencies)
    participation = round(active / roster_size, 6)
    trend = figures["trend"]
    trend[-1]["participation"] = participation
    shares = sum(agency["shares"] for agency in agencies)
    proofs = {"accepted": shares, "claimed": round(active * 0.04)}
    places = {"whatsapp_story": 0.46, "facebook": 0.19, "instagram_story": 0.15, "whatsapp_group": 0.12}
    platforms = {name: round(shares * part) for name, part in places.items()}
    platforms["tiktok"] = shares - sum(platforms.values())
    figures["active"], figures["participation"], figures["shares"] = active, participation, shares
    figures["platforms"], figures["reach"] = platforms, counted.reach(platforms, programme.views)
    figures["proofs"], figures["quality"] = proofs, counted.quality(proofs)
    figures["cohorts"] = regulars.cohorts(figures["cohorts"])
    figures["previous"] = trend[-2]["participation"] if len(trend) > 1 else None
    figures["goal"] = forecasts.goal(trend, date.fromisoformat(figures["target_date"]), programme)
    figures["received"], figures["not_received"] = round(roster_size * 0.86), round(roster_size * 0.01)
    figures["released"], figures["waiting_review"] = True, 0


def monday(week: str, programme: Programme) -> datetime:
    """Monday 09.00 local before the week opens: when its preparation begins."""
    opening = weeks.opening(week, programme).astimezone(programme.zone)
    return (opening - timedelta(days=2)).replace(hour=9, minute=0)
