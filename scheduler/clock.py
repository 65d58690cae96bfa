"""APScheduler's part: it wakes us at the planned times and every minute. What is due is worked out
from the calendar and the claims (`scheduler/jobs.py`), so a missed or doubled wake-up changes nothing."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from models.programme.programme import Programme, WeekTime

EVERY_SECONDS = 60


def build(programme: Programme, look: Callable[[], Awaitable[None]]) -> AsyncIOScheduler:
    """A scheduler, not yet started, that calls `look` at the programme's times and every minute.

    Jobs live in memory only: no stored schedule can disagree with the configuration. Weekdays go by
    name, since APScheduler numbers them otherwise than cron does.
    """
    scheduler = AsyncIOScheduler(
        timezone=programme.zone,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    moments: list[WeekTime] = [programme.digest, programme.release, *programme.reminders]
    for moment in moments:
        trigger = CronTrigger(
            day_of_week=moment.day,
            hour=moment.time.hour,
            minute=moment.time.minute,
            timezone=programme.zone,
        )
        scheduler.add_job(look, trigger)
    scheduler.add_job(look, IntervalTrigger(seconds=EVERY_SECONDS, timezone=programme.zone))
    return scheduler
