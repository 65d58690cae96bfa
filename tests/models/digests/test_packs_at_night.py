"""After downtime a pack may be made at night: the group gets it at once, people when the quiet hours end."""

from datetime import datetime, timedelta

import pytest

from models.digests import packs
from models.figures.snapshots import Digest
from models.messages.outbox import Outbound
from tests import meeting, missed, scene
from tests.chat import Chatter, Stage
from tests.meeting import WEEK


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    """A controller whose group is bound, a leader, and an OPD with a PPID."""
    who = missed.boss(stage)
    stage.person("Siti Rahma", role="creator")
    stage.person("Pak Ali", "SETDA", role="leader")
    return who


def clock(stage: Stage, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=stage.programme.zone)


def at_night(stage: Stage) -> Digest:
    """The pack, queued on Wednesday at 23.00."""
    digest = meeting.close(stage)
    stage.now = clock(stage, 2, 23)
    meeting.announce(stage, digest, late=True)
    return digest


def queued(stage: Stage, key: str = "") -> list[Outbound]:
    return scene.rows(stage, Outbound.key.startswith(f"digest:{WEEK}:1{key}"))


def due(rows: list[Outbound]) -> set[datetime]:
    return {row.due_at for row in rows}


def test_at_night_the_group_gets_the_pack_at_once_and_people_in_the_morning(
    stage: Stage, boss: Chatter
) -> None:
    at_night(stage)
    to_people = [row for row in queued(stage) if row.person_id is not None]
    assert len(to_people) == 9, "the page of a PPID, and four parts to each of two readers"
    assert due(to_people) == {clock(stage, 3, 7)}
    assert due([row for row in queued(stage) if row.person_id is None]) == {stage.now}


def test_who_is_writing_with_us_at_night_gets_it_at_once(stage: Stage, boss: Chatter) -> None:
    digest = meeting.close(stage)
    stage.now = clock(stage, 2, 23)
    boss.says("/menu")
    meeting.announce(stage, digest, late=True)
    awake = [row for row in queued(stage) if row.person_id == boss.person_id]
    assert due(awake) == {stage.now}
    assert len(awake) == 4


def test_by_day_nobody_waits(stage: Stage, boss: Chatter) -> None:
    meeting.announce(stage, meeting.close(stage))
    assert due(queued(stage)) == {stage.now}


def test_a_correction_at_night_reaches_readers_in_the_morning_too(stage: Stage, boss: Chatter) -> None:
    first = meeting.close(stage)
    stage.now = clock(stage, 2, 23)
    with stage.session() as session, session.begin():
        second = Digest(week=WEEK, version=2, figures=first.figures, changes={"shares": [2, 1]}, at=stage.now)
        session.add(second)
        session.flush()
        packs.correct(session, second, stage.now, stage.programme)
    rows = scene.rows(stage, Outbound.key.startswith(f"digest:{WEEK}:2:correction:"))
    assert {(row.person_id is None, row.due_at) for row in rows} == {
        (True, stage.now),
        (False, clock(stage, 3, 7)),
    }


def test_what_waits_for_the_morning_is_not_late_before_a_quarter_of_an_hour_of_it_is_over(
    stage: Stage, boss: Chatter
) -> None:
    at_night(stage)
    for moment in (clock(stage, 2, 23, 30), clock(stage, 3, 6, 59), clock(stage, 3, 7, 14)):
        stage.now = moment
        assert (missed.watch(stage), missed.arrived(stage)) == (0, False), moment
    stage.later(minutes=1)
    assert missed.watch(stage) == 1
    (alarm,) = missed.alarms(boss)
    assert "Pak Ali: belum sampai, kami masih mencoba" in alarm.text
    assert alarm.row.due_at - stage.now == timedelta(0)
