"""Decisions of the meeting: written down, done, moved, dropped; each of it in the audit, and in the pack."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.digests import decisions
from models.digests.decisions import Decision
from models.people.audit import Entry
from models.people.people import Person
from models.programme.programme import Programme
from models.refused import Refused
from tests import scene
from tests.chat import Chatter, Stage

JAMBI = Programme()
MEETING = datetime(2026, 12, 2, 2, 30, tzinfo=UTC)  # Wednesday 09.30 WIB, in 2026-W49
DAY = date(2026, 12, 7)


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    stage.now = MEETING
    return stage.person("Bu Kepala", "BAPPEDA", role="controller")


def recorded(stage: Stage, by: Chatter, due: date = DAY, **more: Any) -> int:
    with stage.session() as session, session.begin():
        who = scene.person(session, by)
        text, name = more.get("text", "Dinas Kesehatan menambah satu editor"), more.get("who", "Sekretaris")
        return decisions.record(session, text, name, due, who, stage.now, JAMBI).id


def trail(session: Session, number: int) -> list[tuple[str, str, str, str]]:
    rows = session.scalars(
        select(Entry).where(Entry.subject == "decision", Entry.subject_id == str(number)).order_by(Entry.id)
    )
    return [(row.act, row.before, row.after, row.reason) for row in rows]


def test_a_decision_belongs_to_the_week_whose_pack_the_meeting_had(stage: Stage, boss: Chatter) -> None:
    number = recorded(stage, boss, text="  Dinas Kesehatan\n menambah satu editor ")
    with stage.session() as session:
        made = decisions.one(session, number)
        assert (made.week, made.text, made.status) == (
            "2026-W48",
            "Dinas Kesehatan menambah satu editor",
            decisions.OPEN,
        )
        assert made.by == boss.person_id
        assert [act for act, *_ in trail(session, number)] == ["decide"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"text": "ya"}, "decision.text_short"),
        ({"text": "x" * 301}, "decision.text_long"),
        ({"who": " "}, "decision.who_short"),
        ({"who": "x" * 101}, "decision.who_long"),
        ({"due": date(2026, 12, 1)}, "decision.due_past"),
    ],
)
def test_what_says_too_little_too_much_or_comes_too_late_is_refused(
    stage: Stage, boss: Chatter, given: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused) as refused:
        recorded(stage, boss, **given)
    assert refused.value.key == why
    assert scene.count(stage, Decision) == 0


def test_each_way_a_decision_goes_is_in_the_audit_and_a_closed_one_stays_closed(
    stage: Stage, boss: Chatter
) -> None:
    first, second = recorded(stage, boss), recorded(stage, boss)
    with stage.session() as session, session.begin():
        by = scene.person(session, boss)
        with pytest.raises(Refused) as refused:
            decisions.drop(session, second, "  ", by, stage.now)
        assert refused.value.key == "decision.reason_missing"
        decisions.postpone(session, first, date(2026, 12, 20), "orangnya cuti", by, stage.now, JAMBI)
        decisions.finish(session, first, "sudah ada dua editor", by, stage.now)
        decisions.drop(session, second, "anggarannya tidak ada", by, stage.now)
        for act in (decisions.finish, decisions.drop):
            with pytest.raises(Refused) as refused:
                act(session, first, "sekali lagi", by, stage.now)
            assert refused.value.key == "decision.closed_before"
    with stage.session() as session:
        assert trail(session, first)[1:] == [
            ("postpone", "2026-12-07", "2026-12-20", "orangnya cuti"),
            ("finish", "open", "done", "sudah ada dua editor"),
        ]
        assert trail(session, second)[1:] == [("drop", "open", "dropped", "anggarannya tidak ada")]
        assert decisions.opened(session) == []
        assert [one.id for one in decisions.closed(session, MEETING)] == [first, second]


def test_the_next_pack_says_which_are_late_and_which_were_done_until_then(
    stage: Stage, boss: Chatter
) -> None:
    late, done = recorded(stage, boss), recorded(stage, boss)
    recorded(stage, boss, date(2026, 12, 9))  # the day of the next meeting itself is in time
    stage.later(days=1)
    with stage.session() as session, session.begin():
        decisions.finish(session, done, "", scene.person(session, boss), stage.now)
    with stage.session() as session:
        found = {one["id"]: one for one in decisions.figures(session, "2026-W49", JAMBI)}
        assert [one["late"] for one in found.values()] == [True, False, False]
        assert (found[late]["state"], found[done]["state"]) == ("open", "done")
        after = {one["id"] for one in decisions.figures(session, "2026-W50", JAMBI)}
        assert done not in after
        assert late in after


@pytest.mark.parametrize(
    ("moment", "told"),
    [("2026-12-06T20:00", 0), ("2026-12-07T00:59", 0), ("2026-12-07T01:00", 1), ("2026-12-07T05:00", 1),
     ("2026-12-07T14:00", 0), ("2026-12-08T01:00", 0)],
)  # fmt: skip
def test_who_wrote_it_down_is_reminded_once_on_the_morning_of_its_day(
    stage: Stage, boss: Chatter, moment: str, told: int
) -> None:
    recorded(stage, boss)
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    for number in (told, 0):  # the second time nobody is told again
        with stage.session() as session, session.begin():
            assert decisions.remind(session, now, JAMBI) == number
    heard = [said.text for said in boss.hears() if "Hari ini tenggat" in said.text]
    assert len(heard) == told


def test_nobody_is_reminded_of_what_was_written_down_today_or_is_closed(stage: Stage, boss: Chatter) -> None:
    recorded(stage, boss, date(2026, 12, 2))
    done = recorded(stage, boss, date(2026, 12, 3))
    with stage.session() as session, session.begin():
        decisions.finish(session, done, "", session.get_one(Person, boss.person_id), stage.now)
        assert decisions.remind(session, MEETING, JAMBI) == 0
        assert decisions.remind(session, MEETING + timedelta(days=1), JAMBI) == 0
