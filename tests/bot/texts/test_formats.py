"""Numbers, days and money the Indonesian way."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts import formats

WORDS = {
    "units.week": "minggu {range}",
    "units.numbered": "minggu {number} ({range})",
    "units.points": "{value} poin",
}
JAMBI = formats.Context(Locale.parse("id"), ZoneInfo("Asia/Jakarta"), WORDS)


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (1361, "number", "1.361"),
        (2.5, "number", "2,5"),
        (0, "number", "0"),
        (0.504, "percent", "50,4%"),
        (0.5, "percent", "50%"),
        (0, "percent", "0%"),
        (0.034, "points", "3,4 poin"),
        (-0.012, "points", "1,2 poin"),
        (0.0001, "points", "0 poin"),
        (15000, "rupiah", "Rp15.000"),
        (-2500.4, "rupiah", "-Rp2.500"),
        ("2026-11-25T02:00:00Z", "date", "Rabu, 25 November 2026"),
        ("2026-11-25T02:00:00+00:00", "time", "09.00 WIB"),
        ("2026-11-25T02:00:00", "datetime", "Rabu, 25 November 2026, 09.00 WIB"),
        ("2026-11-25T02:00:00Z", "day", "Rabu 25 Nov"),
        ("2026-11-24T18:30:00Z", "day", "Rabu 25 Nov"),  # after midnight in Jambi
        ("2026-11-25", "calendar", "25 November 2026"),
        ("2026-11-25", "short", "25 Nov"),
        ("2026-11-01", "month", "November 2026"),
        ("2026-11", "month", "November 2026"),
        ("2026-11-25", "date", "Rabu, 25 November 2026"),
        ("2026-W48", "week", "minggu 25 November – 2 Desember 2026"),
        ("2026-W45", "week", "minggu 4 – 11 November 2026"),
        ("2026-W53", "week", "minggu 30 Desember 2026 – 6 Januari 2027"),
        ("2026-W48", "numbered", "minggu 48 (25 Nov – 2 Des 2026)"),
        ("2026-W53", "numbered", "minggu 53 (30 Des 2026 – 6 Jan 2027)"),
        ("2027-W01", "nth", "1"),
        ("2026-11-25", "nth", "48"),
        (500, "duration", "8 menit 20 detik"),
        (0.2, "duration", "0 detik"),
        (3600, "duration", "1 jam"),
        (93784, "duration", "1 hari 2 jam"),
        (1468006, "size", "1,4 MB"),
        (512, "size", "512 byte"),
        (0, "size", "0 byte"),
        (20 * 1024 * 1024, "size", "20 MB"),
        ("+6281317036688", "phone", "+62 813-****-6688"),
        ("6281317036688", "phone", "+62 813-****-6688"),
        ("12", "phone", "****"),
        ("197001011995031005", "nip", "****1005"),
        ("19700101 199503 1 005", "nip", "****1005"),
        ("19700101", "nip", "****"),
        (0.43, "bar", "▓▓▓▓░░░░░░"),
        (0.999, "bar", "▓▓▓▓▓▓▓▓▓░"),
        (0.001, "bar", "▓░░░░░░░░░"),
        (1, "bar", "▓▓▓▓▓▓▓▓▓▓"),
        (0, "bar", "░░░░░░░░░░"),
        (["Siti", "Budi", "Ani"], "list", "Siti, Budi, dan Ani"),
    ],
)
def test_a_value_is_written_the_indonesian_way(value: Any, form: str, written: str) -> None:
    assert formats.write(value, form, JAMBI) == written


@pytest.mark.parametrize(
    ("zone", "written"),
    [("Asia/Jakarta", "09.00 WIB"), ("Asia/Makassar", "10.00 WITA"), ("Asia/Jayapura", "11.00 WIT")],
)
def test_a_time_is_told_in_the_zone_of_the_programme(zone: str, written: str) -> None:
    context = formats.Context(Locale.parse("id"), ZoneInfo(zone), WORDS)
    assert formats.write("2026-11-25T02:00:00Z", "time", context) == written


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (True, "number"),
        ("2026-W54", "week"),
        ("minggu ini", "week"),
        ("2026-11-25", "time"),
        (3, "date"),
        ("Siti", "list"),
        ("banyak", "number"),
    ],
)
def test_a_value_that_a_format_cannot_write_is_refused(value: Any, form: str) -> None:
    with pytest.raises((ValueError, TypeError, ArithmeticError)):
        formats.write(value, form, JAMBI)


@settings(deadline=None)
@given(st.dates(), st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_a_masked_nip_never_shows_the_birth_date(born: Any, rest: str) -> None:
    assert formats.write(f"{born:%Y%m%d}".zfill(8) + rest, "nip", JAMBI) == f"****{rest[-4:]}"


@settings(deadline=None)
@given(st.from_regex(r"628[0-9]{8,11}", fullmatch=True))
def test_a_masked_number_hides_four_digits_or_more_of_them(digits: str) -> None:
    written = formats.write(digits, "phone", JAMBI)
    assert digits not in "".join(filter(str.isdigit, written))
    assert sum(map(str.isdigit, written)) <= 9
