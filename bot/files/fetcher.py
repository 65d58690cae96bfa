"""Brings the files that people sent into our own store, apart from handling their messages."""

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.channels import Channel, Failure, SendError
from bot.clock import Clock
from bot.files import measuring, shrinking
from bot.files.media import Refused as Unusable
from bot.files.media import Store, Stored
from bot.storage import wakeups
from bot.storage.writer import Writer
from bot.telemetry import logs, metrics
from models.content.measures import Measured
from models.messages import files, inbox

log = logs.logger(__name__)
LEASE = timedelta(minutes=2)
BACKOFF = timedelta(seconds=5)

Put = Callable[[Path, datetime], Awaitable[Stored]]
Discard = Callable[[str], Awaitable[object]]


class Fetcher:
    """Fetches up to `at_once` files at a time, as long as `run` is not cancelled.

    `read_ahead` is called with the key of a roster that is here now, in a thread, before anybody hears of it.
    `put` keeps a proof as the store does, elsewhere; without it a thread does. `discard`, by channel,
    deletes a file where it came from, once it is ours for good: after the commit, or a crash in between
    would lose it.
    """

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        channels: Mapping[str, Channel],
        store: Store,
        *,
        at_once: int = 4,
        read_ahead: Callable[[str], object] | None = None,
        put: Put | None = None,
        discard: Mapping[str, Discard] = MappingProxyType({}),
    ) -> None:
        self.writer, self.clock, self.channels, self.store = writer, clock, channels, store
        self.at_once, self.read_ahead, self.put = at_once, read_ahead, put
        self.discard = discard

    async def run(self) -> None:
        """Until cancelled."""
        news = self.writer.wakeups.subscribe("media")
        while True:
            try:
                if await self.sweep():
                    continue
                due = await self.writer.write(files.next_due)
                seconds = 5.0 if due is None else (due - self.clock.now()).total_seconds()
                await wakeups.wait(news, min(5.0, max(0.1, seconds)))
            except DBAPIError as error:
                log.warning("fetcher_waits_for_database", error=str(error.orig))
                await asyncio.sleep(1)

    async def sweep(self) -> int:
        """Fetches some of those that are due; how many were taken."""
        taken = await self.writer.write(
            lambda session: files.to_fetch(session, self.clock.now(), self.at_once * 4, LEASE)
        )
        await self._fetch_all(taken)
        return len(taken)

    async def _fetch_all(self, taken: list[files.Wanted]) -> None:
        places = asyncio.Semaphore(self.at_once)

        async def one(wanted: files.Wanted) -> None:
            # Whatever one file meets, the others are fetched; its lease brings it back.
            async with places:
                try:
                    await self._fetch(wanted)
                except DBAPIError as error:
                    log.warning("fetcher_waits_for_database", media_id=wanted.media_id, error=str(error.orig))
                except Exception:
                    log.exception("file_cannot_be_noted", media_id=wanted.media_id)

        async with asyncio.TaskGroup() as group:
            for wanted in taken:
                group.create_task(one(wanted))

    async def _fetch(self, wanted: files.Wanted) -> None:
        now, media_id, channel = self.clock.now(), wanted.media_id, wanted.channel
        try:
            with tempfile.TemporaryDirectory(prefix="satu-pesan-") as folder:
                path = Path(folder) / "file"
                await self.channels[channel].download(wanted.remote_id, path)
                if wanted.purpose == "proof" and self.put is not None:
                    kept = await self.put(path, now)
                    measured, small = _as_kept(kept), None
                else:
                    kept, measured, small = await asyncio.to_thread(self._keep, wanted.purpose, path, now)
        except Exception as error:
            if not isinstance(error, SendError | Unusable | OSError):
                log.exception("fetch_met_a_bug", media_id=media_id)
            await self._give_up(wanted, error)
            return

        def note(session: Session) -> None:
            media = files.stored(
                session,
                media_id,
                key=kept.key,
                sha256=kept.sha256,
                size=kept.size,
                mime=kept.mime,
                width=measured.width,
                height=measured.height,
                duration=max(1, round(measured.duration)) if measured.duration else 0,
                codec=measured.codec,
                sound=measured.sound,
            )
            if small is not None:
                files.shrink(
                    session,
                    media,
                    now,
                    key=small.key,
                    sha256=small.sha256,
                    size=small.size,
                    width=small.width or 0,
                    height=small.height or 0,
                )
            _tell(session, self.clock, channel, media, "stored")

        await self.writer.write(note)
        metrics.media_stored.labels(kept.mime.partition("/")[0]).inc()
        metrics.media_bytes.labels(kept.mime.partition("/")[0]).inc(kept.size)
        await self._discard(wanted)

    async def _discard(self, wanted: files.Wanted) -> None:
        if discard := self.discard.get(wanted.channel):
            await discard(wanted.remote_id)

    def _keep(self, purpose: str, path: Path, now: datetime) -> tuple[Stored, Measured, Stored | None]:
        """Only the file of an item has to be more than what it shows, and needs a small picture: it goes out
        to everybody."""
        if purpose == "item":
            kept, measured = measuring.keep(self.store, path, now)
            small = shrinking.of(path, kept.mime)
            return kept, measured, self.store.put(small, now) if small else None
        kept = self.store.put(path, now)
        if purpose == "roster" and self.read_ahead is not None:
            self.read_ahead(kept.key)
        return kept, _as_kept(kept), None

    async def _give_up(self, wanted: files.Wanted, error: Exception) -> None:
        media_id = wanted.media_id
        final = isinstance(error, Unusable) or (
            isinstance(error, SendError) and error.kind is Failure.PERMANENT
        )
        log.warning("file_not_fetched", media_id=media_id, final=final, error=str(error))
        if isinstance(error, Unusable):
            metrics.media_refused.labels(error.key).inc()

        def note(session: Session) -> None:
            ended = files.not_fetched(
                session,
                media_id,
                self.clock.now(),
                error.key if isinstance(error, Unusable) else str(error),
                final=final,
                backoff=BACKOFF,
            )
            if ended:
                media = session.get_one(files.Media, media_id)
                copy = session.query(files.FileCopy).filter_by(media_id=media_id).first()
                _tell(session, self.clock, copy.channel if copy else "", media, "failed")

        await self.writer.write(note)
        if isinstance(error, Unusable):  # nobody will ask for it again
            await self._discard(wanted)


def _as_kept(kept: Stored) -> Measured:
    return Measured("", kept.mime, kept.size, kept.width or 0, kept.height or 0)


def _tell(session: Session, clock: Clock, channel: str, media: files.Media, became: str) -> None:
    """Puts the news into the inbox of the conversation that waits for this file, if one does."""
    if not media.notify:
        return
    event = f"{media.purpose}.{became}:{media.id}"
    arrival = inbox.Arrival(f"internal:{event}", media.notify, 0, json.dumps({"internal": event}))
    inbox.receive(session, clock.now(), channel, [arrival])
