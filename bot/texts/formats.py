"""How values are written: `{name:format}` in a catalogue text.

    number    1361                      1.361            (decimals: 2,5)
    percent   0.504                     50,4%
    points    0.034                     3,4 poin         (a difference of two percentages)
    bar       0.43                      ▓▓▓▓░░░░░░
    rupiah    15000                     Rp15.000
    date      2026-11-25T02:00:00Z      Rabu, 25 November 2026
    day       2026-11-25T02:00:00Z      Rabu 25 Nov
    calendar  2026-11-25T02:00:00Z      25 November 2026
    short     2026-11-25T02:00:00Z      25 Nov
    month     2026-11                   November 2026 (of a day, too)
    time      2026-11-25T02:00:00Z      09.00 WIB
    datetime  2026-11-25T02:00:00Z      Rabu, 25 November 2026, 09.00 WIB
    week      2026-W48                  minggu 25 November – 2 Desember 2026
    numbered  2026-W48                  minggu 48 (25 Nov – 2 Des 2026)
    nth       2026-W48                  48               (of its Wednesday, too)
    duration  500 (seconds)             8 menit 20 detik
    size      1468006 (bytes)           1,4 MB           (1 MB is 1,048,576 bytes, as the channels count)
    phone     +6281317036688            +62 813-****-6688
    nip       197001011995031005        ****1005         (sex and serial: never the birth date)
    list      ["Siti", "Budi"]          Siti dan Budi

Instants are ISO strings in UTC (or datetimes) and are shown in the zone of the context. A date
without a time stays that date. Numbers and dates are written by CLDR through Babel.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, dates, lists, numbers, units

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_BAR_CELLS = 10
_RABUAN = 3  # ISO weekday: the program week runs from Wednesday to Wednesday
_SPANS = (("duration-day", 86400), ("duration-hour", 3600), ("duration-minute", 60), ("duration-second", 1))


@dataclass(frozen=True, slots=True)
class Context:
    """Where a value is written: language, time zone, and the catalogue's `units.*` texts."""

    locale: Locale
    zone: ZoneInfo
    words: Mapping[str, str] = field(default_factory=dict)


def write(value: Any, form: str, context: Context) -> str:
    """`value` in the format `form`.

    Raises ValueError or TypeError for a value that the format cannot write, KeyError for an unknown format.
    """
    if isinstance(value, bool):
        raise TypeError("a truth value has no way to be written; choose the sentence instead")
    return FORMATS[form](value, context)


def plain(value: Any, context: Context) -> str:
    """A value without a format: text and whole numbers as they are (a receipt number has no dots)."""
    if isinstance(value, bool):
        raise TypeError("a truth value has no way to be written; choose the sentence instead")
    if isinstance(value, float):
        return number(value, context)
    if isinstance(value, (str, int)):
        return str(value)
    raise TypeError(f"cannot write a {type(value).__name__} without a format")


def number(value: Any, context: Context) -> str:
    return numbers.format_decimal(value, format="#,##0.##", locale=context.locale)


def percent(value: Any, context: Context) -> str:
    return numbers.format_percent(value, format="#,##0.#%", locale=context.locale)


def points(value: Any, context: Context) -> str:
    """Without a sign: the sentence says whether it went up or down."""
    written = numbers.format_decimal(abs(value) * 100, format="#,##0.#", locale=context.locale)
    return context.words["units.points"].replace("{value}", written)


def bar(value: Any, _context: Context) -> str:
    """Ten cells; a full bar only when everything is done, a first cell as soon as anything is."""
    share = min(max(float(value), 0.0), 1.0)
    filled = int(share * _BAR_CELLS)
    if share > 0:
        filled = max(filled, 1)
    return "▓" * filled + "░" * (_BAR_CELLS - filled)


def rupiah(value: Any, context: Context) -> str:
    return numbers.format_decimal(value, format="Rp#,##0;-Rp#,##0", locale=context.locale)


def on_date(value: Any, context: Context) -> str:
    return dates.format_date(_day(value, context), "EEEE, d MMMM y", locale=context.locale)


def on_day(value: Any, context: Context) -> str:
    return dates.format_date(_day(value, context), "EEEE d MMM", locale=context.locale)


def on_calendar(value: Any, context: Context) -> str:
    return dates.format_date(_day(value, context), "d MMMM y", locale=context.locale)


def on_short(value: Any, context: Context) -> str:
    return dates.format_date(_day(value, context), "d MMM", locale=context.locale)


def on_month(value: Any, context: Context) -> str:
    day = f"{value}-01" if isinstance(value, str) and len(value) == len("2026-11") else value
    return dates.format_date(_day(day, context), "MMMM y", locale=context.locale)


