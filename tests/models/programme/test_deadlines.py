"""Until when: the words that people have for a day, and the days that are offered."""

from datetime import date, timedelta

import pytest

from models.programme import deadlines
from models.refused import Refused

MEETING = date(2026, 12, 2)  # a Wednesday


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Rabu depan", "2026-12-09"),
        ("rabu", "2026-12-02"),
        ("Jumat", "2026-12-04"),
        ("jum'at depan", "2026-12-04"),
        ("senin yang akan datang", "2026-12-07"),
        ("besok", "2026-12-03"),
        ("hari ini", "2026-12-02"),
        ("25 november", "2027-11-25"),
        ("sampai 10 Desember", "2026-12-10"),
        ("10/12/2026", "2026-12-10"),
        ("2 minggu lagi", "2026-12-16"),
        ("dua minggu", "2026-12-16"),
        ("seminggu lagi", "2026-12-09"),
        ("minggu depan", "2026-12-09"),
        ("akhir bulan", "2026-12-31"),
        ("akhir bulan ini", "2026-12-31"),
        ("paling lambat akhir bulan depan", "2027-01-31"),
        ("Akhir tahun", "2026-12-31"),
    ],
)
def test_a_day_is_understood_as_people_say_it(said: str, day: str) -> None:
    assert deadlines.written(said, MEETING).isoformat() == day


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("segera", "decision.due_unclear"),
        ("", "decision.due_unclear"),
        ("1 desember 2026", "decision.due_past"),
        ("30 Februari 2027", "decision.due_unclear"),
        ("4 Desember 2027", "decision.due_far"),
    ],
)
def test_what_is_no_day_to_come_is_refused_with_what_to_write(said: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        deadlines.written(said, MEETING)
    assert refused.value.key == why


@pytest.mark.parametrize("ahead", range(40))
def test_what_is_offered_lies_ahead_and_may_be_chosen(ahead: int) -> None:
    today = MEETING + timedelta(days=ahead)
    wednesday, fortnight, month = (day for _, day in deadlines.offers(today))
    assert today < wednesday <= today + timedelta(days=7)
    assert wednesday.isoweekday() == 3
    assert fortnight == today + timedelta(days=14)
    assert (month + timedelta(days=1)).day == 1
    assert all(deadlines.require(day, today) == day for day in (wednesday, fortnight, month))
