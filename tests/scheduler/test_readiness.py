"""The reminders before a release: two days and one day before it, never in the quiet hours."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from models.programme.programme import Hours, Programme, WeekTime
from scheduler import jobs, readiness
from tests.chat import Stage

WIB = ZoneInfo("Asia/Jakarta")


def wib(written: str) -> datetime:
    return datetime.fromisoformat(f"2026-{written}").replace(tzinfo=WIB)


def do(stage: Stage, job: str, period: str, moment: datetime, programme: Programme) -> str:
    found = [due for due in jobs.of_week("2026-W48", programme) if (due.job, due.period) == (job, period)]
    with stage.session() as session, session.begin():
        return jobs.run(session, found[0], moment, programme)


def test_they_are_due_two_days_and_one_day_before_the_release_of_the_coming_week() -> None:
    found = {period: at for job, period, at, _ in readiness.moments("2026-W48", Programme())}
    assert found["2026-W49:1"] == wib("11-30T13:00")
    assert found["2026-W49:2"] == wib("12-01T13:00")
    assert found["2026-W48"] == wib("11-26T13:00")


def test_what_would_fall_into_the_quiet_hours_is_due_when_they_end() -> None:
    early = Programme(quiet_hours=Hours(begin=time(12, 0), end=time(14, 0)))
    found = {period: at for _, period, at, _ in readiness.moments("2026-W48", early)}
    assert found["2026-W49:1"] == wib("11-30T14:00")
    late = Programme(release=WeekTime(2, time(21, 0)))
    found = {period: at for _, period, at, _ in readiness.moments("2026-W48", late)}
    assert found["2026-W49:2"] == wib("12-02T07:00")


def test_a_clock_that_comes_back_in_the_quiet_hours_waits(stage: Stage) -> None:
    siti = stage.person("Siti", role="creator")
    evening = Programme(release=WeekTime(2, time(18, 0)))
    assert do(stage, "readiness", "2026-W49:1", wib("11-30T20:30"), evening) == "waits"
    assert do(stage, "teams", "2026-W48", wib("11-26T20:30"), evening) == "waits"
    assert siti.hears() == []
    assert do(stage, "readiness", "2026-W49:1", wib("11-30T19:59"), evening) == "1 OPD, 1 people"
    assert do(stage, "readiness", "2026-W49:1", wib("11-30T19:59"), evening) == "taken"
    assert do(stage, "teams", "2026-W48", wib("11-26T18:00"), evening) == "1 people"
    assert len(siti.hears()) == 2
