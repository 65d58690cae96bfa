"""What WhatsApp costs: estimated before a release, counted afterwards, and held at a ceiling.

An opener costs what its template's category does (`programme.whatsapp.prices`), and nothing if it failed.
What is said in open windows (models/whatsapp/spending.py) costs `service`, beyond what is free each month.
The ceiling holds openers back: whoever writes to us gets an answer.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.messages.outbox import OPENERS_COMING, OPENERS_SENT, Outbound
from models.programme.programme import Programme
from models.whatsapp import ceilings, spending, templates

T = TypeVar("T")
PARTS = 3  # messages for an item: its picture, its card, the words to copy


def estimate(session: Session, openers: int, template: str, programme: Programme) -> int:
    """What so many openers of a template will cost, in rupiah."""
    return openers * programme.whatsapp.prices.of(_category(session, template))


def of_cards(people: int, programme: Programme) -> int:
    """What an item with a picture costs for so many people, in rupiah: who does not answer an opener costs
    less, and what is free each month is not taken off."""
    return people * PARTS * programme.whatsapp.prices.service


def of_release(session: Session, release_id: int, programme: Programme) -> int:
    """What the openers of a release have cost so far, in rupiah."""
    return _cost(session, _counted(session, text(OPENERS_SENT), Outbound.release_id == release_id), programme)


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
    return spent(session, month, programme) + _cost(session, coming, programme)


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


def _counted(session: Session, *which: Any) -> dict[str, int]:
    rows = session.execute(select(Outbound.target, func.count()).where(*which).group_by(Outbound.target))
    return {template: number for template, number in rows}


def _cost(session: Session, openers: dict[str, int], programme: Programme) -> int:
    return sum(estimate(session, number, template, programme) for template, number in openers.items())


def _month(day: date, programme: Programme) -> tuple[datetime, datetime]:
    first = day.replace(day=1)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    begin, end = (datetime.combine(one, time(0), programme.zone) for one in (first, after))
    return begin, end
