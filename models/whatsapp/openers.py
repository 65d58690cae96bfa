"""The short approved message that asks somebody on WhatsApp to open the window, and how many may go out.

Outside the window (models/whatsapp/windows.py) only a template goes out, with a button whose press opens it.
Which one depends on what waits: `konten` for a release, `pengingat` for a reminder, `rabuan` for the
Wednesday pack, `kabar` for everything else. An address gets one in 24 hours at the most as long as it says
nothing, and one that said nothing is not asked again about the same rows: each costs money, and too many cost
the sender its rating. Nobody who stopped us gets one.

How many go out in a day, and in which order, is planned in models/whatsapp/portfolio.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, column, func, or_, select, table, text, update
from sqlalchemy.orm import Session, aliased

from models.content.cards import PARTS
from models.messages import outbox
from models.messages.claims import Claimed
from models.messages.outbox import OPENERS_COMING, OPENERS_SENT, QUEUED, Outbound, Priority
from models.people import roles
from models.people.people import ACTIVE, Account, Person, short_name
from models.programme.programme import Programme
from models.programme.whatsapp import CHANNEL, ROLLING
from models.whatsapp import ceilings, portfolio, prices, templates, windows

PART, OP = "opener", "template"
CONTENT, REMINDER, PACK, NEWS = "konten", portfolio.REMINDER, "rabuan", "kabar"
NAMES = (CONTENT, REMINDER, PACK, NEWS)
UNUSABLE = "template"  # why an opener is taken back whose template cannot be sent (any more)
# Only what is asked of it: models/releases/releases.py stands on this module.
_RELEASE = table("release", column("id"), column("item_id"))


def _of(alias: str, condition: str) -> Any:
    """The condition of an index for an alias: SQLite finds a partial index by these very words alone."""
    return text(condition.replace("part ", f"{alias}.part ").replace("status ", f"{alias}.status "))


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address that has to be asked, and what of the row that waits goes over to its opener."""

    address: str
    template: str
    priority: int
    release_id: int | None
    person_id: int | None
    expires_at: datetime | None


def template_of(part: str, key: str) -> str:
    """Which template asks for a row of the outbox."""
    if part in PARTS:
        return CONTENT
    if part == "reminder":
        return REMINDER
    return PACK if key.startswith("digest:") else NEWS


def address_of(key: str) -> tuple[str, str] | None:
    """The channel and the address of an opener, by its key; None for another row."""
    kind, _, rest = key.partition(":")
    channel, _, rest = rest.partition(":")
    return (channel, rest.rpartition(":")[0]) if kind == PART else None


def wanted(row: Claimed | Row[Any]) -> Wanted:
    """What has to be asked for a row that waits."""
    template = template_of(row.part, row.key)
    return Wanted(row.address, template, row.priority, row.release_id, row.person_id, row.expires_at)


def send(session: Session, now: datetime, asked: Sequence[Wanted], programme: Programme) -> int:
    """Queues an opener to each of these addresses that needs one, each due when there is room, the urgent
    first and else in this order; how many.

    None goes to who has been asked in the last 24 hours or has stopped us, none of a template that is not
    approved, none beyond the month's ceiling (but for news to those who may raise it), and none that would be
    over before there is room: those are looked at again by `keep`, and what waits for them ends with the
    reason "window" in its time.
    """
    first: dict[str, Wanted] = {}
    for one in asked:
        first.setdefault(one.address, one)
    usable = templates.usable(session)
    names = _names(session, now, list(first))
    chosen = [one for one in first.values() if one.address in names and one.template in usable]
    if not chosen:
        return 0
    chosen = _hurried(session, chosen)
    places = [portfolio.Place(portfolio.rank(one.template, one.priority), one.expires_at) for one in chosen]
    portfolio.plan(session, now, places, programme)
    planned = [(one, at) for one, at in zip(chosen, (place.at for place in places), strict=True) if at]
    planned.sort(key=lambda pair: pair[1])
    allowed = prices.within_ceiling(
        session, now, programme, planned, [(usable[one.template], at) for one, at in planned]
    )
    allowed += _deciders(session, planned, allowed)
    # In one order: two that ask the same people never wait for each other.
    allowed.sort(key=lambda pair: pair[0].address)
    return outbox.add(session, [_row(one, names[one.address], now, at) for one, at in allowed])


def _deciders(
    session: Session, planned: Sequence[tuple[Wanted, datetime]], allowed: Sequence[tuple[Wanted, datetime]]
) -> list[tuple[Wanted, datetime]]:
    """Of those that the ceiling holds, the openers that bring the question about it to who may answer it."""
    taken = {one.address for one, _ in allowed}
    held = [(one, at) for one, at in planned if one.address not in taken and one.template == NEWS]
    if not held:
        return []
    ids = {person.id for person in roles.holders(session, ceilings.CAPABILITY)}
    return [(one, at) for one, at in held if one.person_id in ids]


