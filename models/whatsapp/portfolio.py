"""When openers go out: no more different people a rolling day than the portfolio's limit, the urgent first.

Since an address gets one opener in a day at the most, openers are counted: those that were sent, by that
moment, and those on their way, by the moment at which they are due. A further one is due when there is room.
Who is more urgent takes the place of who is less, who then waits for the next one: what is asked now (an
urgent release, a notice, the Wednesday pack) before a week's release, and that before reminders. One that
would be over before there is room is not planned at all.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, literal, not_, select, text, union_all, update
from sqlalchemy.orm import Session

from models.messages import outbox
from models.messages.outbox import OPENERS_COMING, OPENERS_SENT, QUEUED, Outbound, Priority
from models.programme.programme import Programme
from models.programme.whatsapp import ROLLING
from models.whatsapp import windows

URGENT, WEEKLY, REMINDING = 0, 1, 2
REMINDER = "pengingat"  # the template that asks for reminders
QuietUntil = Callable[[datetime], datetime]
NO_ROOM = "no room"  # why an opener is taken back that would be over before there is any
_SENT, _COMING = text(OPENERS_SENT), text(OPENERS_COMING)
_NEVER = datetime.max.replace(tzinfo=UTC)
# Of one that waits for nothing but room. One that the channel would not take waits as long as that demands.
_UNTRIED = and_(Outbound.attempts == 0, Outbound.unsettled.is_(False))


@dataclass(slots=True, eq=False)
class Place:
    """One opener in the plan: how urgent it is (0 to 2, the first first), when it is due (None: there is no
    room before its end), and its row, if it has one already."""

    rank: int
    expires_at: datetime | None
    at: datetime | None = None
    row_id: int | None = None

    def takes(self, at: datetime) -> bool:
        """Whether a moment is early enough: a person who is asked needs some time to answer."""
        return self.expires_at is None or at + windows.SOON < self.expires_at


def rank(template: str, priority: int) -> int:
    """How urgent an opener is."""
    if template == REMINDER:
        return REMINDING
    return WEEKLY if priority >= Priority.BULK else URGENT


def _rank() -> Any:
    """`rank` of a row of the outbox."""
    weekly = case((Outbound.priority >= int(Priority.BULK), WEEKLY), else_=URGENT)
    return case((Outbound.target == REMINDER, REMINDING), else_=weekly)


def due(session: Session, now: datetime, number: int, programme: Programme) -> list[datetime]:
    """When `number` further openers would be due that are in no hurry; never in the quiet hours unless that
    is now."""
    line = _line(session, now, number, programme)
    return [line.take() for _ in range(number)]


def plan(session: Session, now: datetime, places: Sequence[Place], programme: Programme) -> None:
    """Says of each place when it is due. Rows that are moved back for it are written."""
    line = _line(session, now, 2 * len(places), programme)  # those that are overtaken need room as well
    for place in sorted(places, key=lambda place: place.rank):
        if place.takes(line.next()):
            place.at = line.take()
    if programme.whatsapp.portfolio_limit:
        _write(session, _overtaken(session, now, places), line)


def close_up(session: Session, now: datetime, programme: Programme) -> int:
    """Moves planned openers into room that others have left (who wrote unasked needs none); how many. Not in
    the quiet hours: it would bring them into the night."""
    limit = programme.whatsapp.portfolio_limit
    if limit == 0 or programme.is_quiet(now):
        return 0
    rows = session.execute(
        select(_rank(), Outbound.expires_at, Outbound.due_at, Outbound.id)
        .where(*_later(now), _UNTRIED)
        .order_by(_rank(), Outbound.due_at, Outbound.id)
        .with_for_update(skip_locked=True, of=Outbound)
    ).all()
    if not rows:
        return 0
    times = _times(now).subquery()
    gone = session.scalars(
        select(times.c.at).where(times.c.at <= now).order_by(times.c.at.desc()).limit(limit)
    )
    staying = session.scalars(select(Outbound.due_at).where(*_later(now), not_(_UNTRIED)))
    newest = sorted((*gone, *staying), reverse=True)[:limit]
    oldest = [max(at, now - ROLLING) for at in newest]
    line = Line(oldest, limit - len(oldest), now, now, programme.quiet_until)
    moved: list[Place] = []
    for place in (Place(*row) for row in rows):
        at = line.take() if place.takes(line.next()) else None
        if at != place.at:
            place.at = at
            moved.append(place)
    _write(session, moved, line)
    return len(moved)


def _later(now: datetime) -> tuple[Any, ...]:
    """Whether a row is an opener that is due later."""
    return _COMING, Outbound.status == QUEUED, Outbound.due_at > now


# -- the line --------------------------------------------------------------------------------------


class Line:
    """The moments at which there is room: `free` of them now, each further one a day after the oldest of
    those that fill the limit, which then counts no more, and never before one that was planned earlier.

    `oldest` are the moments of those that make room first, `last` that of the last one planned. Without a
    limit (`free` None) there is room now.
    """

    def __init__(
        self,
        oldest: Sequence[datetime],
        free: int | None,
        now: datetime,
        last: datetime,
        quiet_until: QuietUntil = lambda at: at,
    ) -> None:
        self._oldest, self._free, self._now, self._last = list(oldest), free, now, last
        self._quiet_until = quiet_until
        heapq.heapify(self._oldest)

    def next(self) -> datetime:
        """When there is room for another one."""
        if self._free is None or self._free > 0:
            return self._now
        at = max(self._now, self._oldest[0] + ROLLING)
        return self._quiet_until(max(at, self._last)) if at > self._now else at

    def take(self) -> datetime:
        """The same, and that room is taken."""
        at = self.next()
        if self._free is None:
            return at
        if self._free > 0:
            self._free -= 1
        else:
            heapq.heappop(self._oldest)
            self._last = max(self._last, at)
        heapq.heappush(self._oldest, at)
        return at


def _line(session: Session, now: datetime, number: int, programme: Programme) -> Line:
    """Counted from rows, in one statement, for up to `number` openers."""
    limit = programme.whatsapp.portfolio_limit
    if limit == 0 or number == 0:
        return Line([], None, now, now)
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
    return Line(oldest, window - len(oldest), now, last, programme.quiet_until)


def _times(now: datetime) -> Select[Any]:
    """The moments of all openers that count now or later."""
    sent = select(Outbound.sent_at.label("at")).where(_SENT, Outbound.sent_at > now - ROLLING)
    # One that is due already, and still here, goes out now at the earliest.
    at = case((Outbound.due_at < now, literal(now, Outbound.due_at.type)), else_=Outbound.due_at)
    coming = select(at.label("at")).where(_COMING)
    both = union_all(sent, coming).subquery()
    return select(both.c.at)


# -- who goes before whom --------------------------------------------------------------------------


def _overtaken(session: Session, now: datetime, places: Sequence[Place]) -> list[Place]:
    """Gives those who are more urgent the moments of those who are less, and the other way round; the rows
    that were moved."""
    moved: list[Place] = []
    for hurry in (URGENT, WEEKLY):
        late = [one for one in (*places, *moved) if one.rank == hurry and (one.at is None or one.at > now)]
        late.sort(key=lambda one: one.at or _NEVER)
        for one, other in zip(late, _before(session, now, hurry, late, moved), strict=False):
            assert other.at is not None, "rows have a moment"
            if (one.at is not None and one.at <= other.at) or not one.takes(other.at):
                continue
            one.at, other.at = other.at, one.at
            moved.append(other)
    return moved


def _before(
    session: Session, now: datetime, hurry: int, late: Sequence[Place], moved: Sequence[Place]
) -> list[Place]:
    """The rows of those in less of a hurry whose turn comes before these, the soonest first; not those that
    were moved for others already."""
    if not late:
        return []
    last = late[-1].at
    rows = session.execute(
        select(_rank(), Outbound.expires_at, Outbound.due_at, Outbound.id)
        .where(
            *_later(now),
            _UNTRIED,
            _rank() > hurry,
            Outbound.id.not_in([one.row_id for one in moved]),
            *([Outbound.due_at < last] if last is not None else []),
        )
        .order_by(Outbound.due_at, _rank().desc(), Outbound.id)
        .limit(len(late))
        .with_for_update(skip_locked=True, of=Outbound)
    )
    return [Place(*row) for row in rows]


def _write(session: Session, moved: Sequence[Place], line: Line) -> None:
    """Writes down when rows are due that were moved; those for which there is no room any more are taken
    back, and asked for again when there is (`openers.keep`)."""
    stay: list[Place] = []
    go: list[Place] = []
    for one in moved:
        if one.at is None and one.takes(line.next()):
            one.at = line.take()
        (stay if one.at is not None and one.takes(one.at) else go).append(one)
    if stay:
        session.connection().execute(
            update(Outbound).where(Outbound.id == bindparam("b_id")).values(due_at=bindparam("b_at")),
            [{"b_id": one.row_id, "b_at": one.at} for one in stay],
        )
    if go:
        outbox.cancel(session, Outbound.id.in_([one.row_id for one in go]), reason=NO_ROOM)


# -- what the sender has in hand -------------------------------------------------------------------


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


def put_back(session: Session, ids: Sequence[int], at: datetime) -> None:
    """Openers that were taken and go beyond the limit: they are due again when there is room, or taken back
    where that is too late for them."""
    late = Outbound.expires_at <= at + windows.SOON
    session.execute(
        update(Outbound)
        .where(Outbound.id.in_(ids))
        .values(
            status=case((late, outbox.CANCELLED), else_=QUEUED),
            reason=case((late, NO_ROOM), else_=""),
            due_at=at,
            lease_owner=None,
            lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )
