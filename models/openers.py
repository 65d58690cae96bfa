"""The short approved message that asks somebody on WhatsApp to open the window, and how many may go out.

Outside the window (models/windows.py) only a template goes out, with a button whose press opens it. Which
one depends on what waits: `konten` for a release, `pengingat` for a reminder, `rabuan` for the Wednesday
pack, `kabar` for everything else. An address gets one in 24 hours at the most as long as it says nothing, and
one that said nothing is not asked again about the same rows: each costs money, and too many cost the sender
its rating. Nobody who stopped us gets one.

The portfolio's limit counts the different people written to first in a rolling day. Since an address gets one
opener in a day at the most, openers are counted: those that were sent, by that moment, and those on their
way, by the moment at which they are due. A further one is due when there is room, in the order of asking.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, literal, select, text, union_all, update
from sqlalchemy.orm import Session, aliased

from models import audiences, outbox, prices, templates, windows
from models.cards import PARTS
from models.outbox import OPENERS_COMING, OPENERS_SENT, QUEUED, Outbound
from models.people import ACTIVE, Account, Person, short_name
from models.programme import Programme
from models.sending import Claimed
from models.whatsapp import CHANNEL, ROLLING

PART, OP = "opener", "template"
CONTENT, REMINDER, PACK, NEWS = "konten", "pengingat", "rabuan", "kabar"
NAMES = (CONTENT, REMINDER, PACK, NEWS)
_SENT, _COMING = text(OPENERS_SENT), text(OPENERS_COMING)


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


def wanted(row: Claimed) -> Wanted:
    """What has to be asked for a row that waits."""
    template = template_of(row.part, row.key)
    return Wanted(row.address, template, row.priority, row.release_id, row.person_id, row.expires_at)


def send(session: Session, now: datetime, asked: Sequence[Wanted], programme: Programme) -> int:
    """Queues an opener to each of these addresses that needs one, in this order, each due when there is room;
    how many.

    None goes to who has been asked in the last 24 hours or has stopped us, none of a template that is not
    approved, and none beyond the month's ceiling: those are looked at again by `keep`.
    """
    first: dict[str, Wanted] = {}
    for one in asked:
        first.setdefault(one.address, one)
    usable = templates.usable(session)
    names = _names(session, now, list(first))
    chosen = [one for one in first.values() if one.address in names and one.template in usable]
    chosen = prices.within_ceiling(session, now, programme, chosen, [usable[one.template] for one in chosen])
    if not chosen:
        return 0
    dues = due(session, now, len(chosen), programme)
    rows = [_row(one, names[one.address], now, at) for one, at in zip(chosen, dues, strict=True)]
    return outbox.add(session, rows)


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


# -- the portfolio's limit -------------------------------------------------------------------------


def due(session: Session, now: datetime, number: int, programme: Programme) -> list[datetime]:
    """When `number` further openers are due, counted from rows in one statement; never in the quiet hours
    unless that is now."""
    limit = programme.whatsapp.portfolio_limit
    if limit == 0 or number == 0:
        return [now] * number
    window = min(number, limit)
    # Of the newest `limit` those that make room first, and the last of all.
    times = _times(now).subquery()
    rows = session.execute(
        select(times.c.at, func.max(times.c.at).over().label("last"))
        .order_by(times.c.at.desc())
        .offset(limit - window)
        .limit(window)
    ).all()
    oldest = [max(at, now - ROLLING) for at, _ in rows]
    last = max((last for _, last in rows), default=now)
    return schedule(oldest, window - len(oldest), number, now, last, programme.quiet_until)


def _times(now: datetime) -> Select[Any]:
    """The moments of all openers that count now or later."""
    sent = select(Outbound.sent_at.label("at")).where(_SENT, Outbound.sent_at > now - ROLLING)
    # One that is due already, and still here, goes out now at the earliest.
    at = case((Outbound.due_at < now, literal(now, Outbound.due_at.type)), else_=Outbound.due_at)
    coming = select(at.label("at")).where(_COMING)
    both = union_all(sent, coming).subquery()
    return select(both.c.at)


def schedule(
    oldest: Sequence[datetime],
    free: int,
    number: int,
    now: datetime,
    last: datetime,
    quiet_until: Callable[[datetime], datetime] = lambda at: at,
) -> list[datetime]:
    """When `number` openers are due: `free` of them now, each further one a day after the oldest of those
    that fill the limit, which then counts no more, and never before one that was asked for earlier.

    `oldest` are the moments of those that make room first, `last` that of the last one planned.
    """
    line = list(oldest)
    heapq.heapify(line)
    dues: list[datetime] = []
    for nth in range(number):
        at = now
        if nth >= free:
            at = max(now, heapq.heappop(line) + ROLLING)
            if at > now:
                at = quiet_until(max(at, last))
            last = max(last, at)
        heapq.heappush(line, at)
        dues.append(at)
    return dues


def beyond(session: Session, now: datetime, programme: Programme, taken: int) -> tuple[int, datetime]:
    """How many of `taken` openers that the sender has in hand go beyond the limit now, and when there will be
    room for them. What was planned may have waited: for a paused release, or because we were down."""
    limit = programme.whatsapp.portfolio_limit
    if limit == 0:
        return 0, now
    sent = select(Outbound.sent_at).where(_SENT, Outbound.sent_at > now - ROLLING)
    newest = session.scalars(sent.order_by(Outbound.sent_at.desc()).limit(limit))
    times = [at for at in newest if at is not None]
    others = select(func.count()).where(_COMING, Outbound.status == outbox.SENDING)
    in_hand = session.scalar(others) or 0  # ours among them
    excess = min(taken, max(0, len(times) + in_hand - limit))
    if excess == 0:
        return 0, now
    # The oldest of those that fill the limit; without any, the limit is smaller than what is in hand.
    oldest = times[-1] if times else now
    return excess, max(oldest + ROLLING, now + timedelta(seconds=1))


# -- what is looked at again and again -------------------------------------------------------------


def keep(session: Session, now: datetime, programme: Programme) -> int:
    """Asks where rows wait for a window and nobody has been asked for them: the template was not approved
    yet, the month's ceiling was reached, the opener was cancelled with another release; how many."""
    coming, past = aliased(Outbound, name="coming"), aliased(Outbound, name="past")
    to_come = select(coming.id).where(_of("coming", OPENERS_COMING), coming.channel == CHANNEL)
    to_come = to_come.where(coming.address == Outbound.address)
    # Sent before the row waited counts too, as long as it is young: `_names` sees to that.
    came = select(past.id).where(_of("past", OPENERS_SENT), past.address == Outbound.address)
    came = came.where(past.sent_at >= Outbound.tried_at)
    rows = session.execute(
        select(
            Outbound.address, Outbound.part, Outbound.key, Outbound.priority, Outbound.release_id,
            Outbound.person_id, Outbound.expires_at,
        )
        .where(
            text("outbox.status = 'waiting'"),
            Outbound.follows.startswith(windows.PREFIX, autoescape=True),
            # Not as NOT EXISTS: with statistics from before a release PostgreSQL compared all with all.
            *(one.limit(1).correlate(Outbound).scalar_subquery().is_(None) for one in (to_come, came)),
        )
        .order_by(Outbound.id)
    )  # fmt: skip
    found = [Wanted(row[0], template_of(row[1], row[2]), *row[3:]) for row in rows]
    return send(session, now, found, programme)


def needed(session: Session, plan: audiences.Plan, now: datetime) -> int:
    """How many of the audience of these items are on WhatsApp and have to be asked first."""
    chosen = (
        select(func.count())
        .select_from(Person)
        .join(Account, Account.id == audiences.account_of_person())
        .where(Person.active, Person.joined_at.is_not(None), audiences.has_item(plan), windows.closed(now))
    )
    return session.scalar(chosen) or 0


def put_back(session: Session, ids: Sequence[int], at: datetime) -> None:
    """Openers that were taken and go beyond the limit: they are due again when there is room."""
    session.execute(
        update(Outbound)
        .where(Outbound.id.in_(ids))
        .values(status=QUEUED, due_at=at, lease_owner=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