def _hurried(session: Session, asked: Sequence[Wanted]) -> list[Wanted]:
    """The same; what belongs to an urgent release is no bulk."""
    ids = {one.release_id for one in asked if one.release_id is not None}
    chosen = select(_RELEASE.c.id).where(_RELEASE.c.id.in_(ids), _RELEASE.c.item_id.is_not(None))
    urgent = set(session.scalars(chosen)) if ids else set()
    notice = int(Priority.NOTICE)
    return [
        replace(one, priority=min(one.priority, notice)) if one.release_id in urgent else one for one in asked
    ]


def _row(one: Wanted, name: str, now: datetime, at: datetime) -> dict[str, Any]:
    body = {"template": one.template, "params": {"nama": name} if name else {}}
    return outbox.row(
        now,
        f"{PART}:{CHANNEL}:{one.address}:{int(now.timestamp())}",
        CHANNEL,
        one.address,
        op=OP,
        body=body,
        target=one.template,
        priority=outbox.Priority(one.priority),
        due_at=at,
        part=PART,
        person_id=one.person_id,
        release_id=one.release_id,
        expires_at=one.expires_at or now + windows.KEPT,
    )


def _names(session: Session, now: datetime, addresses: Sequence[str]) -> dict[str, str]:
    """Those of these addresses that may be asked now, and what their owners are called."""
    recent = aliased(Outbound, name="recent")
    asked = select(recent.id).where(_of("recent", OPENERS_SENT), recent.sent_at > now - ROLLING)
    asked = asked.where(recent.address == Account.address).correlate(Account)
    found: dict[str, str] = {}
    for begin in range(0, len(addresses), 5_000):  # a statement takes so many parameters
        rows = session.execute(
            select(Account.address, func.coalesce(Person.name, ""))
            .outerjoin(Person, Person.id == Account.person_id)
            .where(
                Account.channel == CHANNEL,
                Account.address.in_(addresses[begin : begin + 5_000]),
                Account.status == ACTIVE,
                asked.limit(1).scalar_subquery().is_(None),
            )
        )
        found |= {address: short_name(name) if name else "" for address, name in rows}
    return found


def due(session: Session, now: datetime, number: int, programme: Programme) -> list[datetime]:
    """When `number` further openers would be due that are in no hurry."""
    return portfolio.due(session, now, number, programme)


# -- what is looked at again and again -------------------------------------------------------------


def keep(session: Session, now: datetime, programme: Programme) -> int:
    """Asks where rows wait for a window and nobody has been asked for them: the template was not approved
    yet, the month's ceiling was reached, the opener was cancelled with another release; how many. In the
    quiet hours nobody for what is in no hurry, nor again."""
    coming, past = aliased(Outbound, name="coming"), aliased(Outbound, name="past")
    to_come = select(coming.id).where(_of("coming", OPENERS_COMING), coming.channel == CHANNEL)
    to_come = to_come.where(coming.address == Outbound.address)
    # Sent before the row waited counts too, as long as it is young: `_names` sees to that.
    came = select(past.id).where(_of("past", OPENERS_SENT), past.address == Outbound.address)
    came = came.where(past.sent_at >= Outbound.tried_at)
    _till_morning(session, now, programme)
    portfolio.close_up(session, now, programme)
    awake = [Outbound.priority < int(Priority.BULK)] if programme.is_quiet(now) else []
    # Most of those for whom there will be no room in time are not even read.
    (room,) = due(session, now, 1, programme)
    rows = session.execute(
        select(
            Outbound.address, Outbound.part, Outbound.key, Outbound.priority, Outbound.release_id,
            Outbound.person_id, Outbound.expires_at,
        )
        .where(
            text("outbox.status = 'waiting'"),
            *awake,
            Outbound.follows.startswith(windows.PREFIX, autoescape=True),
            or_(Outbound.expires_at.is_(None), Outbound.expires_at > room + windows.SOON),
            # Not as NOT EXISTS: with statistics from before a release PostgreSQL compared all with all.
            *(one.limit(1).correlate(Outbound).scalar_subquery().is_(None) for one in (to_come, came)),
        )
        .order_by(Outbound.id)
    )  # fmt: skip
    found = [Wanted(row[0], template_of(row[1], row[2]), *row[3:]) for row in rows]
    return send(session, now, found, programme)


def _till_morning(session: Session, now: datetime, programme: Programme) -> None:
    """What is in no hurry and would be tried again in the quiet hours waits until they end."""
    rows = session.execute(
        select(Outbound.id, Outbound.due_at)
        .where(
            text(OPENERS_COMING),
            Outbound.status == QUEUED,
            Outbound.due_at > now,
            Outbound.priority >= int(Priority.BULK),
        )
        .order_by(Outbound.id)
    )
    moved = [
        {"b_id": number, "b_before": at, "b_at": programme.quiet_until(at)}
        for number, at in rows
        if programme.is_quiet(at)
    ]
    if moved:
        # Not locked while they were read: one that was taken meanwhile goes out.
        same = (Outbound.id == bindparam("b_id"), Outbound.due_at == bindparam("b_before"))
        session.connection().execute(
            update(Outbound).where(*same, Outbound.status == QUEUED).values(due_at=bindparam("b_at")), moved
        )
