"""One active sender and one active clock, however many processes there are.

On PostgreSQL a session advisory lock on a dedicated connection decides; a standby takes over when
that connection ends, or says nothing for a while (a machine without power, a frozen process). The old
leader hears of its loss at its next heartbeat only: the leases and the claims in the tables are the
fence. On SQLite there is one process, kept so by a lock on a file.
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from sqlalchemy.engine import URL

from bot.storage import database
from bot.telemetry import logs

log = logs.logger(__name__)
HEARTBEAT_SECONDS = 1.0
SILENCE_SECONDS = 15.0  # after which the server takes the office from a leader without a heartbeat


def key_of(office: str) -> int:
    """The number of an office's lock."""
    return zlib.crc32(f"satu-pesan:{office}".encode())


async def connect(url: URL) -> psycopg.AsyncConnection[Any]:
    """A connection of its own, in no pool and in no transaction. Raises psycopg.Error."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return await psycopg.AsyncConnection.connect(address, autocommit=True, **database.patience(url))


async def lead(url: URL, office: str, work: Callable[[], Awaitable[Any]]) -> None:
    """Runs `work` while this process holds `office`; waits for the office while another does.

    Ends by cancellation, or with what `work` raised; the office is free then.
    """
    if url.get_backend_name() == "sqlite":
        await work()
        return
    key = key_of(office)
    while True:
        failure: BaseException | None = None
        try:
            async with await connect(url) as connection:
                await _take(connection, key)
                log.info("leads", office=office)
                failure = await _hold(connection, key, work)
                log.warning("leads_no_longer", office=office)
        except (psycopg.Error, OSError) as error:
            log.warning("leader_waits_for_database", office=office, error=str(error))
            await asyncio.sleep(HEARTBEAT_SECONDS)
        if failure is not None:
            raise failure


async def _take(
    connection: psycopg.AsyncConnection[Any], key: int, silence_seconds: float = SILENCE_SECONDS
) -> None:
    await connection.execute(
        "SELECT set_config('idle_session_timeout', %s, false)"
        " WHERE current_setting('server_version_num')::int >= 140000",
        (str(int(silence_seconds * 1000)),),
    )
    while True:
        cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (key,))
        row = await cursor.fetchone()
        if row and row[0]:
            return
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _hold(
    connection: psycopg.AsyncConnection[Any], key: int, work: Callable[[], Awaitable[Any]]
) -> BaseException | None:
    """Works until the lock's connection is lost, and stops working then; what the work raised by itself."""
    task = asyncio.ensure_future(work())
    try:
        while not task.done():
            await asyncio.wait([task], timeout=HEARTBEAT_SECONDS)
            async with asyncio.timeout(10):
                await connection.execute("SELECT 1")
    except (psycopg.Error, OSError, TimeoutError) as error:
        log.warning("lost_the_lock", key=key, error=str(error))
    finally:
        ended = task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    failure = None if task.cancelled() else task.exception()
    if failure is not None and not ended:  # the office is lost already, and that is what matters
        log.warning("stopped_with_an_error", key=key, error=repr(failure))
        return None
    return failure
