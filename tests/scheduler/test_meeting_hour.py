"""The hour of the meeting: whatever was down before 09.00, the pack comes once, and says when it is late."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from models.figures import snapshots
from models.messages import inbox
from models.messages.outbox import Outbound
from scheduler import jobs
from tests import meeting, scene
from tests.chat import Chatter, Stage
from tests.meeting import WEEK
from tests.scene import Group

WIB = ZoneInfo("Asia/Jakarta")


def at(clock: str) -> datetime:
    """A time of the Wednesday of the meeting."""
    return datetime.fromisoformat(f"2026-12-02T{clock}").replace(tzinfo=WIB)


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    Group(stage).hears(who, "/rabuan")
    stage.person("Siti Rahma", chat=5000)
    scene.item(stage)
    scene.release(stage)
    return who


def packs(stage: Stage) -> list[Outbound]:
    said = Outbound.body["text"].as_string() == "digest.summary"
    return scene.rows(stage, Outbound.address == "-1001", said)


def test_a_clock_that_was_down_from_07_00_to_08_15_brings_the_pack_at_08_15_once(
    stage: Stage, boss: Chatter
) -> None:
    assert "digest" not in meeting.tick(stage, at("07:00"))
    for minute in (15, 15, 16, 17, 30):
        meeting.tick(stage, at(f"08:{minute}"))
    (pack,) = packs(stage)
    assert pack.created_at == at("08:15")
    assert {"text": "digest.late"} not in pack.body["params"]["notes"]


def test_a_clock_that_was_down_until_10_00_brings_it_with_the_words_that_say_so(
    stage: Stage, boss: Chatter
) -> None:
    meeting.tick(stage, at("07:00"))
    for minute in range(3):
        meeting.tick(stage, at(f"10:0{minute}"))
    (pack,) = packs(stage)
    (said,) = [heard for heard in stage.heard(-1001) if heard.row.id == pack.id]
    assert "Terlambat: sistem sempat mati." in said.text


def test_two_clocks_at_once_bring_it_once(stage: Stage, boss: Chatter) -> None:
    stage.now = at("07:30")
    with stage.session() as session:
        found = jobs.pending(session, stage.now, stage.programme)
    (due,) = [one for one in found if one.job == "digest"]
    results = []
    for _ in range(2):  # both had seen that it is due
        with stage.session() as session, session.begin():
            results.append(jobs.run(session, due, stage.now, stage.programme))
    assert results == ["version 1 to 1 groups", "taken"]
    assert len(packs(stage)) == 1


def arrives(session: Session, moment: datetime) -> None:
    """Something of a person's that nobody has handled yet."""
    inbox.receive(session, moment, "telegram", [inbox.Arrival("900", "5", 900, "{}")])


@pytest.mark.parametrize(
    ("came", "waits"), [("07:29:59", True), ("07:30:00", False), ("07:31:00", False)], ids=str
)
def test_the_close_waits_for_what_had_come_in_time_and_for_nothing_else(
    stage: Stage, boss: Chatter, came: str, waits: bool
) -> None:
    with stage.session() as session, session.begin():
        arrives(session, at(came))
    assert (meeting.tick(stage, at("07:30"))["digest"] == "waits") is waits


def test_the_close_never_waits_longer_than_five_minutes(stage: Stage, boss: Chatter) -> None:
    with stage.session() as session, session.begin():
        arrives(session, at("07:29"))
    for minute in range(30, 35):
        assert meeting.tick(stage, at(f"07:{minute}"))["digest"] == "waits"
        with stage.session() as session:
            assert snapshots.newest(session, WEEK) is None
    assert meeting.tick(stage, at("07:35"))["digest"] == "version 1 to 1 groups"


def test_what_is_handled_while_the_close_waits_is_counted(stage: Stage, boss: Chatter) -> None:
    chat = {"id": 5000, "type": "private", "first_name": "Siti"}
    message = {"message_id": 9, "date": 0, "chat": chat, "from": {**chat, "is_bot": False}}
    raw = {"update_id": 900, "message": {**message, "text": meeting.LINK.format("siti", 5)}}
    with stage.session() as session, session.begin():
        inbox.receive(session, at("07:29"), "telegram", [inbox.Arrival("900", "5000", 900, json.dumps(raw))])
    assert meeting.tick(stage, at("07:30"))["digest"] == "waits"
    stage.later(seconds=20)
    stage.work()
    assert meeting.tick(stage, at("07:31"))["digest"] == "version 1 to 1 groups"
    with stage.session() as session:
        found = snapshots.newest(session, WEEK)
        assert found is not None
        assert (found.figures["active"], found.figures["roster"]) == (1, 2)


def test_what_comes_at_its_own_hour_happens_for_decisions_from_08_00_on(stage: Stage, boss: Chatter) -> None:
    assert meeting.tick(stage, at("07:59"))["decisions"] == "0 people"
    assert meeting.tick(stage, at("08:00") + timedelta(minutes=1))["decisions"] == "0 people"
