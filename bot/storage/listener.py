"""Wake-ups from other processes: LISTEN on a PostgreSQL connection of its own."""

import asyncio

import psycopg
from sqlalchemy.engine import URL

from bot.storage import leader
from bot.storage.wakeups import Wakeups
from bot.telemetry import logs

log = logs.logger(__name__)


async def listen(url: URL, wakeups: Wakeups) -> None:
    """Passes NOTIFY on to `wakeups`, until cancelled. After a lost connection everybody is woken,
    since word may have been missed."""
    while True:
        try:
            async with await leader.connect(url) as connection:
                await connection.execute("LISTEN satu_pesan")
                wakeups.wake_all()
                async for note in connection.notifies():
                    wakeups.told(note.payload)
        except (psycopg.Error, OSError) as error:
            log.warning("listener_waits_for_database", error=str(error))
        await asyncio.sleep(1)
