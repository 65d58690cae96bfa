"""What somebody did not ask for waits for the morning, unless they are at their phone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from models.messages import notices
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.people.people import Account, Person
from tests.chat import Stage

EVENING = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # 21.30 WIB
MORNING = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)  # 07.00 WIB


def due(stage: Stage, wrote: datetime | None, now: datetime, *, quiet: bool = True) -> datetime:
    """When a notice is due for somebody who last wrote at `wrote`."""
    siti = stage.person("Siti Rahma")
    with stage.session() as session, session.begin():
        session.execute(update(Account).values(last_inbound_at=wrote))
        person = session.get_one(Person, siti.person_id)
        programme = stage.programme if quiet else None
        assert notices.tell(session, now, person, "item:1:submitted", Post("general.error"), programme)
        found = session.scalars(select(Outbound.due_at).order_by(Outbound.id.desc())).first()
        assert found is not None
        return found


@pytest.mark.parametrize("wrote", [None, EVENING - timedelta(minutes=15), EVENING - timedelta(days=2)])
def test_in_the_quiet_hours_a_notice_waits_for_the_morning(stage: Stage, wrote: datetime | None) -> None:
    assert due(stage, wrote, EVENING) == MORNING


def test_who_is_writing_with_us_hears_it_at_once(stage: Stage) -> None:
    assert due(stage, EVENING - timedelta(minutes=14), EVENING) == EVENING


def test_by_day_and_where_nothing_may_wait_it_goes_out_at_once(stage: Stage) -> None:
    noon = EVENING - timedelta(hours=9)
    assert due(stage, None, noon) == noon
    assert due(stage, None, EVENING, quiet=False) == EVENING


def test_nobody_is_told_twice_of_the_same(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    with stage.session() as session, session.begin():
        person = session.get_one(Person, siti.person_id)
        tries = [
            notices.tell(session, EVENING, person, "item:1:submitted", Post("general.error"))
            for _ in range(2)
        ]
    assert tries == [True, False]
