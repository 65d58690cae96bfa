"""Which job is run by hand, and which comes next."""

import pytest

from scheduler import jobs
from tests.scheduler.test_jobs import PROGRAMME, wib


@pytest.mark.parametrize(
    ("name", "moment", "expected"),
    [
        ("release", "11-25T13:00", "2026-W48"),
        ("release", "11-25T08:00", "2026-W48"),  # before its time: of the week that the moment is in
        ("release", "12-02T07:29", "2026-W48"),
        ("reminders", "11-27T10:00", "2026-W48:1"),
        ("reminders", "11-26T10:00", "2026-W48:1"),
        ("reminders", "12-01T10:00", "2026-W48:2"),
        ("digest", "12-02T07:30", "2026-W48"),
        ("digest", "12-05T07:30", "2026-W48"),
        ("digest", "11-25T08:00", None),  # the programme has no week that is over
        ("release", "11-20T08:00", None),  # before it started
        ("awards", "12-01T08:00", "2026-11"),
        ("awards", "12-31T23:59", "2026-11"),  # the list that is made in the month of that moment
        ("awards", "11-25T08:00", None),  # the programme began in this month
        ("nothing", "11-25T08:00", None),  # no such job
    ],
)
def test_a_job_run_by_hand_is_the_one_of_the_period_that_the_moment_falls_in(
    name: str, moment: str, expected: str | None
) -> None:
    found = jobs.of_moment(name, wib(moment), PROGRAMME)
    assert (found.period if found else None) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("11-20T12:00", ("readiness", "2026-W48:1")),
        ("11-24T13:00", ("release", "2026-W48")),
        ("11-25T13:00", ("housekeeping", "2026-W48")),
        ("11-30T10:00", ("readiness", "2026-W49:1")),
        ("12-01T13:00", ("digest", "2026-W48")),
        ("12-02T07:30", ("release", "2026-W49")),
    ],
)
def test_what_comes_next(moment: str, expected: tuple[str, str]) -> None:
    found = jobs.next_due(wib(moment), PROGRAMME)
    assert found is not None
    assert (found.job, found.period) == expected
