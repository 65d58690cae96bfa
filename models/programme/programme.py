"""The programme's calendar and promises, as an operator sets them under `programme:` in config.yaml.

Only values and what follows from them alone: no rows, no clock.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from models.programme.whatsapp import Whatsapp

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEDNESDAY = 2  # counted from Monday = 0
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_HASHTAG = re.compile(r"#?(\w{2,100})")


@dataclass(frozen=True, slots=True, order=True)
class WeekTime:
    """A moment of every week in local time; `weekday` counts from Monday = 0."""

    weekday: int
    time: dt.time

    @property
    def day(self) -> str:
        """The weekday as APScheduler spells it (its NUMBERS begin elsewhere than cron's): "wed"."""
        return WEEKDAYS[self.weekday].lower()

    @property
    def offset(self) -> dt.timedelta:
        """How long after Monday 00:00 it is."""
        return dt.timedelta(days=self.weekday, hours=self.time.hour, minutes=self.time.minute)

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.time:%H:%M}"


def _impossible(expected: str) -> PydanticCustomError:
    return PydanticCustomError("impossible", "{expected}", {"expected": expected})


def _clock(value: Any) -> Any:
    if isinstance(value, dt.time):
        return value
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise _impossible('a time from 00:00 to 23:59, written "13:00"')
    return dt.time(int(found[1]), int(found[2]))


def _week_time(value: Any) -> Any:
    if isinstance(value, WeekTime):
        return value
    day, _, clock = value.partition(" ") if isinstance(value, str) else ("", "", "")
    if day not in WEEKDAYS:
        raise _impossible(f'a weekday and a time, written "Wed 13:00" ({", ".join(WEEKDAYS)})')
    return WeekTime(WEEKDAYS.index(day), _clock(clock.strip()))


def _several(value: Any) -> Any:
    """An environment variable holds a list as "Fri 10:00, Mon 10:00"."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _hashtag(value: Any) -> Any:
    found = _HASHTAG.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or found[1].isdecimal():
        raise _impossible('a hashtag of letters and digits in quotes, such as "#JambiMantap"')
    return f"#{found[1]}"


def _zone(value: Any) -> Any:
    if not isinstance(value, str) or value not in available_timezones():
        raise _impossible("the name of a time zone, such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura")
    return value


def _week(value: Any) -> Any:
    found = _WEEK.fullmatch(value) if isinstance(value, str) else None
    if found:
        try:
            dt.date.fromisocalendar(int(found[1]), int(found[2]), 3)
        except ValueError:
            found = None
    if not found:
        raise _impossible("an ISO week that exists, written 2026-W48")
    return value


Clock = Annotated[dt.time, BeforeValidator(_clock), PlainSerializer(lambda time: f"{time:%H:%M}")]
Weekly = Annotated[WeekTime, BeforeValidator(_week_time), PlainSerializer(str)]
Zone = Annotated[str, BeforeValidator(_zone)]
Week = Annotated[str, BeforeValidator(_week)]
Hashtag = Annotated[str, BeforeValidator(_hashtag)]


class Hours(BaseModel):
    """A span of every day, in local time; it may pass midnight. `begin` belongs to it, `end` does not."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    begin: Clock = dt.time(20, 0)
    end: Clock = dt.time(7, 0)

    def contains(self, time: dt.time) -> bool:
        if self.begin <= self.end:
            return self.begin <= time < self.end
        return time >= self.begin or time < self.end


class Dates(BaseModel):
    """A span of days, in local time; both `begin` and `until` belong to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    begin: dt.date
    until: dt.date

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        if self.until < self.begin:
            raise _impossible("a last day (until) that does not lie before the first one (begin)")
        return self


class Proofs(BaseModel):
    """How proofs are judged. What is clean is accepted by the program; what is not goes to a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    accept_clean: bool = True
    incomparable: Literal["accept", "person"] = "accept"
    sample: float = Field(0.02, ge=0, le=1)
    hold_minutes: int = Field(15, ge=1, le=240)
    escalate_hours: float = Field(48, gt=0, le=336)
    appeal_days: int = Field(7, ge=1, le=90)
    keep_weeks: int = Field(26, ge=2, le=520)
    keep_withdrawn_days: int = Field(7, ge=1, le=90)


