"""When jobs are due, when they come too late, and that each happens once a period."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.figures import snapshots
from models.messages import conversations, inbox, outbox
from models.messages.outbox import Outbound
from models.people.people import Person
from models.programme import runs, weeks
from models.programme.programme import Programme
from models.programme.runs import Run
from models.releases import releases
from scheduler import jobs
from tests import seeding
from tests.chat import Stage

PROGRAMME = Programme()  # started in 2026-W48; Wednesday of that week is 25 November
WIB = ZoneInfo("Asia/Jakarta")


def wib(written: str) -> datetime:
    return datetime.fromisoformat(f"2026-{written}").replace(tzinfo=WIB)


def due(session: Session, moment: datetime) -> list[tuple[str, str]]:
    return [(one.job, one.period) for one in weekly(session, moment)]


def weekly(session: Session, moment: datetime) -> list[jobs.Due]:
    """What is due but for the jobs of every hour (test_reviewing.py)."""
    return [one for one in jobs.pending(session, moment, PROGRAMME) if one.job not in jobs.HOURLY]


def do_all(stage: Stage, moment: datetime) -> dict[tuple[str, str], str]:
    """What the clock does at a moment, each job in a transaction of its own."""
    with stage.session() as session:
        found = weekly(session, moment)
    results = {}
    for one in found:
        with stage.session() as session, session.begin():
            results[one.job, one.period] = jobs.run(session, one, moment, PROGRAMME)
    return results


def do(stage: Stage, job: str, period: str, moment: datetime) -> str:
    week = period.partition(":")[0]
    names = (weeks.shift(week, -1), week, weeks.shift(week, 1))
    found = [one for name in names for one in jobs.of_week(name, PROGRAMME)]
    [one] = [one for one in found if (one.job, one.period) == (job, period)]
    with stage.session() as session, session.begin():
        return jobs.run(session, one, moment, PROGRAMME)


def approve(stage: Stage, week: str = "2026-W48") -> None:
    """Two people with roles, and the provincial item of a week."""
    if not stage.sent():
        stage.person("Andi", role="controller")
        stage.person("Budi", role="admin")
    with stage.session() as session, session.begin():
        people = list(session.scalars(select(Person).order_by(Person.id)))
        seeding.approved_item(session, people[1], people[0], week, stage.now)


def state_of(stage: Stage, job: str, period: str) -> tuple[str, str] | None:
    with stage.session() as session:
        run = session.get(Run, (job, period))
        return (run.state, run.detail) if run else None


FIRST = [("release", "2026-W48")]
NIGHT = [*FIRST, ("housekeeping", "2026-W48")]
THURSDAY = [*NIGHT, ("teams", "2026-W48")]
FRIDAY = [*THURSDAY, ("reminders", "2026-W48:1")]
MONDAY = [*FRIDAY, ("reminders", "2026-W48:2"), ("readiness", "2026-W49:1")]
TUESDAY = [*MONDAY, ("awards", "2026-11"), ("readiness", "2026-W49:2")]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("11-18T13:00", []),  # the week before the programme started
        ("11-23T12:59", []),
        ("11-23T13:00", [("readiness", "2026-W48:1")]),  # the first release is near
        ("11-25T07:29", [("readiness", "2026-W48:1"), ("readiness", "2026-W48:2")]),
        ("11-25T07:30", []),  # there was no week before that could be summed up
        ("11-25T12:59", []),
        ("11-25T13:00", FIRST),
        ("11-26T03:29", FIRST),
        ("11-26T03:30", NIGHT),
        ("11-26T13:00", THURSDAY),
        ("11-27T09:59", THURSDAY),
        ("11-27T10:00", FRIDAY),
        ("11-30T10:00", MONDAY[:-1]),
        ("11-30T13:00", MONDAY),
        ("12-01T13:00", TUESDAY),
        ("12-02T07:29", TUESDAY),
        ("12-02T07:30", [("digest", "2026-W48")]),
        ("12-02T07:40", [("digest", "2026-W48"), ("pack_missing", "2026-W48")]),
        ("12-02T13:00", [("digest", "2026-W48"), ("release", "2026-W49"), ("pack_missing", "2026-W48")]),
    ],
)
def test_what_is_due_on_a_program_that_has_never_run_a_job(
    stage: Stage, moment: str, expected: list[tuple[str, str]]
) -> None:
    with stage.session() as session:
        assert due(session, wib(moment)) == expected


def test_a_job_runs_once_for_its_period_whoever_asks_again(stage: Stage) -> None:
    approve(stage)
    assert do(stage, "release", "2026-W48", wib("11-25T13:00")) == "2 people"
    assert do(stage, "release", "2026-W48", wib("11-25T13:01")) == "taken"
    with stage.session() as session:
        assert due(session, wib("11-25T13:02")) == []
        assert len(releases.running(session)) == 1
        cards = session.scalars(select(Outbound.key).where(Outbound.part == "card")).all()
        assert len(cards) == 2


def test_a_release_by_hand_counts_as_the_weeks_release(stage: Stage) -> None:
    approve(stage)
    moment = wib("11-25T12:00")
    with stage.session() as session, session.begin():
        closes = weeks.closing("2026-W48", PROGRAMME)
        releases.start(session, "2026-W48", moment, closes, province="Jambi")
    assert do(stage, "release", "2026-W48", wib("11-25T13:00")) == "released by hand"
    assert state_of(stage, "release", "2026-W48") == ("done", "released by hand")


def test_a_release_without_an_item_waits_tells_the_controllers_once_and_goes_out_when_there_is_one(
    stage: Stage,
) -> None:
    controller = stage.person("Andi", role="controller")
    for minute in range(3):
        assert do(stage, "release", "2026-W48", wib("11-25T13:00") + timedelta(minutes=minute)) == "waits"
    assert [heard.row.body["text"] for heard in controller.hears()] == ["releasing.nothing"]
    assert state_of(stage, "release", "2026-W48") is None
    author = stage.person("Budi", role="admin")
    with stage.session() as session, session.begin():
        people = {person.id: person for person in session.scalars(select(Person))}
        assert author.person_id is not None
        assert controller.person_id is not None
        seeding.approved_item(
            session, people[author.person_id], people[controller.person_id], "2026-W48", stage.now
        )
    assert do(stage, "release", "2026-W48", wib("11-26T09:00")) == "2 people"


@pytest.mark.parametrize(
    ("job", "period", "moment", "state"),
    [
        ("reminders", "2026-W48:1", "11-27T13:59", "done"),
        ("reminders", "2026-W48:1", "11-27T14:00", "skipped"),
        ("reminders", "2026-W48:2", "12-01T09:00", "skipped"),
        ("readiness", "2026-W49:1", "11-30T16:59", "done"),
        ("readiness", "2026-W49:1", "11-30T17:00", "skipped"),
        ("teams", "2026-W48", "11-26T17:00", "skipped"),
        ("release", "2026-W48", "12-02T07:29", "done"),
        ("release", "2026-W48", "12-02T07:30", "skipped"),
        ("housekeeping", "2026-W48", "12-02T07:30", "skipped"),
        ("digest", "2026-W48", "12-02T07:30", "done"),
        ("digest", "2026-W48", "12-09T23:00", "done"),  # figures are frozen however late it is
    ],
)
def test_what_comes_too_late_is_skipped_and_that_is_recorded(
    stage: Stage, job: str, period: str, moment: str, state: str
) -> None:
    approve(stage)
    result = do(stage, job, period, wib(moment))
    found = state_of(stage, job, period)
    assert found is not None
    assert found[0] == state
    if state == "skipped":
        assert (result, found[1]) == ("skipped", "too late")


@pytest.mark.parametrize(("moment", "late"), [("12-02T09:59", False), ("12-02T10:00", True)])
def test_a_clock_that_was_down_over_the_digest_makes_it_later_and_says_that_it_is_late(
    stage: Stage, moment: str, late: bool
) -> None:
    with stage.session() as session, session.begin():
        conversations.bind(session, "telegram", "-100", "Rabuan", None, stage.now)
    approve(stage)
    do(stage, "release", "2026-W48", wib("11-25T13:00"))
    do(stage, "digest", "2026-W48", wib(moment))
    summary, *_ = [heard.row for heard in stage.heard(-100)]
    assert ({"text": "digest.late"} in summary.body["params"]["notes"]) is late
    assert do(stage, "digest", "2026-W48", wib(moment)) == "taken"
    assert len(stage.heard(-100)) == 4, "message, chart, workbook and pages for print, once"


def test_a_digest_that_no_group_gets_is_said_to_the_controllers(stage: Stage) -> None:
    controller = stage.person("Andi", role="controller")
    do(stage, "digest", "2026-W48", wib("12-02T07:30"))
    said = [heard.row.body["text"] for heard in controller.hears()]
    pack = ["digest.summary", "digest.chart", "digest.workbook", "digest.paper"]
    assert said == [*pack, "digest.no_group"]  # who may read it gets it one to one
    assert "dibaca dengan /rekap 48." in controller.hears()[-1].text


def test_after_two_weeks_of_silence_digests_are_made_up_for_and_the_rest_is_skipped(stage: Stage) -> None:
    approve(stage)
    assert do_all(stage, wib("11-25T13:00")) == {("release", "2026-W48"): "2 people"}
    approve(stage, "2026-W50")
    results = do_all(stage, wib("12-10T11:00"))  # the Thursday of 2026-W50
    assert {key for key, result in results.items() if result == "skipped"} == {
        ("housekeeping", "2026-W48"),
        ("teams", "2026-W48"),
        ("reminders", "2026-W48:1"),
        ("reminders", "2026-W48:2"),
        ("readiness", "2026-W49:1"),
        ("readiness", "2026-W49:2"),
        ("release", "2026-W49"),
        ("housekeeping", "2026-W49"),
        ("teams", "2026-W49"),
        ("reminders", "2026-W49:1"),
        ("reminders", "2026-W49:2"),
        ("readiness", "2026-W50:1"),
        ("readiness", "2026-W50:2"),
    }
    assert results["release", "2026-W50"] == "2 people"
    with stage.session() as session:
        assert snapshots.newest(session, "2026-W48") is not None
        assert snapshots.newest(session, "2026-W49") is not None
    stage.sent()  # who reads the packs has them
    assert do_all(stage, wib("12-10T11:01")) == {}


def test_nobody_makes_up_for_more_than_four_weeks(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        runs.claim(session, "release", "2026-W48", wib("11-25T13:00"))
    with stage.session() as session:
        found = due(session, datetime(2027, 3, 4, 12, tzinfo=WIB))  # a Thursday, 2027-W09
    assert {period for job, period in found if job == "digest"} == {
        "2027-W04", "2027-W05", "2027-W06", "2027-W07", "2027-W08",
    }  # fmt: skip


def test_the_first_job_ever_makes_up_for_no_week_before_it(stage: Stage) -> None:
    with stage.session() as session:
        found = due(session, datetime(2027, 3, 4, 12, tzinfo=WIB))
    assert {period for _, period in found} == {"2027-W08", "2027-W09"}


def test_reminders_go_to_those_who_received_and_have_not_proved_and_only_once(stage: Stage) -> None:
    approve(stage)
    do(stage, "release", "2026-W48", wib("11-25T13:00"))
    stage.now = wib("11-25T13:05")
    stage.sent()
    assert do(stage, "reminders", "2026-W48:1", wib("11-27T10:00")) == "2 people"
    assert do(stage, "reminders", "2026-W48:1", wib("11-27T10:01")) == "taken"


def test_old_raw_updates_are_deleted_by_the_housekeeping_after_two_weeks(stage: Stage) -> None:
    siti = stage.person()
    siti.says("menu")
    assert do(stage, "housekeeping", "2026-W48", wib("11-26T03:30")).startswith("0 raw updates deleted")
    assert do(stage, "housekeeping", "2026-W50", wib("12-10T03:30")).startswith("1 raw updates deleted")
    with stage.session() as session:
        assert inbox.counts(session) == {}
        assert outbox.counts(session) != {}