def at_time(value: Any, context: Context) -> str:
    instant = _instant(value, context)
    return f"{instant:%H.%M} {instant.tzname()}"


def at_datetime(value: Any, context: Context) -> str:
    return f"{on_date(value, context)}, {at_time(value, context)}"


def week(value: Any, context: Context) -> str:
    opens, closes = week_days(value)
    until = dates.format_date(closes, "d MMMM y", locale=context.locale)
    if opens.year != closes.year:
        pattern = "d MMMM y"
    elif opens.month != closes.month:
        pattern = "d MMMM"
    else:
        pattern = "d"
    since = dates.format_date(opens, pattern, locale=context.locale)
    return context.words["units.week"].replace("{range}", f"{since} – {until}")


def numbered(value: Any, context: Context) -> str:
    """A week by its number, which is what people type, and its days."""
    opens, closes = week_days(value)
    until = dates.format_date(closes, "d MMM y", locale=context.locale)
    since = dates.format_date(
        opens, "d MMM" if opens.year == closes.year else "d MMM y", locale=context.locale
    )
    named = context.words["units.numbered"].replace("{number}", nth(value, context))
    return named.replace("{range}", f"{since} – {until}")


def nth(value: Any, context: Context) -> str:
    """The number of a week: of "2026-W48", or of the day that opens it."""
    opens = week_days(value)[0] if _WEEK.fullmatch(str(value)) else _day(value, context)
    return str(opens.isocalendar().week)


def week_days(value: str) -> tuple[date, date]:
    """The Wednesday that opens the program week "2026-W48", and the Wednesday that closes it."""
    match = _WEEK.fullmatch(value)
    if match is None:
        raise ValueError(f"not a week: {value!r}")
    opens = date.fromisocalendar(int(match[1]), int(match[2]), _RABUAN)
    return opens, opens + timedelta(days=7)


def duration(value: Any, context: Context) -> str:
    """The two largest units: nobody needs the seconds of a day."""
    left = max(round(value), 0)
    parts = []
    for unit, seconds in _SPANS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(units.format_unit(count, unit, locale=context.locale))
    if not parts:
        return units.format_unit(0, "duration-second", locale=context.locale)
    return " ".join(parts[:2])


def size(value: Any, context: Context) -> str:
    power = min(max((int(value).bit_length() - 1) // 10, 0), 3)
    amount = numbers.format_decimal(value / 1024**power, format="#,##0.#", locale=context.locale)
    return f"{amount} {('byte', 'KB', 'MB', 'GB')[power]}"


def phone(value: Any, _context: Context) -> str:
    """Country, the first three and the last four digits: enough to know the own number again."""
    digits = re.sub(r"\D", "", str(value))
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return "****"
    national = str(parsed.national_number)
    if len(national) < 9:
        return f"+{parsed.country_code} ****-{national[-2:]}"
    return f"+{parsed.country_code} {national[:3]}-****-{national[-4:]}"


def nip(value: Any, _context: Context) -> str:
    """The last four digits (sex and serial, Perka BKN 22/2007); the first eight are a birth date."""
    digits = re.sub(r"\D", "", str(value))
    return f"****{digits[-4:]}" if len(digits) == 18 else "****"


def listed(value: Any, context: Context) -> str:
    if isinstance(value, str):
        raise TypeError("the format list needs a list")
    return lists.format_list([plain(part, context) for part in value], locale=context.locale)


def _parsed(value: Any) -> date:
    if isinstance(value, date):  # a datetime is one, too
        return value
    if not isinstance(value, str):
        raise TypeError(f"not a time: {value!r}")
    return datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)


def _instant(value: Any, context: Context) -> datetime:
    parsed = _parsed(value)
    if not isinstance(parsed, datetime):
        raise TypeError(f"a day has no time: {value!r}")
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return aware.astimezone(context.zone)


def _day(value: Any, context: Context) -> date:
    parsed = _parsed(value)
    return _instant(parsed, context).date() if isinstance(parsed, datetime) else parsed


FORMATS: Mapping[str, Callable[[Any, Context], str]] = {
    "number": number,
    "percent": percent,
    "points": points,
    "bar": bar,
    "rupiah": rupiah,
    "date": on_date,
    "day": on_day,
    "calendar": on_calendar,
    "short": on_short,
    "month": on_month,
    "time": at_time,
    "datetime": at_datetime,
    "week": week,
    "numbered": numbered,
    "nth": nth,
    "duration": duration,
    "size": size,
    "phone": phone,
    "nip": nip,
    "list": listed,
}
