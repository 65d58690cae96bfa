"""Asking people on WhatsApp, by openers, to let us write: whom, when, and within which limit."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from models.messages import outbox
from models.messages.outbox import Outbound
from models.programme.programme import Programme
from models.programme.whatsapp import Prices, Whatsapp
from models.whatsapp import openers
from models.whatsapp.openers import Wanted
from tests import scene, windowed
from tests.chat import Chatter, Stage

DAY = timedelta(hours=24)
NOON = datetime(2026, 11, 25, 5, tzinfo=UTC)


def programme(limit: int = 250, ceiling: int = 0) -> Programme:
    terms = Whatsapp(portfolio_limit=limit, monthly_ceiling=ceiling, prices=Prices(utility=100))
    return Programme(whatsapp=terms)


def crowd(stage: Stage, number: int) -> list[str]:
    """So many people on WhatsApp who have not written for days; their addresses."""
    addresses = [f"+62813{n:07}" for n in range(number)]
    for nth, address in enumerate(addresses):
        windowed.person(stage, f"Orang {nth}", address)
    return addresses


def ask(stage: Stage, addresses: list[str], template: str = openers.CONTENT) -> int:
    with stage.session() as session, session.begin():
        wanted = [Wanted(address, template, 2, None, None, None) for address in addresses]
        return openers.send(session, stage.now, wanted, stage.programme)


def beyond(stage: Stage, ceiling: int, people_: int) -> Chatter:
    """Something waits for so many people, more than the month's ceiling has openers for; a controller."""
    stage.programme = programme(ceiling=ceiling)
    windowed.approve(stage)
    boss = stage.person("Budi Santoso", "BAPPEDA", role="controller")
    addresses = crowd(stage, people_)
    with stage.session() as session, session.begin():
        for address in addresses:
            windowed.write(session, stage.now, f"to:{address}", address)
    return boss


def dues(stage: Stage) -> dict[datetime, int]:
    return dict(Counter(row.due_at for row in scene.rows(stage, Outbound.part == openers.PART)))


def plan(stage: Stage, *asked: Wanted) -> int:
    with stage.session() as session, session.begin():
        return openers.send(session, stage.now, asked, stage.programme)


def planned(stage: Stage) -> dict[str, float]:
    """In how many hours each address is asked."""
    rows = scene.rows(stage, Outbound.part == openers.PART, Outbound.status == outbox.QUEUED)
    return {row.address: (row.due_at - stage.now).total_seconds() / 3600 for row in rows}


def full(stage: Stage, limit: int, people_: int) -> list[str]:
    """The limit is used up now, by other people; the addresses of those who are still to be asked."""
    stage.programme = programme(limit=limit)
    windowed.approve(stage)
    addresses = crowd(stage, limit + people_)
    assert ask(stage, addresses[:limit]) == limit
    windowed.deliver(stage)
    return addresses[limit:]
