"""Deletes from the store what is not kept any longer."""

import asyncio

from sqlalchemy.exc import DBAPIError

from bot.files.media import Store
from bot.storage.writer import Writer
from bot.telemetry import logs
from models.proofs import retention

log = logs.logger(__name__)
EVERY = 60.0  # seconds between two looks
BATCH = 100


class Janitor:
    """Looks again and again, as long as `run` is not cancelled. A file that is gone already is no error, so
    that a crash between the store and the database does no harm."""

    def __init__(self, writer: Writer, store: Store) -> None:
        self.writer, self.store = writer, store

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                while await self.sweep():
                    pass
            except DBAPIError as error:
                log.warning("janitor_waits_for_database", error=str(error.orig))
            except Exception:
                log.exception("janitor_met_a_bug")  # the store is away: next time
            await asyncio.sleep(EVERY)

    async def sweep(self) -> int:
        """Deletes some; how many there were."""
        old = await self.writer.write(lambda session: retention.over(session, BATCH))
        if not old:
            return 0
        await asyncio.to_thread(self._delete, [one.key for one in old if one.key])
        await self.writer.write(lambda session: retention.deleted(session, [one.media_id for one in old]))
        log.info("old_pictures_deleted", number=len(old))
        return len(old)

    def _delete(self, keys: list[str]) -> None:
        for key in keys:
            self.store.delete(key)