class Awards(BaseModel):
    """The monthly recognition. The list is made at `time` on the first working day of the month after; the
    vote closes then."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    time: Clock = dt.time(8, 0)
    vote_days: int = Field(5, ge=1, le=20)
    least_votes: int = Field(10, ge=1, le=100_000)
    candidates: int = Field(8, ge=2, le=10)
    shortlist: int = Field(3, ge=1, le=10)
    least_weeks: int = Field(2, ge=1, le=4)
    raters: int = Field(2, ge=1, le=10)
    opt_out: bool = True
    checks_per_day: int = Field(10, ge=1, le=1000)


# Views that one share is taken to bring, by platform: cautious guesses, for an operator to replace.
VIEWS = {
    "whatsapp_story": 40,
    "whatsapp_group": 50,
    "whatsapp_channel": 100,
    "instagram_feed": 60,
    "instagram_story": 50,
    "facebook": 60,
    "threads": 30,
    "tiktok": 100,
    "x": 30,
    "youtube": 50,
    "other": 20,
    "unknown": 20,
}


class Programme(BaseModel):
    """What was promised to whom and when. Times of day are local to `time_zone`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    province: str = Field("Provinsi Jambi", min_length=1)
    province_short: str = Field("Jambi", min_length=1)
    provincial_opd: str = Field("PROV", min_length=1)
    time_zone: Zone = "Asia/Jakarta"
    started: Week = "2026-W48"

    opens: Weekly = WeekTime(2, dt.time(7, 30))
    release: Weekly = WeekTime(2, dt.time(13, 0))
    reminders: Annotated[tuple[Weekly, ...], BeforeValidator(_several), Field(max_length=2)] = (
        WeekTime(4, dt.time(10, 0)),
        WeekTime(0, dt.time(10, 0)),
    )
    digest: Weekly = WeekTime(2, dt.time(7, 30))
    quiet_hours: Hours = Hours()

    reminders_per_week: int = Field(2, ge=0, le=2)
    digest_until: Clock = dt.time(10, 0)
    export_rows: int = Field(300_000, ge=1)  # of an export in chat; the command line takes any number
    reminder_grace_hours: float = Field(4, gt=0, le=24)

    target_participation: float = Field(0.5, gt=0, le=1)
    target_months: int = Field(3, ge=1, le=60)
    alarm_drop: float = Field(0.03, gt=0, le=1)
    views: dict[str, Annotated[int, Field(ge=0, le=1_000_000)]] = Field(default_factory=lambda: dict(VIEWS))
    consent_version: str = Field("2026-12", min_length=1, max_length=32)
    admission_attempts_per_day: int = Field(5, ge=1, le=100)
    hashtags: Annotated[tuple[Hashtag, ...], BeforeValidator(_several)] = (
        "#SatuASNSatuPesanPublik",
        "#SatuASNSatuPesan",
        "#JambiMantap",
        "#JambiMelayani",
        "#JambiSehat",
    )

    proofs: Proofs = Proofs()
    awards: Awards = Awards()
    whatsapp: Whatsapp = Whatsapp()
    holidays: Annotated[tuple[dt.date, ...], BeforeValidator(_several)] = ()  # no working days
    election: tuple[Dates, ...] = ()  # two controllers approve what is out in these days
    review_hours: float = Field(24, gt=0, le=336)  # an item that waits longer is raised with its reviewers
    regional_programmes: Annotated[tuple[str, ...], BeforeValidator(_several)] = (
        "Jambi Cerdas",
        "Jambi Sehat",
        "Jambi Sejahtera",
        "Jambi Tangguh",
        "Jambi Melayani",
    )

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        wrong = [
            ("reminders", f"{moment} falls into the quiet hours; choose a time outside them")
            for moment in self.reminders
            if self.quiet_hours.contains(moment.time)
        ]
        if len(set(self.reminders)) < len(self.reminders):
            wrong.append(("reminders", "the same moment twice; name two different ones"))
        if self.opens.weekday != WEDNESDAY:
            wrong.append(("opens", "a Wednesday: a week is named by the Wednesday that opens it"))
        if self.digest_until <= self.digest.time:
            wrong.append(
                ("digest_until", f"a time later in the day than the digest ({self.digest.time:%H:%M})")
            )
        if self.quiet_hours.begin == self.quiet_hours.end:
            wrong.append(("quiet_hours", "begin and end at different times"))
        if self.quiet_hours.contains(self.awards.time):
            wrong.append(
                ("awards", f"a time outside the quiet hours for the list, not {self.awards.time:%H:%M}")
            )
        if wrong:
            raise PydanticCustomError("contradiction", "contradictory settings", {"wrong": wrong})
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def closes(self) -> WeekTime:
        """A week closes in the moment the next one opens, so that no share falls between two weeks."""
        return self.opens

    def is_quiet(self, now: dt.datetime) -> bool:
        """Whether `now` (aware) lies in the quiet hours here."""
        return self.quiet_hours.contains(now.astimezone(self.zone).time())

    def quiet_until(self, now: dt.datetime) -> dt.datetime:
        """The first moment from `now` (aware) on, in UTC, at which somebody may be written to."""
        if not self.is_quiet(now):
            return now.astimezone(dt.UTC)
        local = now.astimezone(self.zone)
        end = dt.datetime.combine(local.date(), self.quiet_hours.end, self.zone)
        if end <= local:
            end = dt.datetime.combine(local.date() + dt.timedelta(days=1), self.quiet_hours.end, self.zone)
        return end.astimezone(dt.UTC)

    def quiet_from(self, now: dt.datetime) -> dt.datetime:
        """The first moment after `now` (aware), in UTC, at which the quiet hours begin."""
        local = now.astimezone(self.zone)
        begin = dt.datetime.combine(local.date(), self.quiet_hours.begin, self.zone)
        if begin <= local:
            begin = dt.datetime.combine(
                local.date() + dt.timedelta(days=1), self.quiet_hours.begin, self.zone
            )
        return begin.astimezone(dt.UTC)
