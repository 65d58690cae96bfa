"""What WhatsApp costs: estimated before a release, counted afterwards, and held at a ceiling.

An opener costs what its template's category does (`programme.whatsapp.prices`) when it goes out, whatever
becomes of the category and the prices afterwards, and nothing if it failed.
What is said in open windows (models/whatsapp/spending.py) costs `service`, beyond what is free each month.

What a release costs is said before (`expected`) and after (`of_release`), both as the same kind of figure:
its openers and the messages of its items, those that are free each month not taken off, since nobody knows
which these will be.
The ceiling holds openers back: whoever writes to us gets an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from models.content import cards
from models.messages.outbox import OPENERS_COMING, OPENERS_SENT, SENT, Outbound
from models.programme.programme import Programme
from models.programme.whatsapp import CHANNEL
from models.whatsapp import ceilings, spending, templates

T = TypeVar("T")
PARTS = 3  # messages for an item at the most, but for albums: its picture, its card, the words to copy


@dataclass(frozen=True, slots=True)
class Cost:
    """What a release costs: so many `openers` and `messages` of items, and both in `rupiah`."""

    openers: int
    messages: int
    rupiah: int


def estimate(session: Session, openers: int, template: str, programme: Programme) -> int:
    """What so many openers of a template will cost, in rupiah."""
    return openers * programme.whatsapp.prices.of(_category(session, template))


def expected(session: Session, people: int, openers: int, template: str, programme: Programme) -> Cost:
    """What a release of an item with a picture costs at the most, for so many people of whom `openers` have
    to be asked by a template first: who does not answer costs less."""
    messages = people * PARTS
    rupiah = messages * programme.whatsapp.prices.service
    return Cost(openers, messages, rupiah + estimate(session, openers, template, programme))


def of_release(session: Session, release_id: int, template: str, programme: Programme) -> Cost:
    """What a release has cost so far: the openers of a template that went out for it, and the messages of its
    items."""
    which = (text(OPENERS_SENT), Outbound.release_id == release_id, Outbound.target == template)
    asked = _counted(session, *which)
    commas = func.length(Outbound.pieces) - func.length(func.replace(Outbound.pieces, ",", ""))
    sent = select(func.sum(commas + 1)).where(
        Outbound.release_id == release_id,
        Outbound.part.in_(cards.PARTS),
        Outbound.status == SENT,
        Outbound.channel == CHANNEL,
    )
    messages = session.scalar(sent) or 0
    rupiah = _cost(session, asked, programme) + messages * programme.whatsapp.prices.service
    return Cost(sum(number for *_, number in asked), messages, rupiah)


def fix(session: Session, going_out: Sequence[tuple[int, str]], programme: Programme) -> None:
    """Writes down what openers that go out now cost: their ids, with the categories of their templates."""
    for category in sorted({category for _, category in going_out}):
        ids = [number for number, named in going_out if named == category]
        session.execute(
            update(Outbound)
            .where(Outbound.id.in_(ids))
            .values(price=programme.whatsapp.prices.of(category))
            .execution_options(synchronize_session=False)
        )


def spent(session: Session, month: date, programme: Programme) -> int:
    """What a month has cost, in rupiah: its openers, and what was said in open windows. `month` is any day of
    it, here."""
    begin, end = _month(month, programme)
    sent = _counted(session, text(OPENERS_SENT), Outbound.sent_at >= begin, Outbound.sent_at < end)
    whatsapp = programme.whatsapp
    beyond = max(0, spending.said(session, begin, end) - whatsapp.free_messages)
    return _cost(session, sent, programme) + beyond * whatsapp.prices.service


def committed(session: Session, now: datetime, programme: Programme) -> int:
    """What this month has cost, and will with the openers that are due in it, in rupiah."""
    return _committed(session, ceilings.first_of(now, programme), now, programme)


def _committed(session: Session, month: date, now: datetime, programme: Programme) -> int:
    """The same of any month that is not over. An opener that waits counts where it is due; one that should
    have gone out before now counts now."""
    begin, end = _month(month, programme)
    since = [] if begin <= now else [Outbound.due_at >= begin]
    coming = _counted(session, text(OPENERS_COMING), Outbound.due_at < end, *since)
    # One that was tried before has the price of then: it will go out at that of its next try.
    anew = [(template, None, number) for template, _, number in coming]
    return spent(session, month, programme) + _cost(session, anew, programme)


def within_ceiling(
    session: Session,
    now: datetime,
    programme: Programme,
    asked: Sequence[T],
    planned: Sequence[tuple[str, datetime]],
) -> list[T]:
    """The first of `asked`, as far as the month's ceiling reaches; `planned` is, for each of them, the
    category and when it is due: each month has a ceiling of its own.

    Where it does not reach for all, whoever may release is asked (models/whatsapp/ceilings.py).
    """
    if not programme.whatsapp.monthly_ceiling or not asked:
        return list(asked)
    totals: dict[date, int] = {}
    limits: dict[date, int] = {}
    allowed: list[T] = []
    for one, (category, at) in zip(asked, planned, strict=True):
        month = ceilings.first_of(at, programme)
        if month not in totals:
            totals[month] = _committed(session, month, now, programme)
            limits[month] = ceilings.of(session, month, programme)
        totals[month] += programme.whatsapp.prices.of(category)
        if totals[month] <= limits[month]:
            allowed.append(one)
    for month in sorted(totals):
        if totals[month] > limits[month]:
            ceilings.ask(session, now, month, programme)
    return allowed


def _category(session: Session, template: str) -> str:
    found = templates.known(session, template)
    return found.category if found else templates.UTILITY


def _counted(session: Session, *which: Any) -> list[tuple[str, int | None, int]]:
    """How many openers there are of each template, at each price; None for those that have none (yet)."""
    by = (Outbound.target, Outbound.price)
    rows = session.execute(select(*by, func.count()).where(*which).group_by(*by))
    return [(template, price, number) for template, price, number in rows]


def _cost(session: Session, openers: Sequence[tuple[str, int | None, int]], programme: Programme) -> int:
    """Those without a price of their own cost what they would now."""
    return sum(
        estimate(session, number, template, programme) if price is None else number * price
        for template, price, number in openers
    )


def _month(day: date, programme: Programme) -> tuple[datetime, datetime]:
    first = day.replace(day=1)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    begin, end = (datetime.combine(one, time(0), programme.zone) for one in (first, after))
    return begin, end
