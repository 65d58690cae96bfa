"""What people and jobs do in tests of reminders."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from models.messages.outbox import Outbound
from models.people import breaks
from models.people.people import Person
from models.programme import weeks
from models.proofs import meaning, proofs
from models.releases import releases
from models.reminders import asked, reminders
from models.shares import shares, standings
from tests import scene
from tests.chat import Chatter, Stage

WEEK = "2026-W48"
FRIDAY = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # 10.00 WIB
MONDAY = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
Happening = Callable[[Stage, Chatter], object]


def remind(stage: Stage, nth: int = 1, at: datetime = FRIDAY) -> int:
    stage.now = at
    with stage.session() as session, session.begin():
        return reminders.send(session, WEEK, nth, stage.now, stage.programme)


def reminders_of(stage: Stage, who: Chatter) -> list[Outbound]:
    return scene.rows(stage, Outbound.part == reminders.REMINDER, Outbound.person_id == who.person_id)


def prove(stage: Stage, who: Chatter, status: str = standings.RECEIVED) -> None:
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        about = meaning.about(session, person, stage.now)
        assert about is not None
        if status == standings.CLAIMED:
            proofs.claim(session, person, about, stage.now)
            return
        number = session.scalar(select(func.count()).select_from(shares.Evidence))
        taken = proofs.receive(session, person, about, stage.now, source=f"s{number}", kind="photo")
        assert taken is not None
        session.get_one(shares.Share, taken.id).status = status


def rest(stage: Stage, who: Chatter, until: datetime, why: str = breaks.LEAVE) -> None:
    with stage.session() as session, session.begin():
        reminders.rest(session, session.get_one(Person, who.person_id), WEEK, until, why)


def change(stage: Stage, who: Chatter, **values: object) -> None:
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        for name, value in values.items():
            setattr(person, name, value)


def stop(stage: Stage, _who: Chatter) -> None:
    with stage.session() as session, session.begin():
        release = releases.of_week(session, WEEK)
        assert release is not None
        releases.stop(session, release, None, stage.now)


def leave(until: datetime) -> Happening:
    return lambda stage, who: rest(stage, who, until)


def not_this_week(stage: Stage, who: Chatter) -> None:
    rest(stage, who, weeks.closing(WEEK, stage.programme), breaks.WEEK)


def later(stage: Stage, who: Chatter, hours: float) -> datetime | None:
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        at = stage.now + timedelta(hours=hours)
        return asked.later(session, person, WEEK, at, stage.now, stage.programme)
