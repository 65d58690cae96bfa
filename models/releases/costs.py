"""What a release costs on WhatsApp: said before it, kept, and set beside what it has cost in the end."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.programme.programme import Programme
from models.programme.whatsapp import CHANNEL
from models.releases import audiences
from models.releases.releases import Release
from models.whatsapp import openers, prices
from models.whatsapp.prices import Cost

EXPECTED = "expected"  # in `Release.watched`


def estimate(
    session: Session, plan: audiences.Plan, people: int, now: datetime, programme: Programme
) -> Cost:
    """What a release of these items to so many people on WhatsApp costs at the most, if it begins now."""
    asked = audiences.asked_first(session, plan, now)
    return prices.expected(session, people, asked, openers.CONTENT, programme)


def expect(session: Session, release: Release, now: datetime, programme: Programme) -> None:
    """Keeps with a release that begins now what it is expected to cost."""
    plan = release.plan(session)
    people = audiences.measure_plan(session, plan).channels.get(CHANNEL, 0)
    cost = estimate(session, plan, people, now, programme)
    release.watched = {**release.watched, EXPECTED: cost.rupiah}


def told(session: Session, release: Release, programme: Programme) -> list[dict[str, Any]] | str:
    """The lines about the cost in the result of a release; "" where nothing went out on WhatsApp."""
    cost = prices.of_release(session, release.id, openers.CONTENT, programme)
    if not cost.openers and not cost.messages:
        return ""
    lines = [{"text": "releasing.cost", "params": counted(cost)}]
    expected = release.watched.get(EXPECTED)
    if expected is None:
        return lines
    lines.append({"text": "releasing.cost_expected", "params": {"cost": expected}})
    if cost.rupiah != expected:
        why = "releasing.cost_less" if cost.rupiah < expected else "releasing.cost_more"
        lines.append({"text": why, "params": {}})
    return lines


def counted(cost: Cost) -> dict[str, int]:
    """A cost as parameters of a text."""
    return {"cost": cost.rupiah, "openers": cost.openers, "messages": cost.messages}
