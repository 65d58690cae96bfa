"""A moment as people write it, local to the programme."""

from datetime import UTC, datetime

import pytest

from models.programme import moments
from models.programme.programme import Programme
from models.refused import Refused

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # Wednesday, 10.00 WIB
WIB = Programme()


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("Kamis 19.00", "2026-11-26 19:00"),
        ("kamis, pukul 19:00 WIB", "2026-11-26 19:00"),
        ("Rabu 19.00", "2026-11-25 19:00"),
        ("rabu 09.00", "2026-12-02 09:00"),  # this morning is over
        ("Jum'at jam 8", "2026-11-27 08:00"),
        ("3 Desember 2026 19.00", "2026-12-03 19:00"),
        ("Kamis, 3 Des 2026, 19.00", "2026-12-03 19:00"),
        ("3 desember 19.00", "2026-12-03 19:00"),
        ("3 januari 07.30", "2027-01-03 07:30"),
        ("03/12/2026 19:00", "2026-12-03 19:00"),
        ("3-12-2026 19.00", "2026-12-03 19:00"),
        ("3/12 19", "2026-12-03 19:00"),
        ("2026-12-03 19:00", "2026-12-03 19:00"),
        ("besok 19.00", "2026-11-26 19:00"),
        ("besok jam 7 malam", "2026-11-26 19:00"),
        ("nanti malam jam 7", "2026-11-25 19:00"),
        ("kamis jam 4 sore", "2026-11-26 16:00"),
        ("kamis jam 1 siang", "2026-11-26 13:00"),
        ("kamis jam 11 siang", "2026-11-26 11:00"),
        ("kamis 19.00 malam", "2026-11-26 19:00"),
        ("kamis jam 8 pagi", "2026-11-26 08:00"),
        ("hari ini 14.00", "2026-11-25 14:00"),
        ("19.00 kamis", "2026-11-26 19:00"),
        ("29 Februari 2028 10.00", None),
    ],
)
def test_days_and_times_are_understood(text: str, local: str | None) -> None:
    if local is None:
        with pytest.raises(Refused) as refused:
            moments.written(text, NOW, WIB)
        assert refused.value.key == "submitting.moment_far"
        return
    found = moments.written(text, NOW, WIB)
    assert found.tzinfo is UTC
    assert found.astimezone(WIB.zone).strftime("%Y-%m-%d %H:%M") == local


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("nanti", "unclear"),
        ("Kamis", "unclear"),
        ("19.00", "unclear"),
        ("Kamis 25.00", "unclear"),
        ("Kamis 19.00 atau 20.00", "unclear"),
        ("Kamis 19.00 WITA", "unclear"),
        ("31/02/2027 19.00", "unclear"),
        ("", "unclear"),
        ("24 November 2026 19.00", "past"),
        ("hari ini 09.59", "past"),
        ("03/12/2024 19:00", "past"),
        ("3 Desember 2027 19.00", "far"),
    ],
)
def test_what_is_no_moment_to_come_is_refused_with_its_reason(text: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        moments.written(text, NOW, WIB)
    assert refused.value.key == f"submitting.moment_{key}"


def test_the_time_is_that_of_the_programmes_place() -> None:
    east = Programme(time_zone="Asia/Jayapura")
    assert moments.written("besok 19.00", NOW, east) == datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
